"""What every chapter of a plan is written from."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.changes.proposal import apply
from lhasaplan.core.changes.work import Cost, Work, cost_of
from lhasaplan.core.live.effect import ChangeEffect
from lhasaplan.core.live.plan_options import OptionKey, PlanOption
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.place import Verdict
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.project.plan import inventory
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.register_rows import DecisionRegister
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.finding import GRAVE, Matter
from lhasaplan.core.siting.choosing import Allowance
from lhasaplan.core.siting.disclosed_proposals import DisclosedProposals
from lhasaplan.core.siting.option_words import OPTIONS, name_in_words
from lhasaplan.ports import DraftOrder
from lhasaplan.report.drafts.chapters import MotionOption, ground_text, of_area, option_of, zero_option
from lhasaplan.report.facts.basis import reported, withholds
from lhasaplan.report.facts.called import Called, called
from lhasaplan.report.facts.short_answer import places_in
from lhasaplan.report.facts.summary import has_plan, of_status, standing_with_plan
from lhasaplan.report.maps.base_map import BaseMap
from lhasaplan.report.text.document import Grid
from lhasaplan.report.text.numerals import number_text, short_number
from lhasaplan.report.text.words import NOT_TOLD

DIGEST_DIGITS = 16  # of 64: enough to tell two plans apart, few enough to be compared by eye
TO_FILL = marked("to be filled in")  # never nothing, and never zero
OFFICER = "impact_assessment_officer"


@dataclass(frozen=True)
class PlanFacts:
    """Project and answers that may be shown, of the area that the plan is about; names are of the whole project."""

    project: Project
    assessment: Assessment
    base: BaseMap
    called: Called
    translations: Translations
    order: DraftOrder

    @property
    def mandate(self) -> Mandate:
        """The mandate, empty where there is none."""
        return self.project.mandate or Mandate()

    @property
    def subtitle(self) -> str:
        """The project, and the area where the draft is of one."""
        name = self.assessment.project
        return f"{name}, {self.order.area}" if self.order.area else name

    @property
    def planned(self) -> tuple[CameraResult, ...]:
        """The planned cameras, and how those are to be that the plan changes."""
        return of_status(self.assessment, Status.PLANNED)

    @property
    def operating(self) -> tuple[CameraResult, ...]:
        """The cameras that operate today."""
        return of_status(self.assessment, Status.OPERATING)

    @property
    def standing(self) -> tuple[CameraResult, ...]:
        """The cameras that stand once the plan is carried out."""
        return standing_with_plan(self.assessment)

    @property
    def either(self) -> tuple[CameraResult, ...]:
        """The cameras that stand today or with the plan."""
        return of_status(self.assessment, Status.OPERATING, Status.PLANNED)

    @property
    def proposals(self) -> DisclosedProposals | None:
        """What the program computed: none where nobody asked for it, or for a plan of one area alone."""
        return None if self.order.area else self.order.proposals

    def option(self, key: OptionKey) -> PlanOption | None:
        """Return an option that was tried out; nothing of a plan of one area, for options are of the whole project."""
        return None if self.order.area else next((each for each in self.order.options if each.key is key), None)

    @property
    def kept_plans(self) -> tuple[PlanOption, ...]:
        """The versions of the project that were tried out; none of a plan of one area, for options are of the whole project."""
        return () if self.order.area else tuple(each for each in self.order.options if each.key is OptionKey.KEPT_PLAN)

    @property
    def own_planned(self) -> tuple[CameraResult, ...]:
        """The planned cameras that stand in the district, of a district's plan; else all of them."""
        return tuple(result for result in self.planned if self.is_own(result.area_names))

    def is_own(self, area_names: tuple[str, ...]) -> bool:
        """Say whether something belongs to the district; all of it does in a city's plan, and where no area may be disclosed."""
        district = self.order.conformity
        return district is None or not area_names or district.area in area_names

    @cached_property
    def decided(self) -> DecisionRegister:
        """All that people decided, as far as the reader may know it."""
        return DecisionRegister(self.project)

    def filled(self, text: str) -> str:
        """Return a text, or that it is to be filled in."""
        return text.strip() or self.translations(TO_FILL)

    def of_record(self, value: object, words_of: Callable[[str], str] = str) -> str:
        """Return what the record of a camera states, that it is to be filled in, or that it is withheld."""
        stated = short_number(value, self.translations) if isinstance(value, (int, float)) else str(value or "").strip()
        unknown = self.translations(TO_FILL)
        return reported(stated, Matter.RECORD, self.assessment, self.translations, text=words_of, unknown=unknown)

    def stated(self, field: str) -> str:
        """Return what a field of the mandate states, that it is to be filled in, or that it is withheld: the name of a person."""
        value = getattr(self.mandate, field) if field else ""
        if field == OFFICER and withholds(self.assessment, Matter.PEOPLE):
            return self.translations(NOT_TOLD)
        if isinstance(value, tuple):
            return self.filled(self.translations("; ").join(map(str, value)))
        return short_number(value, self.translations) if isinstance(value, float) else self.filled(str(value or ""))


