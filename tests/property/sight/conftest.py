"""Let the sight properties find the town and the oracle."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "unit" / "sight")]
