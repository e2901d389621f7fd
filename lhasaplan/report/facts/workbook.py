"""Every table of an assessment, in the order in which a reader wants them."""

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.report.facts.called import Called
from lhasaplan.report.facts.necessity import alternative_table, necessity_table
from lhasaplan.report.facts.part_options import service_table, sum_table, view_table
from lhasaplan.report.facts.summary import surface_table
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
    "alternatives": marked("other remedies"),
    "parts": marked("parts"),
    "part_views": marked("views of parts"),
    "service": marked("what would serve"),
    "sums": marked("sums"),
    "overlaps": marked("overlaps"),
    "assumptions": marked("assumptions"),
    "inputs": marked("data"),
}


def all_tables(assessment: Assessment, translations: Translations, called: Called | None = None) -> tuple[Table, ...]:
    """Return every table; those on parts have no rows outside the gate. ``called`` are the names of cameras and parts."""
    labels = part_labels(assessment, translations) if called is None else called.parts
    named = str if called is None else called.reported
    return (
        summary_table(assessment, translations),
        camera_table(assessment, labels, called),
        necessity_table(assessment, translations, labels),
        sighting_table(assessment, translations),
        surface_table(assessment, translations),
        finding_table(assessment, translations, named),
        alternative_table(assessment, translations),
        part_table(assessment, translations, labels),
        view_table(assessment, labels),
        service_table(assessment, translations, labels, named),
        sum_table(assessment, translations),
        overlap_table(assessment),
        assumption_table(assessment),
        input_table(assessment),
    )
