"""Options in words: what each is called, and what no other plan can pass."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, IntArray
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.siting.options import Option, OptionSolver, Point, last_step
from lhasaplan.core.siting.states import KEPT, NEW, CameraState

if TYPE_CHECKING:
    from lhasaplan.core.rules.audit_policy import Weights
    from lhasaplan.core.siting.choosing import Allowance
    from lhasaplan.core.siting.robustness import Doubts

# Why a camera is proposed: the parts that it serves, what it shows unasked, and which alternatives were worse by how much.

MOST_ALTERNATIVES = 3
_LESS = 1e-9


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another state that would serve all that only this camera serves; ``worse_by`` is in the unit of cost."""

    action: str
    x_m: float
    y_m: float
    azimuth_deg: float | None
    class_name: str
    worse_by: float
    unasked_m2: float
    not_mapped_m2: float
    frontage_m: float


@dataclass(frozen=True, eq=False, slots=True)
class StateReason:
    """What speaks for one camera of an option.

    Parameters
    ----------
    serves : ids of parts of which it shows a point sharply enough.   alone : those that need it: without it they lose points.
    alternatives : the nearest in cost first; ``would_do`` counts all that were looked through and would do.
    """

    state: CameraState
    serves: tuple[str, ...]
    alone: tuple[str, ...]
    cost: float
    alternatives: tuple[Alternative, ...]
    would_do: int


def reasons(council: OptionSolver, option: Option) -> tuple[StateReason, ...]:
    """Return the reasons for each camera that an option changes or adds, in the order of its proposal."""
    sharp = sparse.csc_array(council.whole.serves)
    is_chosen = council.chosen(option)
    views = np.asarray(sharp @ is_chosen.astype(float))
    touched = [number for number in option.choice.states if council.table.states[number].action != KEPT]
    return tuple(_reason(council, sharp, is_chosen, views, number) for number in touched)


def _reason(council: OptionSolver, sharp: sparse.csc_array, is_chosen: BoolArray, views: np.ndarray, number: int) -> StateReason:
    table, weights = council.table, council.rules.weights
    state, mine = table.states[number], np.asarray(sharp.indices[sharp.indptr[number] : sharp.indptr[number + 1]], np.int64)
    needed = mine[views[mine] <= table.needs.min_views[mine]]
    served = mine[views[mine] >= table.needs.min_views[mine]]
    cost = state.cost(weights)
    like = [k for k in _others(sharp, needed, number) if not is_chosen[k] and _is_like(table.states[k], state)]
    would_do = [k for k in like if table.states[k].cost(weights) >= cost - _LESS]  # what weighs less was refused with the set
    ranked = sorted(would_do, key=lambda k: (table.states[k].cost(weights), k))[:MOST_ALTERNATIVES]
    found = tuple(_alternative(table.states[k], table.states[k].cost(weights) - cost) for k in ranked)
    return StateReason(
        state, _parts(council, served), _parts(council, np.intersect1d(needed, served)), cost, found, len(would_do)
    )


def _others(sharp: sparse.csc_array, needed: IntArray, number: int) -> Sequence[int]:
    """Return the states that show all of some points."""
    if not len(needed):
        return []
    count = np.asarray(sparse.csr_array(sharp)[needed].sum(axis=0)).reshape(-1)
    return [k for k in np.flatnonzero(count >= len(needed) - 0.5).tolist() if k != number]


def _is_like(other: CameraState, state: CameraState) -> bool:
    """Tell whether a state may stand in for another: another change of the same camera, another new one for a new one."""
    return other.action == NEW if state.action == NEW else other.one_of == state.one_of and other.action != KEPT


def _parts(council: OptionSolver, rows: IntArray) -> tuple[str, ...]:
    parts = council.live.demand.parts
    return tuple(parts[part].part_id for part in np.unique(council.table.needs.part[rows]).tolist())


def _alternative(state: CameraState, worse_by: float) -> Alternative:
    camera = state.camera
    place = camera.x_m, camera.y_m, camera.azimuth_deg
    return Alternative(state.action, *place, state.class_name, worse_by, state.unasked_m2, state.not_mapped_m2, state.frontage_m)


