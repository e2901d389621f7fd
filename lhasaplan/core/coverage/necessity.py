"""What each camera costs and what it is needed for: shares, places by grade, what would be lost, who is milder."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.coverage.part_shares import Needs, count_views
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.place import Part
from lhasaplan.core.results.assessment import CameraLoss, CameraResult, Necessity, Sighting
from lhasaplan.core.results.finding import GRAVE, Severity

# How many protected places are in view of a camera, by class and grade.


def places_in_view(result: CameraResult) -> Mapping[str, Mapping[str, int]]:
    """Return how many protected places the camera can see, by class and grade; a possible view at its graver end."""
    return places_by_class(result.sightings)


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
                protected_in_view=places_in_view(result),
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
    grave = sum(row[str(grade)] for row in places_in_view(result).values() for grade in GRAVE)
    return grave, round(result.judged_m2, 1)
