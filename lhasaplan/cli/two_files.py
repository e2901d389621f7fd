"""The verb merge of two projects that grew from one: conflicts are listed row by row, and decided there or for all others."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from lhasaplan import workflow
from lhasaplan.cli.options import listed
from lhasaplan.cli.protection import open_bare, unseal
from lhasaplan.cli.screen import Terminal
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.three_ways import MINE, THEIRS
from lhasaplan.errors import Fault, InputError, Where

if TYPE_CHECKING:
    from lhasaplan.core.project.projects import Choices
    from lhasaplan.core.project.three_ways import Conflict

NO_CHOICE = marked("{text} is no choice of a row; write KIND KEY=SIDE, where the side is mine or theirs")
NO_SUCH_ROW = marked("{kind} {key} is no row that both changed")
UNRESOLVED = marked(
    "Conflicts that are open: {count}. Nothing was written; say by --resolve FILE (--conflicts FILE writes it) or by "
    "--prefer mine or theirs which side counts."
)
TAKEN, NOTHING = (
    marked("Taken from {file}: {kind} {count} ({keys})"),
    marked("{file} changed nothing since then that is not here."),
)
SIDES = marked("{side} is no side here; there are: mine, theirs")
_MOST = 12
_HEADS = ("kind", "key", "column", "mine", "theirs", "side")


@dataclass(frozen=True, slots=True)
class MergeWish:
    """What was asked of a merge: the files, where the base is, what was chosen, and where to write."""

    mine: str
    theirs: str
    base: str
    resolve: str = ""
    prefer: str = ""
    to: str = ""
    conflicts: Path | None = None


def merge_two(terminal: Terminal, wish: MergeWish) -> None:
    """Merge, and write the whole; with conflicts open list them, write them where that was asked for, and end with 2."""
    if wish.prefer not in {"", MINE, THEIRS}:
        raise InputError(Fault(SIDES, params={"side": wish.prefer}))
    opened, other = open_bare(terminal, wish.mine), open_bare(terminal, wish.theirs)
    if wish.to and unseal(terminal, wish.to).exists():
        raise InputError(Fault("This file exists already; choose another name", Where(file=wish.to)))
    target = terminal.services.stores.derived([opened.store, other.store], wish.to or wish.mine)
    mine, theirs = (workflow.NamedProject(each.store.name, each.project) for each in (opened, other))
    folder = Path(wish.base)
    if folder.is_dir():
        base = workflow.find_base(terminal.services, folder, mine.project, theirs.project)
    else:
        base = workflow.NamedProject(wish.base, open_bare(terminal, wish.base).project)
    found, remarks = workflow.merge_projects(terminal.services, base, mine, theirs, {})
    if found.conflicts:
        choices = _choices(wish.resolve, found.conflicts)
        found, remarks = workflow.merge_projects(terminal.services, base, mine, theirs, choices, default=wish.prefer)
    terminal.remark(remarks)
    for kind, keys in found.taken.items():
        reported = ", ".join(keys[:_MOST]) + (", …" if len(keys) > _MOST else "")
        terminal.say(terminal.translations(TAKEN, file=theirs.name, kind=kind, count=len(keys), keys=reported))
    if found.conflicts:
        _tell(terminal, found.conflicts, wish.conflicts)
        raise typer.Exit(InputError.exit_code)
    if not found.taken:
        terminal.say(terminal.translations(NOTHING, file=theirs.name))
    target.save(found.project, key=None)
    terminal.files([wish.to or wish.mine])


def _tell(terminal: Terminal, conflicts: "Sequence[Conflict]", file: Path | None) -> None:
    translations, rows = terminal.translations, list(_rows(conflicts))
    heads = [marked("What"), marked("Id"), marked("Column"), marked("mine"), marked("theirs")]
    terminal.table(translations(marked("Conflicts")), [translations(head) for head in heads], rows)
    if file is not None:
        _write(rows, file)
        terminal.files([file])
    terminal.complain(translations(UNRESOLVED, count=len(conflicts)))


def _rows(conflicts: "Sequence[Conflict]") -> list[tuple[str, ...]]:
    from lhasaplan.core.project.conflict_columns import reported_columns  # noqa: PLC0415 - where there are conflicts

    return [(conflict.kind, conflict.key, *line) for conflict in conflicts for line in reported_columns(conflict)]


def _write(rows: Sequence[tuple[str, ...]], file: Path) -> None:
    """Write a line for each column, with an empty cell for the side; a cell that a spreadsheet would run is a text."""
    from lhasaplan.files.replacing import replacing  # noqa: PLC0415 - as above
    from lhasaplan.report.text.output_files import inert  # noqa: PLC0415

    with replacing(file) as draft, draft.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(_HEADS)
        table.writerows([*map(inert, row), ""] for row in rows)


def _choices(text: str, conflicts: "Sequence[Conflict]") -> "Choices":
    """Return what was chosen, by file or in words; InputError for a row that is no conflict, and for another side."""
    reported = _read(Path(text)) if text.lower().endswith(".csv") else dict(map(_said, listed(text)))
    known = _known(conflicts)
    faults = [Fault(NO_SUCH_ROW, params={"kind": kind, "key": key}) for kind, key in reported if (kind, key) not in known]
    faults += [Fault(SIDES, params={"side": side}) for side in reported.values() if side not in {"", MINE, THEIRS}]
    if faults:
        raise InputError(*faults)
    return {known[row]: side for row, side in reported.items() if side}


def _known(conflicts: "Sequence[Conflict]") -> Mapping[tuple[str, str], tuple[str, str]]:
    from lhasaplan.report.text.output_files import inert  # noqa: PLC0415 - where there are conflicts

    rows = [(conflict.kind, conflict.key) for conflict in conflicts]
    return {**{(inert(kind), inert(key)): (kind, key) for kind, key in rows}, **{row: row for row in rows}}


def _said(text: str) -> tuple[tuple[str, str], str]:
    row, equals, side = text.rpartition("=")
    kind, blank, key = row.partition(" ")
    if not (equals and blank and key):
        raise InputError(Fault(NO_CHOICE, params={"text": text}))
    return (kind, key), side


def _read(file: Path) -> dict[tuple[str, str], str]:
    """Return the side that each row names; of a row with several columns one line is enough, and they must agree."""
    found: dict[tuple[str, str], str] = {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(Fault(UNREAD, Where(file=file.name), {"error": str(error)})) from error
    for number, row in enumerate(rows, 2):
        key, side = (row.get("kind") or "", row.get("key") or ""), (row.get("side") or "").strip().lower()
        if side and found.get(key, side) not in {"", side}:
            raise InputError(Fault(TWO_SIDES, Where(file.name, number, "side"), {"kind": key[0], "key": key[1]}))
        found[key] = side or found.get(key, "")
    return found


UNREAD = marked("This table cannot be read: {error}")
TWO_SIDES = marked("{kind} {key} is one row, and two sides are named for it; it counts as a whole")