OPTIONS = {
    "none": marked("Nothing changes"),
    "remove-only": marked("Fewer: without the cameras that no part needs"),
    "change-only": marked("Existing cameras changed, none added"),
    "budget": marked("Changes, and new cameras: {most} at most"),
    "all": marked("Keep, change, remove and add"),
}
ACTIONS = {
    "turn": marked("turned or tilted"),
    "raise": marked("raised"),
    "lens": marked("another lens"),
    "unmask": marked("a mask lifted, because no grade needs it"),
    "new": marked("a new camera"),
}
NEW_MASKED = marked("a new camera with a mask")
FREED = marked("no part needs it")
NO_OTHER = marked("no other computed choice would do")
OTHERS = marked("other choices that would do: {others}")
NEXT_BEST = marked("next best: {rows}")
MOVED = marked("{action}, {away} m from there, looking to {azimuth}°, with {unasked} m² that nobody asks for ({worse})")
THERE = marked("{action} at the same place, looking to {azimuth}°, with {unasked} m² that nobody asks for ({worse})")
TURNED = marked("{action}, looking to {azimuth}°, with {unasked} m² that nobody asks for ({worse})")
AS_GOOD = marked("equally good")
WORSE_BY = marked("{worse} m² worse, weighted")
WEIGHED = marked(
    "Weights: 1 m² of ground that nobody asks for counts {unasked_m2}, 1 m of protected frontage in view "
    "{frontage_m}, a camera {camera}, a change {change}."
)
UNCOUNTED = marked("No option counts or changes these cameras, because their direction or lens is not recorded: {cameras}.")
UNCOUNTED_ONE = marked("No option counts or changes camera {cameras}, because its direction or lens is not recorded.")
INTERVAL = marked("Part {part} is served by {low} to {high} %, depending on assumed values of {cameras}.")
FIND_OUT = marked("Find out {fields} of camera {camera} first: this answers most for the least work.")
NOT_MAPPED = marked(
    "{option}: {blank} m² more in view are not mapped (no building within 100 m). They are not counted as ground "
    "that nobody asks for."
)
LAST = marked(
    "To serve the last {gain} % as well takes more cameras ({new}) and shows {unasked} m² more ground that nobody asks for."
)
LAST_LESS = marked(
    "To serve the last {gain} % as well takes more cameras ({new}) and shows {unasked} m² less ground that nobody asks for."
)
DOUBLED = marked("If {weight} counted double, these cameras would change: {cameras}.")
DOUBLED_ONE = marked("If {weight} counted double, camera {cameras} would change.")
NOT_DOUBLED = marked("If any one weight were doubled, no camera would change.")
WEIGHTS = {
    "unasked_m2": marked("ground that nobody asks for"),
    "frontage_m": marked("protected frontage"),
    "camera": marked("a camera"),
    "change": marked("a change"),
}
Called = Callable[[str], str]  # what a camera or part is called, by its id
MOST_SERVED = marked("{option}: no computed plan serves more (proved).")
MORE_SERVED = marked("{option}: it serves {share} % of what is asked; no computed plan serves more than {most} %.")
FEWEST = marked("{option}: it has {count} cameras; no computed plan serves these parts as well with fewer than {least}.")
LEAST = marked("{option}: no other set of cameras does as much and is better under the stated weights (proved).")
NEAR_LEAST = marked("{option}: under the stated weights no set of cameras can be better by more than {gap} %.")


def name_in_words(allowance: "Allowance", translations: Translations) -> str:
    """Return what an option is called."""
    return translations(OPTIONS[allowance.name], most=allowance.most_new)


def weights_in_words(weights: "Weights", translations: Translations) -> str:
    """Return what weighs how much."""
    shown = {name: f"{getattr(weights, name):g}".replace(".", translations(".")) for name in WEIGHTS}
    return translations(WEIGHED, **shown)


def others_in_words(
    reason: "StateReason", weights: "Weights", translations: Translations, *, discloses_all: bool, most: int = 1
) -> str:
    """Return how many other choices would do for a camera, and the next best, each with what it shows and how much worse it is.

    What is worse is reported as so many m2 of unasked ground; protected frontage is part of it, so only the number where not all
    may be disclosed.
    """
    if not reason.would_do:
        return translations(NO_OTHER)
    counted = translations(OTHERS, others=reason.would_do)
    if not discloses_all:
        return counted
    rows = translations("; ").join(
        dict.fromkeys(_worse_choice(reason, each, weights, translations) for each in reason.alternatives[:most])
    )
    return translations("; ").join((counted, translations(NEXT_BEST, rows=rows)))


