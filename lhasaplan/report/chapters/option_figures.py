"""The figures of each option of a plan, side by side: cameras, parts, what is seen unasked, protected places, and cost."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.changes.proposal import apply
from lhasaplan.core.changes.work import Cost, Work, cost_of
from lhasaplan.core.live.effect import ChangeEffect
from lhasaplan.core.live.plan_options import OptionKey, PlanOption
from lhasaplan.core.model.place import UNMEASURED, Verdict
from lhasaplan.core.project.plan import inventory
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import GRAVE
from lhasaplan.core.siting.choosing import Allowance
from lhasaplan.core.siting.option_words import OPTIONS, name_in_words
from lhasaplan.report.chapters.draft_facts import TO_FILL, DraftFacts
from lhasaplan.report.facts.short_answer import places_in
from lhasaplan.report.facts.summary import count_verdicts, has_plan
from lhasaplan.report.text.document import Grid
from lhasaplan.report.text.numerals import number_text

TODAY = "today"
NAMES = {
    OptionKey.NONE: marked("No camera"),
    OptionKey.FEWER: OPTIONS["remove-only"],
    TODAY: marked("As today"),
    OptionKey.CHANGED: marked("Existing cameras with remedies, none added"),
    OptionKey.PROPOSED: marked("As drafted: with the planned cameras"),
}
SUMMED = marked("Ground is added up camera by camera. “Up to” adds what is only possible.")
SUMMED_TWICE = marked(
    "Ground is added up camera by camera, so what two cameras show counts twice: {summed} m² today. Counted once, it is "
    "{once} m². “Up to” adds what is only possible."
)
SEVERAL_CURRENCIES = marked("Prices are stated in several currencies ({currencies}), so they cannot be summed.")
NOT_SUMMED = marked("not summed ({currencies})")
KEPT_PLAN = marked("Kept plan: {name}")
MARKED = marked("{option} (marked)")
RULE = marked(
    "One option is marked by a rule; the mark is no advice. Only options that serve at least as many parts as "
    "today come into question. Of these the rule takes the one with the fewest places shown too sharply, then "
    "the most parts met, then the least ground that no part asks for, then the fewest cameras."
)
WORK: Mapping[Work, str] = {
    Work.NEW_ON_POLE: marked("new camera with its pole"),
    Work.NEW_ON_WALL: marked("new camera on a wall"),
    Work.NEW_ON_ROOF: marked("new camera on a roof"),
    Work.NEW_INDOOR: marked("new camera indoors"),
    Work.TAKE_AWAY: marked("camera taken down"),
    Work.MOVE: marked("camera moved to another place"),
    Work.MOUNT: marked("camera mounted differently at its place"),
    Work.AIM: marked("camera turned or tilted"),
    Work.LENS: marked("another lens or sensor"),
    Work.MASK: marked("mask set up in the camera"),
    Work.RANGE: marked("range set up in the camera"),
}


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option: its cameras, the verdicts of the parts, ground that no part asks for, places due or severe, and its work."""

    key: str
    cameras: int
    verdicts: Counter[Verdict]
    unasked_m2: float
    places: int
    cost: Cost | None
    name: str = ""  # of a plan that was kept
    possible_m2: float = 0.0  # more ground, in view of cameras whose direction or lens is assumed
    allowance: Allowance | None = None  # of one that the program computed

    def ground_text(self, translations: Translations) -> str:
        """Return the ground that no part asks for: what is certain, and up to how much it may be."""
        least, most = (number_text(each, translations) for each in (self.unasked_m2, self.unasked_m2 + self.possible_m2))
        return translations(marked("{least} (up to {most})"), least=least, most=most) if most != least else least

    def title(self, translations: Translations) -> str:
        """Return what the option is called."""
        return option_title(self, translations)

    @property
    def met(self) -> int:
        """How many parts are met."""
        return self.verdicts[Verdict.MET]


def option_title(option: OptionRow | PlanOption, translations: Translations) -> str:
    """Return what an option is called: one that was computed as the window calls it, a kept plan by its name."""
    if isinstance(option, OptionRow) and option.allowance is not None:
        return name_in_words(option.allowance, translations)
    return translations(KEPT_PLAN, name=option.name) if option.name else translations(NAMES[option.key])


def ground_note(facts: DraftFacts) -> str:
    """Return how the ground of the options is added up, and why it is more than the ground that is counted once."""
    translations, (summed_m2, _) = facts.translations, _unasked_m2(facts.operating)
    once_m2 = facts.assessment.totals.get("unasked_certain_m2")  # of an area only sums are known
    if once_m2 is None or round(once_m2) >= round(summed_m2):
        return translations(SUMMED)
    summed, once = (number_text(area_m2, translations) for area_m2 in (summed_m2, float(once_m2)))
    return translations(SUMMED_TWICE, summed=summed, once=once)


def option_figures(facts: DraftFacts) -> tuple[OptionRow, ...]:
    """Return the options from none to all; fewer cameras are those that the program computed, where it did."""
    rows = option_rows(facts)
    kept = (replace(_changed(rows[TODAY], each.key, each.cameras, each.effect), name=each.name) for each in facts.kept_plans)
    left = None if facts.proposals is None else OptionKey.FEWER  # of which the computed ones have a better one of this name
    computed = _computed(facts, rows.get(OptionKey.PROPOSED, rows[TODAY]))
    return (*(rows[key] for key in NAMES if key in rows and key != left), *computed, *kept)


