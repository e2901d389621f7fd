"""``python -m tests.bench``: what ``python3 main.py bench`` hands over to."""

import sys

from .command import main

sys.exit(main(sys.argv[1:]))
