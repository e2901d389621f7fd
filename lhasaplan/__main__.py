"""``python -m lhasaplan``: the same verbs as ``python3 main.py``."""

import sys

from lhasaplan.cli import main

sys.exit(main())
