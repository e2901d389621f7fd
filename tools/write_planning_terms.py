"""Write data/planning_terms.toml, and print the digests that the core holds of it and of the outlines of countries.

Run it after a change of where and under whom a shipped pack plans, or of a file under data/territory. The two digests in
lhasaplan/core/gate/planning_ground.py are set by hand: with others no pack may plan.
"""

import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lhasaplan.errors import UserError  # noqa: E402
from lhasaplan.io.content.packs import (  # noqa: E402
    TERMS_FILE,
    outlines_sha256,
    pack_files,
    read_pack,
    table_text,
)


def main() -> int:
    try:
        text = table_text(read_pack(path) for path in pack_files().values())
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    (ROOT / "data" / TERMS_FILE).write_text(text, encoding="utf-8", newline="\n")
    print("Set by hand in lhasaplan/core/gate/planning_ground.py:")
    print(f'PLANNING_TERMS_SHA256 = "{hashlib.sha256(text.encode()).hexdigest()}"')
    print(f'OUTLINES_SHA256 = "{outlines_sha256(ROOT)}"')
    return 0


if __name__ == "__main__":
    sys.exit(main())
