"""Letters: one to each controller about its own cameras, one to each responsible body about its own parts, one for a resident."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.place import NOT_MET
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, CameraResult, PartResult, Sighting
from lhasaplan.core.results.finding import GRAVE, Finding
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.chapters.camera_chapter import OTHER_MITIGATIONS, VIEW_KIND, ends_text, findings_of
from lhasaplan.report.chapters.draft_facts import DraftChapter, DraftFacts, document_of, facts_of
from lhasaplan.report.documents.camera_pages import access_request, answer_date, chosen_cameras, limits_text
from lhasaplan.report.facts.basis import data_dates
from lhasaplan.report.facts.common_findings import VIEWS, common_ground
from lhasaplan.report.facts.necessity import other_mitigation_text, tried_mitigations
from lhasaplan.report.facts.short_answer import yardstick
from lhasaplan.report.facts.summary import grade_of
from lhasaplan.report.maps.figures import camera_map
from lhasaplan.report.maps.map_decorations import printed_figure
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.document import Block, Bullets, Document, Figure, Grid, Heading, Paragraph
from lhasaplan.report.text.finding_words import class_words
from lhasaplan.report.text.numerals import number_text, sharpest_text
from lhasaplan.report.text.style import load_style, long_date

NO_BREAK = "\N{NO-BREAK SPACE}"  # a pair of coordinates stays on one line
POSSIBLE_ONLY = marked(
    "“Possible” means that direction, lens, pixels, tilt or height is not on record. For such a view the table gives the mildest "
    "and the gravest case that this kind of camera allows."
)
TOLD = frozenset(("view_home", "view_protected", "view_dwelling_likely"))
CROP_CM = 6.0

# Asked of every controller, whatever the record has.
ALWAYS = (
    marked("Which record of processing lists these cameras, and what is their legal basis?"),
    marked("Was an impact assessment made, when, and where can it be read?"),
    marked("Where can people concerned read the full information, besides the signs?"),
    marked("Which masks are set permanently, and how can you show that?"),
    marked("When does the need for each camera end, or when is it reviewed?"),
)
OF_BODY = (
    marked("Is the purpose of each part right, and does the evidence still hold?"),
    marked("Which means without a camera were tried or are possible? By when, and at what cost?"),
    marked("Who is your contact for this plan?"),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter: whom it goes to, what it is about (``controller``, ``body`` or ``access``), and its draft.

    A body is called as its pack stores it, whatever the language: files are named by it.
    """

    to: str
    about: str
    draft: Document


def compose_letters(
    project: Project, assessment: Assessment, translations: Translations, order: DraftOrder = WHOLE
) -> tuple[Letter, ...]:
    """Return the letters, each about what is the receiver's own; none goes to an owner who is not on record.

    Raises
    ------
    InputError
        A camera is named that the answers do not have.
    """
    facts = facts_of(project, assessment, translations, replace(order, area=""))
    access = _letter(facts, "", "access", facts.translations(marked("Request for access")), _access_blocks)
    return (*_to_controllers(facts), *_to_bodies(facts), access)


def _letter(facts: DraftFacts, to: str, about: str, title: str, letter: DraftChapter) -> Letter:
    """Return a letter as a draft of its own."""
    return Letter(to, about, document_of(facts, title, (letter,)))


def _head(facts: DraftFacts, subject: str, to: str) -> list[Block]:
    """Return subject, receiver, sender, date and salutation."""
    translations = facts.translations
    date = long_date(facts.order.date, translations.language) if facts.order.date else translations(marked("[date]"))
    sender = marked("From: [name, address]     Date: {date}")
    return [
        Heading(subject, 1),
        Paragraph(translations(marked("To: {name}"), name=to)),
        Paragraph(translations(sender, date=date)),
        Paragraph(translations(marked("Dear Sir or Madam,"))),
    ]


def _sign(facts: DraftFacts, *small: Paragraph) -> list[Block]:
    """Return the place to sign, before the small print and kept with it: a signature alone on a page signs nothing."""
    closing = Paragraph(facts.translations(marked("Yours faithfully")), "record")
    return [closing, Paragraph(facts.translations(marked("[signature]")), "record"), *small]


