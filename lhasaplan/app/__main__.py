"""``python -m lhasaplan.app [project.gpkg]`` opens the window."""

import sys

from lhasaplan.app.shell.main import main

sys.exit(main())
