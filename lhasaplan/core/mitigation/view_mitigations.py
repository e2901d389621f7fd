"""Mitigations of views of protected places: each evaluated before it is offered, and ranked."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.changes.camera_change import changed, masked
from lhasaplan.core.context.audit_context import ViewTable
from lhasaplan.core.exposure.grading import CLASSES, Key, opens
from lhasaplan.core.exposure.seen_walls import SeenWalls
from lhasaplan.core.exposure.sightings import azimuth_deg, padded
from lhasaplan.core.mitigation.trial_changes import MASK_PADS_DEG, MOST_ROUNDS, OPTIONS, Round, Subject, attempts_of
from lhasaplan.core.mitigation.tried_changes import STEP, MitigationJudge, Outcome, Trial
from lhasaplan.core.model.camera import Camera, Placed, Status, View
from lhasaplan.core.model.optics import LensClass, focal_length_px
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import GRAVE, ChangeFigures, Mitigation, MitigationAction, SightingBasis, end_of_need, removal
from lhasaplan.core.sight.lens.true_picture import are_between_edges
from lhasaplan.core.site.camera_placing import FREE_SWING_DEG

# Bearings of protected walls in plain view all round a camera: a turn that brings one into the picture is no mitigation.

SURE = 1.001  # a density is surely at a limit when it is so much above it
HALF_HEIGHT_M = 0.06  # around the middle of a piece; a little more than half of what must be in view


def unavoidable_bearings(
    keys: Iterable[Key], placed: Sequence[Placed], judge: MitigationJudge, progress: Progress = no_progress
) -> dict[Key, FloatArray]:
    """Return, for each grave view, pairs of grid bearings, clockwise, of what would be graded if it all came into the picture.

    Metres of one wall that are long enough, seen all round by the same lens at the same height and tilt, at a density that they
    keep at the edge of the picture. Nothing is reported of cameras with masks, which turn with the lens or do not, and of lenses
    that are not rectilinear: their turns are tried out.
    """
    wanted = set(keys)
    cameras = sorted({camera for camera, _, _ in wanted if _is_plain(placed[camera].views[0])})
    views = tuple(replace(placed[c].views[0], swing_deg=FREE_SWING_DEG) for c in cameras)
    if not views:
        return {}
    view_table = ViewTable(views, np.arange(len(views)), np.zeros(len(views)))
    seen = judge.look(replace(judge.context, view_table=view_table), progress)
    seen = seen.where(opens(seen.look, seen.wall, seen.column))
    seen = seen.where(_is_sure(seen, views, judge))
    number, pairs = _long_enough(seen, views, judge.context.thresholds.frontage_m)
    kinds = len(CLASSES)
    view = seen.camera[number] * kinds + seen.walls.class_numbers[seen.place[number]]
    order = np.argsort(view, kind="stable")
    values, first = np.unique(view[order], return_index=True)
    bearings = zip(values.tolist(), np.split(pairs[order], first[1:]), strict=False)  # without any view there is one empty part
    found = {(cameras[value // kinds], CLASSES[value % kinds], SightingBasis.RECORDED): some for value, some in bearings}
    return {key: some for key, some in found.items() if key in wanted}


def _is_plain(view: View) -> bool:
    """Say whether the bearings at which a lens shows a place follow from its angle alone."""
    return view.lens_class is LensClass.RECTILINEAR and not view.mask_px and not view.mask_sector_deg and view.swing_deg == 0.0


def _long_enough(seen: SeenWalls, views: Sequence[View], frontage_m: float) -> tuple[IntArray, FloatArray]:
    """Return pieces at which enough metres of one wall begin, and the bearings that these metres lie between, shape (n, 2)."""
    if not len(seen):
        return np.zeros(0, np.int64), np.zeros((0, 2))
    length = seen.length_m
    is_other = opens(seen.look, seen.wall)
    run = np.cumsum(is_other) - 1
    before = np.r_[0.0, np.cumsum(length)]
    last_of_run = np.append(np.flatnonzero(is_other)[1:] - 1, len(seen) - 1)[run]
    # The first piece from here on with which the metres are enough.
    end = np.searchsorted(before, before[:-1] + frontage_m - 1e-9) - 1
    first = np.flatnonzero(end <= last_of_run)
    lens = np.array([(view.x_m, view.y_m) for view in views])[seen.camera[first]]
    ends = seen.ends_m()
    a, b = ends[first, 0] - lens, ends[end[first], 1] - lens
    start, stop = azimuth_deg(a[:, 0], a[:, 1]), azimuth_deg(b[:, 0], b[:, 1])
    return first, np.column_stack((start, stop))  # met from its outer side, a wall with the building on its left runs clockwise


def _is_sure(seen: SeenWalls, views: Sequence[View], judge: MitigationJudge) -> BoolArray:
    """Tell which pieces count wherever in the picture they lie: a point's depth is never more than its distance."""
    lens = np.array([(view.x_m, view.y_m, view.lens_z_m) for view in views]).reshape(-1, 3)[seen.camera]
    focal_px = np.array([focal_length_px(view.width_px, view.hfov_deg, view.lens_class) for view in views])[seen.camera]
    corner = seen.corners_m() - lens[:, None, :]
    away_m = np.linalg.norm(corner, axis=2).max(axis=1)
    is_sharp = focal_px >= judge.context.thresholds.note_px_m * SURE * away_m
    return np.asarray(is_sharp & _are_upright(seen, corner, views), bool)


