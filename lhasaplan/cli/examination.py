"""The verb doctor: what this installation lacks, or what is wrong with a project and what of it can be read still."""

import platform
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated

import typer

from lhasaplan import __version__, workflow
from lhasaplan.cli.protection import unseal
from lhasaplan.cli.screen import Terminal, terminal_of
from lhasaplan.content import content_folder, font_files
from lhasaplan.core.base.translations import LANGUAGES, marked
from lhasaplan.errors import Fault, InputError
from lhasaplan.files.file_lock import account

PACKAGES = ("numpy", "scipy", "shapely", "pyproj", "pyogrio", "rasterio", "osmium", "numba", "PySide6_Essentials", "typer")
BROKEN, DAMAGED = 2, 1

Check = tuple[str, bool, str]  # what, whether it is well, what was found


def add_doctor(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "doctor",
        help=marked(
            "Say what this installation stands on and what is missing: versions, fonts, libraries, cache. "
            "With a project: look through its file for damage, page by page and row by row; nothing of it is changed.\n\n"
            "--repair writes all that can be read into a new project and lists each row, value and table that is lost.\n\n"
            "\b\nExamples:\n"
            "  doctor\n"
            "  doctor town.gpkg\n"
            "  doctor town.gpkg --repair town-repaired.gpkg"
        ),
    )(_doctor)


def _doctor(
    context: typer.Context,
    project: Annotated[
        str | None,
        typer.Argument(
            metavar="[PROJECT]", help=marked("Project to look through; without one: this installation."), show_default=False
        ),
    ] = None,
    repair: Annotated[
        str | None,
        typer.Option("--repair", metavar="NEW", help=marked("Write what can be read into this new project."), show_default=False),
    ] = None,
) -> None:
    terminal = terminal_of(context)
    if project is None and repair is not None:
        raise InputError(Fault("Name the project that is to be repaired"))
    if project is None:
        _examine_installation(terminal)
    elif repair is None:
        _examine_project(terminal, project)
    else:
        _repair(terminal, project, repair)


def _examine_installation(terminal: Terminal) -> None:
    checks = [*_versions(), _content(), _translations(terminal.services.content.load_translations), _fonts(), _qt(), _cache()]
    marks = {True: terminal.translations(marked("well")), False: terminal.translations(marked("missing"))}
    heads = [marked("Item"), marked("State"), marked("Found")]
    rows = [(terminal.translations(what), marks[is_well], found) for what, is_well, found in checks]
    terminal.table(f"lhasaplan {__version__}", [terminal.translations(head) for head in heads], rows)
    if not all(is_well for _, is_well, _ in checks):
        raise typer.Exit(BROKEN)


def _examine_project(terminal: Terminal, project: str) -> None:
    faults = unseal(terminal, project).examine()
    if not faults:
        terminal.say(terminal.translations(marked("{file}: nothing is wrong with this project"), file=project))
        return
    terminal.say_faults(InputError(*faults))
    terminal.say(terminal.translations(marked("What can be read is kept by: doctor {file} --repair NEW.gpkg"), file=project))
    raise typer.Exit(DAMAGED)


def _repair(terminal: Terminal, project: str, new: str) -> None:
    unseal(terminal, project)
    lost = workflow.rescue(terminal.services, project, new, account(), terminal.verb)
    for fault in lost:
        terminal.complain(terminal.translations.fault(fault))
    terminal.files([new])
    if not lost:
        terminal.say(terminal.translations(marked("Nothing is lost.")))
        return
    terminal.say(terminal.translations(marked("Lost: {count}, listed above; all else is in the new project."), count=len(lost)))
    raise typer.Exit(DAMAGED)


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


def _translations(load_translations: Callable[[str], object]) -> Check:
    for language in LANGUAGES:
        load_translations(language)
    return marked("languages"), True, ", ".join(LANGUAGES)


def _fonts() -> Check:
    files = [path.name for path in font_files() if path.is_file()]
    return marked("Chinese fonts"), len(files) == len(font_files()), ", ".join(files) or "–"


def _qt() -> Check:
    """Ask a process of its own: a missing library must not end this one."""
    words = [sys.executable, "-m", "lhasaplan.app", "--version"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    last = (done.stdout + done.stderr).strip().splitlines()[-1:]
    return marked("libraries of the window (Qt)"), done.returncode == 0, "".join(last)


def _cache() -> Check:
    from lhasaplan.core.sight.compiled.compilation import CACHE_FOLDER, IS_KEPT  # noqa: PLC0415  (imports the compiler)

    return marked("folder for compiled kernels"), IS_KEPT, CACHE_FOLDER
