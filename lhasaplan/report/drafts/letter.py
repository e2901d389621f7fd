"""A letter to the controller of cameras: the facts filled in, what is asked, what would end each finding."""

from collections.abc import Sequence
from dataclasses import replace

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, CameraResult, Sighting
from lhasaplan.core.results.finding import GRAVE, Finding
from lhasaplan.report.drafts.camera_chapter import OTHER_CURES, VIEW_KIND, ends_text, findings_of
from lhasaplan.report.drafts.camera_pages import chosen_cameras, limits_text
from lhasaplan.report.drafts.chapters import paper
from lhasaplan.report.facts.alternatives import other_cure_text, tried_cures
from lhasaplan.report.facts.basis import worded
from lhasaplan.report.facts.common_findings import VIEWS, common_ground
from lhasaplan.report.facts.short_answer import yardstick
from lhasaplan.report.facts.summary import grade_of, today
from lhasaplan.report.text import words
from lhasaplan.report.text.certainty import class_words
from lhasaplan.report.text.document import Block, Bullets, Document, Grid, Heading, Paragraph
from lhasaplan.report.text.sharpest_views import sharpest_text
from lhasaplan.report.text.style import load_style

NO_BREAK = "\N{NO-BREAK SPACE}"  # a pair of coordinates stays on one line
TOLD = frozenset(("view_home", "view_protected", "view_dwelling_likely"))

# Asked of every controller, whatever the record has.
ALWAYS = (
    marked("Which record of processing lists these cameras, and on which legal basis do they work?"),
    marked("Was an impact assessment made, when, and where can it be read?"),
    marked("Where does the full information for those concerned stand, beside the signs?"),
    marked("Which masks are set for good, and how can that be shown?"),
    marked("When does the need for each camera end, or when is it reviewed?"),
)


def compose_letter(project: Project, assessment: Assessment, wording: Wording, cameras: Sequence[str] = ()) -> Document:
    """Return one letter for each owner of the cameras named, or of the gravest; cameras without an owner share one."""
    wording, current = worded(wording, assessment), today(assessment)
    telling = replace(current, cameras=tuple(result for result in current.cameras if cameras or told_views(result)))
    chosen = chosen_cameras(telling, cameras, int(load_style()["limits"]["letter_cameras"]))
    owners = list(dict.fromkeys(result.placed.camera.owner for result in chosen)) or [""]
    blocks: list[Block] = []
    for number, owner in enumerate(owners):
        theirs = [result for result in chosen if result.placed.camera.owner == owner]
        blocks += letter_blocks(current, owner, theirs, wording, is_first=number == 0)
    title = wording(marked("Letter to the controller"))
    return paper(title, assessment, blocks, wording)


def letter_blocks(
    assessment: Assessment, owner: str, cameras: Sequence[CameraResult], wording: Wording, *, is_first: bool
) -> list[Block]:
    """Return one letter."""
    to = owner or wording(marked("the controller of the cameras listed below"))
    subject = wording(marked("Your cameras and what they can see: request for answers and correction"))
    return [
        Heading(subject, 1, on_new_page=not is_first),
        Paragraph(wording(marked("To: {name}"), name=to)),
        Paragraph(wording(marked("From: [name, address]     Date: [date]"))),
        Paragraph(_opening(assessment, cameras, wording)),
        _facts(assessment, cameras, wording),
        *_articles(assessment, cameras, wording),
        *yardstick(assessment, wording),
        *_corrections(assessment, cameras, wording),
        *_questions(assessment, cameras, wording),
        Paragraph(
            wording(
                marked(
                    "Please answer within one month, in writing. If a camera is not yours, please say whose it is, if you know."
                )
            ),
            "record",
        ),
        # Before the small print and kept with it: a signature alone on a page signs nothing.
        Paragraph(wording(marked("[signature]")), "record"),
        Paragraph(limits_text(wording), "small"),
    ]


def _opening(assessment: Assessment, cameras: Sequence[CameraResult], wording: Wording) -> str:
    dates = sorted({record.date for record in assessment.inputs if record.date})
    return wording(
        marked(
            "From public map data (as of {date}) we computed what {count} fixed cameras can see, past the walls of buildings. "
            "They can see, or may be able to see, homes or other protected places. The table has the facts. Where direction or "
            "lens is not recorded the view is possible only, and the grades at the wide and the narrow assumption are told."
        ),
        date=", ".join(dates) or "–",
        count=len(cameras),
    )