def _to_controllers(facts: DraftFacts) -> list[Letter]:
    """Return a letter to each controller on record about its own cameras: those with a view, and those with a finding to end."""
    current = facts.present.assessment
    grave = {finding.camera_id for finding in current.findings if str(finding.severity) in GRAVE}
    telling = tuple(result for result in current.cameras if reported_views(result) or result.placed.camera.camera_id in grave)
    named = chosen_cameras(current, facts.order.cameras, 0) if facts.order.cameras else telling
    owners = sorted({result.placed.camera.owner for result in named} - {""})
    title = facts.translations(marked("Letter to the controller"))
    letters = []
    for owner in owners:
        theirs = [result for result in named if result.placed.camera.owner == owner]
        letters.append(_letter(facts, owner, "controller", title, partial(_controller_blocks, owner=owner, cameras=theirs)))
    return letters


def _controller_blocks(facts: DraftFacts, owner: str, cameras: Sequence[CameraResult]) -> list[Block]:
    translations, assessment = facts.translations, facts.present.assessment
    subject = translations(marked("Your cameras and what they can see: request for answers and correction"))
    ask = marked("Please answer {until}, in writing. If a camera is not yours, please say whose it is, if you know.")
    return [
        *_head(facts, subject, owner),
        *_opening(assessment, cameras, translations),
        _facts(facts, cameras),
        *_articles(assessment, cameras, translations),
        *yardstick(assessment, translations),
        *_corrections(facts, cameras),
        *_questions(facts, cameras),
        Paragraph(translations(ask, until=answer_date(facts)), "record"),
        *_sign(facts, Paragraph(limits_text(translations), "small")),
    ]


def _opening(assessment: Assessment, cameras: Sequence[CameraResult], translations: Translations) -> list[Block]:
    """Return what was computed from what, and how many of the cameras have a protected place in view."""
    computed = marked(
        "We computed from public map data (as of {date}) what these {count} cameras of yours can see. Buildings block their view."
    )
    viewing = sum(bool(reported_views(result)) for result in cameras)
    sees = marked("{count} of them can see, or may be able to see, homes or other protected places; the table says how sharply.")
    sentences = [
        translations(computed, date=data_dates(assessment, translations) or "–", count=len(cameras)),
        translations(sees, count=viewing) if viewing else "",
        translations(POSSIBLE_ONLY) if any(not one.is_recorded for result in cameras for one in reported_views(result)) else "",
    ]
    return [Paragraph(words.running_text(sentences))]


def _facts(facts: DraftFacts, cameras: Sequence[CameraResult]) -> Grid:
    translations = facts.translations
    headings = (
        translations(marked("Camera")),
        translations(marked("Place (lat, lon)")),
        translations(marked("Can see")),
        translations(marked("Severity")),
        translations(marked("at least – at most")),
        translations(marked("Sharpest view, and where")),
        translations(marked("Rests on")),
    )
    rows = tuple(row for result in cameras for row in _fact_rows(facts, result))
    return Grid(headings, rows, (1.7, 2.0, 1.25, 0.95, 1.05, 2.45, 1.35), translations(marked("Your cameras")), anchor="facts")


def _fact_rows(facts: DraftFacts, result: CameraResult) -> list[tuple[str, ...]]:
    translations, camera_id = facts.translations, result.placed.camera.camera_id
    rests = {f.kind: f for f in findings_of(facts.present.assessment, camera_id) if f.kind in VIEWS}
    digits = 5 if result.placed.views else 2  # a redacted camera has no view, and a coarse place
    where = f"{result.lat:.{digits}f},{NO_BREAK}{result.lon:.{digits}f}"
    title = _titled(facts, camera_id)
    rows: list[tuple[str, ...]] = []
    for one in reported_views(result):
        finding = rests.get(VIEW_KIND[str(one.cls)])
        rows.append(
            (
                title,
                where,
                class_words(one, translations),
                words.word(words.GRADES, grade_of(one.grade), translations),
                ends_text(one, translations),
                sharpest_text(one, translations),
                "–" if finding is None else finding_words.article_text(finding.pack, finding.article, translations),
            )
        )
    return rows or [(title, where, "–", "–", "–", "–", "–")]


