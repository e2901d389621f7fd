"""The horizon of a picture with its true bearings, in the camera's pixels."""

from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.lens.masks import pixels_of

STEP_DEG = 0.5
FEWEST_TICKS = 4
TICK_STEPS_DEG = (30.0, 10.0, 5.0, 2.0, 1.0)
FAR_M = 1e6


@dataclass(frozen=True, slots=True)
class Horizon:
    """The level of the lens as lines of pixels, and a tick with its true bearing at every few degrees."""

    lines: tuple[tuple[tuple[float, float], ...], ...]
    ticks: tuple[tuple[float, float, float], ...]  # bearing, u, v


def horizon_of(view: View, convergence_deg: float) -> Horizon:
    """Return the horizon of a view; ``convergence_deg`` is added to a bearing of the grid to have the true one."""
    bearing = view.azimuth_deg + np.arange(-180.0, 180.0 + STEP_DEG / 2.0, STEP_DEG)
    u, v, shown = _pixels(view, bearing)
    jumps = np.abs(np.diff(u, prepend=u[0])) > view.width_px / 2.0
    lines: list[list[tuple[float, float]]] = [[]]
    for across, down, keep, jump in zip(u.tolist(), v.tolist(), shown.tolist(), jumps.tolist(), strict=True):
        if lines[-1] and (jump or not keep):
            lines.append([])
        if keep:
            lines[-1].append((across, down))
    return Horizon(tuple(tuple(line) for line in lines if len(line) > 1), _ticks(view, convergence_deg))


def _ticks(view: View, convergence_deg: float) -> tuple[tuple[float, float, float], ...]:
    """Return ticks at round bearings, as many degrees apart as leave a few of them."""
    for step in TICK_STEPS_DEG:
        true = np.arange(0.0, 360.0, step)
        u, v, shown = _pixels(view, true - convergence_deg)
        if shown.sum() >= FEWEST_TICKS:
            break
    return tuple((float(b), float(x), float(y)) for b, x, y, keep in zip(true, u, v, shown, strict=True) if keep)


def _pixels(view: View, bearing_deg: FloatArray) -> tuple[FloatArray, FloatArray, "np.typing.NDArray[np.bool_]"]:
    """Return where level directions are in the picture, and whether they are."""
    along = np.radians(bearing_deg)
    u, v = pixels_of(view, np.sin(along) * FAR_M, np.cos(along) * FAR_M, np.zeros(len(along)))
    with np.errstate(invalid="ignore"):
        shown = (u >= 0.0) & (u <= view.width_px) & (v >= 0.0) & (v <= view.height_px)
    return u, v, np.asarray(shown, bool)