def _facts(assessment: Assessment, cameras: Sequence[CameraResult], wording: Wording) -> Grid:
    headings = (
        wording(marked("Camera")),
        wording(marked("Place (lat, lon)")),
        wording(marked("Can see")),
        wording(marked("Severity")),
        wording(marked("wide to narrow")),
        wording(marked("Sharpest, and where")),
        wording(marked("Rests on")),
    )
    rows = tuple(row for result in cameras for row in _fact_rows(assessment, result, wording))
    return Grid(headings, rows, (1.6, 1.75, 1.3, 0.95, 1.05, 2.7, 1.35))


def _fact_rows(assessment: Assessment, result: CameraResult, wording: Wording) -> list[tuple[str, ...]]:
    camera_id = result.placed.camera.camera_id
    rests = {f.kind: f for f in findings_of(assessment, camera_id) if f.kind in VIEWS}
    digits = 5 if result.placed.views else 2  # a redacted camera has no view, and a coarse place
    where = f"{result.lat:.{digits}f},{NO_BREAK}{result.lon:.{digits}f}"
    rows: list[tuple[str, ...]] = []
    for one in told_views(result):
        finding = rests.get(VIEW_KIND[str(one.cls)])
        rows.append(
            (
                camera_id,
                where,
                class_words(one, wording),
                words.word(words.GRADES, grade_of(one.grade), wording),
                ends_text(one, wording),
                sharpest_text(one, wording),
                "–" if finding is None else words.article_text(finding.pack, finding.article, wording),
            )
        )
    return rows or [(camera_id, where, "–", "–", "–", "–", "–")]


def _articles(assessment: Assessment, cameras: Sequence[CameraResult], wording: Wording) -> list[Block]:
    """Return what each article of the table says in short: who gets a letter has no rule pack to look it up in."""
    names = {result.placed.camera.camera_id for result in cameras}
    cited = {(f.pack, f.article) for f in assessment.findings if f.camera_id in names and f.kind in TOLD and f.article}
    known = [one for one in sorted(cited) if f"article:{one[0]}:{one[1]}" in assessment.terms]
    items = tuple(words.article_term(assessment.terms, *one, wording) for one in known)
    return [Paragraph(wording(marked("What the table rests on, in short:")), "record"), Bullets(items)] if items else []


def told_views(result: CameraResult) -> list[Sighting]:
    """Return the views that a letter tells: a building of unknown use is nothing to answer for."""
    return [one for one in result.sightings if str(one.cls) != "use_unknown"]


def _corrections(assessment: Assessment, cameras: Sequence[CameraResult], wording: Wording) -> list[Block]:
    """Return what would end the findings that are due or error; nothing where none is."""
    names = {result.placed.camera.camera_id for result in cameras}
    grave = [f for name in names for f in findings_of(assessment, name) if str(f.severity) in GRAVE]
    if not grave:
        return []
    grave.sort(key=lambda f: (f.camera_id, f.kind))
    text = wording(
        marked("We ask you to end these findings, in this way or one that does at least as much, and to tell us the day:")
    )
    return [Paragraph(text), Bullets(tuple(_correction(assessment, f, wording) for f in grave))]


def _correction(assessment: Assessment, finding: Finding, wording: Wording) -> str:
    """Return a finding with its cure and the other cures that were tried out, each joined by "or"."""
    others = [other_cure_text(other, wording) for other in tried_cures(finding.cure)[:OTHER_CURES]]
    cures = [words.cure_text(finding.cure, wording) or "–", *(wording(marked("Or: {cure}"), cure=other) for other in others)]
    return wording(
        marked("{finding} {cure} ({article})"),
        finding=words.sentence(finding, wording),
        cure=words.running_text(cures),
        article=words.article_term(assessment.terms, finding.pack, finding.article, wording),
    )


def _questions(assessment: Assessment, cameras: Sequence[CameraResult], wording: Wording) -> list[Block]:
    """Return the questions, each with the cameras it is asked about."""
    asked = [field for field, _ in common_ground(assessment).questions]
    rows: list[tuple[str, ...]] = []
    for field in asked:
        about = [result.placed.camera.camera_id for result in cameras if field in result.questions]
        if about:
            rows.append((str(len(rows) + 1), words.question_text(field, wording), _about(about, len(cameras), wording)))
    for question in ALWAYS:
        rows.append((str(len(rows) + 1), wording(question), wording(marked("all"))))
    headings = (wording(marked("No.")), wording(marked("Question")), wording(marked("Cameras")))
    table = marked(
        "The table that comes with this letter (questionnaire) has a cell for each answer; please send it back filled in."
    )
    return [
        Paragraph(words.running_text([wording(marked("We ask you to answer:")), wording(table)])),
        Grid(headings, tuple(rows), (0.6, 6.4, 3), numeric=frozenset({0})),
    ]


def _about(names: Sequence[str], count: int, wording: Wording) -> str:
    return wording(marked("all")) if len(names) == count else wording(marked(", ")).join(names)
