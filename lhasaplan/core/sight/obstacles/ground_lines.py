"""Where lines from a lens meet the ground, and how far it shows the ground at a density, for many directions at once."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from collections.abc import Sequence

import numpy as np

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.compiled.compilation import inner, kernel
from lhasaplan.core.sight.compiled.lens_sets import lens_set, sharpest_px_m
from lhasaplan.core.sight.lens.density_limits import lens_sets
from lhasaplan.core.sight.lens.frustum import NEAREST_M, optics_of
from lhasaplan.core.sight.lens.view_columns import columns_of
from lhasaplan.core.sight.obstacles.relief import Relief
from lhasaplan.core.sight.obstacles.relief_lines import ground_share, sample

STEPS = 160  # along a direction, to find where a density ends


def meet_ground(relief: Relief, lens: FloatArray, along: FloatArray) -> FloatArray:
    """Return how far along the level each line meets the ground, metres; twice its reach if it does not.

    Parameters
    ----------
    lens : shape (n, 4); x, y, height above the datum, reach.   along : shape (n, 3); east, north, down for each level metre.
    """
    away = np.empty(len(lens))
    _meet_ground(relief, lens, along, away)
    return away


@kernel
def _meet_ground(relief: Relief, lens: FloatArray, along: FloatArray, away: FloatArray) -> None:
    """Write how far away each line meets the ground."""
    for i in range(len(lens)):
        x, y, z, reach = lens[i, 0], lens[i, 1], lens[i, 2], lens[i, 3]
        end_x, end_y, end_z = x + along[i, 0] * reach, y + along[i, 1] * reach, z - along[i, 2] * reach
        away[i] = ground_share(relief, x, y, z, end_x, end_y, end_z) * reach


def reach_at_densities(
    view: View, relief: Relief, target_height_m: float, limits: Sequence[float], offsets_deg: FloatArray
) -> FloatArray:
    """Return, per direction off the axis, where targets first fall below each of ascending densities, shape (n, limits).

    Twice the range if nowhere.
    """
    if not view.is_one_lens:
        return _set_reach(view, relief, target_height_m, limits, offsets_deg)
    optics = optics_of([view])
    bearing = np.radians(view.azimuth_deg + offsets_deg)
    aside = np.radians(np.maximum(0.0, np.abs(offsets_deg) - view.swing_deg))
    depth = optics.focal_px[0] / np.array(limits)
    reach = np.empty((len(offsets_deg), len(depth)))
    lens = np.array([view.x_m, view.y_m, view.lens_z_m - target_height_m, view.range_m])
    tilt = np.radians([view.tilt_deg, view.tilt_swing_deg])
    _reach_at_depths(relief, lens, bearing, np.cos(aside), tilt, bool(optics.is_equidistant[0]), depth, reach)
    return reach


def _set_reach(
    view: View, relief: Relief, target_height_m: float, limits: Sequence[float], offsets_deg: FloatArray
) -> FloatArray:
    """Return the same for a set of lenses: where targets last have the highest density that the set allows."""
    table = lens_sets(columns_of([view]))
    lens = np.array([view.x_m, view.y_m, view.lens_z_m - target_height_m, view.range_m])
    reach = np.empty((len(offsets_deg), len(limits)))
    _reach_at_highest(relief, lens, np.radians(offsets_deg), math.radians(view.azimuth_deg), table, np.array(limits), reach)
    return reach


@kernel
def _reach_at_highest(
    relief: Relief, lens: FloatArray, offset: FloatArray, azimuth: float, table: FloatArray, limits: FloatArray, reach: FloatArray
) -> None:
    """Write how far away in each direction targets last have each of ascending densities; a step more than that."""
    step = lens[3] / STEPS
    for i in range(len(offset)):
        ahead, aside = math.cos(offset[i]), abs(math.sin(offset[i]))
        east, north, open_limits = math.sin(azimuth + offset[i]), math.cos(azimuth + offset[i]), 0
        for k in range(len(limits)):
            reach[i, k] = 0.0
        for k in range(STEPS, -1, -1):
            r = k * step
            drop = lens[2] - sample(relief, lens[0] + r * east, lens[1] + r * north)
            here = sharpest_px_m(lens_set(table, 0), r * ahead, r * aside, drop)
            while open_limits < len(limits) and here >= limits[open_limits]:
                reach[i, open_limits] = 2.0 * lens[3] if k == STEPS else r + step
                open_limits += 1
            if open_limits == len(limits):
                break


@inner
def _depth(ground: float, drop: float, cos_aside: float, tilt: FloatArray, is_equidistant: bool) -> float:
    """Return ``frustum.depth_m`` of one target."""
    if is_equidistant:
        return max(NEAREST_M, math.sqrt(ground * ground + drop * drop))
    down = tilt[0] if tilt[1] == 0.0 else min(max(math.atan2(drop, ground), tilt[0] - tilt[1]), tilt[0] + tilt[1])
    return max(NEAREST_M, ground * cos_aside * math.cos(down) + drop * math.sin(down))


@kernel
def _reach_at_depths(
    relief: Relief,
    lens: FloatArray,
    bearing: FloatArray,
    cos_aside: FloatArray,
    tilt: FloatArray,
    is_equidistant: bool,
    depth: FloatArray,
    reach: FloatArray,
) -> None:
    """Write how far away in each direction targets first lie deeper than each of descending depths."""
    step = lens[3] / STEPS
    for i in range(len(bearing)):
        east, north, open_limits, before = math.sin(bearing[i]), math.cos(bearing[i]), len(depth), 0.0
        for k in range(len(depth)):
            reach[i, k] = 2.0 * lens[3]
        for k in range(STEPS + 1):
            r = k * step
            drop = lens[2] - sample(relief, lens[0] + r * east, lens[1] + r * north)
            here = _depth(r, drop, cos_aside[i], tilt, is_equidistant)
            while open_limits > 0 and here > depth[open_limits - 1]:
                open_limits -= 1
                share = (depth[open_limits] - before) / max(here - before, 1e-12)
                reach[i, open_limits] = r - (1.0 - share) * step if k > 0 else 0.0
            if open_limits == 0:
                break
            before = here
