"""What to do first: few steps in the order of their weight, each with how many cameras it is about and which come first."""

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.finding import GRAVE
from lhasaplan.report.facts.called import Called
from lhasaplan.report.facts.common_findings import VIEWS
from lhasaplan.report.facts.short_answer import gravest_possible
from lhasaplan.report.facts.summary import of_status
from lhasaplan.report.facts.tables import sorted_findings
from lhasaplan.report.text import words
from lhasaplan.report.text.finished_blocks import some_names

FIRST = 3  # views that are named with what ends them


def first_steps(assessment: Assessment, called: Called, wording: Wording) -> tuple[str, ...]:
    """Return the steps of what operates today; none where nothing was found."""
    steps = [
        *_to_end(assessment, called, wording),
        *_record(assessment, called, wording),
        *_to_ask(assessment, called, wording),
        *_purposes(assessment, called, wording),
    ]
    return tuple(steps)


def _to_end(assessment: Assessment, called: Called, wording: Wording) -> list[str]:
    """Return each of the gravest views with what ends it, and how many there are."""
    grave = [f for f in sorted_findings(assessment) if f.severity in GRAVE and f.kind in VIEWS]
    text = marked("Camera {camera}: end its {what}. {cure} ({article})")
    items = [
        wording(
            text,
            camera=called.title(one.camera_id),
            what=words.word(words.FINDING_KINDS, one.kind, wording),
            cure=words.cure_text(one.cure, wording) or "–",
            article=words.article_text(one.pack, one.article, wording),
        )
        for one in grave[:FIRST]
    ]
    if len(grave) > FIRST:
        more = marked("{count} further views are to be ended in the same way: cameras {cameras}.")
        others = list(dict.fromkeys(one.camera_id for one in grave[FIRST:]))
        items.append(wording(more, count=len(grave) - FIRST, cameras=called.some(others)))
    return items


def _record(assessment: Assessment, called: Called, wording: Wording) -> list[str]:
    """Return what else is due or an error, kind by kind."""
    kinds: dict[str, list[str]] = {}
    for one in sorted_findings(assessment):
        if one.severity in GRAVE and one.kind not in VIEWS:
            kinds.setdefault(one.kind, []).extend(one.camera_ids)
    text = marked("Put right: {what} (cameras {cameras}).")
    return [
        wording(text, what=words.word(words.FINDING_KINDS, kind, wording), cameras=called.some(list(dict.fromkeys(ids))))
        for kind, ids in kinds.items()
        if ids
    ]


def _to_ask(assessment: Assessment, called: Called, wording: Wording) -> list[str]:
    operating = of_status(assessment, Status.OPERATING)
    unknown = [result for result in operating if not result.placed.certain]
    if not unknown:
        return []
    text = marked(
        "Have the controllers say which way the cameras look and what lens they have: for {count} of {cameras} cameras that is "
        "not on record. Letters and a questionnaire are part of these drafts."
    )
    first = list(dict.fromkeys(one.camera_id for one in gravest_possible(assessment)))
    begin = marked("Begin with cameras {cameras}: of the views that may be too sharp theirs may be the sharpest.")
    sentences = [wording(text, count=len(unknown), cameras=len(operating))]
    sentences += [wording(begin, cameras=called.some(first))] if first else []
    return [words.running_text(sentences)]


def _purposes(assessment: Assessment, called: Called, wording: Wording) -> list[str]:
    ids = list(dict.fromkeys(name for f in assessment.findings if f.kind == "no_purpose" for name in f.camera_ids))
    text = marked("Have a purpose and an end date stated for cameras {cameras}, or have them taken down.")
    everywhere = marked("Have a purpose and an end date stated for every camera, or have it taken down: no purpose is on record.")
    if not ids:
        return []
    if len(ids) == len(of_status(assessment, Status.OPERATING)):
        return [wording(everywhere)]
    return [wording(text, cameras=some_names(map(called.number, ids), wording))]
