"""Verbs that make and fill a project: new, import, mandate, confirm; and those to and from OpenStreetMap."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.protection import log_opening, open_to_change, unseal
from lhasaplan.cli.screen import Project, Terminal, listed, terminal_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.file_kinds import DATUMS, FILLED_IN_KINDS, KINDS
from lhasaplan.core.project.decisions import missing_fields
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import KeptProject

if TYPE_CHECKING:
    from lhasaplan.workflow.imports import ImportReport


from lhasaplan.cli.protection import open_project


def add_projects(app: typer.Typer) -> None:
    """Add these verbs."""
    app.command(
        "new", help=marked("Make an empty project under rule packs.\n\nExample: new monaco.gpkg --rules eu-gdpr,municipal-safety")
    )(_new)
    app.command(
        "import",
        help=marked(
            "Import files into a project: city layers and cameras.\n\nAll faults of a file are listed at once; "
            "the project then stays unchanged. Importing a file again replaces its earlier content; corrections "
            "by hand and decisions stay.\n\n\b\nExamples:\n  import monaco.gpkg monaco.osm.pbf\n  import "
            "monaco.gpkg cameras.csv --as cameras --dry-run"
        ),
    )(_import)
    app.command(
        "mandate",
        help=marked(
            "State who may plan, on what basis and under whose oversight (a TOML file). Every draft shows it on "
            "its first page.\n\nExample: mandate monaco.gpkg mandate.toml"
        ),
    )(_mandate)
    app.command(
        "confirm",
        help=marked(
            "Confirm candidates as demand. A person names purpose, reason and the milder means considered; "
            "before that nothing is demand.\n\n\b\nExamples:\n  confirm town.gpkg --list\n  confirm town.gpkg "
            "--category level_crossing --pictures crossings.pdf\n  confirm town.gpkg --category level_crossing "
            '--purpose "safety of the crossing" \\\n      --reason "two collisions in 2025" --milder '
            '"barrier and lights: not enough" --by "A. Example"\n  confirm town.gpkg PART_ID --excuse '
            '--reason "closed for works" --by "A. Example"'
        ),
    )(_confirm)


def _new(
    context: typer.Context,
    project: Project,
    rules: Annotated[str, typer.Option(metavar="PACK[,PACK]", help=marked("Rule packs of the project."), show_default=False)],
    crs: Annotated[
        str, typer.Option(metavar="EPSG:n", help=marked("Metric CRS; without it the first import sets one."), show_default=False)
    ] = "",
) -> None:
    terminal = terminal_of(context)
    store = unseal(terminal, project)
    if store.exists():
        raise InputError(Fault("This file exists already; choose another name", Where(file=project)))
    made = workflow.new_project(terminal.services, listed(rules), crs, Path(store.name).stem)
    workflow.save(KeptProject(made, store))
    terminal.say(terminal.translations(marked("{file}: new project under {packs}"), file=project, packs=", ".join(made.packs)))


def _import(
    context: typer.Context,
    project: Project,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=marked("Files to import."), show_default=False)],
    *,
    kind: Annotated[
        str | None,
        typer.Option(
            "--as",
            metavar="KIND",
            help=marked(
                "What the files are: osm, buildings, roads, places, areas, terrain, trees, poles, floor_walls, surveys, cameras, "
                "baseline, signs, models, answers, decisions, reasons."
            ),
            show_default=False,
        ),
    ] = None,
    crs: Annotated[
        str | None, typer.Option(metavar="EPSG:n", help=marked("CRS of the files, if they do not state it."), show_default=False)
    ] = None,
    datum: Annotated[
        str,
        typer.Option(
            metavar="|".join(DATUMS),
            help=marked("Datum of the positions, where the file does not say it: Chinese map providers shift them."),
            show_default=False,
        ),
    ] = "",
    replace: Annotated[
        bool,
        typer.Option("--replace", help=marked("Replace an earlier file of the same name, even if it had far more content.")),
    ] = False,
    drop_drawn: Annotated[
        bool,
        typer.Option(
            "--drop-drawn",
            help=marked(
                "Remove drawn protected places of an earlier file of the same name that this file lacks; otherwise they stay."
            ),
        ),
    ] = False,
    no_use: Annotated[
        list[str] | None,
        typer.Option(
            "--no-use",
            metavar="COLUMN",
            help=marked(
                "A column with words of protected places that does not say what the things are; "
                "may be given several times, * for any."
            ),
            show_default=False,
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=marked("Only list what would be imported."))] = False,
) -> None:
    terminal = terminal_of(context)
    _check_choice("--as", kind, KINDS)
    _check_choice("--datum", datum or None, DATUMS)
    terminal.services.files.expect_files()
    opened = open_to_change(terminal, project)
    changed, reports = workflow.import_files(
        terminal.services,
        opened.project,
        files,
        kind=kind,
        crs=crs,
        datum=datum,
        replace_more=replace,
        drop_drawn=drop_drawn,
        no_use=no_use or (),
    )
    if not dry_run:
        workflow.save(opened.holding(changed))
    for report in reports:
        _tell_import(terminal, report, changed.crs)
    if dry_run:
        terminal.say(terminal.translations(marked("Dry run: the project is unchanged.")))


def _tell_import(terminal: Terminal, report: "ImportReport", crs: str) -> None:
    """Say what a file brought; of a table that was filled in the remarks say it, and it has no coordinates."""
    if not set(report.counts) <= set(FILLED_IN_KINDS):
        counts = ", ".join(f"{name} {count}" for name, count in report.counts.items() if count) or "0"
        text = marked("{file}: {counts} ({crs})")
        terminal.say(terminal.translations(text, file=report.record.path, counts=counts, crs=crs))
    terminal.remark(report.remarks)


def _check_choice(option: str, value: str | None, known: tuple[str, ...]) -> None:
    if value is not None and value not in known:
        params = {"value": value, "option": option, "known": ", ".join(known)}
        raise InputError(Fault("{value} is not a value of {option}; possible values: {known}", params=params))


def _mandate(
    context: typer.Context,
    project: Project,
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help=marked("The mandate."), show_default=False)],
) -> None:
    terminal = terminal_of(context)
    opened = open_to_change(terminal, project)
    changed = workflow.mandate(terminal.services, opened.project, file)
    workflow.save(opened.holding(changed))
    missing, remarks = missing_fields(changed.mandate), workflow.remarks_on_mandate(terminal.services, changed)
    if missing:
        terminal.complain(terminal.translations(marked("The mandate still lacks: {fields}"), fields=", ".join(missing)))
    for remark in remarks:
        terminal.complain(terminal.translations.fault(remark))
    if not (missing or remarks):
        terminal.say(terminal.translations(marked("The mandate is complete; check says whether the gate is open.")))


def _confirm(
    context: typer.Context,
    project: Project,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[PART_ID...]", help=marked("Candidates by id."), show_default=False)
    ] = None,
    *,
    show: Annotated[bool, typer.Option("--list", help=marked("List the candidates and what was decided about them."))] = False,
    pictures: Annotated[
        Path | None,
        typer.Option(
            "--pictures",
            metavar="FILE",
            help=marked("Write a small map of each selected candidate, or of all, as .pdf or .html; decide nothing."),
            show_default=False,
        ),
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help=marked("All candidates of a category; may be given several times."), show_default=False
        ),
    ] = None,
    within: Annotated[str, typer.Option(metavar="AREA", help=marked("Only candidates in this area."), show_default=False)] = "",
    purpose: Annotated[
        str, typer.Option(help=marked("What the view is for; one purpose of the mandate."), show_default=False)
    ] = "",
    reason: Annotated[str, typer.Option(help=marked("Why this part is needed."), show_default=False)] = "",
    milder: Annotated[
        str, typer.Option(help=marked("Milder means considered, and why they are not enough."), show_default=False)
    ] = "",
    by: Annotated[str, typer.Option(help=marked("Who decides, by name."), show_default=False)] = "",
    date: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help=marked("Date of the decision; today unless given."), show_default=False)
    ] = "",
    excuse: Annotated[
        bool, typer.Option("--excuse", help=marked("Excuse confirmed parts instead, with --reason and --by."))
    ] = False,
    declare: Annotated[
        str,
        typer.Option(
            metavar="FACT",
            help=marked("Declare a fact about each id instead (a part, a building, a cell), with --by; see the verb declare."),
            show_default=False,
        ),
    ] = "",
) -> None:
    terminal, chosen = terminal_of(context), tuple(ids or ())
    opened = open_to_change(terminal, project)
    before = opened.project
    selection = workflow.CandidateSelection(chosen, tuple(category or ()), within)
    if show or pictures is not None:
        from lhasaplan.cli.tables import list_candidates, write_pictures  # noqa: PLC0415 - what tables need is loaded for them

        log_opening(terminal, opened)
        if show:
            list_candidates(terminal, before)
        if pictures is not None:
            write_pictures(terminal, before, selection, pictures)
        return
    changed = before
    if excuse or declare:
        if not chosen:
            raise InputError(Fault("Name the subject: confirm PROJECT ID … --excuse, or --declare FACT"))
        if declare:
            changed = workflow.declare(terminal.services, changed, chosen, workflow.Said(declare, reason, by, date))
        else:
            for subject in chosen:
                changed = workflow.excuse(terminal.services, changed, subject, reason=reason, by=by, date=date)
        done = terminal.translations(marked("Recorded for {count}."), count=len(chosen))
    else:
        changed, parts = workflow.confirm(
            terminal.services, before, selection, purpose=purpose, reason=reason, milder=milder, by=by, date=date
        )
        confirmed = ", ".join(part.part_id for part in parts)
        done = terminal.translations(marked("Confirmed {count}: {ids}"), count=len(parts), ids=confirmed)
    workflow.save(opened.holding(changed))
    terminal.say(done)


# The verbs to and from OpenStreetMap: a query to copy, and corrections that a person looks at and uploads.

PRINTED = 40


def add_osm(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command(
        "overpass",
        help=marked(
            "Print a query that asks Overpass for everything in a rectangle of OpenStreetMap.\n\n"
            "WHERE is west,south,east,north in degrees, or a project: then the ground that it holds. Nothing is fetched: paste "
            "the text into overpass-turbo.eu or another service, and import the answer (.osm).\n\n"
            "\b\nExamples:\n"
            "  overpass 24.94,60.16,24.96,60.17\n"
            "  overpass city.gpkg"
        ),
    )(_overpass)
    app.command(
        "osm",
        help=marked(
            "Write what you corrected of cameras back for OpenStreetMap: direction, tilt, height, kind and mount.\n\n"
            "EXTRACT is the file that the cameras were imported from. Each node keeps all its other tags and the version that "
            "was read. Cameras that observers of a survey recorded and the map lacks are new nodes. Nothing is uploaded: look at "
            "the changes in JOSM, and give only what you may give. Operators, purposes and what a camera can see stay out.\n\n"
            "\b\nExample:\n"
            '  osm city.gpkg city.osm.pbf --out fixes.osm --comment "Directions as surveyed on 1 December"'
        ),
    )(_osm)


def _overpass(
    context: typer.Context,
    where: Annotated[
        str,
        typer.Argument(metavar="WHERE", help=marked("A rectangle in degrees, or a project."), show_default=False),
    ],
) -> None:
    terminal = terminal_of(context)
    is_box = where.count(",") == 3
    box = where if is_box else workflow.overpass_box(open_project(terminal, where).project)
    terminal.say(workflow.overpass_query(box).rstrip())


def _osm(
    context: typer.Context,
    project: Project,
    extract: Annotated[
        Path, typer.Argument(metavar="EXTRACT", help=marked("The extract that was imported."), show_default=False)
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help=marked("File to write: .osc, or .osm for JOSM."), show_default=False)
    ],
    comment: Annotated[
        str, typer.Option("--comment", metavar="TEXT", help=marked("Comment of the changeset."), show_default=False)
    ] = "Correct direction, height or kind of cameras",
) -> None:
    terminal = terminal_of(context)
    services, say = terminal.services, terminal.translations
    found = workflow.osm_changes(services, open_project(terminal, project).project, extract)
    rows = [
        (f"node/{each.node.node_id}", each.node.version, key, old, new)
        for each in found.changes
        for key, (old, new) in each.changed.items()
    ]
    heads = [say(each) for each in (marked("node"), marked("version"), marked("tag"), marked("so far"), marked("to be"))]
    text = marked("Changes of tags: {count}; cameras of the extract that cannot be written back: {left}")
    terminal.table(say(text, count=len(rows), left=found.left), heads, rows[:PRINTED])
    if found.doubtful:
        from lhasaplan.core.records.osm_changes import SAME_M  # noqa: PLC0415 - loads arrays, which a page of help does without

        text = marked(
            "Finds of a survey within {metres} m of a camera of the map, or inside a building: {count}. They may be that camera, "
            "or hang indoors; compare them"
        )
        terminal.say(say(text, count=found.doubtful, metres=f"{SAME_M:g}"))
    if found.changes:
        terminal.files([services.drafts.write_osm_changes(out, found.changes, comment)])
