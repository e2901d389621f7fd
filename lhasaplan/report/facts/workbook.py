"""Every table of an assessment, in the order in which a reader wants them."""

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.report.facts.alternatives import alternative_table
from lhasaplan.report.facts.called import Called
from lhasaplan.report.facts.necessity import necessity_table
from lhasaplan.report.facts.part_options import service_table, sum_table, view_table
from lhasaplan.report.facts.surfaces import surface_table
from lhasaplan.report.facts.tables import (
    assumption_table,
    camera_table,
    finding_table,
    input_table,
    overlap_table,
    part_labels,
    part_table,
    sighting_table,
    summary_table,
)
from lhasaplan.report.text.columns import Table

SHEETS = {
    "summary": marked("summary"),
    "cameras": marked("cameras"),
    "necessity": marked("necessity"),
    "sightings": marked("sightings"),
    "surfaces": marked("in view"),
    "findings": marked("findings"),
    "alternatives": marked("other cures"),
    "parts": marked("parts"),
    "part_views": marked("views of parts"),
    "service": marked("what would serve"),
    "sums": marked("sums"),
    "overlaps": marked("overlaps"),
    "assumptions": marked("assumptions"),
    "inputs": marked("data"),
}


def all_tables(assessment: Assessment, wording: Wording, called: Called | None = None) -> tuple[Table, ...]:
    """Return every table; those on parts have no rows outside the gate. ``called`` are the names of cameras and parts."""
    labels = part_labels(assessment, wording) if called is None else called.parts
    named = str if called is None else called.told
    return (
        summary_table(assessment, wording),
        camera_table(assessment, labels, called),
        necessity_table(assessment, wording, labels),
        sighting_table(assessment, wording),
        surface_table(assessment, wording),
        finding_table(assessment, wording, named),
        alternative_table(assessment, wording),
        part_table(assessment, wording, labels),
        view_table(assessment, labels),
        service_table(assessment, wording, labels, named),
        sum_table(assessment, wording),
        overlap_table(assessment),
        assumption_table(assessment),
        input_table(assessment),
    )
