"""Risks to people with the figures of a project, what is left of its views once measures are taken, and who gives an opinion."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from lhasaplan.core.base.translations import marked
from lhasaplan.core.live.effect import POSSIBLE, places_by_class
from lhasaplan.core.model.camera import Kind
from lhasaplan.core.records.minutes import Item
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import GRAVE, Matter, Severity
from lhasaplan.core.rules.forms import FormFigure, ImpactForm, Risk
from lhasaplan.report.chapters.draft_facts import OFFICER, TO_FILL, DraftFacts
from lhasaplan.report.chapters.impact_answers import assumed_text, unasked_text
from lhasaplan.report.chapters.safeguards import hearing
from lhasaplan.report.facts.basis import KEPT, TURNING, withholds
from lhasaplan.report.facts.necessity import tried_mitigations, was_tried
from lhasaplan.report.facts.summary import grade_of, grave_findings
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.document import Block, Grid, Paragraph, reference
from lhasaplan.report.text.numerals import number_text
from lhasaplan.report.text.style import long_date
from lhasaplan.report.text.words import NOT_TOLD, in_language

WEIGHED = marked(
    "The records give the likelihood by the scale in {scale}. Two levels mean that it depends on what is not on record. This "
    "program proposes the severity. The data-protection officer confirms or changes both."
)
LEFT = marked(
    "What remains after the measures is computed for this town. The data-protection officer says whether it is "
    "acceptable. Where the risk is still high, the supervisory authority does."
)


def risks_grid(facts: DraftFacts, form: ImpactForm) -> list[Block]:
    """Return each risk with what this project shows of it, how likely and how grave it is, and what is done; then the scale."""
    translations = facts.translations
    rows = tuple(
        (
            in_language(risk.text, translations),
            FIGURES[risk.figure](facts),
            in_language(risk.harm, translations),
            likelihood_text(facts, risk, form),
            in_language(form.levels[risk.severity - 1].name, translations),
            in_language(risk.measure, translations),
        )
        for risk in form.risks
    )
    headings = (
        translations(marked("Risk to people")),
        translations(marked("What this project shows")),
        translations(marked("Consequence for them")),
        translations(marked("How likely")),
        translations(marked("How grave")),
        translations(marked("Measure")),
    )
    grid = Grid(headings, rows, (1.9, 1.9, 1.5, 1.15, 1.15, 2), translations(marked("Risks to people")), anchor="risks")
    return [Paragraph(translations(WEIGHED, scale=reference("levels"))), grid, _scale(facts, form)]


def _scale(facts: DraftFacts, form: ImpactForm) -> Grid:
    translations = facts.translations
    rows = tuple(
        tuple(in_language(each, translations) for each in (one.name, one.likelihood, one.severity)) for one in form.levels
    )
    headings = translations(marked("Level")), translations(marked("How likely")), translations(marked("How grave"))
    return Grid(headings, rows, (1.2, 3, 3), translations(marked("The scale")), anchor="levels")


def likelihood_text(facts: DraftFacts, risk: Risk, form: ImpactForm) -> str:
    """Return how likely a risk is, as one level or two; where no figure tells it is to be filled in, and some is withheld."""
    if risk.figure in OF_RECORDS and withholds(facts.assessment, Matter.RECORD):
        return facts.translations(NOT_TOLD)
    found = likelihood(facts, risk)
    if found is None:
        return facts.translations(TO_FILL)
    names = dict.fromkeys(in_language(form.levels[level - 1].name, facts.translations) for level in found)
    return facts.translations(marked(" to ")).join(names)


def likelihood(facts: DraftFacts, risk: Risk) -> tuple[int, int] | None:
    """Return the lowest and the highest level of likelihood that the records allow; nothing where no figure tells."""
    rule = LIKELIHOODS.get(risk.figure)
    return rule(facts) if rule else None


def _views(facts: DraftFacts) -> list[Sighting]:
    return [one for result in facts.standing for one in result.sightings]


def _places(facts: DraftFacts, *classes: str) -> str:
    """Return how many places of these classes are due or severe for certain, how many a note, and how many only possible."""
    counts = places_by_class(facts.standing)
    grave = sum(counts[cls][str(grade)] for cls in classes for grade in GRAVE)
    note, possible = (sum(counts[cls][key] for cls in classes) for key in (str(Severity.NOTE), POSSIBLE))
    text = marked("Places in view, counted for each camera: due or severe {grave}, a note {note}, only possible {possible}.")
    return facts.translations(text, grave=grave, note=note, possible=possible)


def _retention(facts: DraftFacts) -> str:
    over = {name for each in facts.assessment.findings if each.kind == "retention_over" for name in each.camera_ids}
    if withholds(facts.assessment, Matter.RECORD):
        return facts.translations(KEPT, over=len(over))
    unknown = sum(each.placed.camera.retention_days is None for each in facts.standing)
    text = marked("Cameras without days of retention on record: {unknown}. Cameras beyond a limit: {over}.")
    return facts.translations(text, unknown=unknown, over=len(over))


def _turning(facts: DraftFacts) -> str:
    if withholds(facts.assessment, Matter.RECORD):
        return facts.translations(TURNING)
    count = sum(each.placed.camera.kind is Kind.PAN_TILT for each in facts.standing)
    return facts.translations(marked("Cameras that can turn or zoom, on record: {count}."), count=count)


FIGURES: Mapping[FormFigure, Callable[[DraftFacts], str]] = {
    FormFigure.NONE: lambda facts: facts.translations(marked("No map can show it.")),
    FormFigure.HOMES: lambda facts: _places(facts, "home", "dwelling_likely"),
    FormFigure.PROTECTED: lambda facts: _places(facts, "protected"),
    FormFigure.UNASKED: unasked_text,
    FormFigure.RETENTION: _retention,
    FormFigure.ASSUMED: assumed_text,
    FormFigure.TURNING: _turning,
}


# How likely a risk is, as the lowest and the highest level that the records allow (data/impact.toml).

NONE_OF_IT, IN_PART, AT_ANY_TIME, TODAY = 1, 2, 3, 4


def _of_views(*classes: str) -> Callable[[DraftFacts], tuple[int, int]]:
    """Return the rule for views of places: too sharp for certain is today, coarse ones are in part, possible ones a range."""

    def rule(facts: DraftFacts) -> tuple[int, int]:
        views = [one for one in _views(facts) if one.cls in classes]
        known = [grade_of(one.grade) for one in views if one.is_recorded]
        might = [grade_of(one.grade_high) for one in views if not one.is_recorded]
        low = max((TODAY if grade in GRAVE else IN_PART for grade in known), default=NONE_OF_IT)
        return low, max((low, *(TODAY if grade in GRAVE else IN_PART for grade in might)))

    return rule


def _of_unasked(facts: DraftFacts) -> tuple[int, int]:
    certain = any(each.unasked_m2 > 0 for each in facts.standing if each.placed.certain)
    possible = any(each.unasked_m2 > 0 for each in facts.standing if not each.placed.certain)
    return (TODAY, TODAY) if certain else (NONE_OF_IT, TODAY if possible else NONE_OF_IT)


def _of_turning(facts: DraftFacts) -> tuple[int, int]:
    kinds = [each.placed.camera.kind for each in facts.standing]
    if Kind.PAN_TILT in kinds:
        return AT_ANY_TIME, AT_ANY_TIME
    return NONE_OF_IT, AT_ANY_TIME if None in kinds else NONE_OF_IT


def _of_retention(facts: DraftFacts) -> tuple[int, int]:
    over = any(each.kind == "retention_over" for each in facts.assessment.findings)
    unknown = any(each.placed.camera.retention_days is None for each in facts.standing)
    return (TODAY, TODAY) if over else (NONE_OF_IT, TODAY if unknown else NONE_OF_IT)


def _of_assumed(facts: DraftFacts) -> tuple[int, int]:
    level = TODAY if any(not each.placed.certain for each in facts.standing) else NONE_OF_IT
    return level, level


LIKELIHOODS: Mapping[FormFigure, Callable[[DraftFacts], tuple[int, int]]] = {
    FormFigure.HOMES: _of_views("home", "dwelling_likely"),
    FormFigure.PROTECTED: _of_views("protected"),
    FormFigure.UNASKED: _of_unasked,
    FormFigure.RETENTION: _of_retention,
    FormFigure.ASSUMED: _of_assumed,
    FormFigure.TURNING: _of_turning,
}
OF_RECORDS = frozenset((FormFigure.RETENTION, FormFigure.TURNING))


def residual(facts: DraftFacts) -> list[Block]:
    """Return how many views are too sharp, how many of them a measure that was tried out ends, and what stays."""
    translations, views = facts.translations, _views(facts)
    grave = [one for one in views if one.is_recorded and grade_of(one.grade) in GRAVE]
    ended = [
        one
        for one in grave
        if one.mitigation is not None and (was_tried(one.mitigation) or bool(tried_mitigations(one.mitigation)))
    ]
    possible = [one for one in views if not one.is_recorded]
    unasked = sum(each.unasked_m2 for each in facts.standing)
    rows = (
        (translations(marked("certain views that are due or severe")), str(len(grave))),
        (translations(marked("of these ended by a computed measure")), str(len(ended))),
        (translations(marked("of these left, without a computed measure")), str(len(grave) - len(ended))),
        (translations(marked("possible views, open until controllers answer")), str(len(possible))),
        (
            translations(marked("ground in view that nobody asks for, before measures, all cameras added up")),
            f"{number_text(unasked, translations)} m²",
        ),
        (translations(marked("Is the remaining risk still high?")), translations(TO_FILL)),
    )
    grid = Grid(
        (translations(marked("What remains")), ""), rows, (4, 1), translations(marked("What remains")), frozenset({1}), "residual"
    )
    return [Paragraph(translations(LEFT)), grid]


def measures(facts: DraftFacts) -> list[Block]:
    """Return what is due or severe for certain with its remedy, who has to see to it, and until when."""
    translations = facts.translations
    grave = grave_findings(facts.assessment)
    if not grave:
        return [Paragraph(translations(marked("No finding is certainly due or severe.")))]
    decided = facts.decided.on(Item.VIEWS)
    until = decided.due_on if decided is not None else ""
    cameras: dict[tuple[str, ...], list[str]] = {}
    for one in grave:
        words_of = (
            finding_words.mitigation_text(one.mitigation, translations) or "–",
            words.word(words.FINDING_KINDS, one.kind, translations),
            words.word(words.SEVERITIES, str(one.severity), translations),
            finding_words.article_text(one.pack, one.article, translations),
            _who(facts, one.camera_ids),
            long_date(until, translations.language) or translations(TO_FILL),
        )
        cameras.setdefault(words_of, []).extend(one.camera_ids)
    rows = tuple((measure, facts.called.counted_up(ids), *rest) for (measure, *rest), ids in cameras.items())
    headings = (
        translations(marked("Measure")),
        translations(marked("Cameras")),
        translations(marked("Finding")),
        translations(marked("Severity")),
        translations(marked("Rests on")),
        translations(marked("Who")),
        translations(marked("Until when")),
    )
    caption = translations(marked("What has to end first"))
    return [Grid(headings, rows, (2.3, 0.85, 1.5, 0.9, 1.6, 1.4, 1), caption, anchor="to_end")]


def _who(facts: DraftFacts, camera_ids: Collection[str]) -> str:
    """Return the controllers of these cameras on record, or that of the mandate where a record names none."""
    if withholds(facts.assessment, Matter.CONTROLLERS):
        return facts.translations(NOT_TOLD)
    owners = [each.placed.camera.owner for each in facts.standing if each.placed.camera.camera_id in camera_ids]
    return facts.translations("; ").join(dict.fromkeys(facts.filled(name or facts.mandate.controller) for name in owners))


def opinion(facts: DraftFacts) -> list[Block]:
    """Return a table for the opinions of officer and authority, for them to fill in."""
    translations, mandate = facts.translations, facts.mandate
    officer, authority = facts.stated(OFFICER), mandate.supervisory_authority
    who = [translations(marked("Data-protection officer")), translations(marked("Supervisory authority"))]
    if officer != translations(TO_FILL):
        who[0] = translations(marked("Data-protection officer: {name}"), name=officer)
    if authority:
        who[1] = translations(marked("Supervisory authority: {name}"), name=authority)
    grid = hearing(translations(marked("Opinion given by")), who, translations(marked("Opinions")), translations)
    return [replace(grid, anchor="opinions")]
