"""Let the relief properties find the town, the oracle and the hills of the sight tests, and the check of mitigations."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT / "property" / "sight"), str(ROOT / "property" / "answers"), str(ROOT / "unit" / "sight")]
