"""Ground in view beside what nobody asks of it, how large the whole is, and which walls and doors are in view."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.report.city_plan.plan_facts import PlanFacts
from lhasaplan.report.facts.necessity import totals_grid
from lhasaplan.report.facts.summary import of_status
from lhasaplan.report.facts.surfaces import surface_table
from lhasaplan.report.text.document import Block, Grid, Paragraph
from lhasaplan.report.text.numerals import grouped_text
from lhasaplan.report.text.printed_tables import grid_of

PLACES: Mapping[str, str] = {
    "indoors": marked("cameras indoors"),
    "public_way": marked("cameras that show a public way"),
    "elsewhere": marked("cameras outdoors that show no public way"),
    "unknown": marked("cameras of which it is not known what they show"),
}
NO_VERDICT = marked("No law says from which number on this is large; the figures are for whoever judges it.")
NO_WINDOWS = marked(
    "Walls of protected places and likely dwellings are counted by height, doors where the map has them. Windows are in no data "
    "of this project: who draws the plan looks for them on the spot."
)


def ground_blocks(facts: PlanFacts) -> list[Block]:
    """Return ground seen and what of it nobody asks for, summed over the cameras of today and, apart, with the planned ones."""
    wording = facts.wording
    today = replace(_totals(facts, facts.operating), caption=wording(marked("Ground in view today")), anchor="ground")
    if not facts.planned:
        return [today]
    caption = wording(marked("Ground in view with the planned cameras"))
    return [today, replace(_totals(facts, facts.standing), caption=caption, anchor="ground_then")]


def _totals(facts: PlanFacts, cameras: Sequence[CameraResult]) -> Grid:
    return totals_grid(cameras, facts.wording, facts.assessment.withheld)


def scale_blocks(facts: PlanFacts) -> list[Block]:
    """Return what tells how large the surveillance is: cameras by what they show, and streets in view."""
    wording, totals = facts.wording, facts.assessment.totals
    rows = [(wording(marked("cameras in operation")), str(len(facts.operating)))]
    rows += [(wording(marked("planned cameras")), str(len(of_status(facts.assessment, Status.PLANNED))))]
    counts = totals.get("cameras_by_place")
    if isinstance(counts, Mapping):
        rows += [(wording(text), str(counts.get(name, 0))) for name, text in PLACES.items()]
    if "streets_seen_certain_m" in totals:
        length = f"{grouped_text(float(totals['streets_seen_certain_m']), wording)} m"
        rows.append((wording(marked("streets in view for certain, each metre once")), length))
    grid = Grid(
        (wording(marked("How large it is")), ""),
        tuple(rows),
        (4, 1),
        wording(marked("Figures for the question whether it is large")),
        frozenset({1}),
        "scale",
    )
    return [grid, Paragraph(wording(NO_VERDICT), "small")]


def openings(facts: PlanFacts) -> list[Block]:
    """Return which walls, open ground and doors of others each camera can show, in metres and counts, never by name."""
    wording = facts.wording
    table = surface_table(facts.assessment, wording, facts.standing)
    keys = ("camera_id", "class", "surface", "band", "count", "length_m")
    grid = grid_of(table, keys, (2.4, 1.8, 1.1, 1.6, 0.7, 0.9), wording)
    rows = tuple((facts.called.title(row[0]), *row[1:]) for row in grid.rows)
    told = Paragraph(wording(NO_WINDOWS))
    if not rows:
        return [Paragraph(wording(marked("No wall and no door of a protected place is known to be in view."))), told]
    caption = wording(marked("Walls, open ground and doors in view of each camera"))
    return [replace(grid, rows=rows, caption=caption, anchor="openings"), told]
