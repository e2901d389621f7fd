"""Compose the slides for a council: the answer first, then what is asked, from the tables of the reports."""

from dataclasses import replace

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.city_plan.compose import LEVELS
from lhasaplan.report.city_plan.council_summary import finding
from lhasaplan.report.city_plan.opening import state_of, warning_of
from lhasaplan.report.drafts.chapters import left_out, mandate_page, sightings_before_and_after, sightings_grid
from lhasaplan.report.drafts.draft_facts import DraftFacts, facts_of, footer_text
from lhasaplan.report.facts.basis import sources_and_rules, worded
from lhasaplan.report.facts.short_answer import locator, where_line, where_rows
from lhasaplan.report.facts.summary import today
from lhasaplan.report.slides.council_slides import (
    choice_slide,
    cost_title,
    motions_slide,
    unknown_slide,
    views_slides,
    where_slide,
)
from lhasaplan.report.slides.deck import Deck, Slide, source
from lhasaplan.report.slides.deck_chapters import (
    answer_slide,
    data_dates,
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
    costs_slide,
    decision_slides,
    earlier_slides,
    options_slide,
    place_slides,
    plan_answer_slide,
    planned_slide,
    proof_slides,
    proposals_slides,
    removals_slide,
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
    translations, current = worded(translations, assessment), today(assessment)
    facts = facts_of(project, replace(current, parts=None), translations, replace(order, area=""))
    whole = replace(facts, assessment=current)
    notes = [words.said(note, translations) for note in assessment.notes]
    shown = (
        _audit_front(project, assessment, translations),
        replace(answer_slide(current, translations, AUDIT), title=finding(current, translations)),
        where_slide(facts, AUDIT),
        *views_slides(facts, AUDIT),
        motions_slide(facts, AUDIT),
        unknown_slide(facts, AUDIT),
    )
    others = (
        *decision_slides(facts, AUDIT),
        *earlier_slides(facts, AUDIT),
        map_slide(whole, with_parts=False),
        homes_slide(sightings_grid(facts)[1:], translations, AUDIT),
        mitigations_slide(current, translations, AUDIT),
        *first_slides(current, facts.called, translations, AUDIT),
        *ground_slides(current, facts.called, translations, AUDIT),
        *unknown_slides(current, translations, AUDIT),
        rules_slide(whole, AUDIT),
        limits_slide(notes, translations, AUDIT),
    )
    slides, appendix = shown, with_divider(others, translations)
    title = translations(marked("What the cameras can see: audit"))
    marks = (translations(LEVELS[order.level]), *words.banners(assessment, translations))
    return Deck(title, assessment.project, translations.language, marks, slides, footer_text(assessment), appendix)


def _audit_front(project: Project, assessment: Assessment, translations: Translations) -> Slide:
    """Return project, date of the data, controller or that there is no mandate, packs and gate."""
    mandate = project.mandate
    reported = mandate.controller if assessment.gate.open and mandate is not None else translations(NO_MANDATE)
    known = sources_and_rules(assessment, translations)
    facts = [known[key] for key in ("packs", "answers", "gate", "positions") if key in known]
    rows = ((translations(marked("Data as of")), data_dates(assessment)), (translations(marked("Mandate")), reported), *facts)
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
    translations, shown, current = facts.translations, facts.assessment, facts.present.assessment
    left = left_out(facts)
    out = [words.said(note, translations) for note in shown.notes] + [
        i for block in left if isinstance(block, Bullets) for i in block.items
    ]
    first = (
        _plan_front(facts),
        replace(plan_answer_slide(facts, PLAN), title=finding(current, translations)),
        *conformity_slides(facts, PLAN),
        where_slide(facts, PLAN),
        *views_slides(facts, PLAN),
        choice_slide(facts, PLAN),
        replace(costs_slide(facts, PLAN), title=cost_title(facts)),
        motions_slide(facts, PLAN),
        unknown_slide(facts, PLAN),
    )
    others = (
        *decision_slides(facts, PLAN),
        *earlier_slides(facts, PLAN),
        options_slide(facts, PLAN),
        compared_slide(facts, PLAN),
        *proposals_slides(facts, PLAN),
        *place_slides(facts, PLAN),
        map_slide(facts, with_parts=True),
        homes_slide(sightings_before_and_after(facts)[1:], translations, PLAN),
        removals_slide(facts, PLAN),
        _where_slide(shown, translations),
        *verdict_slide(shown, translations, PLAN),
        *proof_slides(facts, PLAN),
        planned_slide(facts, PLAN),
        twice_slide(facts, PLAN),
        mitigations_slide(current, translations, PLAN),
        *first_slides(current, facts.called, translations, PLAN),
        *ground_slides(shown, facts.called, translations, PLAN),
        *unknown_slides(current, translations, PLAN),
        rules_slide(facts, PLAN),
        limits_slide(out, translations, PLAN),
    )
    slides, appendix = first, with_divider(others, translations)
    marks = (state_of(facts), translations(LEVELS[order.level]), *words.banners(assessment, translations))
    return Deck(
        translations(marked("Plan draft")),
        facts.subtitle,
        translations.language,
        marks,
        slides,
        footer_text(assessment),
        appendix,
    )


def _where_slide(assessment: Assessment, translations: Translations) -> Slide:
    """Return where the coordinates put the plan, and what the gate is."""
    title = translations(marked("Where this plan lies, and what the gate is"))
    table = Grid((translations(marked("Place on Earth")), ""), where_rows(assessment, translations), (1, 3))
    return Slide(
        title, (table, *locator(assessment, translations)), (source(translations, PLAN, translations(marked("Mandate"))),)
    )


def _plan_front(facts: DraftFacts) -> Slide:
    """Return the mandate: it stands on the first page of every draft."""
    assessment, translations = facts.assessment, facts.translations
    warning, mandate, *_ = mandate_page(facts, warning_of(facts))
    rows = ((translations(marked("Data as of")), data_dates(assessment)),)
    if isinstance(mandate, Grid):
        said = mandate.rows[: -len(where_rows(assessment, translations))]  # they have a slide of their own
        mandate = _side_by_side((*where_line(assessment, translations), *said, *rows), mandate.headings[0])
    notes = (source(translations, PLAN, translations(marked("Mandate"))),)
    return Slide(translations(marked("Plan draft")), (warning, mandate), notes, subtitle=facts.subtitle, is_front=True)


def _side_by_side(rows: tuple[tuple[str, ...], ...], title: str) -> Grid:
    """Return a table of pairs as two beside each other, the two longest first, so that all of them stand on one slide."""
    first, *others = rows
    longest = max(others, key=lambda row: len(row[1]), default=("", ""))
    ordered = [first, longest, *(row for row in others if row is not longest)]
    pairs = zip(ordered[::2], [*ordered[1::2], *([("", "")] * (len(ordered) % 2))], strict=True)
    return Grid((title, "", "", ""), tuple((*one, *other) for one, other in pairs), (1, 2, 1, 2))
