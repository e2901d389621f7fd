"""What a verb prints: sentences in the user's language, tables, faults, progress, and which drafts were written."""

import gc
import os
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Unpack

import typer
from rich.cells import cell_len
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from lhasaplan import workflow
from lhasaplan.core.base.progress import Progress as ProgressPort
from lhasaplan.core.base.progress import no_progress
from lhasaplan.core.base.spelling import printable
from lhasaplan.core.base.translations import Translations, marked, shortened
from lhasaplan.errors import DraftsError, Fault, InputError, UserError, Where
from lhasaplan.files.scratch import account
from lhasaplan.ports import Services

if TYPE_CHECKING:
    from lhasaplan.core.project.project import Project as ProjectValue
    from lhasaplan.core.results.assessment import Assessment, ShownAssessment
    from lhasaplan.ports import Store
    from lhasaplan.workflow.drafting import DraftWish

BETWEEN_S = 0.1  # two pictures of a progress bar

# Arguments and options that several verbs share.

Project = Annotated[
    str,
    typer.Argument(
        metavar="PROJECT",
        help=marked("Project file (.gpkg), or its file: or postgresql: address."),
        show_default=False,
    ),
]
Json = Annotated[
    Path | None,
    typer.Option("--json", metavar="FILE", help=marked("Write the answers as JSON (docs/json.md)."), show_default=False),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help=marked("Write all drafts into this folder."), show_default=False)
]
Folder = Annotated[Path, typer.Option("--out", metavar="DIR", help=marked("Folder for the files."), show_default=False)]
Private = Annotated[
    bool,
    typer.Option("--private", help=marked("Exact positions even where a rule pack asks for coarse ones; not for passing on.")),
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", help=marked("End with exit code 1 for possible findings too: views that an assumption makes due or severe.")
    ),
]
Scheduler = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS",
        help=marked("Let the workers of this dask scheduler (tcp://HOST:PORT) compute what cameras see; see docs/scaling.md."),
        show_default=False,
    ),
]


def require_folder(path: Path | None) -> None:
    """Refuse a file in a folder that is not there, before any work is done for it: a mistyped name makes no folders."""
    if path is not None and not path.parent.is_dir():
        raise InputError(
            Fault(marked("there is no folder {folder}; make it first"), Where(str(path)), {"folder": str(path.parent)})
        )


def listed(text: str) -> tuple[str, ...]:
    """Return the names in a list with commas."""
    return tuple(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))


def spot(text: str) -> tuple[float, float]:
    """Return longitude and latitude of ``LON,LAT``; InputError when it is no position."""
    try:
        lon, lat = (float(part) for part in text.split(","))
    except ValueError:
        lon, lat = 999.0, 999.0
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(Fault("{text} is not a position; write LON,LAT in degrees, e.g. 24.941,60.171", params={"text": text}))
    return lon, lat


PROGRESS = "LHASAPLAN_PROGRESS"  # of the environment: "lines" for a program that calls this one
WORDS = re.compile(r"[^\s\u2e80-\uffef]+|[\u2e80-\uffef]")  # what stands between spaces, and each Chinese sign
SHORT = 24  # columns of a cell that stays in one line, if another can have more
WIDE = 160  # columns of a table that goes into a file or pipe


# What the steps of the engine are called.
STEPS = {
    "read the sample": marked("read the sample"),
    "protected": marked("find protected places"),
    "sight": marked("compute what cameras see"),
    "cures": marked("try remedies"),
    "siting": marked("choose among proposals"),
    "findings": marked("write findings"),
    "work out proposals": marked("work out proposals"),
    "write the drafts": marked("write the drafts"),
    "verify the inputs": marked("compare the inputs"),
    "save the project": marked("save the project"),
    "options": marked("write the options"),
    "all steps": marked("all steps"),
}


def plain(text: str) -> Text:
    """Return text as a terminal shows it and no more: brackets are no colours, colons no pictures, no sign steers the screen."""
    return Text(printable(text).replace("\r", ""))


def _widest_word(cells: Sequence[Text]) -> int:
    """Return the width of the widest word in a column: so narrow it may be. Between Chinese signs a line may end."""
    return max((cell_len(word) for cell in cells for word in WORDS.findall(cell.plain)), default=1)


