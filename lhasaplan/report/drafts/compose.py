"""Compose the audit report and the plan draft as format-neutral documents."""

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.report.drafts.camera_chapter import camera_chapter
from lhasaplan.report.drafts.chapters import (
    assumptions,
    at_a_glance,
    data_and_limits,
    footer_text,
    overview,
    sightings_grid,
    standing,
)
from lhasaplan.report.drafts.plan_chapters import (
    evidence_chapters,
    left_out,
    mandate_page,
    of_area,
    options,
    overlap_chapter,
    part_chapter,
    planned_chapter,
    sightings_before_and_after,
)
from lhasaplan.report.facts.basis import worded
from lhasaplan.report.facts.possible_views import interval_chapter
from lhasaplan.report.facts.summary import today
from lhasaplan.report.maps.base_map import BaseMap
from lhasaplan.report.text.cached_drafts import Remembered
from lhasaplan.report.text.document import Block, Document
from lhasaplan.report.text.words import NOT_APPROVED, banners

_drafts: Remembered[Document] = Remembered()


def compose_audit(project: Project, assessment: Assessment, wording: Wording) -> Document:
    """Return the audit: first page with totals and sightings, then the cameras, gravest first, then data and limits."""
    wording = worded(wording, assessment)
    return _drafts(assessment, ("audit", project, wording), lambda: _audit(project, assessment, wording))


def _audit(project: Project, assessment: Assessment, wording: Wording) -> Document:
    base, current = BaseMap(project), today(assessment)
    blocks: list[Block] = [
        *at_a_glance(assessment, wording),
        *sightings_grid(current, wording),
        *standing(assessment, wording),
        *interval_chapter(current, wording),
        *overview(base, current, wording, with_parts=False),
        *assumptions(assessment, wording),
        *camera_chapter(base, current, wording),
        *data_and_limits(assessment, wording),
    ]
    title = wording(marked("What the cameras can see: audit"))
    return Document(
        title, assessment.project, wording.language, banners(assessment, wording), tuple(blocks), footer_text(assessment)
    )


def compose_plan(project: Project, assessment: Assessment, wording: Wording, area: str = "") -> Document:
    """Return the plan draft of the whole project or of one area.

    Raises
    ------
    ValueError
        The gate is closed: a plan is composed behind it only.
    """
    if not assessment.gate.open or assessment.parts is None:
        raise ValueError("a plan draft needs an open gate")
    wording = worded(wording, assessment)
    return _drafts(assessment, ("plan", project, wording, area), lambda: _plan(project, assessment, wording, area))


def _plan(project: Project, assessment: Assessment, wording: Wording, area: str) -> Document:
    shown = of_area(assessment, area) if area else assessment
    base = BaseMap(project)
    blocks: list[Block] = [
        *mandate_page(project, shown, wording),
        *options(shown, wording),
        *overview(base, shown, wording, with_parts=True),
        *part_chapter(project, shown, wording),
        *evidence_chapters(shown, wording),
        *overlap_chapter(shown, wording),
        *planned_chapter(shown, wording),
        *sightings_before_and_after(shown, wording),
        *left_out(project, shown, wording),
        *data_and_limits(shown, wording),
    ]
    subtitle = f"{assessment.project}, {area}" if area else assessment.project
    marks = (wording(NOT_APPROVED), *banners(assessment, wording))
    return Document(wording(marked("Plan draft")), subtitle, wording.language, marks, tuple(blocks), footer_text(assessment))
