"""``python -m lhasaplan.app [project.gpkg | --sample CITY]`` opens the window; ``--version`` says which Qt it has."""

import gc
import sys

if sys.argv[1:] == ["--version"]:  # for the verb doctor: where a library is missing, this process alone ends
    import PySide6.QtWidgets

    print(PySide6.__version__)
    sys.exit()

gc.disable()  # what is loaded stays: each search for cycles among it would hold the start up; the window's own collector follows

from lhasaplan.app.shell import main  # noqa: E402

sys.exit(main())
