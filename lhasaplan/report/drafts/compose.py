"""Compose the audit report as a format-neutral document; give any draft its ends and numbers."""

from collections.abc import Iterable

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.ports import WHOLE, DraftOrder
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
from lhasaplan.report.facts.basis import worded
from lhasaplan.report.facts.called import called
from lhasaplan.report.facts.possible_views import interval_chapter
from lhasaplan.report.facts.summary import today
from lhasaplan.report.maps.base_map import BaseMap
from lhasaplan.report.text.document import Block, Document
from lhasaplan.report.text.finished_blocks import Remembered, with_ends, with_numbers
from lhasaplan.report.text.words import banners

_drafts: Remembered[Document] = Remembered()


def compose_audit(project: Project, assessment: Assessment, wording: Wording, order: DraftOrder = WHOLE) -> Document:
    """Return the audit: the answer, what to do first and the figures; then the cameras, gravest first, then data and limits."""
    wording = worded(wording, assessment)
    return _drafts(assessment, ("audit", project, wording, order), lambda: _audit(project, assessment, wording, order))


def _audit(project: Project, assessment: Assessment, wording: Wording, order: DraftOrder) -> Document:
    base, current, names = BaseMap(project), today(assessment), called(project, assessment, wording)
    blocks: list[Block] = [
        *at_a_glance(assessment, names, wording),
        *sightings_grid(current, wording),
        *overview(base, current, names, wording, with_parts=False),
        *interval_chapter(current, wording),
        *camera_chapter(base, current, names, wording),
        *data_and_limits(assessment, wording, (*standing(assessment, wording), *assumptions(assessment, wording))),
    ]
    title = wording(marked("What the cameras can see: audit"))
    return finished(title, assessment.project, assessment, blocks, wording, banners(assessment, wording), order)


def finished(  # noqa: PLR0917 - what every draft has
    title: str,
    subtitle: str,
    assessment: Assessment,
    blocks: Iterable[Block],
    wording: Wording,
    marks: tuple[str, ...],
    order: DraftOrder,
) -> Document:
    """Return a draft whose lists have an end, and whose tables and figures are numbered."""
    done, labels = with_numbers(with_ends(blocks, wording), wording)
    return Document(title, subtitle, wording.language, marks, done, footer_text(assessment), order.date, labels)
