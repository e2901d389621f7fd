"""The verbs doctor and verify: what an installation or a project lacks, and whether a bundle is as it says."""

import platform
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lhasaplan import __version__, workflow
from lhasaplan.cli.protection import unseal
from lhasaplan.cli.screen import Terminal, terminal_of
from lhasaplan.content import content_folder, font_files
from lhasaplan.core.base.translations import LANGUAGES, marked
from lhasaplan.errors import Fault, InputError
from lhasaplan.files.scratch import account

if TYPE_CHECKING:
    from lhasaplan.workflow.verifying import Verification

# The verb that checks a bundle somebody handed on.

FAILED = 1  # exit code where something is not as stated
MOST_LINES = 20
VALUES = marked(
    "Computed again: {equal} values are equal, {nearly} nearly equal (one millionth), {differ} differ, {withheld} are withheld."
)
WITHHELD = marked("Withheld values depend on places that are not passed on; the bundle alone cannot reproduce them.")
ALL_FILES = marked("All {count} files of the bundle match its list.")
CHANGED = marked("Differs from the list of the bundle: {name}")
OTHER_VERSION = marked("{name} is version {here} here; the bundle was made with {stated}.")
HOLDS, FAILS = (
    marked("Everything that can be checked matches the bundle."),
    marked("Something does not match the bundle."),
)
MORE = marked("… and {count} more")
STATES = {
    "equal": marked("equal"),
    "different": marked("another file of this name"),
    "missing": marked("not in the folder"),
    "unreadable": marked("cannot be read"),
}


def add_verifying(app: typer.Typer) -> None:
    """Add the verb ``verify``."""
    app.command(
        "verify",
        help=marked(
            "Check a bundle from somebody else: compute its answers again and compare them value by value. With "
            "--inputs, also compare its project with the input files.\n\nThe exit code is 1 if something "
            "differs.\n\n\b\nExamples:\n  verify bundle.zip\n  verify bundle.zip --inputs downloads"
        ),
    )(_verify)


def _verify(
    context: typer.Context,
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help=marked("Bundle to check, a .zip."))],
    *,
    inputs: Annotated[
        Path | None,
        typer.Option(
            "--inputs",
            metavar="FOLDER",
            help=marked("Folder with the files that the bundle names as inputs."),
            show_default=False,
        ),
    ] = None,
) -> None:
    terminal = terminal_of(context)
    with terminal.progress() as progress:
        found = workflow.verify(terminal.services, bundle, inputs, progress)
    _tell(terminal, found)
    if not found.holds:
        raise typer.Exit(FAILED)


def _tell(terminal: Terminal, found: "Verification") -> None:
    words = terminal.translations
    for name in found.changed:
        terminal.say(words(CHANGED, name=name))
    if not found.changed:
        terminal.say(words(ALL_FILES, count=len(found.contents["files"])))
    if found.why_not is not None:
        terminal.remark([found.why_not])
    _tell_values(terminal, found)
    if found.inputs:
        heads = [words(head) for head in (marked("Input"), marked("File"), marked("Features as in it"), marked("Others"))]
        rows = [(each.name, words(STATES[each.state]), str(each.same), str(each.other)) for each in found.inputs]
        terminal.table(words(marked("Inputs")), heads, rows)
        terminal.remark([fault for each in found.inputs for fault in each.why])
    for name, stated, here in found.versions:
        terminal.say(words(OTHER_VERSION, name=name, stated=stated, here=here))
    terminal.say(words(HOLDS if found.holds else FAILS))


def _tell_values(terminal: Terminal, found: "Verification") -> None:
    if found.comparison is None:
        return
    words, each = terminal.translations, found.comparison
    counts = {"equal": each.equal, "nearly": each.nearly, "differ": len(each.differences), "withheld": len(each.withheld)}
    terminal.say(words(VALUES, **counts))
    if each.withheld:
        terminal.say(words(WITHHELD))
    if each.differences:
        heads = [words(head) for head in (marked("Value"), marked("Stated"), marked("Computed"))]
        rows = [(one.path, repr(one.stated)[:60], repr(one.computed)[:60]) for one in each.differences[:MOST_LINES]]
        terminal.table("", heads, rows)
        if len(each.differences) > MOST_LINES:
            terminal.say(words(MORE, count=len(each.differences) - MOST_LINES))


# The verb doctor: what this installation lacks, or what is wrong with a project and what of it can be read still.

PACKAGES = ("numpy", "scipy", "shapely", "pyproj", "pyogrio", "rasterio", "osmium", "numba", "PySide6_Essentials", "typer")
BROKEN, DAMAGED = 2, 1

Check = tuple[str, bool, str]  # what, whether it is well, what was found


def add_doctor(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "doctor",
        help=marked(
            "List what this installation uses and what is missing: versions, fonts, libraries, cache. With a "
            "project: check its file for damage, page by page and row by row, without changing it.\n\n--repair "
            "writes everything readable into a new project and lists each lost row, value and "
            "table.\n\n\b\nExamples:\n  doctor\n  doctor town.gpkg\n  doctor town.gpkg --repair town-repaired.gpkg"
        ),
    )(_doctor)


def _doctor(
    context: typer.Context,
    project: Annotated[
        str | None,
        typer.Argument(metavar="[PROJECT]", help=marked("Project to check; without one: this installation."), show_default=False),
    ] = None,
    repair: Annotated[
        str | None,
        typer.Option(
            "--repair", metavar="NEW", help=marked("Write everything readable into this new project."), show_default=False
        ),
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
    folders = [content_folder(name) for name in ("data", "layers", "reports")]
    content = marked("content folders"), all(folder.is_dir() for folder in folders), str(folders[0].parent)
    files = [path.name for path in font_files() if path.is_file()]
    fonts = marked("Chinese fonts"), len(files) == len(font_files()), ", ".join(files) or "–"
    python = "Python", sys.version_info >= (3, 11), f"{platform.python_version()}, {platform.platform()}"
    packages = [(name, *_version(name)) for name in PACKAGES]
    checks = [python, *packages, content, _translations(terminal.services.content.load_translations), fonts, _qt(), _cache()]
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
    terminal.say(terminal.translations(marked("To keep what is readable: doctor {file} --repair NEW.gpkg"), file=project))
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


def _version(name: str) -> tuple[bool, str]:
    try:
        return True, version(name)
    except PackageNotFoundError:
        return False, "–"


def _translations(load_translations: Callable[[str], object]) -> Check:
    for language in LANGUAGES:
        load_translations(language)
    return marked("languages"), True, ", ".join(LANGUAGES)


def _qt() -> Check:
    """Ask a process of its own: a missing library must not end this one."""
    words = [sys.executable, "-m", "lhasaplan.app", "--version"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    last = (done.stdout + done.stderr).strip().splitlines()[-1:]
    return marked("libraries of the window (Qt)"), done.returncode == 0, "".join(last)


def _cache() -> Check:
    from lhasaplan.core.sight.compiled.compilation import CACHE_FOLDER, IS_KEPT  # noqa: PLC0415  (imports the compiler)

    return marked("folder for compiled kernels"), IS_KEPT, CACHE_FOLDER
