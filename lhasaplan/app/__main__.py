"""``python -m lhasaplan.app [project.gpkg | --sample CITY]`` opens the window."""

import gc
import sys

gc.disable()  # what is loaded stays: each search for cycles among it would hold the start up; the window's own collector follows

from lhasaplan.app.shell.main import main  # noqa: E402

sys.exit(main())