def option_rows(facts: DraftFacts) -> dict[str, OptionRow]:
    """Return the options that were tried out, by their kind, whether the table has them or a question alone."""
    # Without a camera no part is served but those that a person declared, asked or excused.
    kept = Counter(r.verdict if r.verdict in UNMEASURED else Verdict.GAP for r in facts.assessment.parts or ())
    rows = {
        OptionKey.NONE: OptionRow(OptionKey.NONE, 0, kept, 0.0, 0, _cost(facts, OptionKey.NONE)),
        TODAY: _standing(facts, TODAY, facts.operating, Cost()),
    }
    for key in (OptionKey.FEWER, OptionKey.CHANGED):
        tried = facts.option(key)
        if tried is not None:
            rows[key] = _changed(rows[TODAY], key, tried.cameras, tried.effect)
    if has_plan(facts.assessment):
        rows[OptionKey.PROPOSED] = _standing(facts, OptionKey.PROPOSED, facts.standing, _cost(facts, OptionKey.PROPOSED))
    return rows


def _standing(facts: DraftFacts, key: str, cameras: Sequence[CameraResult], cost: Cost | None) -> OptionRow:
    """Return the option with the cameras of today, or with those that stand once the plan is carried out."""
    verdicts = count_verdicts(facts.assessment.parts or (), key == OptionKey.PROPOSED)
    certain, possible = _unasked_m2(cameras)
    return OptionRow(key, len(cameras), verdicts, certain, grave_places(cameras), cost, possible_m2=possible)


def _unasked_m2(cameras: Sequence[CameraResult]) -> tuple[float, float]:
    """Return the ground in view of these cameras that no part asks for, camera by camera: certain, and only possible."""
    certain, possible = (sum(c.unasked_m2 for c in cameras if (c.certain is not None) is known) for known in (True, False))
    return certain, possible


def _computed(facts: DraftFacts, planned: OptionRow) -> Iterator[OptionRow]:
    """Give the options that the program computed and that change something, each beside the plan that it starts from."""
    reported, today = facts.proposals, inventory(facts.project)
    for each in () if reported is None else reported.options:
        option, figures = each.option, each.figures
        if reported is not None and option.effect is not None:
            row = _changed(planned, option.allowance.name, int(figures["cameras"]), option.effect)
            cost = cost_of(today, apply(option.proposal, reported.council.project.cameras), facts.order.unit_prices)
            yield replace(row, allowance=option.allowance, cost=cost)


def grave_places(cameras: Sequence[CameraResult]) -> int:
    """Return how many protected places are in view at due or severe, one that two cameras show twice."""
    return places_in(view for result in cameras for view in result.sightings if view.is_recorded)


def _cost(facts: DraftFacts, key: OptionKey) -> Cost | None:
    tried = facts.option(key)
    return None if tried is None else tried.effect.cost


def _changed(today: OptionRow, key: str, cameras: int, effect: ChangeEffect) -> OptionRow:
    """Return the figures of today with what a proposal changes of them."""
    verdicts = Counter(today.verdicts)
    for part in effect.parts:
        before, after = part.verdict
        verdicts[Verdict(before)] -= 1
        verdicts[Verdict(after)] += 1
    certain, possible = (after - before for before, after in (effect.unasked_m2, effect.unasked_possible_m2))
    places = sum(effect.places_by_grade[str(grade)][1] - effect.places_by_grade[str(grade)][0] for grade in GRAVE)
    certain, possible = max(0.0, today.unasked_m2 + certain), max(0.0, today.possible_m2 + possible)
    return OptionRow(key, cameras, verdicts, certain, today.places + places, effect.cost, possible_m2=possible)


def marked_option(rows: Sequence[OptionRow]) -> OptionRow | None:
    """Return the option that the rule marks (``RULE``); none where there is nothing to choose from."""
    today = next((row for row in rows if row.key == TODAY), None)
    if today is None:
        return None
    able = [row for row in rows if row.met >= today.met]
    return min(able, key=lambda row: (row.places, -row.met, round(row.unasked_m2 + row.possible_m2), row.cameras))


def option_grid(rows: tuple[OptionRow, ...], caption: str, translations: Translations) -> Grid:
    """Return the options as a table: what each serves and what it sees unasked stand in one rank."""
    parts, best = sum(rows[0].verdicts.values()) if rows else 0, marked_option(rows)
    headings = (
        translations(marked("Option")),
        translations(marked("Cameras")),
        translations(marked("Parts met")),
        translations(marked("Parts seen only partly or too coarsely")),
        translations(marked("Ground that no part asks for (m²)")),
        translations(marked("Protected places shown too sharply")),
        translations(marked("Cost")),
    )
    cells = tuple(
        (
            translations(MARKED, option=row.title(translations)) if row is best else row.title(translations),
            str(row.cameras),
            translations(marked("{count} of {parts}"), count=row.met, parts=parts),
            str(row.verdicts[Verdict.PARTIAL] + row.verdicts[Verdict.WEAK]),
            row.ground_text(translations),
            str(row.places),
            cost_text(row.cost, translations),
        )
        for row in rows
    )
    return Grid(headings, cells, (3.0, 0.8, 0.85, 1.1, 2.0, 1.05, 1.0), caption, frozenset(range(1, 6)), "options")


def cost_text(cost: Cost | None, translations: Translations) -> str:
    """Return the total with its currency; where a price is not stated it is to be filled in, and no work is a dash."""
    if cost is not None and not cost.lines:
        return "–"
    if cost is not None and len(cost.currencies) > 1:
        return translations(NOT_SUMMED, currencies=", ".join(cost.currencies))
    total = None if cost is None else cost.total
    if cost is None or total is None:
        return translations(TO_FILL)
    return f"{number_text(total, translations, 2)} {cost.currency}".rstrip()
