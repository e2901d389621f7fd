"""Seal the shipped rule packs: write data/rules/digests.toml and its digest in the code.

Run it after every change of a file under data/rules or data/samples/*/rules:  python tools/seal_packs.py
"""

import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lhasaplan.errors import UserError  # noqa: E402
from lhasaplan.io.packs import pack_files, read_pack  # noqa: E402
from lhasaplan.io.shipped_table import TABLE_NAME, table_text  # noqa: E402

SEAL = ROOT / "lhasaplan" / "core" / "shipped.py"


def main() -> int:
    try:
        packs = [read_pack(path, {}) for path in pack_files().values()]
    except UserError as error:
        print(error, file=sys.stderr)
        return 2
    text = table_text(packs)
    (ROOT / "data" / "rules" / TABLE_NAME).write_text(text, encoding="utf-8", newline="\n")
    digest = hashlib.sha256(text.encode()).hexdigest()
    code = SEAL.read_text(encoding="utf-8")
    SEAL.write_text(re.sub(r'(SHIPPED_TABLE_SHA256 = )".*"', rf'\1"{digest}"', code), encoding="utf-8", newline="\n")
    print(f"{len(packs)} packs sealed: {', '.join(sorted(pack.name for pack in packs))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