def _column_widths(columns: Sequence[Sequence[Text]], room: int) -> list[int] | None:
    """Return the width of each column: its widest word, its head if it fits, and more where lines are many; None for no room."""
    widths = [max(_widest_word(cells), cell_len(cells[0].plain)) for cells in columns]
    if sum(widths) > room:
        widths = [_widest_word(cells) for cells in columns]
    wished = [max((cell_len(line) for cell in cells for line in cell.plain.splitlines()), default=1) for cells in columns]
    if sum(widths) > room:
        return None
    for n in sorted((n for n, each in enumerate(wished) if each <= SHORT), key=lambda n: wished[n] - widths[n]):
        widths[n] += min(wished[n] - widths[n], room - sum(widths))
    for _ in range(min(room, sum(wished)) - sum(widths)):
        most_lines = max(range(len(columns)), key=lambda n: wished[n] / widths[n])
        widths[most_lines] += 1
    return widths


@dataclass(frozen=True, slots=True)
class Terminal:
    """The services, the translations and where to print: what every verb needs."""

    services: Services
    translations: Translations
    out: Console
    err: Console
    verb: str = ""

    def say(self, text: str) -> None:
        """Print one line as it is: no markup, no wrapping, so that it can be read by programs too."""
        self.out.print(plain(text), soft_wrap=True)

    def complain(self, text: str) -> None:
        """Print one line on the error stream."""
        self.err.print(plain(text), soft_wrap=True)

    def say_faults(self, error: UserError) -> None:
        """Print the faults with their places; of very many some of each kind, and the total."""
        for fault in shortened(error.faults):
            self.complain(self.translations.fault(self._with_fields_named(fault)))

    def _with_fields_named(self, fault: Fault) -> Fault:
        """Return the fault with each list of fields in the words of the reader's language."""
        if not any(isinstance(value, tuple) for value in fault.params.values()):
            return fault
        from lhasaplan.report.text.words import value_text  # noqa: PLC0415 - few faults name fields, and a start loads no drafts

        named = {
            key: value_text(each, self.translations) if isinstance(each, tuple) else each for key, each in fault.params.items()
        }
        return replace(fault, params=named)

    def remark(self, faults: Sequence[Fault]) -> None:
        """Print remarks that stop nothing; many of one kind are printed as one with their number."""
        kinds: dict[str, list[Fault]] = {}
        for fault in faults:
            kinds.setdefault(fault.template, []).append(fault)
        for same in kinds.values():
            more = self.translations(marked(" (and {count} more of this kind)"), count=len(same) - 1) if len(same) > 1 else ""
            self.complain(f"  {self.translations.fault(same[0])}{more}")

    def table(self, title: str, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
        """Print a table; numbers stand right. A column without a value is left out, and no word is broken.

        Where the longest words of a row find no room beside each other, each row is a list of heads and values.
        """
        kept = [column for column in range(len(heads)) if not rows or any(str(row[column]) for row in rows)]
        texts = [[plain(str(row[column])) for column in kept] for row in rows]
        columns = [[plain(heads[column]), *(row[n] for row in texts)] for n, column in enumerate(kept)]
        widths = _column_widths(columns, self.out.width - 3 * len(kept) - 1)
        if widths is None:
            self._rows_as_lists(title, [heads[column] for column in kept], texts)
            return
        table = Table(title=plain(title), title_justify="left", header_style="bold")
        for column, width in zip(kept, widths, strict=True):
            numeric = bool(rows) and all(isinstance(row[column], int | float) for row in rows)
            table.add_column(plain(heads[column]), justify="right" if numeric else "left", width=width, overflow="fold")
        for row in texts:
            table.add_row(*row)
        self.out.print(table, highlight=False)

    def _rows_as_lists(self, title: str, heads: Sequence[str], rows: Sequence[Sequence[Text]]) -> None:
        """Print each row as lines of head and value, on a screen that is too narrow for a table."""
        self.say(title)
        for row in rows:
            self.say("")
            for head, cell in zip(heads, row, strict=True):
                if cell.plain:
                    self.say(self.translations(marked("{title}: {value}"), title=head, value=cell.plain))

    def files(self, paths: Sequence[Path | str]) -> None:
        """Print the files that were written."""
        for path in paths:
            self.say(self.translations(marked("wrote {file}"), file=str(path)))

    def step(self, name: str) -> str:
        """Return what a step of the engine is called."""
        return self.translations(STEPS.get(name, name))

    def _progress_lines(self) -> ProgressPort:
        """Return what tells a program that asked for it each per cent on a line: ``progress 42 find protected places``."""
        reported = [""]

        def tell(share: float, step: str) -> None:
            line = f"progress {round(100 * share)} {self.step(step)}"
            if line != reported[0]:
                reported[0] = line
                self.complain(line)

        return tell if os.environ.get(PROGRESS) == "lines" else no_progress

    @contextmanager
    def progress(self) -> Iterator[ProgressPort]:
        """Show a bar on the error stream while a block runs; a file or pipe gets none, or lines where it asked for them."""
        bar = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=self.err,
            transient=True,
            auto_refresh=False,  # no thread beside the work: the process can be copied (compute/process_copies.py)
            disable=not self.err.is_terminal,
        )
        with bar:
            task, lines, next_s = bar.add_task("", total=1.0), self._progress_lines(), 0.0

            def tell(share: float, step: str) -> None:
                nonlocal next_s
                if (now_s := time.monotonic()) >= next_s:
                    next_s = now_s + BETWEEN_S
                    bar.update(task, completed=share, description=self.step(step), refresh=True)
                lines(share, step)

            gc.freeze()  # a walk of the collector over a loaded city would hold up work and cancel for some 0.2 s
            try:
                yield tell
            finally:
                gc.unfreeze()