def short_digest(sha256: str) -> str:
    """Return the beginning of a digest in groups of four.

    >>> short_digest("0123456789abcdef0123")
    '0123 4567 89ab cdef'
    """
    return " ".join(sha256[start : start + 4] for start in range(0, min(DIGEST_DIGITS, len(sha256)), 4))


def facts_of(project: Project, assessment: Assessment, translations: Translations, order: DraftOrder) -> PlanFacts:
    """Return what the chapters of a draft are written from: of the whole project, or of the area that is ordered."""
    shown = of_area(assessment, order.area) if order.area else assessment
    return PlanFacts(project, shown, BaseMap(project), called(project, assessment, translations), translations, order)


# The figures of each option of a plan, side by side: cameras, parts, what is seen unasked, protected places, and cost.

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
        return ground_text(self.unasked_m2, self.possible_m2, translations)

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


def ground_note(facts: PlanFacts) -> str:
    """Return how the ground of the options is added up, and why it is more than the ground that is counted once."""
    translations, today = facts.translations, option_of(facts.assessment, facts.operating, after=False)
    once_m2 = facts.assessment.totals.get("unasked_certain_m2")  # of an area only sums are known
    if once_m2 is None or round(once_m2) >= round(today.unasked_m2):
        return translations(SUMMED)
    summed, once = (number_text(area_m2, translations) for area_m2 in (today.unasked_m2, float(once_m2)))
    return translations(SUMMED_TWICE, summed=summed, once=once)


def option_figures(facts: PlanFacts) -> tuple[OptionRow, ...]:
    """Return the options from none to all; fewer cameras are those that the program computed, where it did."""
    rows = option_rows(facts)
    kept = (replace(_changed(rows[TODAY], each.key, each.cameras, each.effect), name=each.name) for each in facts.kept_plans)
    left = None if facts.proposals is None else OptionKey.FEWER  # of which the computed ones have a better one of this name
    computed = _computed(facts, rows.get(OptionKey.PROPOSED, rows[TODAY]))
    return (*(rows[key] for key in NAMES if key in rows and key != left), *computed, *kept)


def option_rows(facts: PlanFacts) -> dict[str, OptionRow]:
    """Return the options that were tried out, by their kind, whether the table has them or a question alone."""
    today, then = (option_of(facts.assessment, some, after) for some, after in ((facts.operating, False), (facts.standing, True)))
    zero = zero_option(facts.assessment)
    rows = {
        OptionKey.NONE: OptionRow(OptionKey.NONE, 0, zero.verdicts, 0.0, 0, _cost(facts, OptionKey.NONE)),
        TODAY: _standing(TODAY, today, facts.operating, Cost()),
    }
    for key in (OptionKey.FEWER, OptionKey.CHANGED):
        tried = facts.option(key)
        if tried is not None:
            rows[key] = _changed(rows[TODAY], key, tried.cameras, tried.effect)
    if has_plan(facts.assessment):
        rows[OptionKey.PROPOSED] = _standing(OptionKey.PROPOSED, then, facts.standing, _cost(facts, OptionKey.PROPOSED))
    return rows


def _standing(key: str, option: MotionOption, cameras: Sequence[CameraResult], cost: Cost | None) -> OptionRow:
    figures = option.cameras, option.verdicts, option.unasked_m2, grave_places(cameras), cost
    return OptionRow(key, *figures, possible_m2=option.possible_m2)


def _computed(facts: PlanFacts, planned: OptionRow) -> Iterator[OptionRow]:
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


def _cost(facts: PlanFacts, key: OptionKey) -> Cost | None:
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
