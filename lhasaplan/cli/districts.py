"""The verbs merge and compare: districts back into the city, two projects that grew from one, and how two plans differ."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.protection import open_bare, open_project, open_to_change, unseal
from lhasaplan.cli.screen import Private, Project, Terminal, listed, require_folder, terminal_of, write_plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.three_ways import MINE, THEIRS
from lhasaplan.errors import Fault, InputError, Where

if TYPE_CHECKING:
    from lhasaplan.core.base.translations import Translations
    from lhasaplan.core.live.plan_options import PlanComparison
    from lhasaplan.core.project.project import Project as ProjectValue
    from lhasaplan.core.project.projects import Choices
    from lhasaplan.core.project.three_ways import Conflict
    from lhasaplan.workflow.districts import Merge
    from lhasaplan.workflow.plan_differences import ComparedPlans

# The verb merge of two projects that grew from one: conflicts are listed row by row, and decided there or for all others.

NO_ROW_CHOICE = marked("{text} is no choice of a row; write KIND KEY=SIDE, where the side is mine or theirs")
NO_SUCH_ROW = marked("{kind} {key} is no row that both changed")
ROWS_UNRESOLVED = marked(
    "Open conflicts: {count}. Nothing was written. State with --resolve FILE (--conflicts FILE writes it), or "
    "with --prefer mine or theirs, which side counts."
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
        choices = _row_choices(wish.resolve, found.conflicts)
        found, remarks = workflow.merge_projects(terminal.services, base, mine, theirs, choices, default=wish.prefer)
    terminal.remark(remarks)
    for kind, keys in found.taken.items():
        reported = ", ".join(keys[:_MOST]) + (", …" if len(keys) > _MOST else "")
        terminal.say(terminal.translations(TAKEN, file=theirs.name, kind=kind, count=len(keys), keys=reported))
    if found.conflicts:
        _tell_rows(terminal, found.conflicts, wish.conflicts)
        raise typer.Exit(InputError.exit_code)
    if not found.taken:
        terminal.say(terminal.translations(NOTHING, file=theirs.name))
    target.save(found.project, key=None)
    terminal.files([wish.to or wish.mine])


def _tell_rows(terminal: Terminal, conflicts: "Sequence[Conflict]", file: Path | None) -> None:
    translations, rows = terminal.translations, list(_conflict_rows(conflicts))
    heads = [marked("What"), marked("Id"), marked("Column"), marked("mine"), marked("theirs")]
    terminal.table(translations(marked("Conflicts")), [translations(head) for head in heads], rows)
    if file is not None:
        _write_conflicts(rows, file)
        terminal.files([file])
    terminal.complain(translations(ROWS_UNRESOLVED, count=len(conflicts)))


def _conflict_rows(conflicts: "Sequence[Conflict]") -> list[tuple[str, ...]]:
    from lhasaplan.core.project.projects import reported_columns  # noqa: PLC0415 - where there are conflicts

    return [(conflict.kind, conflict.key, *line) for conflict in conflicts for line in reported_columns(conflict)]


def _write_conflicts(rows: Sequence[tuple[str, ...]], file: Path) -> None:
    """Write a line for each column, with an empty cell for the side; a cell that a spreadsheet would run is a text."""
    from lhasaplan.files.replacing import replacing  # noqa: PLC0415 - as above
    from lhasaplan.report.text.output_files import inert  # noqa: PLC0415

    with replacing(file) as draft, draft.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(_HEADS)
        table.writerows([*map(inert, row), ""] for row in rows)


def _row_choices(text: str, conflicts: "Sequence[Conflict]") -> "Choices":
    """Return what was chosen, by file or in words; InputError for a row that is no conflict, and for another side."""
    reported = _read_choices(Path(text)) if text.lower().endswith(".csv") else dict(map(_read_choice, listed(text)))
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


def _read_choice(text: str) -> tuple[tuple[str, str], str]:
    row, equals, side = text.rpartition("=")
    kind, blank, key = row.partition(" ")
    if not (equals and blank and key):
        raise InputError(Fault(NO_ROW_CHOICE, params={"text": text}))
    return (kind, key), side


def _read_choices(file: Path) -> dict[tuple[str, str], str]:
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


# The verbs merge and compare: districts back into the city's project, and how two plans differ.

NO_CHOICE = marked("{text} is no choice; write ID=SIDE, where the side is city, both or the name of a district")
UNRESOLVED = marked(
    "Open conflicts: {count}. Nothing was written. State with --resolve ID=SIDE or --prefer SIDE which side counts."
)
NO_JSON = marked("--json is for taking districts back. With --base, --conflicts writes the open conflicts to a table")
ONE_OTHER = marked("With --base two projects are merged: name one beside the first")
ASKED_ALONE = marked("Parts that only {plan} asks for: {parts}")
OTHER_TOWN = marked("The two projects hold different buildings or streets. Both plans were computed in the town of {plan}.")
ALIKE = marked("No camera differs between these two plans.")


def add_districts(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command(
        "merge",
        help=marked(
            "Take districts back into the city's project: what each changed since export --plan made "
            "it.\n\nWhere several sides changed the same thing differently, the command lists it and writes "
            "nothing until you say which side counts. Gate and protected places are checked again for the whole "
            "city. The rows of the sums add up to the city.\n\nWith --base: bring two projects together that "
            "grew from one, row by row. A row that both changed differently is a conflict, listed by column with "
            "both values. --conflicts writes the conflicts to a table; its column side tells --resolve which "
            "side counts.\n\n\b\nExamples:\n  merge city.gpkg district-north.gpkg district-south.gpkg\n  merge "
            "city.gpkg district-north.gpkg --resolve HT-03=North --to merged.gpkg\n  merge mine.gpkg theirs.gpkg "
            "--base monday.gpkg --to both.gpkg --conflicts open.csv\n  merge mine.gpkg theirs.gpkg --base "
            "monday.gpkg --to both.gpkg --resolve open.csv --prefer mine"
        ),
    )(_merge)
    app.command(
        "compare",
        help=marked(
            "Say how two plans differ: camera by camera, in parts, protected places and ground that no part asks "
            "for.\n\nThe second plan is computed in the town of the first. --version compares with a version "
            "that the second project keeps; name one project twice to compare it with its own "
            "version.\n\n\b\nExamples:\n  compare city.gpkg district-north.gpkg --map differences.pdf\n  compare "
            "city.gpkg city.gpkg --version three --json differences.json"
        ),
    )(_compare)


def _merge(
    context: typer.Context,
    project: Project,
    districts: Annotated[
        list[str], typer.Argument(metavar="DISTRICT…", help=marked("Projects of districts; with --base the other project."))
    ],
    *,
    base: Annotated[
        str,
        typer.Option(
            metavar="FILE",
            help=marked("The common origin of both projects, or a folder of backups that holds it."),
            show_default=False,
        ),
    ] = "",
    conflicts: Annotated[
        Path | None,
        typer.Option(metavar="CSV", help=marked("With --base: write the open conflicts to this table."), show_default=False),
    ] = None,
    resolve: Annotated[
        str,
        typer.Option(
            metavar="ID=SIDE[,…]",
            help=marked(
                "Which side counts in a conflict: city, both or a district; with --base a table, or KIND KEY=mine or theirs."
            ),
            show_default=False,
        ),
    ] = "",
    prefer: Annotated[
        str, typer.Option(metavar="SIDE", help=marked("Which side counts in all other conflicts."), show_default=False)
    ] = "",
    to: Annotated[
        str, typer.Option(metavar="FILE", help=marked("Write the merged project here; the city's stays."), show_default=False)
    ] = "",
    prices: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=marked("Unit prices of work, as data/prices.toml has them."), show_default=False),
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help=marked("Write the merge as JSON (docs/json.md)."), show_default=False),
    ] = None,
    private: Private = False,
) -> None:
    from lhasaplan.core.districts.merging import Choices  # noqa: PLC0415 - what answers need is loaded when there are some

    terminal = terminal_of(context)
    if base:
        if len(districts) != 1:
            raise InputError(Fault(ONE_OTHER))
        if json is not None:
            raise InputError(Fault(NO_JSON))
        require_folder(conflicts)
        merge_two(terminal, MergeWish(project, districts[0], base, resolve, prefer, to, conflicts))
        return
    require_folder(json)
    opened = (open_project if to else open_to_change)(terminal, project)
    districts_opened = [open_project(terminal, each) for each in districts]
    others = [each.project for each in districts_opened]
    kept = [opened.store, *(each.store for each in districts_opened)]
    target = terminal.services.stores.derived(kept, to or project)
    if to and target.exists():
        raise InputError(Fault("This file exists already; choose another name", Where(file=to)))
    choices = Choices(_choices(resolve), prefer)
    with terminal.progress() as progress:
        found = workflow.merge(terminal.services, opened.project, others, choices, prices, progress, private=private)
    terminal.remark(found.remarks)
    _tell_taken(terminal, found)
    if json is not None:
        write_plain(workflow.merge_json(found), json)
        terminal.files([json])
    if found.plan.conflicts:
        _tell_conflicts(terminal, found)
        raise typer.Exit(InputError.exit_code)
    _tell_whole(terminal, found)
    target.save(found.project, key=opened.key)
    terminal.files([to or project])


def _choices(text: str) -> Mapping[str, str]:
    choices = {}
    for each in listed(text):
        key, equals, side = each.rpartition("=")
        if not (equals and key and side):
            raise InputError(Fault(NO_CHOICE, params={"text": each}))
        choices[key] = side
    return choices


def _tell_taken(terminal: Terminal, found: "Merge") -> None:
    from lhasaplan.report.facts.project_words import doubts, taken_lines  # noqa: PLC0415 - as above

    for line in taken_lines(found.plan, terminal.translations):
        terminal.say(line)
    for line in doubts(found.plan, terminal.translations):
        terminal.complain(line)


def _tell_conflicts(terminal: Terminal, found: "Merge") -> None:
    from lhasaplan.report.facts.project_words import conflict_rows  # noqa: PLC0415 - as above

    translations = terminal.translations
    heads = [translations(each) for each in (marked("What"), marked("Id"), marked("Side"), marked("As it is there"))]
    terminal.table(
        translations(marked("Conflicts")), heads, list(conflict_rows(found.plan.conflicts, found.project, translations))
    )
    terminal.complain(translations(UNRESOLVED, count=len(found.plan.conflicts)))


def _tell_whole(terminal: Terminal, found: "Merge") -> None:
    from lhasaplan.cli.tables import sum_heads, sum_rows  # noqa: PLC0415 - as above
    from lhasaplan.report.facts.project_words import effect_lines  # noqa: PLC0415

    translations = terminal.translations
    terminal.table(translations(marked("Sums")), sum_heads(translations), sum_rows(found.sums or (), translations))
    if found.comparison is not None:
        for line in effect_lines(found.comparison, _part_names(found.comparison, found.project, translations).get, translations):
            terminal.say(line)


def _part_names(comparison: "PlanComparison", town: "ProjectValue", translations: "Translations") -> Mapping[str, str]:
    from lhasaplan.core.rules.audit_policy import terms_of  # noqa: PLC0415 - as above
    from lhasaplan.report.facts.called import names_of_parts  # noqa: PLC0415

    live = comparison.answers[1]
    known = live.city.reference_data
    parts = live.requested.parts if live.requested is not None else ()
    return names_of_parts(town, parts, terms_of(known.packs, known.policy.bands), translations)


def _compare(
    context: typer.Context,
    one: Annotated[
        str,
        typer.Argument(
            metavar="A",
            help=marked("Project file (.gpkg), or its file: or postgresql: address."),
            show_default=False,
        ),
    ],
    other: Annotated[str, typer.Argument(metavar="B", help=marked("The project that it is compared with."), show_default=False)],
    *,
    version: Annotated[
        str, typer.Option(metavar="NAME", help=marked("Compare with this version that B keeps."), show_default=False)
    ] = "",
    picture: Annotated[
        Path | None,
        typer.Option(
            "--map", metavar="FILE", help=marked("Draw both plans side by side (.pdf, .png, .svg)."), show_default=False
        ),
    ] = None,
    json: Annotated[
        Path | None,
        typer.Option("--json", metavar="FILE", help=marked("Write the comparison as JSON (docs/json.md)."), show_default=False),
    ] = None,
    private: Private = False,
) -> None:
    terminal = terminal_of(context)
    require_folder(json)
    require_folder(picture)
    first = open_project(terminal, one)
    second = first if other == one else open_project(terminal, other)
    with terminal.progress() as progress:
        projects = first.project, second.project
        found = workflow.compare(terminal.services, *projects, version, progress=progress, private=private)
    if found.names[0] == found.names[1]:
        found = replace(found, names=(first.store.name, second.store.name))
    _tell_comparison(terminal, found)
    if picture is not None:
        sheet = workflow.plan_sheet(found, private=private)
        terminal.files([terminal.services.drafts.write_compared_map(sheet, picture, terminal.translations)])
    if json is not None:
        write_plain(workflow.comparison_json(found), json)
        terminal.files([json])


def _tell_comparison(terminal: Terminal, found: "ComparedPlans") -> None:
    from lhasaplan.report.facts.project_words import differences, effect_lines  # noqa: PLC0415 - as above

    translations = terminal.translations
    if not found.is_same_town:
        terminal.complain(translations(OTHER_TOWN, plan=found.names[0]))
    for name, parts in zip(found.names, found.asked_alone, strict=True):
        if parts:
            terminal.say(translations(ASKED_ALONE, plan=name, parts=", ".join(parts)))
    changed = differences(found.comparison, lambda camera: camera, translations)
    if not changed:
        terminal.say(translations(ALIKE))
        return
    heads = [translations(marked("Camera")), translations(marked("Name")), translations(marked("What changes"))]
    title = translations(marked("From {one} to {other}"), one=found.names[0], other=found.names[1])
    terminal.table(title, heads, [(each.camera_id, each.name, "; ".join(each.changes)) for each in changed])
    for line in effect_lines(found.comparison, _part_names(found.comparison, found.town, translations).get, translations):
        terminal.say(line)
