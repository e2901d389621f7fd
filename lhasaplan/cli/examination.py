"""The verb doctor: versions, fonts, libraries, cache; what is missing and what to do."""

import platform
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import typer

from lhasaplan import __version__
from lhasaplan.cli.screen import terminal_of
from lhasaplan.content import content_folder
from lhasaplan.core.base.wording import LANGUAGES, marked

PACKAGES = ("numpy", "scipy", "shapely", "pyproj", "pyogrio", "rasterio", "osmium", "numba", "PySide6_Essentials", "typer")
FONTS = "pylopdf_fonts_zh_cn"
BROKEN = 2

Check = tuple[str, bool, str]  # what, whether it is well, what was found


def add_doctor(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "doctor", help=marked("Say what this installation stands on and what is missing: versions, fonts, libraries, cache.")
    )(_doctor)


def _doctor(context: typer.Context) -> None:
    terminal = terminal_of(context)
    checks = [*_versions(), _content(), _wording(terminal.services.load_wording), _fonts(), _qt(), _cache()]
    marks = {True: terminal.wording(marked("well")), False: terminal.wording(marked("missing"))}
    heads = [marked("Item"), marked("State"), marked("Found")]
    rows = [(terminal.wording(what), marks[is_well], found) for what, is_well, found in checks]
    terminal.table(f"lhasaplan {__version__}", [terminal.wording(head) for head in heads], rows)
    if not all(is_well for _, is_well, _ in checks):
        raise typer.Exit(BROKEN)


def _versions() -> list[Check]:
    found: list[Check] = [("Python", sys.version_info >= (3, 11), f"{platform.python_version()}, {platform.platform()}")]
    return [*found, *((name, *_version(name)) for name in PACKAGES)]


def _version(name: str) -> tuple[bool, str]:
    try:
        return True, version(name)
    except PackageNotFoundError:
        return False, "–"


def _content() -> Check:
    folders = [content_folder(name) for name in ("data", "layers", "reports")]
    return marked("content folders"), all(folder.is_dir() for folder in folders), str(folders[0].parent)


def _wording(load_wording: Callable[[str], object]) -> Check:
    for language in LANGUAGES:
        load_wording(language)
    return marked("languages"), True, ", ".join(LANGUAGES)


def _fonts() -> Check:
    spec = find_spec(FONTS)
    places = list(spec.submodule_search_locations or ()) if spec else []
    files = [path.name for place in places for path in Path(place).rglob("*.*tf")]
    return marked("Chinese fonts"), bool(files), ", ".join(sorted(files)[:4]) or "–"


def _qt() -> Check:
    """Ask a process of its own: a missing library must not end this one."""
    probe = "import PySide6.QtWidgets, PySide6; print(PySide6.__version__)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    last = (done.stdout + done.stderr).strip().splitlines()[-1:]
    return marked("libraries of the window (Qt)"), done.returncode == 0, "".join(last)


def _cache() -> Check:
    from lhasaplan.core.sight.compiled.compilation import CACHE_FOLDER, IS_KEPT  # noqa: PLC0415  (imports the compiler)

    return marked("folder for compiled kernels"), IS_KEPT, CACHE_FOLDER
