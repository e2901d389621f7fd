"""Leave out outlines that are larger than anything of their kind, each told with its size and what is likely wrong with it.

One house as large as a country would be sampled, indexed and looked at all over that country: no audit would end.
"""

import math

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.layer import Layer, take
from lhasaplan.errors import Fault, Where
from lhasaplan.io.parse.limits import load_limits

STRAY = marked(
    "this feature of {layer} would be {size} km across, where {most} km is the most: its corner {corner} lies {away} km from the "
    "others; it was left out"
)
SCALED = marked(
    "this feature of {layer} would be {size} km across, where {most} km is the most; "
    "are the coordinates of the file in millimetres? it was left out"
)
REGION = marked(
    "this feature of {layer} would be {size} km across, where {most} km is the most; if it is the outline of a region, "
    "give it as areas; it was left out"
)
NOWHERE = marked("this feature of {layer} lies {size} km from where the coordinates begin, beyond the earth; it was left out")
_EARTH_M = 40_100_000.0  # once around it
_STRAY_SHARE = 0.25  # of its corners at most lie far from the others ...
_TOGETHER = 0.1  # ... and the others within this share of the most
_MILLIMETRES, _HOUSE_M = 1000.0, 200.0


def without_vast(layer: Layer, file: str) -> tuple[Layer, tuple[Fault, ...]]:
    """Return the layer (in metres) without what is larger than its kind may be, and a remark on each such feature."""
    limits = load_limits().outline
    most_m = limits.most_m.get(layer.name, limits.other_m)
    bounds = shapely.bounds(layer.geometry)
    with np.errstate(invalid="ignore", over="ignore"):
        across_m = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
        is_off = np.abs(bounds).max(axis=1) > _EARTH_M
        is_vast = is_off | (across_m > most_m)
    if not is_vast.any():
        return layer, ()
    kept: BoolArray = ~is_vast
    return take(layer, kept), tuple(_told(layer, row, most_m, file) for row in np.flatnonzero(is_vast).tolist())


def _told(layer: Layer, row: int, most_m: float, file: str) -> Fault:
    xy, where = shapely.get_coordinates(layer.geometry[row]), Where(file, item=str(layer.ids[row]))
    size_m, far_m = float(np.hypot(*np.ptp(xy, axis=0))), float(np.abs(xy).max())
    words: dict[str, object] = {"layer": layer.name, "most": _km(most_m), "size": _km(size_m)}
    if (stray := _stray_corner(xy, most_m)) is not None:
        corner, away_m = stray
        return Fault(STRAY, where, {**words, "corner": corner + 1, "away": _km(away_m)})
    if far_m > _EARTH_M:
        return Fault(NOWHERE, where, {"layer": layer.name, "size": _km(far_m)})
    is_scaled = layer.name == "buildings" and size_m / _MILLIMETRES < _HOUSE_M
    return Fault(SCALED if is_scaled else REGION, where, words)


def _stray_corner(xy: np.ndarray, most_m: float) -> tuple[int, float] | None:
    """Return the corner that alone makes an outline so large, and how far it lies from the middle of the others."""
    with np.errstate(invalid="ignore", over="ignore"):
        away_m = np.hypot(*(xy - np.median(xy, axis=0)).T)
    far = np.flatnonzero(away_m > _TOGETHER * most_m)
    rest = np.delete(away_m, far)
    if not 0 < len(far) <= max(1.0, _STRAY_SHARE * len(xy)) or not len(rest):
        return None
    worst = int(np.argmax(away_m))
    return worst, float(away_m[worst])


def _km(metres: float) -> str:
    return f"{metres / 1000.0:,.0f}" if math.isfinite(metres) and metres >= 10_000.0 else f"{metres / 1000.0:.3g}"
