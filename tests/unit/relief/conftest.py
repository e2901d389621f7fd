"""Let the relief tests find the small towns of the sight tests."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "sight"))
