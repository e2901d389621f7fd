"""Cures of views of protected places: each evaluated before it is offered, and ranked."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.changes.camera_changes import changed, masked
from lhasaplan.core.exposure.azimuth_sectors import padded
from lhasaplan.core.exposure.grading import Key
from lhasaplan.core.model.camera import Basis, Camera, Placed
from lhasaplan.core.model.protected_place import ProtectedClass
from lhasaplan.core.remedies.cure_trials import STEP, CureJudge, Outcome, Trial
from lhasaplan.core.remedies.trial_changes import MASK_PADS_DEG, MOST_ROUNDS, OPTIONS, Round, Subject, attempts_of
from lhasaplan.core.remedies.unavoidable_bearings import unavoidable_bearings
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import GRAVE, Cure, CureAction, CureFigures
from lhasaplan.core.results.usual_cures import end_of_need, removal

NEARLY_ALL = 0.05  # a mask that leaves less of the seen ground than this leaves no camera worth keeping


def apply_cure(camera: Camera, cure: Cure) -> Camera:
    """Return the camera, as it was when the cure was found, as the cure leaves it.

    A question to the controller is applied by its mask, a pan-tilt camera fixed at its home view is a fixed one, and hours are
    kept when the record says that it is off during assemblies. A cure that is only named leaves the camera as it is.
    """
    return changed(camera, cure.changes)


def cure_sightings(
    sightings: Mapping[Key, Sighting], placed: Sequence[Placed], judge: CureJudge, progress: Progress = no_progress
) -> dict[Key, Sighting]:
    """Return the sightings with their cures: due and error ones tried out, assumed ones as a question with its mask."""
    urgent = {key: each for key, each in sightings.items() if must_be_tried(each)}
    cures = _tried_cures(urgent, placed, judge, progress)
    cures |= {key: question(each, placed[key[0]]) for key, each in sightings.items() if _asks(each)}
    return {key: replace(each, cure=cures[key]) if key in cures else each for key, each in sightings.items()}


def must_be_tried(sighting: Sighting) -> bool:
    """Tell whether cures are tried out: a certain view that is due or an error."""
    return sighting.is_recorded and sighting.grade in GRAVE


def _asks(sighting: Sighting) -> bool:
    return not sighting.is_recorded and sighting.cls is not ProtectedClass.USE_UNKNOWN


def question(sighting: Sighting, placed: Placed) -> Cure:
    """Return the question that must be answered first, with the mask that would end the view whatever the answer."""
    sectors = padded(sighting.sector_deg, MASK_PADS_DEG[0])
    asked = CureFigures(questions=questions_of(placed))
    return Cure(CureAction.ASK, sectors, asked, masked(placed.camera, sectors_deg=sectors))


def questions_of(placed: Placed) -> tuple[str, ...]:
    """Return the camera fields to ask the controller for before a possible view can be judged."""
    sweep = ("sweep",) if any(view.basis is Basis.SWEEP for view in placed.views) else ()
    return (*placed.assumed, *sweep, "mask") if placed.assumed or sweep else ()


@dataclass(frozen=True, slots=True)
class _Option:
    cure: Cure
    outcome: Outcome


Options = Mapping[str, _Option]
Plan = tuple[Key, str]  # a view, and the option that is tried on it


def _tried_cures(
    urgent: Mapping[Key, Sighting], placed: Sequence[Placed], judge: CureJudge, progress: Progress
) -> dict[Key, Cure]:
    """Return the best cure of each grave view, with the others that were found beside it."""
    plans: dict[Plan, Iterator[Round]] = {}
    around = unavoidable_bearings(urgent, placed, judge, part_of(progress, 0.0, 0.1))
    for key, sighting in urgent.items():
        bearings = around.get(key, np.zeros((0, 2)))
        subject = Subject(sighting, placed[key[0]], judge.seen[key], judge.context.thresholds, bearings)
        plans |= {(key, option): rounds for option, rounds in attempts_of(subject).items()}
    found = _first_that_ends(plans, placed, judge, part_of(progress, 0.1, 1.0))
    return {
        key: _choose(key, {option: found[key, option] for option in OPTIONS if (key, option) in found}, judge) for key in urgent
    }


def _first_that_ends(
    plans: Mapping[Plan, Iterator[Round]], placed: Sequence[Placed], judge: CureJudge, progress: Progress
) -> dict[Plan, _Option]:
    """Return, for each view and option, the first cure of its rounds that ends it and makes nothing else worse."""
    ended: dict[Plan, _Option] = {}
    for number in range(MOST_ROUNDS):
        step = part_of(progress, number / MOST_ROUNDS, (number + 1) / MOST_ROUNDS)
        todo = [
            (plan, Trial(plan[0], cure, apply_cure(placed[plan[0][0]].camera, cure)))
            for plan, cures in _next_round(plans, ended, step)
            for cure in cures
        ]
        outcomes = judge.judge([trial for _, trial in todo], step) if todo else []
        for (plan, trial), outcome in zip(todo, outcomes, strict=True):
            if outcome.ends_it and plan not in ended:
                ended[plan] = _Option(trial.cure, outcome)
    return ended


def _next_round(
    plans: Mapping[Plan, Iterator[Round]], ended: Collection[Plan], progress: Progress
) -> Iterator[tuple[Plan, Round]]:
    """Give the next round of each plan that has not ended its view yet."""
    for plan, rounds in plans.items():
        if plan not in ended:
            progress(0.0, STEP)
            yield plan, next(rounds, ())


def _choose(key: Key, options: Options, judge: CureJudge) -> Cure:
    """Return the best cure with the others beside it, ranked in the order of docs/glossary.md.

    A camera that serves no confirmed part goes. Where confirmed parts show what a change costs, the first in order that
    keeps all that the camera serves stands first, else the one that keeps most. Without parts nobody knows what a turn
    would cost: the mask stands first, unless it leaves nearly nothing.
    """
    mask = _better_mask(options)
    kept = {name: option for name, option in options.items() if name not in ("picture", "sector") or option is mask}
    best = (
        None if judge.serves_nothing(key[0]) else _keeping_most(kept, mask) if judge.tried.knows_parts else _worth_keeping(mask)
    )
    camera = judge.context.placed[key[0]].camera
    first = removal(camera) if best is None else _with_figures(best)
    return replace(first, alternatives=_ranked(options, best, camera))


def _better_mask(options: Options) -> _Option | None:
    """Return the mask that leaves more: of what the camera is for, then of the ground."""
    masks = [options[name] for name in ("sector", "picture") if name in options]
    return max(masks, key=lambda each: (each.outcome.duty_left or 0.0, round(each.outcome.area_left, 2)), default=None)


def _worth_keeping(mask: _Option | None) -> _Option | None:
    return mask if mask is not None and mask.outcome.area_left >= NEARLY_ALL else None


def _keeping_most(options: Options, mask: _Option | None) -> _Option | None:
    """Return the option that keeps most of what the camera serves, the first in order among equals; None if all is lost."""
    worth = [each for each in options.values() if each is not mask or _worth_keeping(each) is not None]
    best = max(worth, key=lambda each: min(each.outcome.duty_left or 0.0, 1.0), default=None)
    return best if best is not None and (best.outcome.duty_left or 0.0) > 0.0 else None


def _ranked(options: Options, best: _Option | None, camera: Camera) -> tuple[Cure, ...]:
    """Return what else would end the view, in the order of docs/glossary.md; what cannot be tried out is only named."""
    gone = [removal(camera)] if best is not None else []
    tried = [_with_figures(option) for option in options.values() if option is not best]
    listed = [(end_of_need(camera), False), *((each, True) for each in gone), (Cure(CureAction.MOVE), False)]
    listed += [(each, True) for each in tried]
    return tuple(replace(cure, rank=rank, is_verified=tested) for rank, (cure, tested) in enumerate(listed, start=1))


def _with_figures(option: _Option) -> Cure:
    outcome, known = option.outcome, option.cure.figures
    duty = None if outcome.duty_left is None else round(100.0 * outcome.duty_left)
    figures = replace(known, area_left_percent=round(100.0 * outcome.area_left), duty_left_percent=duty)
    return replace(option.cure, figures=figures)
