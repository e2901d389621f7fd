"""Compose the slides for a council: the answer first, then what is asked, from the tables of the reports."""

from collections.abc import Sequence
from dataclasses import replace

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.chapters.audit_chapters import left_out, sightings_before_and_after, sightings_grid
from lhasaplan.report.chapters.delivery import phases, removals
from lhasaplan.report.chapters.draft_facts import DraftFacts, facts_of, footer_text
from lhasaplan.report.chapters.layout import planned_cameras
from lhasaplan.report.chapters.opening import mandate_rows, state_of, warning_of
from lhasaplan.report.facts.basis import data_dates, sources_and_rules
from lhasaplan.report.facts.short_answer import headline, locator, where_line, where_rows
from lhasaplan.report.slides.council_slides import (
    choice_slide,
    consequence,
    cost_title,
    motions_slide,
    unknown_slide,
    views_slides,
    where_slide,
)
from lhasaplan.report.slides.deck import Deck, Slide, source
from lhasaplan.report.slides.deck_chapters import (
    answer_slide,
    chapter_slide,
    first_slides,
    ground_slides,
    homes_slide,
    limits_slide,
    map_slide,
    mitigations_slide,
    rules_slide,
    unknown_slides,
)
from lhasaplan.report.slides.deck_plan import (
    compared_slide,
    conformity_slides,
    decision_slides,
    earlier_slides,
    options_slide,
    place_slides,
    plan_answer_slide,
    proof_slides,
    proposals_slides,
    twice_slide,
    verdict_slide,
    with_divider,
)
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Bullets, Grid, Paragraph

AUDIT, PLAN = "audit.docx", "plan.docx"
NO_MANDATE = marked("none: this is an audit, without gaps, proposals or a plan")


def compose_audit_deck(project: Project, assessment: Assessment, translations: Translations, order: DraftOrder = WHOLE) -> Deck:
    """Return the slides of the audit: what a meeting is shown, a slide for each decision, and the appendix."""
    whole = facts_of(project, assessment, translations, replace(order, area=""))
    present, translations = whole.present, whole.translations
    facts = replace(present, assessment=replace(present.assessment, parts=None))
    shown = (
        _audit_front(whole),
        replace(answer_slide(present, AUDIT), title=headline(present.assessment, translations)),
        where_slide(facts, AUDIT),
        *views_slides(facts, AUDIT),
        motions_slide(facts, AUDIT),
        unknown_slide(facts, AUDIT),
    )
    others = (
        *decision_slides(facts, AUDIT, consequence),
        *earlier_slides(facts, AUDIT),
        map_slide(present, with_parts=False),
        homes_slide(present, sightings_grid, AUDIT),
        mitigations_slide(present, AUDIT),
        *first_slides(present, AUDIT),
        *ground_slides(present, AUDIT),
        *unknown_slides(present, AUDIT),
        rules_slide(present, AUDIT),
        limits_slide([words.said(note, translations, assessment.terms) for note in assessment.notes], translations, AUDIT),
    )
    return _deck_of(whole, marked("What the cameras can see: audit"), shown, others)


def _deck_of(
    facts: DraftFacts, title: str, shown: tuple[Slide, ...], others: tuple[Slide, ...], marks: Sequence[str] = ()
) -> Deck:
    """Return the deck of what a meeting is shown and what is for questions; ``marks`` stand before those of every deck."""
    translations, assessment = facts.translations, facts.assessment
    heads = (*marks, facts.level, *words.banners(assessment, translations))
    foot, appendix = footer_text(assessment), with_divider(others, translations)
    return Deck(translations(title), facts.subtitle, translations.language, heads, shown, foot, appendix)


def _audit_front(facts: DraftFacts) -> Slide:
    """Return project, date of the data, controller or that there is no mandate, packs and gate."""
    assessment, translations, mandate = facts.assessment, facts.translations, facts.project.mandate
    reported = mandate.controller if assessment.gate.open and mandate is not None else translations(NO_MANDATE)
    known = sources_and_rules(assessment, translations)
    rules = [known[key] for key in ("packs", "answers", "gate", "positions") if key in known]
    as_of = translations(marked("Data as of")), data_dates(assessment, translations) or "–"
    rows = (as_of, (translations(marked("Mandate")), reported), *rules)
    lead = translations(marked("What fixed cameras can see, what they must not see, and what would end it."))
    return Slide(
        translations(marked("What the cameras can see: audit")),
        (Paragraph(lead, "lead"), Grid((translations(marked("Sources and rules")), ""), rows, (1, 3))),
        (source(translations, AUDIT, translations(marked("Sources and rules"))),),
        subtitle=assessment.project,
        is_front=True,
    )


