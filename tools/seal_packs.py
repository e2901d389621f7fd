"""Seal the shipped data: write data/rules/digests.toml, data/seal.toml and their digests in the code.

Run it after every change of a file under data or layers:  python tools/seal_packs.py
What it seals is an own build, and every output says so, until a release sets RELEASED_SEAL_SHA256 by hand.
"""

import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lhasaplan.core.base.data_state import SEAL as DATA_SEAL  # noqa: E402
from lhasaplan.errors import UserError  # noqa: E402
from lhasaplan.io.content.packs import pack_files, read_pack  # noqa: E402
from lhasaplan.io.content.shipped_data import seal_text  # noqa: E402
from lhasaplan.io.content.shipped_table import TABLE_NAME, table_text  # noqa: E402

SEAL = ROOT / "lhasaplan" / "core" / "rules" / "shipped_digests.py"


def main() -> int:
    try:
        packs = [read_pack(path, {}) for path in pack_files().values()]
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    text = table_text(packs)
    _seal(ROOT / "data" / "rules" / TABLE_NAME, text, "SHIPPED_TABLE_SHA256")
    _seal(ROOT / DATA_SEAL, seal_text(ROOT), "DATA_SEAL_SHA256")
    print(f"{len(packs)} packs sealed: {', '.join(sorted(pack.name for pack in packs))}")
    print(
        "Outputs call this an own build; a release sets RELEASED_SEAL_SHA256 in lhasaplan/core/rules/shipped_digests.py by hand."
    )
    return 0


def _seal(path: Path, text: str, constant: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
    digest = hashlib.sha256(text.encode()).hexdigest()
    code = SEAL.read_text(encoding="utf-8")
    SEAL.write_text(re.sub(rf'(?m)^({constant} = )".*"', rf'\1"{digest}"', code), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