def _titled(facts: DraftFacts, camera_id: str) -> str:
    """Return number, name and id: the receiver knows its camera by one of them."""
    title = facts.called.title(camera_id)
    return title if camera_id in title else f"{title} ({camera_id})"


def _articles(assessment: Assessment, cameras: Sequence[CameraResult], translations: Translations) -> list[Block]:
    """Return what each article of the table says in short: who gets a letter has no rule pack to look it up in."""
    names = {result.placed.camera.camera_id for result in cameras}
    cited = {(f.pack, f.article) for f in assessment.findings if f.camera_id in names and f.kind in TOLD and f.article}
    known = [one for one in sorted(cited) if f"article:{one[0]}:{one[1]}" in assessment.terms]
    items = tuple(finding_words.article_term(assessment.terms, *one, translations) for one in known)
    return [Paragraph(translations(marked("The rules behind the table, in short:")), "record"), Bullets(items)] if items else []


def reported_views(result: CameraResult) -> list[Sighting]:
    """Return the views that a letter tells: a building of unknown use is nothing to answer for."""
    return [one for one in result.sightings if str(one.cls) != "use_unknown"]


def _corrections(facts: DraftFacts, cameras: Sequence[CameraResult]) -> list[Block]:
    """Return what is asked for, a paragraph and a map for each camera with findings that must end; nothing where none is."""
    translations, asked = facts.translations, []
    for result in sorted(cameras, key=lambda each: each.placed.camera.camera_id):
        found = findings_of(facts.present.assessment, result.placed.camera.camera_id)
        grave = sorted((f for f in found if str(f.severity) in GRAVE), key=lambda f: f.kind)
        if grave:
            asked.append((result, words.running_text(_correction(facts, f) for f in grave)))
    if not asked:
        return []
    most = int(load_style()["limits"]["letter_cameras"])
    text = marked(
        "We ask you to end these findings {until}, in this way or in one at least as effective, and to tell us the date:"
    )
    blocks: list[Block] = [
        Heading(translations(marked("What we ask you to change")), 2),
        Paragraph(translations(text, until=answer_date(facts))),
    ]
    for result, said in asked[:most]:
        blocks += [Heading(_titled(facts, result.placed.camera.camera_id), 3), Paragraph(said), *_crop(facts, result)]
    rest = tuple(said for _, said in asked[most:])
    return [*blocks, *([Bullets(rest)] if rest else [])]


def _crop(facts: DraftFacts, result: CameraResult) -> list[Figure]:
    """Return the small map of a camera with a view that must end; nothing where its place may not be shown."""
    if not any(view.is_recorded and view.grade in GRAVE for view in result.sightings):
        return []
    numbers, title = facts.called.numbers, facts.called.title(result.placed.camera.camera_id)
    picture = camera_map(facts.base, facts.present.assessment, result, facts.translations, numbers, CROP_CM)
    alt = facts.translations(marked("Camera {camera} and what it can see"), camera=title)
    return [] if picture is None else [printed_figure(picture, "", alt)]


def _correction(facts: DraftFacts, finding: Finding) -> str:
    """Return a finding with its mitigation and the other mitigations that were tried out, each joined by "or"."""
    translations = facts.translations
    others = [other_mitigation_text(other, translations) for other in tried_mitigations(finding.mitigation)[:OTHER_MITIGATIONS]]
    mitigations = [
        finding_words.mitigation_text(finding.mitigation, translations) or "–",
        *(translations(marked("Or: {mitigation}"), mitigation=other) for other in others),
    ]
    return translations(
        marked("{finding} {mitigation} Basis: {article}."),
        finding=finding_words.sentence(finding, translations, facts.called.reported),
        mitigation=words.running_text(mitigations),
        article=finding_words.article_term(facts.present.assessment.terms, finding.pack, finding.article, translations),
    )


