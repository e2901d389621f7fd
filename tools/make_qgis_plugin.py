"""Pack the plugin for QGIS as the zip that its plugin manager installs.

    python tools/make_qgis_plugin.py [FOLDER] [--email A] [--repository URL] [--tracker URL] [--homepage URL]

The site of plugins asks for the addresses of whoever uploads it; the tool says which are missing. The same files and addresses
give the same bytes.
"""

import argparse
import configparser
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
PLUGIN = ROOT / "qgis-plugin" / "lhasaplan_qgis"
UNDATED = (1980, 1, 1, 0, 0, 0)
KINDS = (".py", ".txt", ".svg", ".json")
ADDRESSES = ("email", "repository", "tracker", "homepage")
# What plugins.qgis.org refuses a plugin without (its page "Publish", and docs.qgis.org, "Releasing your plugin").
ASKED = ("name", "qgisMinimumVersion", "description", "about", "version", "author", "email", "repository", "tracker")


def make(folder: Path, addresses: Mapping[str, str] = {}) -> Path:
    """Write the zip into a folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{PLUGIN.name}.zip"
    files = {file.relative_to(PLUGIN.parent).as_posix(): file for file in PLUGIN.rglob("*") if file.suffix in KINDS}
    files[f"{PLUGIN.name}/LICENSE"] = ROOT / "LICENSE"
    with zipfile.ZipFile(path, "w") as archive:
        for name, file in sorted(files.items()):
            entry = zipfile.ZipInfo(name, UNDATED)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            more = "".join(f"{key}={value}\n" for key, value in addresses.items()) if file.name == "metadata.txt" else ""
            archive.writestr(entry, file.read_bytes() + more.encode())
    return path


def missing(archive: Path) -> list[str]:
    """Return what the site of plugins asks for and the metadata of a zip lack."""
    said = configparser.ConfigParser(interpolation=None)
    with zipfile.ZipFile(archive) as packed:
        said.read_string(packed.read(f"{PLUGIN.name}/metadata.txt").decode("utf-8"))
    return [key for key in ASKED if not said.get("general", key, fallback="").strip()]


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("folder", nargs="?", type=Path, default=ROOT / "dist")
    for each in ADDRESSES:
        words.add_argument(f"--{each}", default="")
    given = words.parse_args()
    made = make(given.folder, {each: value for each in ADDRESSES if (value := getattr(given, each).strip())})
    print(made)
    if lacking := missing(made):
        print(f"For plugins.qgis.org it lacks: {', '.join(lacking)}.", file=sys.stderr)


if __name__ == "__main__":
    main()
