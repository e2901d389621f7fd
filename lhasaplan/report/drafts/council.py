"""A summary on one page for a council: what is known, what it means, what can be decided."""

from collections import Counter

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.minutes import Item
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.report.drafts.camera_chapter import colour_key
from lhasaplan.report.drafts.camera_pages import limits_text
from lhasaplan.report.drafts.chapters import OVERVIEW, paper, sightings_grid
from lhasaplan.report.drafts.plan_chapters import Motion
from lhasaplan.report.facts.basis import worded
from lhasaplan.report.facts.short_answer import all_grave_views, answer_text, yardstick
from lhasaplan.report.facts.summary import line_text, of_status, summarise, today
from lhasaplan.report.maps.base_map import BaseMap
from lhasaplan.report.maps.figures import overview_map
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Bullets, Document, Figure, Grid, Heading, Paragraph

MAP_WIDTH = 0.2  # of the text: with the tallest map the summary is still one page
SHOWN = (
    "cameras",
    "cameras_certain",
    "area_seen_certain_m2",
    "unasked_certain_m2",
    "area_seen_possible_m2",
    "unasked_possible_m2",
    "unasked_certain_percent",
    "unasked_possible_percent",
    "area_not_mapped_m2",
)


def compose_summary(project: Project, assessment: Assessment, wording: Wording, date: str = "") -> Document:
    """Return the summary."""
    wording, current = worded(wording, assessment), today(assessment)
    blocks: list[Block] = [
        Paragraph(answer_text(current, wording), "lead"),
        _figures(current, wording),
        sightings_grid(current, wording)[-1],
        *_map(project, current, wording),
        Heading(wording(marked("What can be decided")), 2),
        Bullets(decisions(current, wording)),
        *yardstick(current, wording),
        Paragraph(limits_text(wording), "small"),
    ]
    title = wording(marked("Cameras that can see homes: summary"))
    return paper(title, assessment, blocks, wording, date)


def _figures(assessment: Assessment, wording: Wording) -> Grid:
    lines = {line.key: line for line in summarise(assessment)}
    rows = tuple((wording(lines[key].title), line_text(lines[key], wording)) for key in SHOWN if key in lines)
    return Grid((wording(marked("What is known")), ""), rows, (4, 1), numeric=frozenset({1}))


def _map(project: Project, assessment: Assessment, wording: Wording) -> list[Block]:
    picture = overview_map(BaseMap(project), assessment, wording, with_parts=False, with_legend=False)
    return [] if picture is None else [Figure(picture, colour_key(wording), MAP_WIDTH, wording(OVERVIEW))]


def decisions(assessment: Assessment, wording: Wording) -> tuple[str, ...]:
    """Return what a council can decide, in words."""
    return tuple(each.text for each in council_motions(assessment, wording))


def council_motions(assessment: Assessment, wording: Wording) -> tuple[Motion, ...]:
    """Return what a council can decide, each with its number of cameras; no camera at all is one of the options."""
    operating = of_status(assessment, Status.OPERATING)
    cures = Counter(view.cure.action for view in all_grave_views(assessment) if view.cure is not None)
    names = {result.placed.camera.camera_id for result in operating}
    without = len({name for each in assessment.findings if each.kind == "no_purpose" for name in each.camera_ids} & names)
    asked = sum(bool(result.questions) for result in operating)
    found: list[Motion] = []
    if cures:
        ways = wording(marked(", ")).join(f"{wording(words.CURES[action])} ({count})" for action, count in sorted(cures.items()))
        found.append(Motion(Item.VIEWS, wording(marked("End the views that are due or error: {ways}."), ways=ways)))
    if asked:
        text = marked("Have the controllers answer what is not recorded; letters with the facts are at hand. Cameras: {count}.")
        found.append(Motion(Item.ANSWERS, wording(text, count=asked)))
    if without:
        text = marked("Ask for a purpose and an end date, or have the camera removed. Cameras without a purpose: {count}.")
        found.append(Motion(Item.PURPOSES, wording(text, count=without)))
    removable = sum(bool(result.removable) for result in operating)
    if removable:
        text = marked("Take down cameras that no part needs, each taken alone: {count}.")
        found.append(Motion(Item.REMOVALS, wording(text, count=removable)))
    milder = sum(bool(result.necessity.milder_camera) for result in operating)
    if milder:
        text = marked(
            "Look at cameras for which another one serves the same parts and can see less of what it must not: {count}."
        )
        found.append(Motion(Item.MILDER, wording(text, count=milder)))
    register = marked("Keep a public register with purpose, sector and end date of each camera.")
    found.append(Motion(Item.REGISTER, wording(register)))
    found.append(Motion(Item.NO_CAMERA, wording(marked("Keep no camera: this is always one of the options."))))
    return tuple(found)
