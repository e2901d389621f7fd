"""Run one verb: find the language, dispatch, and turn errors into sentences and exit codes."""

import atexit
import gc
import io
import logging
import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from typer.main import get_command

from lhasaplan import __version__
from lhasaplan.bootstrap import open_services
from lhasaplan.cli.answers import add_answers, add_siting
from lhasaplan.cli.demonstration import add_demo, add_journal, add_packs, add_window
from lhasaplan.cli.districts import add_districts
from lhasaplan.cli.examination import add_doctor, add_verifying
from lhasaplan.cli.exposure import add_exposure
from lhasaplan.cli.planning import add_decided, add_declaring, add_planning
from lhasaplan.cli.projects import add_osm, add_projects
from lhasaplan.cli.protection import add_protection
from lhasaplan.cli.screen import Terminal, make_terminal
from lhasaplan.cli.sight import add_drafts, add_sight
from lhasaplan.cli.usage import translate_pages, wrong_call
from lhasaplan.core.base.translations import LANGUAGES, Translations, marked
from lhasaplan.core.model.file_kinds import DRAFT_FORMATS
from lhasaplan.errors import Cancelled, UserError, naming_extras
from lhasaplan.files.replacing import named_fault_of
from lhasaplan.ports import Services

# The user's language: named anywhere on the line or in the environment; help texts follow it.

# What the library of the command line says of its own options.
OF_THE_LIBRARY = (
    marked("Install completion for the current shell."),
    marked("Show completion for the current shell, to copy it or customize the installation."),
)


def take_language(words: list[str], environment: Mapping[str, str]) -> tuple[list[str], str]:
    """Return the words without ``--lang X``, and the language they or the environment name."""
    language, rest, position = environment.get("LHASAPLAN_LANG") or "en", [], 0
    while position < len(words):
        word = words[position]
        if word == "--lang" and position + 1 < len(words):
            position += 1
            language = words[position]
        elif word.startswith("--lang="):
            language = word.removeprefix("--lang=")
        else:
            rest.append(word)
        position += 1
    return rest, language


def translate_help(command: Any, translations: Translations) -> Any:
    """Put every help text of a command, its options and its sub-commands into the language."""
    if command.help:
        forms = "\n".join(f"  {each.key:15}{translations(each.title)}" for each in DRAFT_FORMATS)
        # What has click keep the lines of a list is no printable character, and no text that is read from a file has it.
        command.help = translations(command.help).replace("\n\n\n", "\n\n\b\n").replace("{formats}", forms)
    translate_pages(command, translations)
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = translations(parameter.help)
    for verb in getattr(command, "commands", {}).values():
        translate_help(verb, translations)
    return command


_NOWHERE = logging.NullHandler()
PROGRAM_ERROR = 70  # EX_SOFTWARE of sysexits.h: no word about the project, as 1 would be
REPORT = "LHASAPLAN_REPORT"
BROKEN = marked("The program itself has an error ({name}); the project is unchanged.")
HOW_TO_REPORT = marked("Set {variable} to a file name and try again: the program writes what a developer needs into that file.")
INTERRUPTED = 130  # what shells say of a program that was stopped from the keyboard

VERBS = (
    *(add_projects, add_declaring, add_protection, add_answers, add_siting, add_drafts, add_districts),
    *(add_sight, add_exposure, add_osm, add_demo, add_window, add_packs, add_planning, add_decided, add_journal, add_doctor),
    add_verifying,
)
_HELP = marked(
    "Plan and audit fixed public cameras: what each can really see, must not see, and is needed for.\n\n"
    "Audit a city in four steps:\n\n"
    "\b\n"
    "  new city.gpkg --rules eu-gdpr,municipal-safety\n"
    "  import city.gpkg city.osm.pbf\n"
    "  audit city.gpkg --json audit.json\n"
    "  export city.gpkg --format docx,html --out drafts\n\n"
    "Exit codes: 0 nothing or notes found, 1 findings that are due or severe, 2 bad input, 3 refused by the gate, "
    "70 an error of the program itself."
)


