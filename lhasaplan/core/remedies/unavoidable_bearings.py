"""Bearings of protected walls in plain view all round a camera: a turn that brings one into the picture is no cure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.audit_context import ViewTable
from lhasaplan.core.exposure.azimuth_sectors import azimuth_deg
from lhasaplan.core.exposure.grading import Key, class_numbers
from lhasaplan.core.exposure.readings import opens
from lhasaplan.core.exposure.seen_walls import SeenWalls
from lhasaplan.core.model.camera import Placed, View
from lhasaplan.core.model.optics import LensClass, focal_length_px
from lhasaplan.core.model.protected_place import ProtectedClass
from lhasaplan.core.remedies.cure_trials import CureJudge
from lhasaplan.core.results.sighting_basis import SightingBasis
from lhasaplan.core.sight.lens.true_picture import are_between_edges
from lhasaplan.core.site.camera_placing import FREE_SWING_DEG

SURE = 1.001  # a density is surely at a limit when it is so much above it
HALF_HEIGHT_M = 0.06  # around the middle of a piece; a little more than half of what must be in view


def unavoidable_bearings(
    keys: Iterable[Key], placed: Sequence[Placed], judge: CureJudge, progress: Progress = no_progress
) -> dict[Key, FloatArray]:
    """Return, for each grave view, pairs of grid bearings, clockwise, of what would be graded if it all came into the picture.

    Metres of one wall that are long enough, seen all round by the same lens at the same height and tilt, at a density that they
    keep at the edge of the picture. Nothing is told of cameras with masks, which turn with the lens or do not, and of lenses
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
    cls = class_numbers(seen.walls.places)[seen.place]
    found: dict[Key, list[FloatArray]] = {}
    for row, pair in zip(number.tolist(), pairs, strict=True):
        kind = tuple(ProtectedClass)[cls[row]]
        found.setdefault((cameras[int(seen.camera[row])], kind, SightingBasis.RECORDED), []).append(pair)
    return {key: np.array(some) for key, some in found.items() if key in wanted}


def _is_plain(view: View) -> bool:
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


def _is_sure(seen: SeenWalls, views: Sequence[View], judge: CureJudge) -> BoolArray:
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
