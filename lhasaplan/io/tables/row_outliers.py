"""Find rows that would stand among the others with a sign or an axis exchanged, and those with a zero for a coordinate."""

from collections.abc import Iterator

import numpy as np

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault
from lhasaplan.io.tables.table_rows import Table

FEWEST = 3  # rows of which a middle says where the most stand
NEAR_KM = 5.0  # around the middle of a table at least
FAR = 5.0  # times the near, from where a row is asked about
_SURE = 0.35  # share of the rows that surely stand where they should: a third may be wrong, and some lie apart
_SPREADS = 4.0  # times the distance of those from the middle that still is near it
_KM_DEG = 111.2
EXCHANGED = marked("longitude {lon}, latitude {lat} lies {km} km from the other rows; exchanged they would lie among them")
OTHER_SIGN = marked(
    "longitude {lon}, latitude {lat} lies {km} km from the other rows; "
    "as longitude {right_lon}, latitude {right_lat} it would lie among them"
)
ZERO_AXIS = marked(
    "longitude {lon}, latitude {lat} lies {km} km from the other rows; 0 seems to stand for a value that is missing"
)


def strays(table: Table, lon: FloatArray, lat: FloatArray) -> Iterator[Fault]:
    """Yield a fault for each row far from the most others that would stand among them if it were written otherwise.

    Parameters
    ----------
    lon, lat : shape (n,), degrees; NaN where a row has no position.
    """
    known = np.isfinite(lon) & np.isfinite(lat)
    if np.count_nonzero(known) < FEWEST:
        return
    middle = float(np.median(lon[known])), float(np.median(lat[known]))
    away = np.where(known, _km(lon, lat, middle), 0.0)
    near = max(NEAR_KM, _SPREADS * float(np.quantile(away[known], _SURE)))
    for index in np.flatnonzero(away > FAR * near):
        at = float(lon[index]), float(lat[index])
        params = {"lon": f"{at[0]:g}", "lat": f"{at[1]:g}", "km": round(float(away[index]))}
        where = table.where(table.rows[index])
        if 0.0 in at:
            yield Fault(ZERO_AXIS, where, params)
            continue
        if abs(at[0]) <= 90.0 and _km(at[1], at[0], middle) <= near:
            yield Fault(EXCHANGED, where, params)
            continue
        for right in ((-at[0], at[1]), (at[0], -at[1]), (-at[0], -at[1])):
            if _km(*right, middle) <= near:
                yield Fault(OTHER_SIGN, where, {**params, "right_lon": f"{right[0]:g}", "right_lat": f"{right[1]:g}"})
                break


def _km(lon: FloatArray | float, lat: FloatArray | float, middle: tuple[float, float]) -> FloatArray:
    """Return about how far positions are from the middle, in km."""
    east = (np.asarray(lon, float) - middle[0] + 180.0) % 360.0 - 180.0
    apart: FloatArray = np.hypot(east * np.cos(np.radians(middle[1])), np.asarray(lat, float) - middle[1]) * _KM_DEG
    return apart