def main(arguments: Sequence[str] | None = None, services: Services | None = None) -> int:
    """Run one verb and return its exit code: 0 nothing or notes, 1 due or severe, 2 bad input, 3 refused, 70 our own error."""
    atexit.register(gc.freeze)  # else Python's end walks all that is loaded for cycles: a quarter of an audit of a small town
    with quiet_streams():
        return _main(arguments, services)


@contextmanager
def quiet_streams() -> Iterator[None]:
    """Keep what libraries warn of off the screen, and let it take any text: a file's name need not be UTF-8."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    logging.getLogger("py.warnings").addHandler(_NOWHERE)
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)


def _main(arguments: Sequence[str] | None, services: Services | None) -> int:
    words, language = take_language(list(sys.argv[1:] if arguments is None else arguments), os.environ)
    chosen = services or open_services(lambda: language)
    try:
        terminal = make_terminal(chosen, language)
    except UserError as error:
        make_terminal(chosen, "en").say_faults(error)
        return error.exit_code
    return _run(words, terminal)


def _run(words: Sequence[str], terminal: Terminal) -> int:
    command = _verbs_in(terminal.translations)
    try:
        with naming_extras():
            code = command.main(list(words), prog_name="lhasaplan", obj=terminal, standalone_mode=False)
    except SystemExit as end:
        code = end.code
    except typer.TyperException as error:
        terminal.complain(wrong_call(error, terminal.translations))
        return error.exit_code
    except UserError as error:
        terminal.say_faults(error)
        return error.exit_code
    except (Cancelled, KeyboardInterrupt, typer.Abort):
        terminal.complain(terminal.translations(marked("Stopped; the project is unchanged.")))
        return INTERRUPTED
    except OSError as error:
        terminal.say_faults(UserError(named_fault_of(error)))
        return UserError.exit_code
    except Exception as error:  # noqa: BLE001 - the one place where an error of the program itself is told
        return _tell_error(error, terminal)
    return code if isinstance(code, int) else 0


def _verbs_in(translations: Translations) -> Any:
    """Return the command with every verb below it, its help in a language."""
    return translate_help(get_command(_app()), translations)


def _tell_error(error: Exception, terminal: Terminal) -> int:
    """Say that the program itself failed, where, and how a report of it is had; write the report where it is asked for."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = next((frame for frame in reversed(frames) if "lhasaplan" in Path(frame.filename).parts), frames[-1])
    name = f"{type(error).__name__}, {Path(ours.filename).name}:{ours.lineno}"
    terminal.complain(terminal.translations(BROKEN, name=name))
    asked = os.environ.get(REPORT, "")
    if not asked:
        terminal.complain(terminal.translations(HOW_TO_REPORT, variable=REPORT))
        return PROGRAM_ERROR
    try:
        Path(asked).write_text("".join(traceback.format_exception(error)), encoding="utf-8", errors="backslashreplace")
    except OSError as refused:
        terminal.say_faults(UserError(named_fault_of(refused)))
        return PROGRAM_ERROR
    terminal.files([asked])
    return PROGRAM_ERROR


def _app() -> typer.Typer:
    app = typer.Typer(help=_HELP, no_args_is_help=True, rich_markup_mode=None)
    app.callback(help=_HELP)(_options)
    for add in VERBS:
        add(app)
    return app


def _say_version(is_asked: bool) -> None:
    if is_asked:
        typer.echo(f"lhasaplan {__version__}")
        raise typer.Exit


def _options(
    lang: str = typer.Option(
        "en", help=marked("Language of what is printed and written; or set LHASAPLAN_LANG."), metavar="|".join(LANGUAGES)
    ),
    is_version_asked: bool = typer.Option(
        False, "--version", help=marked("Show the version."), is_eager=True, callback=_say_version
    ),
) -> None:
    """Take options that every verb has; the language was read before, wherever it stood."""
