"""``python -m lhasaplan``: the same verbs as ``python3 main.py``."""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)  # a stop while modules load ends without a traceback

from lhasaplan.cli import main  # noqa: E402

signal.signal(signal.SIGINT, signal.default_int_handler)
sys.exit(main())
