"""Seal the shipped content: write data/rules/digests.toml, data/seal.toml, reports/seal.toml and their digests in the code.

Run it after every change of a file under data, layers or reports:  python tools/seal_packs.py
What it seals is an own build, and outputs say so, until a release sets the two RELEASED digests by hand.
"""

import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lhasaplan.core.base.data_state import REPORTS_SEAL  # noqa: E402
from lhasaplan.core.base.data_state import SEAL as DATA_SEAL  # noqa: E402
from lhasaplan.errors import UserError  # noqa: E402
from lhasaplan.io.content.packs import TABLE_NAME, pack_files, read_pack, table_text  # noqa: E402  # noqa: E402
from lhasaplan.io.content.shipped_data import REPORTS, seal_text  # noqa: E402

CODE = ROOT / "lhasaplan" / "core" / "rules" / "shipped_digests.py"


def main() -> int:
    try:
        packs = [read_pack(path, {}) for path in pack_files().values()]
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    _seal(ROOT / "data" / "rules" / TABLE_NAME, table_text(packs), "SHIPPED_TABLE_SHA256")
    released = {
        "RELEASED_SEAL_SHA256": _seal(ROOT / DATA_SEAL, seal_text(ROOT), "DATA_SEAL_SHA256"),
        "RELEASED_REPORTS_SHA256": _seal(ROOT / REPORTS_SEAL, seal_text(ROOT, REPORTS), "REPORTS_SEAL_SHA256"),
    }
    print(f"{len(packs)} packs sealed: {', '.join(sorted(pack.name for pack in packs))}")
    print(f"Outputs call this an own build; a release sets by hand in {CODE.relative_to(ROOT)}:")
    for name, digest in released.items():
        print(f'{name} = "{digest}"')
    return 0


def _seal(path: Path, text: str, constant: str) -> str:
    """Write a table, and its digest in the code; return the digest."""
    path.write_text(text, encoding="utf-8", newline="\n")
    digest, code = hashlib.sha256(text.encode()).hexdigest(), CODE.read_text(encoding="utf-8")
    CODE.write_text(re.sub(rf'(?m)^({constant} = )".*"', rf'\1"{digest}"', code), encoding="utf-8", newline="\n")
    return digest


if __name__ == "__main__":
    sys.exit(main())
