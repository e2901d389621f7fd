"""Pack the plugin for QGIS as the zip that its plugin manager installs: ``python tools/make_qgis_plugin.py [FOLDER]``.

The same files give the same bytes.
"""

import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLUGIN = ROOT / "qgis-plugin" / "lhasaplan_qgis"
UNDATED = (1980, 1, 1, 0, 0, 0)
KINDS = (".py", ".txt", ".svg")


def make(folder: Path) -> Path:
    """Write the zip into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{PLUGIN.name}.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(PLUGIN.rglob("*")):
            if file.suffix in KINDS:
                entry = zipfile.ZipInfo(file.relative_to(PLUGIN.parent).as_posix(), UNDATED)
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, file.read_bytes())
    return path


if __name__ == "__main__":
    print(make(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "dist"))