def make_terminal(services: Services, language: str) -> Terminal:
    """Return a terminal in this language; InputError for a language that is not there."""
    width = None if sys.stdout.isatty() else WIDE
    return Terminal(
        services, services.content.load_translations(language), Console(file=sys.stdout, width=width), Console(file=sys.stderr)
    )


def terminal_of(context: typer.Context) -> Terminal:
    """Return the terminal that the verb prints on, which knows the verb."""
    terminal: Terminal = context.find_root().obj
    return replace(terminal, verb=context.info_name or "")


# Write drafts with a progress bar, and print which were written and what stopped the others.

NOT_LOGGED = marked("The drafts were written, but the journal of the project does not say so:")


@dataclass(frozen=True, slots=True)
class Written:
    """The drafts that were written, and the exit code: 0, or that of a format that could not be."""

    files: tuple[Path, ...]
    code: int = 0


def write_drafts(
    terminal: Terminal,
    project: "ProjectValue",
    assessment: "Assessment",
    formats: Sequence[str],
    folder: Path,
    **how: "Unpack[DraftWish]",
) -> Written:
    """Write drafts in the reader's language, and say which were written."""
    try:
        with terminal.progress() as progress:
            language = terminal.translations.language
            files = workflow.export(
                terminal.services, project, assessment, formats, folder, language=language, progress=progress, **how
            )
    except DraftsError as error:
        return Written(tuple(map(Path, error.files)), _tell(terminal, error))
    terminal.files(files)
    return Written(tuple(files))


def write_json(terminal: Terminal, assessment: "ShownAssessment", path: Path) -> int:
    """Write the answers as JSON; return 0, or the exit code when that could not be done: drafts may follow all the same."""
    files, faults = workflow.written("json", lambda: [terminal.services.drafts.write_json(assessment, path)])
    if faults:
        return _tell(terminal, DraftsError(faults, files))
    terminal.files(files)
    return 0


def write_plain(value: object, path: Path) -> None:
    """Write plain values as JSON, whole or not at all."""
    import json  # noqa: PLC0415 - written when asked for

    from lhasaplan.files.replacing import replacing  # noqa: PLC0415

    with replacing(path) as aside:
        aside.write_text(json.dumps(value, ensure_ascii=False, indent=1), "utf-8")


def log_export(
    terminal: Terminal, store: "Store", files: Sequence[Path], *, formats: Sequence[str], private: bool, level: str = ""
) -> None:
    """Keep with the project that these drafts were written; that it could not be kept is reported and takes nothing back."""
    try:
        workflow.log_export(terminal.services, store, formats, private, level=level, files=files, who=account())
    except InputError as error:
        terminal.complain(terminal.translations(NOT_LOGGED))
        terminal.say_faults(error)


def _tell(terminal: Terminal, error: DraftsError) -> int:
    terminal.files(error.files)
    terminal.say_faults(error)
    return error.exit_code
