"""Risks to people with the figures of a project, what is left of its views once measures are taken, and who gives an opinion."""

from collections.abc import Callable, Iterable, Mapping

from lhasaplan.core.base.translations import marked
from lhasaplan.core.live.effect import POSSIBLE, places_by_class
from lhasaplan.core.model.camera import Kind
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import GRAVE, Severity
from lhasaplan.core.results.withheld import Matter
from lhasaplan.core.rules.forms import FormFigure, Risk
from lhasaplan.report.city_plan.plan_facts import OFFICER, TO_FILL, PlanFacts
from lhasaplan.report.facts.alternatives import tried_mitigations, was_tried
from lhasaplan.report.facts.basis import KEPT, TURNING, withholds
from lhasaplan.report.facts.summary import grade_of
from lhasaplan.report.text.document import Block, Grid, Paragraph
from lhasaplan.report.text.numerals import number_text
from lhasaplan.report.text.words import in_language

NOT_WEIGHED = marked("How likely and how grave a risk is only people can say; the last column is theirs.")
LEFT = marked(
    "What is left after the measures is counted from trials in the town. Whether it is acceptable is for the "
    "data-protection officer to say and, where it is still high, for the supervisory authority."
)


def risks_grid(facts: PlanFacts, risks: Iterable[Risk]) -> list[Block]:
    """Return each risk with what this project shows of it, what it does to people and what is done, without weighing it."""
    translations = facts.translations
    rows = tuple(
        (
            in_language(risk.text, translations),
            FIGURES[risk.figure](facts),
            in_language(risk.harm, translations),
            in_language(risk.measure, translations),
            translations(TO_FILL),
        )
        for risk in risks
    )
    headings = (
        translations(marked("Risk to people")),
        translations(marked("What this project shows")),
        translations(marked("What it does to them")),
        translations(marked("Measure")),
        translations(marked("How likely, how grave")),
    )
    grid = Grid(headings, rows, (2, 2, 1.7, 2.2, 1.1), translations(marked("Risks to people")), anchor="risks")
    return [Paragraph(translations(NOT_WEIGHED)), grid]


def _views(facts: PlanFacts) -> list[Sighting]:
    return [one for result in facts.standing for one in result.sightings]


def _places(facts: PlanFacts, *classes: str) -> str:
    """Return how many places of these classes are due or severe for certain, how many a note, and how many only possible."""
    counts = places_by_class(facts.standing)
    grave = sum(counts[cls][str(grade)] for cls in classes for grade in GRAVE)
    note, possible = (sum(counts[cls][key] for cls in classes) for key in (str(Severity.NOTE), POSSIBLE))
    text = marked("Places in view, counted for each camera: due or severe {grave}, a note {note}, only possible {possible}.")
    return facts.translations(text, grave=grave, note=note, possible=possible)


def _unasked(facts: PlanFacts) -> str:
    seen, unasked = (sum(getattr(each, name) for each in facts.standing) for name in ("area_m2", "unasked_m2"))
    text = marked("{unasked} m² of the {seen} m² in view, summed over cameras.")
    return facts.translations(text, unasked=number_text(unasked, facts.translations), seen=number_text(seen, facts.translations))


def _retention(facts: PlanFacts) -> str:
    over = {name for each in facts.assessment.findings if each.kind == "retention_over" for name in each.camera_ids}
    if withholds(facts.assessment, Matter.RECORD):
        return facts.translations(KEPT, over=len(over))
    unknown = sum(each.placed.camera.retention_days is None for each in facts.standing)
    text = marked("Cameras without days of retention on record: {unknown}. Cameras beyond a limit: {over}.")
    return facts.translations(text, unknown=unknown, over=len(over))


def _assumed(facts: PlanFacts) -> str:
    unsure = sum(not each.placed.certain for each in facts.standing)
    text = marked("Cameras whose direction or lens is not on record: {count} of {cameras}.")
    return facts.translations(text, count=unsure, cameras=len(facts.standing))


def _turning(facts: PlanFacts) -> str:
    if withholds(facts.assessment, Matter.RECORD):
        return facts.translations(TURNING)
    count = sum(each.placed.camera.kind is Kind.PAN_TILT for each in facts.standing)
    return facts.translations(marked("Cameras that can turn or zoom, on record: {count}."), count=count)


FIGURES: Mapping[FormFigure, Callable[[PlanFacts], str]] = {
    FormFigure.NONE: lambda facts: facts.translations(marked("No map can show it.")),
    FormFigure.HOMES: lambda facts: _places(facts, "home", "dwelling_likely"),
    FormFigure.PROTECTED: lambda facts: _places(facts, "protected"),
    FormFigure.UNASKED: _unasked,
    FormFigure.RETENTION: _retention,
    FormFigure.ASSUMED: _assumed,
    FormFigure.TURNING: _turning,
}


def residual(facts: PlanFacts) -> list[Block]:
    """Return how many views are too sharp, how many of them a measure that was tried out ends, and what stays."""
    translations, views = facts.translations, _views(facts)
    grave = [one for one in views if one.is_recorded and grade_of(one.grade) in GRAVE]
    ended = [one for one in grave if _is_ended(one)]
    possible = [one for one in views if not one.is_recorded]
    unasked = sum(each.unasked_m2 for each in facts.standing)
    rows = (
        (translations(marked("views that are due or severe for certain")), str(len(grave))),
        (translations(marked("of these ended by a measure that was tried out")), str(len(ended))),
        (translations(marked("of these left, with no measure that was tried out")), str(len(grave) - len(ended))),
        (translations(marked("possible views, open until controllers answer")), str(len(possible))),
        (
            translations(marked("ground in view that nobody asks for, before measures, summed over cameras")),
            f"{number_text(unasked, translations)} m²",
        ),
        (translations(marked("Is what remains still a high risk?")), translations(TO_FILL)),
    )
    grid = Grid(
        (translations(marked("What remains")), ""), rows, (4, 1), translations(marked("What remains")), frozenset({1}), "residual"
    )
    return [Paragraph(translations(LEFT)), grid]


def _is_ended(view: Sighting) -> bool:
    """Say whether a measure was tried out that ends the view, the first or another."""
    return view.mitigation is not None and (was_tried(view.mitigation) or bool(tried_mitigations(view.mitigation)))


def opinion(facts: PlanFacts) -> list[Block]:
    """Return a table for the opinions of officer and authority, for them to fill in."""
    translations, mandate = facts.translations, facts.mandate
    officer = translations(marked("Data-protection officer: {name}"), name=facts.stated(OFFICER))
    authority = translations(marked("Supervisory authority: {name}"), name=facts.filled(mandate.supervisory_authority))
    headings = (
        translations(marked("Who gives an opinion")),
        translations(marked("When")),
        translations(marked("What was said")),
        translations(marked("What was answered")),
    )
    rows = tuple((who, *(translations(TO_FILL),) * 3) for who in (officer, authority))
    return [Grid(headings, rows, (2.6, 1, 2.2, 2.2), translations(marked("Opinions")), anchor="opinions")]
