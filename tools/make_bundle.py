"""Build a desktop bundle for this system, which needs no Python, into dist/: python tools/make_bundle.py

It is made of the wheel, so that it has the wheel's content and digests, with PyInstaller. Run it in an environment with
everything in requirements.lock, hatchling and pyinstaller (docs/desktop-bundle.md).
"""

import argparse
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from lhasaplan import __version__  # noqa: E402

PARTS = ROOT / "tools" / "bundle"
# Packages of which modules or files are found by no import that stands in a file.
WHOLE = ("ezdxf", "highspy", "osmium", "pyogrio", "rasterio", "typst")
MODULES = ("rich._unicode_data",)
FILES = ("xstatic.pkg.leaflet",)
# A scheduler is of no use to a desktop; the others are tools that libraries import where they are there.
LEFT_OUT = ("dask", "distributed", "IPython", "hypothesis", "jinja2", "mypy", "pip", "pytest", "setuptools", "tkinter")
NEEDED_TO_BUILD = ("PyInstaller", "hatchling")


def main() -> int:
    reader = argparse.ArgumentParser(description="Build a desktop bundle for this system.")
    reader.add_argument("--out", type=Path, default=ROOT / "dist", help="folder for the bundle (dist)")
    out = reader.parse_args().out.resolve()
    missing = [name for name in NEEDED_TO_BUILD if find_spec(name) is None]
    if missing:
        print(f"No bundle is built: install {', '.join(missing).lower()} beside requirements.lock.", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as work:
        folder = built(unpacked_wheel(Path(work)), Path(work), out)
    keep_compiled(folder)
    tried = subprocess.run([str(folder / "lhasaplan"), "--version"], capture_output=True, text=True, check=False)
    if tried.returncode:
        print(f"The bundle does not start:\n{tried.stderr}", file=sys.stderr)
        return 1
    archive = packed(folder, out)
    print(f"{folder}: {megabytes(folder)} MB; {archive}: {archive.stat().st_size / 1e6:.0f} MB")
    return 0


def unpacked_wheel(work: Path) -> Path:
    """Return a folder with the files of the wheel, with kernels compiled where they can be brought along."""
    is_known = platform.machine().lower() in ("x86_64", "amd64")
    own = {**os.environ, "LHASAPLAN_KERNELS": "1"} if is_known else None
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(work / "wheel")]
    subprocess.run(words, cwd=ROOT, check=True, env=own)
    (wheel,) = (work / "wheel").glob("*.whl")
    shutil.unpack_archive(wheel, work / "site", "zip")
    return work / "site"


def built(site: Path, work: Path, out: Path) -> Path:
    """Return the folder of the bundle."""
    own = {**os.environ, "PYTHONPATH": str(site)}
    subprocess.run([sys.executable, "-m", "PyInstaller", *options(site, work, out)], cwd=work, env=own, check=True)
    return out / "lhasaplan"


def options(site: Path, work: Path, out: Path) -> list[str]:
    """Return what PyInstaller is told."""
    each = [
        *(("--collect-all", name) for name in WHOLE),
        *(("--collect-submodules", name) for name in MODULES),
        *(("--collect-data", name) for name in FILES),
        *(("--exclude-module", name) for name in LEFT_OUT),
        *(("--copy-metadata", name) for name in installed()),
        *(("--paths", str(site)), ("--additional-hooks-dir", str(PARTS)), ("--hidden-import", "lhasaplan")),
        *(("--distpath", str(out)), ("--workpath", str(work / "build")), ("--specpath", str(work))),
        *(("--hide-console", "hide-early") for _ in range(sys.platform == "win32")),  # where it was started by a click
    ]
    words = [word for pair in each for word in pair]
    return ["--name", "lhasaplan", "--onedir", "--noconfirm", "--log-level", "WARN", *words, str(PARTS / "start.py")]


def installed() -> list[str]:
    """Return the packages of the lock that are installed here: their licences go with them, and doctor asks for versions."""
    named = re.findall(r"^([\w.-]+)==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)
    return [name for name in named if name not in LEFT_OUT and is_installed(name)]


def is_installed(name: str) -> bool:
    try:
        distribution(name)
    except PackageNotFoundError:
        return False
    return True


def keep_compiled(folder: Path) -> None:
    """Compile the modules once for all: a bundle may lie where users cannot write. Their time of change does not count."""
    (package,) = (found for found in folder.rglob("lhasaplan") if (found / "__init__.py").is_file())
    words = ["-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-s", str(package.parent), str(package)]
    subprocess.run([sys.executable, *words], check=True)


def packed(folder: Path, out: Path) -> Path:
    name = out / f"lhasaplan-{__version__}-{sys.platform}-{platform.machine().lower()}"
    kind = "zip" if sys.platform == "win32" else "gztar"
    return Path(shutil.make_archive(str(name), kind, folder.parent, folder.name))


def megabytes(folder: Path) -> int:
    return round(sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink()) / 1e6)


if __name__ == "__main__":
    sys.exit(main())
