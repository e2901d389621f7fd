"""The verb that writes who can see what: pairs of cameras and points, and the grid of how many cameras can see the ground."""

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.protection import open_project
from lhasaplan.cli.screen import Folder, Private, Project, Scheduler, Terminal, listed, log_export, terminal_of, write_drafts
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.file_kinds import BUNDLE_FORMAT, MINUTES_FORMAT, PAPER_FORMATS, PLAN_FORMATS
from lhasaplan.errors import Fault, GateError, InputError
from lhasaplan.files.replacing import replacing
from lhasaplan.ports import SightPair
from lhasaplan.report.text.output_files import inert

if TYPE_CHECKING:
    from lhasaplan.core.project.project import Project as ProjectValue
    from lhasaplan.core.siting.disclosed_proposals import DisclosedProposals
    from lhasaplan.ports import KeptProject
    from lhasaplan.workflow.drafting import DraftWish

# Verbs that write: export and sight.

NAMES_PEOPLE = marked(
    "This bundle names people and sources, like internal drafts. For outside readers write it with --level council"
)
INTERNAL = "internal"
NO_DISTRICT = marked("--version names the plan that a district comes from; name the district with --plan AREA")
CITY = "city"  # --plan city: the draft of the whole project


def add_drafts(app: typer.Typer) -> None:
    """Add these verbs."""
    app.command(
        "export",
        help=marked(
            "Write drafts, in any of these forms:\n\n\b\n{formats}\n\ndata/dossiers sets the order of the impact "
            "assessment and of the file for an authorisation; the file needs an open gate. --camera limits "
            "pages, letter and questionnaire to some cameras. A site plan in sheets then has all sheets of these "
            "cameras.\n\nWith --plan and an open gate it also writes the "
            "plan draft of the city. With the name of an area it writes the project and the drafts of that "
            "district; they begin with how its plan conforms to the city's.\n\n\b\nExamples:\n  export "
            "monaco.gpkg --format docx,html --out drafts\n  export monaco.gpkg --format pages,letter --camera "
            "node/123,node/456 --out drafts\n  export town.gpkg --format docx --plan city --out drafts\n  export "
            "town.gpkg --format docx,xlsx --plan 'North Bank' --out north"
        ),
    )(_export)


def _export(
    context: typer.Context,
    project: Project,
    *,
    out: Folder,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT[,FORMAT]",
            help=marked("What is written: forms of drafts, with commas between them."),
        ),
    ] = "docx,xlsx,gpkg,html",
    plan: Annotated[
        str, typer.Option(metavar="city|AREA", help=marked("Also the plan draft, of the city or a district."), show_default=False)
    ] = "",
    version: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help=marked("With --plan AREA: the version of the city's plan that the district follows, such as the approved one."),
            show_default=False,
        ),
    ] = "",
    camera: Annotated[
        str,
        typer.Option(
            metavar="ID[,ID]", help=marked("Limit camera pages, letter and questionnaire to these cameras."), show_default=False
        ),
    ] = "",
    date: Annotated[
        str,
        typer.Option(metavar="YYYY-MM-DD", help=marked("The date of the drafts; today unless given."), show_default=False),
    ] = "",
    prices: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help=marked("Unit prices of work, as data/prices.toml has them."), show_default=False),
    ] = None,
    level: Annotated[
        str,
        typer.Option(
            metavar="internal|authority|council|public",
            help=marked("For whom the drafts are; no file holds what they must not disclose."),
        ),
    ] = INTERNAL,
    final: Annotated[
        bool, typer.Option("--final", help=marked("Mark the plan as final. If that is not possible, the reasons are listed."))
    ] = False,
    proposals: Annotated[
        bool,
        typer.Option(
            "--proposals",
            help=marked(
                "With --plan: compute which cameras can be removed, changed or added, and put these options into the plan."
            ),
        ),
    ] = False,
    template: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="FILE",
            help=marked(
                "Your own Word file (.docx) or slides (.pptx) as a template of the drafts. Styles, headers, "
                "footers and layouts stay; marks in double square brackets are filled in. One of each kind."
            ),
            show_default=False,
        ),
    ] = None,
    private: Private = False,
) -> None:
    terminal, chosen = terminal_of(context), listed(formats)
    opened = open_project(terminal, project)
    value, district = opened.project, None
    is_new = plan not in ("", CITY) and not _is_of(value, plan)
    if version and not is_new:
        raise InputError(Fault(NO_DISTRICT))
    if is_new:
        district = _district(terminal, opened, plan, out, version)
    value = value if district is None else district.project
    with terminal.progress() as progress:
        assessment = (workflow.check if plan else workflow.audit)(terminal.services, value, progress)
    how: DraftWish = {"cameras": listed(camera), "date": date, "unit_prices": prices, "level": level, "is_final": final}
    how |= {"private": private, "templates": template or ()}
    if plan and proposals and assessment.gate.open:
        how["proposals"] = _proposals(terminal, value, private)
    written = write_drafts(terminal, value, assessment, chosen, out, **how)
    if district is not None:
        workflow.save(district)
        terminal.files([out / district.store.name])
    log_export(terminal, opened.store, written.files, formats=chosen, private=private, level=level)
    terminal.remark(workflow.remarks_on_outputs(assessment, private))
    if template:
        terminal.remark(terminal.services.drafts.template_remarks(template))
    terminal.remark(workflow.remarks_on_papers(terminal.services, value, assessment, chosen))
    if BUNDLE_FORMAT in chosen and level == INTERNAL:
        terminal.complain(terminal.translations(NAMES_PEOPLE))
    if plan and assessment.gate.open and not set(chosen) & {*PLAN_FORMATS, *PAPER_FORMATS, MINUTES_FORMAT}:
        text = marked("No plan draft was written: its formats are {formats}, and none of them was asked for.")
        terminal.complain(terminal.translations(text, formats=", ".join(PLAN_FORMATS)))
    if plan and not assessment.gate.open:
        from lhasaplan.cli.tables import print_gate  # noqa: PLC0415 - what answers need is loaded when there are some

        print_gate(terminal, assessment)
        raise typer.Exit(written.code or GateError.exit_code)
    if written.code:
        raise typer.Exit(written.code)


