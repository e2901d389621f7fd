"""``python -m lhasaplan.app [project.gpkg]`` opens the window."""

import sys

from lhasaplan.app.main import main

sys.exit(main())
