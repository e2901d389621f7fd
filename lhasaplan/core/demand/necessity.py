"""What each camera costs and is needed for, and which could go or take a smaller picture without any part falling."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.covering.problem import Covering, incidence_of
from lhasaplan.core.demand.columns import Needs, at_least, count_views, seen, served
from lhasaplan.core.model.camera import Camera, Status, View
from lhasaplan.core.model.place import Part
from lhasaplan.core.results.assessment import CameraLoss, CameraResult, Necessity, Sighting
from lhasaplan.core.results.finding import GRAVE, Draft, Mitigation, Severity, coarser_picture

if TYPE_CHECKING:  # an audit chooses no cameras, and the solver takes a while to load
    from lhasaplan.core.covering.set_cover import Effort

# Cameras that could go, or take a smaller picture, without any part's verdict or share falling.

# Cameras that show all they serve far more sharply than it is needed: a smaller picture would serve the same.
KIND = "sharper_than_needed"


def on_sharpness(density_px_m: sparse.csr_array, needs: Needs, results: Sequence[CameraResult], times: float) -> Iterator[Draft]:
    """Give one finding per camera whose every point of a part is seen at ``times`` what it needs, or better.

    A point that is seen, but not as sharply as it needs, counts by the density at which it is called seen: no verdict may
    fall by the smaller picture.

    Parameters
    ----------
    density_px_m : csr_array, shape (D, C); planned cameras too, trees in leaf.
    """
    entries = sparse.coo_array(density_px_m)
    needed, seen = needs.needed_px_m[entries.row], needs.seen_px_m[entries.row]
    asked = np.where(entries.data >= needed, needed, seen)
    shown = entries.data >= asked
    data, asked, column = entries.data[shown], asked[shown], entries.col[shown]
    order = np.lexsort((data / asked, column))
    camera, first = np.unique(column[order], return_index=True)
    for c, row in zip(camera.tolist(), order[first].tolist(), strict=True):
        if data[row] / asked[row] >= times and results[c].parts_served:
            yield _draft(results[c], float(data[row]), float(asked[row]))


def _draft(result: CameraResult, density_px_m: float, needed_px_m: float) -> Draft:
    camera, times = result.placed.camera, density_px_m / needed_px_m
    return Draft(
        KIND,
        Severity.NOTE,
        camera.camera_id,
        measured=density_px_m,
        required=needed_px_m,
        unit="px/m",
        mitigation=None
        if camera.mask_px
        else smaller_picture(camera, result.placed.views[0], times),  # masks are drawn in its pixels
        geometry=shapely.Point(camera.x_m, camera.y_m),
        params=(("density", f"{density_px_m:.0f}"), ("needed_px_m", f"{needed_px_m:g}"), ("times", f"{times:.1f}")),
    )


def smaller_picture(camera: Camera, view: View, times: float) -> Mitigation | None:
    """Return the smallest picture of the same shape that is no coarser than allowed; None where that is the picture itself.

    1920 x 1080 pixels are 120 times 16 x 9: for 2.737 times the need 44 of these 16 are the least that is 701.5 or more.
    """
    step = math.gcd(view.width_px, view.height_px)
    kept = math.ceil(step / times - 1e-9)
    if kept >= step:
        return None
    width, height = (size // step * kept for size in (view.width_px, view.height_px))
    return coarser_picture(camera, width, height)


# Find the cameras that could go without any part's verdict or share falling: each alone, and the most that can go together.
def removable(density_px_m: sparse.csr_array, needs: Needs) -> BoolArray:
    """Tell, for each camera alone, whether no part's share served or seen falls without it; shape (C,).

    A verdict is read from the two shares, so it falls only where one of them does. Two cameras that are both
    removable may need each other: after one has gone, ask again.
    """
    is_served = _needed_by_some_point(density_px_m, needs.needed_px_m, needs.min_views)
    is_seen = _needed_by_some_point(density_px_m, needs.seen_px_m, np.ones_like(needs.min_views))
    return np.asarray(~(is_served | is_seen), bool)


def _needed_by_some_point(density_px_m: sparse.csr_array, least_px_m: np.ndarray, min_views: np.ndarray) -> BoolArray:
    """Tell which cameras show a point that has exactly as many views as it needs."""
    barely = count_views(density_px_m, least_px_m) == min_views
    entries = sparse.coo_array(density_px_m)
    critical = (entries.data >= least_px_m[entries.row]) & barely[entries.row]
    return np.asarray(np.bincount(entries.col[critical], minlength=entries.shape[1]) > 0, bool)


@dataclass(frozen=True, eq=False, slots=True)
class RemovableSet:
    """Cameras that can go at once with no part losing; no set of more than ``at_most`` cameras can."""

    cameras: IntArray
    at_most: int


def largest_removable_set(
    density_px_m: sparse.csr_array,
    needs: Needs,
    effort: "Effort | None" = None,
    progress: Progress = no_progress,
    may_go: BoolArray | None = None,
) -> RemovableSet:
    """Return the most cameras that can go together so that no part's share served or seen falls.

    The cameras that stay are a least set multi-cover: of each point that is served as many as it asks for (``min_views``; what
    stands beyond that is spare, what is asked for is not), of each point that is seen one.

    Parameters
    ----------
    may_go : shape (C,); cameras that are asked about, all if not given; the others stay.
    """
    from lhasaplan.core.covering.set_cover import USUAL, cover  # noqa: PLC0415 - see above

    problem = staying(density_px_m, needs)
    if may_go is not None and not may_go.all():
        # What cameras that may go must cover beside those that stay anyway.
        left = np.maximum(problem.need - problem.incidence.counts(~may_go), 0)
        kept = sparse.csc_array(problem.incidence.matrix() * may_go[None, :].astype(float))
        problem = Covering(incidence_of(kept), problem.cost, np.asarray(left, np.int64))
    answer = cover(problem, effort or USUAL, progress=progress)
    goes = ~answer.is_chosen if may_go is None else ~answer.is_chosen & may_go
    asked = len(goes) if may_go is None else int(may_go.sum())
    return RemovableSet(np.flatnonzero(goes), asked - int(np.ceil(answer.bound - 1e-6)))


def staying(density_px_m: sparse.csr_array, needs: Needs) -> Covering:
    """Return what cameras that stay must cover: rows are points served, then points seen; columns are cameras."""
    need = np.concatenate([np.where(served(density_px_m, needs), needs.min_views, 0), seen(density_px_m, needs).astype(np.int64)])
    shown = [at_least(density_px_m, least) for least in (needs.needed_px_m, needs.seen_px_m)]
    matrix = incidence_of(sparse.vstack(shown, format="csr"))
    return Covering(matrix, np.ones(density_px_m.shape[1]), np.asarray(need, np.int64))


# What each camera costs and what it is needed for: shares, places by grade, what would be lost, who is milder.


# How many protected places are in view of a camera, by class and grade.
def places_by_class(sightings: Sequence[Sighting]) -> Mapping[str, Mapping[str, int]]:
    """Return how many protected places are in view of one camera, by class and grade."""
    table: dict[str, dict[str, int]] = {}
    for sighting in sightings:
        row = table.setdefault(str(sighting.cls), dict.fromkeys(map(str, Severity), 0))
        for grade, number in sighting.places_by_grade.items():
            row[grade] = max(row[grade], number)  # a pan-tilt sees a place by its home view and in its sweep
    return table


def with_necessity(results: Sequence[CameraResult], losses: Sequence[tuple[CameraLoss, ...]] | None) -> tuple[CameraResult, ...]:
    """Return the results with their figures.

    Parameters
    ----------
    losses : for each camera, from :func:`losses_of`; None outside the gate.
    """
    milder = milder_cameras(results)
    return tuple(
        replace_kept(
            result,
            necessity=Necessity(
                unasked_share=_share(result.unasked_m2, result.area_m2),
                night_share=_share(result.night_m2, result.area_m2),
                protected_in_view=places_by_class(result.sightings),
                lost_without=losses[c] if losses is not None and result.placed.certain else None,
                milder_camera=milder[c] if losses is not None and not losses[c] else "",
            ),
        )
        for c, result in enumerate(results)
    )


def _share(part_m2: float | None, whole_m2: float) -> float | None:
    return part_m2 / whole_m2 if part_m2 is not None and whole_m2 > 0.0 else None


def losses_of(
    before: sparse.csr_array, after: sparse.csr_array, needs: Needs, parts: Sequence[Part], statuses: Sequence[Status]
) -> tuple[tuple[CameraLoss, ...], ...]:
    """Return what each part would lose without each single camera; a planned one is taken from the plan.

    Parameters
    ----------
    before, after : csr_array, shape (D, C); without and with planned cameras.
    statuses : length C.
    """
    tables = [
        (
            _lost_shares(matrix, needs, needs.needed_px_m, needs.min_views),
            _lost_shares(matrix, needs, needs.seen_px_m, np.ones_like(needs.min_views)),
        )
        for matrix in (before, after)
    ]
    return tuple(_losses(c, *tables[status is Status.PLANNED], parts) for c, status in enumerate(statuses))


def _losses(camera: int, served: sparse.csr_array, seen: sparse.csr_array, parts: Sequence[Part]) -> tuple[CameraLoss, ...]:
    lost_served, lost_seen = served[[camera]].toarray()[0], seen[[camera]].toarray()[0]
    return tuple(
        CameraLoss(parts[p].part_id, float(lost_served[p]), float(lost_seen[p]))
        for p in np.flatnonzero((lost_served > 0) | (lost_seen > 0)).tolist()
    )


def _lost_shares(matrix: sparse.csr_array, needs: Needs, least_px_m: FloatArray, min_views: IntArray) -> sparse.csr_array:
    """Return, by camera and part, the share of points that have exactly as many views as they need, this one among them."""
    barely = count_views(matrix, least_px_m) == min_views
    entries = sparse.coo_array(matrix)
    critical = (entries.data >= least_px_m[entries.row]) & barely[entries.row]
    point, camera = entries.row[critical], entries.col[critical]
    weight = needs.weight[point] / np.maximum(needs.total[needs.part[point]], 1e-12)
    shape = (matrix.shape[1], len(needs.total))
    return sparse.coo_array((weight, (camera, needs.part[point])), shape=shape).tocsr()


def milder_cameras(results: Sequence[CameraResult]) -> list[str]:
    """Return, for each camera, the least intrusive other one that operates and serves all the same parts, empty if none."""
    serving: dict[str, set[int]] = {}
    for c, result in enumerate(results):
        if result.placed.camera.status is Status.OPERATING:
            for part in result.parts_served:
                serving.setdefault(part, set()).add(c)
    return [_milder(c, results, serving) for c in range(len(results))]


def _milder(camera: int, results: Sequence[CameraResult], serving: Mapping[str, set[int]]) -> str:
    parts = results[camera].parts_served
    if not parts:
        return ""
    others = set.intersection(*(serving.get(part, set()) for part in parts)) - {camera}
    best = min(others, key=lambda c: _intrusion(results[c]), default=camera)
    return results[best].placed.camera.camera_id if _intrusion(results[best]) < _intrusion(results[camera]) else ""


def _intrusion(result: CameraResult) -> tuple[int, float]:
    """Return the protected places seen at a grade that must be remedied, and the unasked ground."""
    grave = sum(row[str(grade)] for row in places_by_class(result.sightings).values() for grade in GRAVE)
    return grave, round(result.judged_m2, 1)
