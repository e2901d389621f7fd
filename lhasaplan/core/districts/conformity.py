"""Compare a district's plan with the city's, camera by camera and part by part: the table that heads the district's draft."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import shapely

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.changes.camera_change import (
    AddCamera,
    ChangeRecord,
    ChangeStatus,
    MoveCamera,
    TiltCamera,
    TurnCamera,
    ValueChange,
    value_changes,
    values_changed,
)
from lhasaplan.core.changes.proposal import by_id
from lhasaplan.core.changes.work import PRICED_FOR, Cost, Work, cost_of, in_words
from lhasaplan.core.live.effect import POSSIBLE, Pair, places_by_class
from lhasaplan.core.live.live_answers import Live
from lhasaplan.core.live.plan_options import PlanComparison
from lhasaplan.core.model.camera import Camera, Status, apart_deg
from lhasaplan.core.model.camera_fields import STATUSES, keys_where
from lhasaplan.core.project.decisions import Confirmation
from lhasaplan.core.project.journal import DistrictMade
from lhasaplan.core.project.plan import inventory, with_plan
from lhasaplan.core.project.project import District, Project, Reason
from lhasaplan.core.records.schedule import DECIDED_IN, PRICED_IN
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import Severity, rank
from lhasaplan.core.rules.audit_policy import DistrictRules

DATED = ("phase", "review_date", "end_date")  # columns of a camera that say when something is done about it
# What an office fills in of its own: no part of a plan.
FILLED = ("unit_price", "currency", "decision", "decided_by", "decided_on", PRICED_FOR, PRICED_IN, DECIDED_IN)
INSTALLED_ON = "installed_on"
ROUNDING = 1e-9  # a figure that is as large as its tolerance is within it, whatever its last digit


class Difference(StrEnum):
    """How a camera or a part of a district's plan stands to the city's plan."""

    KEPT = "kept"
    MISSING = "missing"
    ADDED = "added"
    MOVED = "moved"
    WEAKER = "weaker"
    SEES_MORE = "sees_more"
    DATES = "dates"
    OTHERWISE = "otherwise"  # changed in another way: turned, another lens, another record


@dataclass(frozen=True, slots=True)
class ConformityRow:
    """One camera or part, and one difference of it; what was measured says which.

    Parameters
    ----------
    subject : id of a camera, or of a part where ``is_part``.
    before, after : the camera in the city's plan and in the district's.
    changes : what else was changed of it, for a camera that differs otherwise.
    measured : metres moved (0 first), shares served, or ground that no part asks for in square metres, each before and after.
    places : protected places in view by grade, before and after, where it sees more.
    dates : what is dated otherwise: name of the column, before, after.
    """

    subject: str
    difference: Difference
    is_part: bool = False
    before: Camera | None = None
    after: Camera | None = None
    changes: tuple[ValueChange, ...] = ()
    measured: Pair | None = None
    places: Mapping[str, tuple[int, int]] | None = None
    dates: tuple[tuple[str, str, str], ...] = ()
    reason: Reason | None = None

    @property
    def asks_reason(self) -> bool:
        """Tell whether the district says why: of everything but what it keeps."""
        return self.difference is not Difference.KEPT


@dataclass(frozen=True, slots=True)
class Conformity:
    """The whole table: which city's plan of which day is compared, within which tolerances, and a row for each difference.

    ``cost`` is that of the planned cameras that stand in the district; those of its neighbours have theirs in their plans.
    ``handed`` says which plan of the city it is, if the journal of the district's project still does.
    """

    city: str
    area: str
    made_on: str
    rules: DistrictRules
    rows: tuple[ConformityRow, ...] = ()
    cost: Cost = field(default_factory=Cost)
    handed: DistrictMade | None = None

    @property
    def counts(self) -> Mapping[Difference, int]:
        """Return how many rows there are of each difference, in their order."""
        return {each: sum(row.difference is each for row in self.rows) for each in Difference}

    @property
    def unexplained(self) -> int:
        """Return how many differences have no reason yet."""
        return sum(row.asks_reason and row.reason is None for row in self.rows)


def conformity(
    comparison: PlanComparison,
    project: Project,
    district: District,
    rules: DistrictRules,
    unit_prices: Mapping[Work, float] | None = None,
    *,
    is_disclosed: bool = False,
) -> Conformity:
    """Return how a district's project stands to the city's plan; cameras first, in the order of the city's plan.

    Parameters
    ----------
    comparison : of the cameras that the city handed over with those of the project.
    is_disclosed : count protected places as outputs do.
    """
    reasons = {(each.subject, each.difference): each for each in district.reasons}
    rows = (*_cameras(comparison, rules, is_disclosed), *_parts(comparison, project, district, rules))
    reported = (replace(row, reason=reasons.get((row.subject, row.difference), row.reason)) for row in rows)
    area, lists = shapely.from_wkt(district.area_wkt), (inventory(project), with_plan(project))
    before, after = ([each for each in some if shapely.intersects_xy(area, each.x_m, each.y_m)] for some in lists)
    cost = cost_of(before, after, unit_prices)
    handed = next((entry.event for entry in project.journal if isinstance(entry.event, DistrictMade)), None)
    return Conformity(district.city, district.area, district.made_on, rules, tuple(reported), cost, handed)


def _cameras(comparison: PlanComparison, rules: DistrictRules, is_disclosed: bool) -> Iterator[ConformityRow]:
    before, after = map(by_id, comparison.cameras)
    for camera_id in {**before, **after}:
        old, new = _standing(before.get(camera_id)), _standing(after.get(camera_id))
        if old is None and new is not None:
            yield ConformityRow(camera_id, Difference.ADDED, after=new)
        elif old is not None and new is None:
            yield ConformityRow(camera_id, Difference.MISSING, before=old, after=after.get(camera_id))
        elif old is not None and new is not None:
            results = [_result(live, camera_id, is_disclosed) for live in comparison.answers]
            found = tuple(_differences(old, new, (results[0], results[1]), rules))
            yield from found or (ConformityRow(camera_id, Difference.KEPT, before=old, after=new),)


def _standing(camera: Camera | None) -> Camera | None:
    return None if camera is None or camera.status is Status.REMOVED else camera


def _result(live: Live, camera_id: str, is_disclosed: bool) -> CameraResult | None:
    if camera_id not in live.results:
        return None
    return live.disclosed_result(camera_id) if is_disclosed else live.results[camera_id]


def _differences(
    old: Camera, new: Camera, results: tuple[CameraResult | None, CameraResult | None], rules: DistrictRules
) -> Iterator[ConformityRow]:
    """Give a row for each way in which a camera of both plans differs."""
    away_m = math.hypot(new.x_m - old.x_m, new.y_m - old.y_m)
    if away_m > rules.moved_m + ROUNDING:
        yield ConformityRow(old.camera_id, Difference.MOVED, before=old, after=new, measured=(0.0, away_m))
    more = _sees_more(old, new, results, rules)
    if more is not None:
        yield more
    dates = tuple(_dates(old, new))
    if dates:
        yield ConformityRow(old.camera_id, Difference.DATES, before=old, after=new, dates=dates)
    others = tuple(change for change in value_changes(old, new) if _is_another(change, old, new, rules))
    if others:
        yield ConformityRow(old.camera_id, Difference.OTHERWISE, before=old, after=new, changes=others)


def _sees_more(
    old: Camera, new: Camera, results: tuple[CameraResult | None, CameraResult | None], rules: DistrictRules
) -> ConformityRow | None:
    """Return that a camera shows more ground that no part asks for, or protected places more often at some grade or graver.

    Ground that nobody mapped counts, too: a wider lens that looks there shows more.
    """
    was, now = results
    if was is None or now is None:
        return None
    grades = (*map(str, sorted(Severity, key=rank, reverse=True)), POSSIBLE)
    counts = [{grade: sum(row[grade] for row in places_by_class([each]).values()) for grade in grades} for each in (was, now)]
    places = {grade: (counts[0][grade], counts[1][grade]) for grade in grades}
    if now.judged_m2 <= was.judged_m2 + rules.unasked_m2 and not _is_graver(places):
        return None
    measured = (was.judged_m2, now.judged_m2)
    return ConformityRow(old.camera_id, Difference.SEES_MORE, before=old, after=new, measured=measured, places=places)


def _is_graver(places: Mapping[str, tuple[int, int]]) -> bool:
    """Tell whether more places are in view at any grade or a graver one; what is merely possible counts last."""
    had = has = 0
    for before, after in places.values():
        had, has = had + before, has + after
        if has > had:
            return True
    return False


def _dates(old: Camera, new: Camera) -> Iterator[tuple[str, str, str]]:
    if old.installed_on != new.installed_on:
        yield INSTALLED_ON, old.installed_on, new.installed_on
    for name in DATED:
        before, after = (camera.extra.get(name, "") for camera in (old, new))
        if before != after:
            yield name, before, after


def _is_another(change: ValueChange, old: Camera, new: Camera, rules: DistrictRules) -> bool:
    """Tell whether a change is beyond tolerance and no row of its own says it."""
    if isinstance(change, MoveCamera):
        return False
    if isinstance(change, TurnCamera | TiltCamera):
        before, after = (camera.azimuth_deg if isinstance(change, TurnCamera) else camera.tilt_deg for camera in (old, new))
        return before is None or after is None or apart_deg(after, before) > rules.turned_deg + ROUNDING
    if isinstance(change, ChangeRecord):
        return _record(old) != _record(new)
    return not isinstance(change, ChangeStatus) or old.status is not new.status


_BESIDES = ("extra", *keys_where(lambda each: each.matter == "sources" or each.type == "date"))
_SAID = tuple(name for name in values_changed(ChangeRecord) if name not in _BESIDES)


def _record(camera: Camera) -> tuple[object, ...]:
    """Return what a plan says of a camera besides what it sees and when; not who corrected what by which file."""
    extra = {name: text for name, text in camera.extra.items() if name not in (*DATED, *FILLED)}
    return *(getattr(camera, name) for name in _SAID), extra


def _parts(comparison: PlanComparison, project: Project, district: District, rules: DistrictRules) -> Iterator[ConformityRow]:
    """Give a row for each part that is asked for in one plan alone, or that is served less."""
    asked, now = _asked(district.confirmations), _asked(project.confirmations)
    yield from (ConformityRow(each, Difference.MISSING, is_part=True) for each in asked if each not in now)
    yield from (ConformityRow(each, Difference.ADDED, is_part=True) for each in now if each not in asked)
    for part in comparison.effect.parts:
        before, after = part.share_served
        if part.part_id in asked and before - after > rules.share + ROUNDING:
            yield ConformityRow(part.part_id, Difference.WEAKER, is_part=True, measured=part.share_served)


def _asked(confirmations: Sequence[Confirmation]) -> dict[str, None]:
    return dict.fromkeys(each.part_id for each in confirmations)


def counted_alone(found: Conformity) -> Conformity:
    """Return a table that tells how many differences there are of each kind and whether they have a reason, and no more."""

    def bare(row: ConformityRow) -> ConformityRow:
        return ConformityRow("", row.difference, row.is_part, reason=None if row.reason is None else Reason("", "", ""))

    handed = None if found.handed is None else replace(found.handed, plan_sha256="")  # it is of exact positions
    return replace(found, rows=tuple(map(bare, found.rows)), handed=handed)


# Say in words how a district's plan stands to the city's: what each difference is called, and each row from what to what.

NAMES: Mapping[Difference, str] = {
    Difference.KEPT: marked("kept"),
    Difference.MISSING: marked("missing"),
    Difference.ADDED: marked("added"),
    Difference.MOVED: marked("moved"),
    Difference.WEAKER: marked("weaker"),
    Difference.SEES_MORE: marked("sees more"),
    Difference.DATES: marked("other dates"),
    Difference.OTHERWISE: marked("changed in another way"),
}
DATES: Mapping[str, str] = {
    "installed_on": marked("installed on"),
    "phase": marked("year of the work"),
    "review_date": marked("review on"),
    "end_date": marked("ends on"),
}
UNSTATED = marked("not stated")
AS_IN_CITY, WITHIN = marked("as in the city's plan"), marked("as in the city's plan, within the tolerances")
GONE, TAKEN_DOWN = marked("{status} in the city's plan, missing in this one"), marked("{status} in the city's plan, removed here")
NOT_ASKED, ASKED = marked("asked for in the city's plan, not here"), marked("asked for here, not in the city's plan")
MOVED = marked("stands {metres} m away")
SERVED = marked("served to {old} % by the city's plan, to {new} % by this one")
GROUND = marked("ground that no part asks for: {old} m² in the city's plan, {new} m² in this one")
PLACES = marked("protected places in view, then and now: severe {error}, due {due}, note {note}, possible {possible}")
DATED_DIFFERENCE = marked("{what}: {old} in the city's plan, {new} in this one")


def row_in_words(row: ConformityRow, translations: Translations) -> str:
    """Return what a row says, in the reader's language."""
    return "; ".join(_WORDS[row.difference](row, translations))