def _questions(facts: DraftFacts, cameras: Sequence[CameraResult]) -> list[Block]:
    """Return the questions, each with the cameras it is asked about."""
    translations = facts.translations
    rows: list[tuple[str, ...]] = []
    for field, _ in common_ground(facts.present.assessment).questions:
        about = [result.placed.camera.camera_id for result in cameras if field in result.questions]
        if about:
            whom = facts.translations(marked("all")) if len(about) == len(cameras) else facts.called.some(list(about))
            rows.append((str(len(rows) + 1), finding_words.question_text(field, translations), whom))
    for question in ALWAYS:
        rows.append((str(len(rows) + 1), translations(question), translations(marked("all"))))
    headings = (translations(marked("No.")), translations(marked("Question")), translations(marked("Cameras")))
    table = marked("The enclosed table (questionnaire) has a cell for each answer. Please fill it in and send it back.")
    return [
        Paragraph(words.running_text([translations(marked("We ask you to answer the questions below.")), translations(table)])),
        Grid(headings, tuple(rows), (0.6, 6.4, 3), translations(marked("Questions")), frozenset({0}), "questions"),
    ]


def _to_bodies(facts: DraftFacts) -> list[Letter]:
    """Return, behind the gate, a letter to each responsible body about its own confirmed parts."""
    parts = facts.present.assessment.parts or ()
    title = facts.translations(marked("Letter to a responsible body"))
    named = words.responsible_words(facts.present.assessment.terms, facts.translations)
    letters = []
    for body in sorted({each.part.responsible for each in parts} - {""}):
        name = words.word(named, body, facts.translations)
        theirs = [each for each in parts if each.part.responsible == body]
        letters.append(_letter(facts, body, "body", title, partial(_body_blocks, name=name, parts=theirs)))
    return letters


def _body_blocks(facts: DraftFacts, name: str, parts: Sequence[PartResult]) -> list[Block]:
    translations = facts.translations
    subject = translations(marked("Parts of public places for which you are responsible: request for a statement"))
    text = marked(
        "You are responsible for parts of public places. The draft of a plan for fixed public cameras asks that "
        "these parts can be seen. The table says why, and how they are served today and with the planned "
        "cameras. “No camera” is one of the options."
    )
    reasons = {each.part_id: (each.purpose, each.reason) for each in facts.project.confirmations}
    headings = (
        translations(marked("Part")),
        translations(marked("Purpose")),
        translations(marked("Reason")),
        translations(marked("Verdict today")),
        translations(marked("Served today (%)")),
        translations(marked("Verdict with planned cameras")),
    )
    rows = tuple(
        (
            facts.called.parts.get(each.part.part_id, each.part.part_id),
            *reasons.get(each.part.part_id, ("–", "–")),
            words.word(words.VERDICTS, each.verdict, translations),
            number_text(100.0 * each.measured.share_served, translations),
            words.word(words.VERDICTS, each.verdict_after, translations),
        )
        for each in parts
    )
    grid = Grid(headings, rows, (2, 1.6, 2.2, 1.1, 1, 1.2), translations(marked("Your parts")), frozenset({4}), "parts")
    unmet = sum(each.verdict_after in NOT_MET for each in parts)
    left = marked("{count} of these parts are not met with the planned cameras either. Please say what else could serve them.")
    return [
        *_head(facts, subject, name),
        Paragraph(translations(text)),
        grid,
        *([Paragraph(translations(left, count=unmet))] if unmet else []),
        Paragraph(translations(marked("We ask you to answer {until}:"), until=answer_date(facts)), "record"),
        Bullets(tuple(map(translations, OF_BODY)), numbered=True),
        *_sign(facts),
    ]


def _access_blocks(facts: DraftFacts) -> list[Block]:
    """Return the letter with which a resident asks for access; what only the resident knows stays open."""
    translations, ids = facts.translations, facts.order.cameras
    camera = (
        translations("; ").join(map(facts.called.title, ids)) if ids else translations(marked("[number and place of the camera]"))
    )
    owners = {r.placed.camera.owner for r in facts.present.assessment.cameras if r.placed.camera.camera_id in ids}
    to = owners.pop() if len(owners) == 1 else ""
    receiver = to or translations(marked("[who runs the camera; the sign beside it must name them]"))
    subject = translations(marked("Camera {camera}: request for access to data about me"), camera=camera)
    return [
        *_head(facts, subject, receiver),
        *access_request(facts, answer_date(facts)),
        *_sign(facts, Paragraph(limits_text(translations), "small")),
    ]