def _are_upright(seen: SeenWalls, corner_m: FloatArray, views: Sequence[View]) -> BoolArray:
    """Tell which pieces neither the upper nor the lower edge of the picture would leave out beside its middle."""
    first = np.searchsorted(seen.camera, np.arange(len(views) + 1))  # pieces are in order of cameras
    found = np.full(len(seen), True)
    for view, a, b in zip(views, first.tolist(), first[1:].tolist(), strict=False):
        for end in (slice(0, 2), slice(2, 4)):
            some = corner_m[a:b, end]
            away, middle = np.hypot(some[:, 0, 0], some[:, 0, 1]), -some[:, :, 2].mean(axis=1)
            for drop in (middle - HALF_HEIGHT_M, middle + HALF_HEIGHT_M):
                found[a:b] &= are_between_edges(view, away, drop)
    return found


NEARLY_ALL = 0.05  # a mask that leaves less of the seen ground than this leaves no camera worth keeping


def apply_mitigation(camera: Camera, mitigation: Mitigation) -> Camera:
    """Return the camera, as it was when the mitigation was found, as the mitigation leaves it.

    A question to the controller is applied by its mask, a pan-tilt camera fixed at its home view is a fixed one, and hours are
    kept when the record says that it is off during assemblies. A mitigation that is only named leaves the camera as it is.
    """
    return changed(camera, mitigation.changes)


def mitigation_sightings(
    sightings: Mapping[Key, Sighting], placed: Sequence[Placed], judge: MitigationJudge, progress: Progress = no_progress
) -> dict[Key, Sighting]:
    """Return the sightings with their mitigations: due and error ones tried out, assumed ones as a question with its mask."""
    urgent = {key: each for key, each in sightings.items() if must_be_tried(each)}
    mitigations = _tried_mitigations(urgent, placed, judge, progress)
    mitigations |= {
        key: question(each, placed[key[0]])
        for key, each in sightings.items()
        if not each.is_recorded and each.cls is not ProtectedClass.USE_UNKNOWN
    }
    return {
        key: replace_kept(each, mitigation=mitigations[key]) if key in mitigations else each for key, each in sightings.items()
    }


def must_be_tried(sighting: Sighting) -> bool:
    """Tell whether mitigations are tried out: a certain view that is due or severe."""
    return sighting.is_recorded and sighting.grade in GRAVE


def question(sighting: Sighting, placed: Placed) -> Mitigation:
    """Return the question that must be answered first, with the mask that would end the view whatever the answer."""
    sectors = padded(sighting.sector_deg, MASK_PADS_DEG[0])
    asked = ChangeFigures(questions=placed.questions)
    action = MitigationAction.STATE if placed.camera.status is Status.PLANNED else MitigationAction.ASK
    return Mitigation(action, sectors, asked, masked(placed.camera, sectors_deg=sectors))


@dataclass(frozen=True, slots=True)
class _Option:
    mitigation: Mitigation
    outcome: Outcome


Options = Mapping[str, _Option]
Plan = tuple[Key, str]  # a view, and the option that is tried on it


def _tried_mitigations(
    urgent: Mapping[Key, Sighting], placed: Sequence[Placed], judge: MitigationJudge, progress: Progress
) -> dict[Key, Mitigation]:
    """Return the best mitigation of each grave view, with the others that were found beside it."""
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
    plans: Mapping[Plan, Iterator[Round]], placed: Sequence[Placed], judge: MitigationJudge, progress: Progress
) -> dict[Plan, _Option]:
    """Return, for each view and option, the first remedy of its rounds that ends it and makes nothing else worse."""
    ended: dict[Plan, _Option] = {}
    for number in range(MOST_ROUNDS):
        step = part_of(progress, number / MOST_ROUNDS, (number + 1) / MOST_ROUNDS)
        todo = [
            (plan, Trial(plan[0], mitigation, apply_mitigation(placed[plan[0][0]].camera, mitigation)))
            for plan, mitigations in _next_round(plans, ended, step)
            for mitigation in mitigations
        ]
        outcomes = judge.judge([trial for _, trial in todo], step) if todo else []
        for (plan, trial), outcome in zip(todo, outcomes, strict=True):
            if outcome.ends_it and plan not in ended:
                ended[plan] = _Option(trial.mitigation, outcome)
    return ended


def _next_round(
    plans: Mapping[Plan, Iterator[Round]], ended: Collection[Plan], progress: Progress
) -> Iterator[tuple[Plan, Round]]:
    """Give the next round of each plan that has not ended its view yet."""
    for plan, rounds in plans.items():
        if plan not in ended:
            progress(0.0, STEP)
            yield plan, next(rounds, ())


def _choose(key: Key, options: Options, judge: MitigationJudge) -> Mitigation:
    """Return the best mitigation with the others beside it, ranked in the order of docs/glossary.md.

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


def _ranked(options: Options, best: _Option | None, camera: Camera) -> tuple[Mitigation, ...]:
    """Return what else would end the view, in the order of docs/glossary.md; what cannot be tried out is only named."""
    gone = [removal(camera)] if best is not None else []
    tried = [_with_figures(option) for option in options.values() if option is not best]
    listed = [(end_of_need(camera), False), *((each, True) for each in gone), (Mitigation(MitigationAction.MOVE), False)]
    listed += [(each, True) for each in tried]
    return tuple(replace(mitigation, rank=rank, is_verified=tested) for rank, (mitigation, tested) in enumerate(listed, start=1))


def _with_figures(option: _Option) -> Mitigation:
    outcome, known = option.outcome, option.mitigation.figures
    duty = None if outcome.duty_left is None else round(100.0 * outcome.duty_left)
    figures = replace(known, area_left_percent=round(100.0 * outcome.area_left), duty_left_percent=duty)
    return replace(option.mitigation, figures=figures)