def _is_of(project: "ProjectValue", area: str) -> bool:
    """Tell whether this is the project of the district itself, whose plan is all of it."""
    return project.district is not None and project.district.area == area


def _district(terminal: Terminal, opened: "KeptProject", area: str, folder: Path, version: str) -> "KeptProject | None":
    """Return the district's project, to be kept beside its drafts; None outside the gate, where nothing is planned."""
    try:
        with terminal.progress() as progress:
            return workflow.make_district(terminal.services, opened, area, folder, progress, version)
    except GateError:
        return None  # the audit is written all the same, and says what is missing


def _proposals(terminal: Terminal, project: "ProjectValue", private: bool) -> "DisclosedProposals":
    with terminal.progress() as progress:
        return workflow.disclosed_proposals(workflow.propose(terminal.services, project, progress=progress), private=private)


# ruff: noqa: PLR0917  (typer reads the words of a command from its parameters)


def add_sight(app: typer.Typer) -> None:
    """Add the verb ``sight``."""
    app.command(
        "sight",
        help=marked(
            "Write which camera can see which point in range, with the density or the reason why not.\n\nPoints "
            "are a table with lon,lat or x_m,y_m and point_id. Without it and with an open gate, the points of "
            "the confirmed parts are used. A possible pair may be seen, between two densities. For points on "
            "protected ground no reason is given.\n\nWith --grid it counts the cameras that can see each square "
            "metre of the ground. Only cameras that operate today, with recorded direction and lens, are "
            "counted.\n\n\b\nExamples:\n  sight monaco.gpkg --points points.csv --out pairs.csv\n  sight "
            "monaco.gpkg --grid counts.tif"
        ),
    )(_sight)


def _sight(
    context: typer.Context,
    project: Project,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="CSV", help=marked("Table of pairs to write."), show_default=False)
    ] = None,
    points: Annotated[
        Path | None, typer.Option("--points", metavar="CSV", help=marked("Table of points."), show_default=False)
    ] = None,
    grid: Annotated[
        Path | None,
        typer.Option("--grid", metavar="TIF", help=marked("Count grid to write, a GeoTIFF of 1 m cells."), show_default=False),
    ] = None,
    private: Private = False,
    scheduler: Scheduler = "",
) -> None:
    terminal = terminal_of(context)
    value = open_project(terminal, project).project
    if out is None and (grid is None or points is not None):
        raise InputError(Fault("State what to write: --out PAIRS.csv, --grid COUNTS.tif, or both"))
    workflow.require_exact(terminal.services, value, private)
    if out is not None:
        _pairs(terminal, value, points, out, scheduler)
    if grid is not None:
        _grid(terminal, value, grid, scheduler)


def _pairs(terminal: Terminal, project: "ProjectValue", points: Path | None, out: Path, scheduler: str) -> None:
    """Write the table of pairs and say how many there are, and how a table of points was read."""
    remarks: Sequence[Fault] = ()
    with terminal.progress() as progress:
        if points is None:
            asked = workflow.demand_points(terminal.services, project, progress)
        else:
            asked, remarks = terminal.services.files.read_points(points, project.crs)
        pairs = workflow.sight(terminal.services, project, asked, progress, scheduler, of_parts=points is None)
    terminal.remark(remarks)
    from lhasaplan.report.text.words import banners  # noqa: PLC0415 - what answers need is loaded when there are some

    write_pairs(pairs, out, banners(workflow.sheet_of(terminal.services, project), Translations()))
    seen = Counter(pair.certainty for pair in pairs if pair.seen)
    text = marked("{file}: {pairs} pairs in range, {certain} can be seen, {possible} more may be seen")
    counts = {"pairs": len(pairs), "certain": seen["certain"], "possible": seen["possible"]}
    terminal.say(terminal.translations(text, file=str(out), **counts))


def _grid(terminal: Terminal, project: "ProjectValue", path: Path, scheduler: str) -> None:
    """Write the count grid and say how many cameras it counts."""
    with terminal.progress() as progress:
        counted = workflow.write_count_grid(terminal.services, project, path, progress, scheduler)
    template = marked("{file}: {cameras} cameras with recorded direction and lens counted in cells of 1 m; not counted: {left}")
    terminal.say(terminal.translations(template, file=str(path), cameras=counted.cameras, left=counted.left_out))


def write_pairs(pairs: Sequence[SightPair], path: Path, heads: Sequence[str] = ()) -> None:
    """Write the pairs as a CSV table; what is withheld stays empty.

    A table has no head: what others say there (made-up data, changed data) is a last column, where there is anything to say.
    """
    remark = (" ".join(heads),) if heads else ()
    with replacing(path) as draft, draft.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*(field.name for field in fields(SightPair)), *(("remark",) if remark else ())])
        table.writerows([*(_cell(value) for value in astuple(pair)), *remark] for pair in pairs)


def _cell(value: object) -> object:
    if isinstance(value, str):
        return inert(value)
    return str(value).lower() if isinstance(value, bool) else "" if value is None else value
