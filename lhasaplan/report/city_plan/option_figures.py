"""The figures of each option of a plan, side by side: cameras, parts, what is seen unasked, protected places, and cost."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.changes.work import Cost, Work
from lhasaplan.core.live.effect import Effect
from lhasaplan.core.live.plan_options import OptionKey, PlanOption
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import GRAVE
from lhasaplan.core.results.verdict import Verdict
from lhasaplan.report.city_plan.plan_facts import TO_FILL, PlanFacts
from lhasaplan.report.drafts.plan_chapters import option_of, zero_option
from lhasaplan.report.facts.short_answer import places_in
from lhasaplan.report.facts.summary import has_plan
from lhasaplan.report.text.document import Grid
from lhasaplan.report.text.numerals import grouped_text

TODAY = "today"
NAMES = {
    OptionKey.NONE: marked("No camera"),
    OptionKey.FEWER: marked("Fewer: without the cameras that no part needs"),
    TODAY: marked("As today"),
    OptionKey.CHANGED: marked("Existing cameras changed, none added"),
    OptionKey.PROPOSED: marked("Proposed: with the planned cameras"),
}
SEVERAL_CURRENCIES = marked("Prices are stated in several currencies ({currencies}); they have no sum.")
NOT_SUMMED = marked("not summed ({currencies})")
KEPT_PLAN = marked("Kept plan: {name}")
WORK: Mapping[Work, str] = {
    Work.NEW_ON_POLE: marked("new camera with its pole"),
    Work.NEW_ON_WALL: marked("new camera on a wall"),
    Work.NEW_ON_ROOF: marked("new camera on a roof"),
    Work.NEW_INDOOR: marked("new camera indoors"),
    Work.TAKE_AWAY: marked("camera taken down"),
    Work.MOVE: marked("camera moved to another place"),
    Work.MOUNT: marked("camera hung otherwise at its place"),
    Work.AIM: marked("camera turned or tilted"),
    Work.LENS: marked("another lens or sensor"),
    Work.MASK: marked("mask set up in the camera"),
    Work.RANGE: marked("range set up in the camera"),
}


@dataclass(frozen=True, slots=True)
class OptionFigures:
    """One option: its cameras, the verdicts of the parts, ground that no part asks for, places due or error, and its work."""

    key: str
    cameras: int
    verdicts: Counter[Verdict]
    unasked_m2: float
    places: int
    cost: Cost | None
    name: str = ""  # of a plan that was kept

    def title(self, wording: Wording) -> str:
        """Return what the option is called."""
        return option_title(self, wording)

    @property
    def met(self) -> int:
        """How many parts are met."""
        return self.verdicts[Verdict.MET]


def option_title(option: OptionFigures | PlanOption, wording: Wording) -> str:
    """Return what an option is called: a plan that was kept by its name, any other by its kind."""
    return wording(KEPT_PLAN, name=option.name) if option.name else wording(NAMES[option.key])


def option_figures(facts: PlanFacts) -> tuple[OptionFigures, ...]:
    """Return the options from none to all; fewer and changed cameras only where they were tried out."""
    today, then = (option_of(facts.assessment, some, after) for some, after in ((facts.operating, False), (facts.standing, True)))
    zero = zero_option(facts.assessment)
    rows = {
        OptionKey.NONE: OptionFigures(OptionKey.NONE, 0, zero.verdicts, 0.0, 0, _cost(facts, OptionKey.NONE)),
        TODAY: OptionFigures(TODAY, today.cameras, today.verdicts, today.unasked_m2, grave_places(facts.operating), Cost()),
    }
    for key in (OptionKey.FEWER, OptionKey.CHANGED):
        tried = facts.option(key)
        if tried is not None:
            rows[key] = _changed(rows[TODAY], key, tried.cameras, tried.effect)
    if has_plan(facts.assessment):
        figures = then.cameras, then.verdicts, then.unasked_m2, grave_places(facts.standing)
        rows[OptionKey.PROPOSED] = OptionFigures(OptionKey.PROPOSED, *figures, _cost(facts, OptionKey.PROPOSED))
    kept = (replace(_changed(rows[TODAY], each.key, each.cameras, each.effect), name=each.name) for each in facts.kept_plans)
    return (*(rows[key] for key in NAMES if key in rows), *kept)


def grave_places(cameras: Sequence[CameraResult]) -> int:
    """Return how many protected places are in view at due or error, one that two cameras show twice."""
    return places_in(view for result in cameras for view in result.sightings if view.is_recorded)


def _cost(facts: PlanFacts, key: OptionKey) -> Cost | None:
    tried = facts.option(key)
    return None if tried is None else tried.effect.cost


def _changed(today: OptionFigures, key: str, cameras: int, effect: Effect) -> OptionFigures:
    """Return the figures of today with what a proposal changes of them."""
    verdicts = Counter(today.verdicts)
    for part in effect.parts:
        before, after = part.verdict
        verdicts[Verdict(before)] -= 1
        verdicts[Verdict(after)] += 1
    unasked = sum(after - before for before, after in (effect.unasked_m2, effect.unasked_possible_m2))
    places = sum(effect.places_by_grade[str(grade)][1] - effect.places_by_grade[str(grade)][0] for grade in GRAVE)
    return OptionFigures(key, cameras, verdicts, today.unasked_m2 + unasked, today.places + places, effect.cost)


def option_grid(rows: tuple[OptionFigures, ...], caption: str, wording: Wording) -> Grid:
    """Return the options as a table: what each serves and what it sees unasked stand in one rank."""
    parts = sum(rows[0].verdicts.values()) if rows else 0
    headings = (
        wording(marked("Option")),
        wording(marked("Cameras")),
        wording(marked("Parts met")),
        wording(marked("Parts seen in part or too coarsely")),
        wording(marked("Ground in view that no part asks for (m², summed)")),
        wording(marked("Protected places in view, due or error")),
        wording(marked("Cost")),
    )
    cells = tuple(
        (
            row.title(wording),
            str(row.cameras),
            wording(marked("{count} of {parts}"), count=row.met, parts=parts),
            str(row.verdicts[Verdict.PARTIAL] + row.verdicts[Verdict.WEAK]),
            grouped_text(row.unasked_m2, wording),
            str(row.places),
            cost_text(row.cost, wording),
        )
        for row in rows
    )
    return Grid(headings, cells, (2.6, 0.9, 0.95, 1.2, 1.3, 1.3, 1.2), caption, frozenset(range(1, 6)), "options")


def cost_text(cost: Cost | None, wording: Wording) -> str:
    """Return the total with its currency; where a price is not stated it is to be filled in, and no work is a dash."""
    if cost is not None and not cost.lines:
        return "–"
    if cost is not None and len(cost.currencies) > 1:
        return wording(NOT_SUMMED, currencies=", ".join(cost.currencies))
    total = None if cost is None else cost.total
    if cost is None or total is None:
        return wording(TO_FILL)
    return f"{grouped_text(total, wording, 2)} {cost.currency}".rstrip()
