"""What one unit of a drawing is: what the drawing says where it can be true, else metres, and a remark that says so."""

import numpy as np
from ezdxf import units
from ezdxf.document import Drawing
from ezdxf.enums import InsertUnits
from pyproj import CRS

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.io.coordinates.likely_systems import fits

UNSAID = marked("this drawing does not say its unit; it is read in metres")
UNTRUE = marked("this drawing says that its unit is {unit}, in which it lies nowhere in {crs}; it is read in metres")
SCALED = marked("the unit of this drawing is {unit}; its coordinates and heights were turned into metres")


def metres_of(drawing: Drawing, middles: FloatArray, crs: str, file: str) -> tuple[float, tuple[Fault, ...]]:
    """Return how many metres one unit is, with a remark where that was not plain.

    Parameters
    ----------
    middles : shape (n, 2), middles of what is drawn, in units of the drawing.
    crs : the system in which the drawing lies; empty where nobody says one.
    """
    if drawing.units not in {each.value for each in InsertUnits} or drawing.units == InsertUnits.Unitless:
        return 1.0, (Fault(UNSAID, Where(file)),)
    said, metre = InsertUnits(drawing.units), InsertUnits.Meters
    if said == metre:
        return 1.0, ()
    unit, factor = units.unit_name(said), float(units.conversion_factor(said, metre))
    if crs and not _lies(middles * factor, crs) and _lies(middles, crs):
        return 1.0, (Fault(UNTRUE, Where(file), {"unit": unit, "crs": crs}),)
    return factor, (Fault(SCALED, Where(file), {"unit": unit}),)


def _lies(middles_m: FloatArray, crs: str) -> bool:
    xy = middles_m / metres_a_unit(crs)
    return bool(len(xy)) and bool(np.mean(fits(crs, xy[:, 0], xy[:, 1])) > 0.5)


def metres_a_unit(crs: str) -> float:
    """Return the metres of one unit of a system's axes; 1 for none and for degrees, which no drawing is in.

    >>> metres_a_unit("EPSG:32635"), round(metres_a_unit("EPSG:2263"), 4)
    (1.0, 0.3048)
    """
    axes = [axis for axis in CRS.from_user_input(crs).axis_info if "metre" not in axis.unit_name] if crs else []
    return float(axes[0].unit_conversion_factor) if axes and "degree" not in axes[0].unit_name else 1.0