def _missing(row: ConformityRow, translations: Translations) -> list[str]:
    if row.before is None:
        return [translations(NOT_ASKED)]
    text = GONE if row.after is None else TAKEN_DOWN
    return [translations(text, status=translations(STATUSES[row.before.status]))]


def _weaker(row: ConformityRow, translations: Translations) -> list[str]:
    old, new = (_figure(100.0 * share, translations) for share in row.measured or (0.0, 0.0))
    return [translations(SERVED, old=old, new=new)]


def _more(row: ConformityRow, translations: Translations) -> list[str]:
    old, new = (f"{m2:.0f}" for m2 in row.measured or (0.0, 0.0))
    counts = {grade: f"{before} → {after}" for grade, (before, after) in (row.places or {}).items()}
    has_more = any(after != before for before, after in (row.places or {}).values())
    return [translations(GROUND, old=old, new=new), *([translations(PLACES, **counts)] if has_more else [])]


def _dates_in_words(row: ConformityRow, translations: Translations) -> list[str]:
    empty = translations(UNSTATED)
    return [
        translations(DATED_DIFFERENCE, what=translations(DATES[name]), old=old or empty, new=new or empty)
        for name, old, new in row.dates
    ]


_WORDS: Mapping[Difference, Callable[[ConformityRow, Translations], list[str]]] = {
    Difference.KEPT: lambda row, translations: [translations(AS_IN_CITY if row.before == row.after else WITHIN)],
    Difference.MISSING: _missing,
    Difference.ADDED: lambda row, translations: [
        translations(ASKED) if row.after is None else in_words(AddCamera(row.after), None, translations)
    ],
    Difference.MOVED: lambda row, translations: [
        translations(MOVED, metres=_figure((row.measured or (0.0, 0.0))[1], translations))
    ],
    Difference.WEAKER: _weaker,
    Difference.SEES_MORE: _more,
    Difference.DATES: _dates_in_words,
    Difference.OTHERWISE: lambda row, translations: [in_words(change, row.before, translations) for change in row.changes],
}


def _figure(value: float, translations: Translations) -> str:
    """Return a figure with one decimal where it has one, with the decimal mark of the language."""
    text = f"{value:.1f}".removesuffix(".0")
    return text.replace(".", translations(".")) if "." in text else text
