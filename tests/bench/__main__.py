"""``python -m tests.bench``: what ``python3 main.py bench`` hands over to."""

import sys
from pathlib import Path

# Code that tests compiled is kept, and names this package as the tests do.
sys.path.append(str(Path(__file__).resolve().parents[1]))

from .command import main

sys.exit(main(sys.argv[1:]))
