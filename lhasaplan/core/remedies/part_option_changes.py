"""Candidate changes that may make an operating camera serve a part: turns, tilts, heights and lenses.

No attempt lifts a mask: pixel masks and masked sectors stay as they are, so a turn that brings what they hid into view fails.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.changes.camera_change import CameraChange
from lhasaplan.core.changes.camera_changes import Changes, changed, raised, tilted, turned, with_lens
from lhasaplan.core.model.camera import Camera, Mount, Placed, View
from lhasaplan.core.model.optics import LensClass, focal_length_px, vertical_angle_after_deg
from lhasaplan.core.results.assessment import OptionFigures
from lhasaplan.core.rules.audit_policy import ServiceRules
from lhasaplan.core.site.mounting import BELOW_EAVES_M

ACTIONS = ("turn", "raise", "lens", "new")  # in the order in which options are ranked
NEW = -1
_FULL_CIRCLE_DEG = 300.0  # beyond it turning changes next to nothing
_MOST_TILT_DEG = 85.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One camera as a change would leave it, for one part; ``placed`` is its index, -1 for a new one. ``size`` orders."""

    action: str
    part: int
    placed: int
    camera: Camera
    figures: OptionFigures
    size: float
    changes: tuple[CameraChange, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Wanted:
    """The points of a part that are not served, as one lens meets them; all arrays of shape (n,)."""

    bearing_deg: FloatArray  # from grid north
    distance_m: FloatArray


def wanted_from(view: View, xyz_m: FloatArray) -> Wanted:
    """Return where points (n, 3) lie as a view meets them."""
    dx, dy = xyz_m[:, 0] - view.x_m, xyz_m[:, 1] - view.y_m
    return Wanted(np.asarray(np.degrees(np.arctan2(dx, dy)) % 360.0), np.hypot(dx, dy))


def attempts_with(  # noqa: PLR0917 - one camera, one part, and what bounds the attempts
    index: int, placed: Placed, part: int, wanted: Wanted, roof_m: float, rules: ServiceRules
) -> Iterator[Attempt]:
    """Give every change of one recorded camera that may serve one part better.

    Parameters
    ----------
    roof_m : height of the own building's roof above its ground, infinite without one: a wall mount stays below it.
    """
    camera, view = placed.camera, placed.views[0]
    steps = chain(
        (("turn", step) for step in _turns(camera, view, wanted, rules)),
        (("turn", step) for step in _tilts(camera, view, rules)),
        (("raise", step) for step in _heights(placed, roof_m, rules)),
        (("lens", step) for step in _lenses(camera, view, rules)),
    )
    for action, (figures, size, changes) in steps:
        yield Attempt(action, part, index, changed(camera, changes), figures, size, changes)


Step = tuple[OptionFigures, float, Changes]


def _turns(camera: Camera, view: View, wanted: Wanted, rules: ServiceRules) -> Iterator[Step]:
    """Give turns that bring more of the part into the picture than it has now."""
    if camera.azimuth_deg is None or view.hfov_deg > _FULL_CIRCLE_DEG or view.swing_deg:
        return
    steps = np.array([sign * step for step in rules.turns_deg for sign in (1.0, -1.0)])
    now = _in_picture(view, wanted, np.zeros(1))[0]
    for by, shown in zip(steps.tolist(), _in_picture(view, wanted, steps).tolist(), strict=True):
        if shown > now:
            azimuth = round((camera.azimuth_deg + by) % 360.0, 2)
            yield OptionFigures(azimuth_deg=azimuth, turn_deg=by), abs(by), turned(camera, azimuth)


def _in_picture(view: View, wanted: Wanted, turns_deg: FloatArray) -> IntArray:
    """Return how many points lie in the width of the picture after each turn; walls are not asked."""
    off = wanted.bearing_deg[None, :] - view.azimuth_deg - turns_deg[:, None]
    inside = np.abs((off + 180.0) % 360.0 - 180.0) <= view.hfov_deg / 2.0
    return np.asarray((inside & (wanted.distance_m <= view.range_m)[None, :]).sum(1), np.int64)


def _tilts(camera: Camera, view: View, rules: ServiceRules) -> Iterator[Step]:
    """Give tilts either way; a fisheye that looks straight down has none."""
    if camera.tilt_deg is None or view.tilt_swing_deg or view.lens_class is not LensClass.RECTILINEAR:
        return
    for by in (sign * step for step in rules.tilts_deg for sign in (1.0, -1.0)):
        if 0.0 <= camera.tilt_deg + by <= _MOST_TILT_DEG:
            tilt = round(camera.tilt_deg + by, 2)
            yield OptionFigures(tilt_deg=tilt, tilt_by_deg=by), abs(by), tilted(camera, tilt)


def _heights(placed: Placed, roof_m: float, rules: ServiceRules) -> Iterator[Step]:
    """Give greater heights up to the limit; a lens on a facade stays below the roof, one on a roof or indoors where it is."""
    height = placed.camera.mount_height_m
    if height is None or placed.mount not in (Mount.POLE, Mount.WALL):
        return
    most = min(rules.most_height_m, roof_m - BELOW_EAVES_M) if placed.mount is Mount.WALL else rules.most_height_m
    for step in range(1, max(0, math.floor((most - height) / rules.height_step_m + 1e-9)) + 1):
        by = round(step * rules.height_step_m, 2)
        figures = OptionFigures(mount_height_m=round(height + by, 2), raise_by_m=by)
        yield figures, by, raised(placed.camera, by)


def _lenses(camera: Camera, view: View, rules: ServiceRules) -> Iterator[Step]:
    """Give narrower and wider lenses on the same picture."""
    if view.lens_class is not LensClass.RECTILINEAR:
        return
    for factor in rules.lens_factors:
        hfov = round(view.hfov_deg * factor, 1)
        if rules.least_hfov_deg <= hfov <= rules.most_hfov_deg:
            vfov = round(vertical_angle_after_deg(view.vfov_deg, view.hfov_deg, hfov), 2)
            figures = OptionFigures(hfov_deg=hfov, vfov_deg=vfov, was_hfov_deg=view.hfov_deg)
            yield figures, abs(math.log(factor)), with_lens(camera, hfov, vfov)


def reaches(view: View, needed_px_m: float, wanted: Wanted, rules: ServiceRules) -> bool:
    """Tell whether the nearest point can get the needed density from where a view is, with the narrowest lens tried."""
    if not len(wanted.distance_m) or wanted.distance_m.min() > min(rules.reach_m, view.range_m):
        return False
    if view.lens_class is not LensClass.RECTILINEAR:
        return True
    narrowest = max(rules.least_hfov_deg, view.hfov_deg * min((1.0, *rules.lens_factors)))
    focal = focal_length_px(view.width_px, narrowest, view.lens_class)
    return bool(focal / needed_px_m * math.sqrt(2.0) >= wanted.distance_m.min())