def compose_plan_deck(project: Project, assessment: Assessment, translations: Translations, order: DraftOrder = WHOLE) -> Deck:
    """Return the slides of the plan draft, of the whole project or of one area.

    Raises
    ------
    ValueError
        The gate is closed: a plan is composed behind it only.
    """
    if not assessment.gate.open or assessment.parts is None:
        raise ValueError("a plan draft needs an open gate")
    facts = facts_of(project, assessment, translations, order)
    translations, notes = facts.translations, facts.assessment.notes
    left = [item for block in left_out(facts) if isinstance(block, Bullets) for item in block.items]
    shown = (
        _plan_front(facts),
        replace(plan_answer_slide(facts, PLAN), title=headline(facts.present.assessment, translations)),
        *conformity_slides(facts, PLAN),
        where_slide(facts, PLAN),
        *views_slides(facts, PLAN),
        choice_slide(facts, PLAN),
        replace(chapter_slide(facts, phases, PLAN), title=cost_title(facts)),
        motions_slide(facts, PLAN),
        unknown_slide(facts, PLAN),
    )
    others = (
        *decision_slides(facts, PLAN, consequence),
        *earlier_slides(facts, PLAN),
        options_slide(facts, PLAN),
        compared_slide(facts, PLAN),
        *proposals_slides(facts, PLAN),
        *place_slides(facts, PLAN),
        map_slide(facts, with_parts=True),
        homes_slide(facts, sightings_before_and_after, PLAN),
        chapter_slide(facts, removals, PLAN),
        _where_slide(facts),
        *verdict_slide(facts, PLAN),
        *proof_slides(facts, PLAN),
        chapter_slide(facts, planned_cameras, PLAN, "cameras", "cameras"),
        twice_slide(facts, PLAN),
        mitigations_slide(facts.present, PLAN),
        *first_slides(facts.present, PLAN),
        *ground_slides(facts, PLAN),
        *unknown_slides(facts.present, PLAN),
        rules_slide(facts, PLAN),
        limits_slide([*(words.said(note, translations, facts.assessment.terms) for note in notes), *left], translations, PLAN),
    )
    return _deck_of(facts, marked("Plan draft"), shown, others, (state_of(facts),))


def _where_slide(facts: DraftFacts) -> Slide:
    """Return where the coordinates put the plan, and what the gate is."""
    assessment, translations = facts.assessment, facts.translations
    title = translations(marked("Where this plan lies, and what the gate is"))
    table = Grid((translations(marked("Place on Earth")), ""), where_rows(assessment, translations), (1, 3))
    notes = source(translations, PLAN, translations(marked("Mandate")))
    return Slide(title, (table, *locator(assessment, translations)), (notes,))


def _plan_front(facts: DraftFacts) -> Slide:
    """Return the mandate as the plan has it: it stands on the first page of every draft."""
    assessment, translations = facts.assessment, facts.translations
    warning = Paragraph(warning_of(facts), "warning")
    as_of = translations(marked("Data as of")), data_dates(assessment, translations) or "–"
    rows = (*where_line(assessment, translations), *mandate_rows(facts, is_short=True), as_of)
    notes = (source(translations, PLAN, translations(marked("Mandate"))),)
    mandate = _side_by_side(rows, translations(marked("Mandate")))
    return Slide(translations(marked("Plan draft")), (warning, mandate), notes, subtitle=facts.subtitle, is_front=True)


def _side_by_side(rows: tuple[tuple[str, ...], ...], title: str) -> Grid:
    """Return a table of pairs as two beside each other, the two longest first, so that all of them stand on one slide."""
    first, *others = rows
    longest = max(others, key=lambda row: len(row[1]), default=("", ""))
    ordered = [first, longest, *(row for row in others if row is not longest)]
    pairs = zip(ordered[::2], [*ordered[1::2], *([("", "")] * (len(ordered) % 2))], strict=True)
    return Grid((title, "", "", ""), tuple((*one, *other) for one, other in pairs), (1, 2, 1, 2))
