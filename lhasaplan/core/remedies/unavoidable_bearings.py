"""Bearings of protected surfaces in plain view all round a camera: a turn that brings one into the picture is no cure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.audit_context import ViewTable
from lhasaplan.core.exposure.azimuth_sectors import azimuth_deg
from lhasaplan.core.exposure.grading import Key, class_numbers, group_numbers, key_of
from lhasaplan.core.exposure.sample_hits import SampleHits
from lhasaplan.core.model.camera import Placed, View
from lhasaplan.core.model.optics import LensClass, focal_length_px
from lhasaplan.core.model.protected_place import ProtectedSamples
from lhasaplan.core.remedies.cure_trials import CureJudge
from lhasaplan.core.sight.lens.true_picture import are_between_edges
from lhasaplan.core.site.camera_placing import FREE_SWING_DEG

SURE = 1.001  # a density is surely at a limit when it is so much above it


def unavoidable_bearings(
    keys: Iterable[Key], placed: Sequence[Placed], judge: CureJudge, progress: Progress = no_progress
) -> dict[Key, FloatArray]:
    """Return, for each grave view, the grid bearings of what would still be graded if it came into the picture; ascending.

    One stretch of frontage that is long enough, seen all round by the same lens at the same height and tilt, at a density that
    it keeps at the edge of the picture. Nothing is told of cameras with masks, which turn with the lens or do not, and of lenses
    that are not rectilinear: their turns are tried out.
    """
    cameras = sorted({camera for camera, _, _ in keys if _is_plain(placed[camera].views[0])})
    views = tuple(replace(placed[c].views[0], swing_deg=FREE_SWING_DEG) for c in cameras)
    view_table = ViewTable(views, np.arange(len(views)), np.zeros(len(views)))
    hits, samples = judge.hits(replace(judge.context, view_table=view_table), progress)
    hits = hits.where(_is_sure(hits, samples, views, judge))
    lens = np.array([(view.x_m, view.y_m) for view in views]).reshape(-1, 2)[hits.camera]
    at = samples.xyz_m[hits.sample, :2]
    bearing = azimuth_deg(at[:, 0] - lens[:, 0], at[:, 1] - lens[:, 1])
    number = group_numbers(hits.camera, class_numbers(samples)[samples.place[hits.sample]], hits.case)
    order = np.lexsort((bearing, number))
    values, start = np.unique(number[order], return_index=True)
    told = (
        zip((key_of(value) for value in values.tolist()), np.split(bearing[order], start[1:]), strict=True) if len(values) else ()
    )
    return {(cameras[view], cls, basis): bearings for (view, cls, basis), bearings in told}


def _is_plain(view: View) -> bool:
    return view.lens_class is LensClass.RECTILINEAR and not view.mask_px and not view.mask_sector_deg and view.swing_deg == 0.0


def _is_sure(hits: SampleHits, samples: ProtectedSamples, views: Sequence[View], judge: CureJudge) -> BoolArray:
    """Tell which hits count wherever in the picture they lie: a point's depth is never more than its distance."""
    lens = np.array([(view.x_m, view.y_m, view.lens_z_m) for view in views]).reshape(-1, 3)[hits.camera]
    focal_px = np.array([focal_length_px(view.width_px, view.hfov_deg, view.lens_class) for view in views])[hits.camera]
    away_m = np.linalg.norm(samples.xyz_m[hits.sample] - lens, axis=1)
    limits = judge.context.thresholds
    is_long = (samples.length_m[hits.sample] >= limits.frontage_m) & _are_upright(hits, samples, views)
    return np.asarray(is_long & (focal_px >= limits.note_px_m * SURE * away_m), bool)


def _are_upright(hits: SampleHits, samples: ProtectedSamples, views: Sequence[View]) -> BoolArray:
    """Tell which hits neither the upper nor the lower edge of the picture would leave out beside its middle."""
    offset = samples.xyz_m[hits.sample] - np.array([(v.x_m, v.y_m, v.lens_z_m) for v in views]).reshape(-1, 3)[hits.camera]
    away_m, drop_m = np.hypot(offset[:, 0], offset[:, 1]), -offset[:, 2]
    first = np.searchsorted(hits.camera, np.arange(len(views) + 1))  # hits are in order of cameras
    found = [are_between_edges(view, away_m[a:b], drop_m[a:b]) for view, a, b in zip(views, first, first[1:], strict=False)]
    return np.concatenate([*found, np.zeros(0, bool)])