def _worse_choice(reason: "StateReason", other: "Alternative", weights: "Weights", translations: Translations) -> str:
    camera = reason.state.camera
    away_m = round(math.hypot(other.x_m - camera.x_m, other.y_m - camera.y_m))
    worse = round(other.worse_by / (weights.unasked_m2 or 1.0))
    shown = {
        "action": translations(ACTIONS[other.action]),
        "azimuth": f"{other.azimuth_deg or 0.0:.0f}",
        "unasked": translations.number(other.unasked_m2),
        "worse": translations(WORSE_BY, worse=translations.number(worse)) if worse else translations(AS_GOOD),
    }
    if other.action != "new":
        return translations(TURNED, **shown)
    return translations(MOVED, away=away_m, **shown) if away_m else translations(THERE, **shown)


def action_in_words(state: "CameraState", translations: Translations) -> str:
    """Return what is done with one camera."""
    return translations(NEW_MASKED if state.has_new_mask else ACTIONS[state.action])


def bounds_in_words(
    council: "OptionSolver", option: "Option", translations: Translations, *, discloses_all: bool
) -> Iterator[str]:
    """Give the bounds of all plans of this kind, and the unmapped ground in view.

    Of weights, protected frontage among them, only if all may be disclosed.
    """
    named, choice, parts = name_in_words(option.allowance, translations), option.choice, len(council.live.demand.parts)
    value, most = choice.service
    if most - value <= 1e-3:
        yield translations(MOST_SERVED, option=named)
    else:
        shares = {"most": _percent(most / parts, translations), "share": _percent(value / parts, translations)}
        yield translations(MORE_SERVED, option=named, **shares)
    if choice.cameras[1] and (option.allowance.may_remove or option.allowance.most_new):
        stay = len(council.uncounted)  # cameras of unknown direction or lens stay in every option, and its table counts them
        yield translations(FEWEST, option=named, count=choice.cameras[0] + stay, least=choice.cameras[1] + stay)
    cost, least = choice.cost
    if discloses_all and cost - least <= 1e-6 * max(cost, 1.0):
        yield translations(LEAST, option=named)
    elif discloses_all:
        yield translations(NEAR_LEAST, option=named, gap=round(100.0 * (cost - least) / cost, 2))
    blank = round(council.figures(option)["not_mapped_m2"])
    if blank:
        yield translations(NOT_MAPPED, option=named, blank=translations.number(blank))


def hanging_in_words(
    doubts: "Doubts", translations: Translations, part: Called = str, camera: Called = str, field: Called = str
) -> Iterator[str]:
    """Give the parts whose share depends on an assumption, and what to find out first."""
    for each in doubts.intervals:
        shares = {"low": round(100.0 * each.low), "high": round(100.0 * each.high)}
        yield translations(
            INTERVAL, part=part(each.part_id), cameras=translations(marked(", ")).join(map(camera, each.cameras)), **shares
        )
    for first in doubts.unknown[:1]:
        yield translations(
            FIND_OUT, fields=translations(marked(", ")).join(map(field, first.fields)), camera=camera(first.camera_id)
        )


def doubled_in_words(changed: Mapping[str, Sequence[str]], translations: Translations, camera: Called = str) -> Iterator[str]:
    """Give the cameras that would stand otherwise if a weight were doubled, by weight."""
    by_weight = {name: cameras for name, cameras in changed.items() if cameras}
    for name, cameras in by_weight.items():
        named = translations(marked(", ")).join(map(camera, cameras))
        text = DOUBLED_ONE if len(cameras) == 1 else DOUBLED
        yield translations(text, weight=translations(WEIGHTS[name]), cameras=named)
    if not by_weight:
        yield translations(NOT_DOUBLED)


def last_in_words(curve: Sequence[Point], translations: Translations) -> Iterator[str]:
    """Give what the last per cent of a trade-off costs; nothing where it has no end."""
    last = last_step(curve)
    if last is not None:
        new, unasked, gain = last
        template = LAST if unasked >= 0.0 else LAST_LESS
        yield translations(template, gain=_percent(gain, translations), new=new, unasked=translations.number(abs(unasked)))


def _percent(share: float, translations: Translations) -> str:
    """Return a share in per cent with the decimal mark of the language."""
    return f"{round(100.0 * share, 1)}".replace(".", translations(marked(".")))
