"""What the numbers of a terrain raster are: in which unit they count, and between which heights they lie."""

import re
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio.io import DatasetReader

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.terrain.raster_size import sampled

# The shore of the Dead Sea lies at -430 m, Everest at 8849 m: beyond are marks of "no height" that a file does not declare.
LOWEST_M, HIGHEST_M = -1000.0, 9000.0
MARKS = (-999.0, -9999.0, -99999.0, -32768.0, -32767.0)  # whatever the unit
FOOT_M, SURVEY_FOOT_M = 0.3048, 1200.0 / 3937.0
_METRES = {"m", "metre", "metres", "meter", "meters"}
_OTHERS = {
    **dict.fromkeys(("ft", "foot", "feet", "international foot", "international feet"), FOOT_M),
    **dict.fromkeys(("us survey foot", "us survey feet", "us-ft", "ftus", "us foot", "survey foot", "foot_us"), SURVEY_FOOT_M),
    **dict.fromkeys(("dm", "decimetre", "decimeter", "decimeters"), 0.1),
    **dict.fromkeys(("cm", "centimetre", "centimeter", "centimeters"), 0.01),
    **dict.fromkeys(("mm", "millimetre", "millimeter", "millimeters"), 0.001),
}
UNDECLARED = marked(
    "{percent} % of the values, such as {value}, are no heights on earth; they are not declared as void, and count as such"
)
_NAMED = re.compile(r"[_ -](ft|feet|usft)$", re.IGNORECASE)
_SAMPLE = 512  # rows and columns that are looked at


@dataclass(frozen=True, slots=True)
class Measure:
    """Heights in metres are ``value * scale_m + offset_m``; ``unit`` is as the file says it, empty when it does not."""

    unit: str
    scale_m: float = 1.0
    offset_m: float = 0.0

    @property
    def is_metres(self) -> bool:
        """Say whether the numbers are heights in metres as they stand."""
        return self.scale_m == 1.0 and self.offset_m == 0.0

    def metres(self, values: FloatArray) -> FloatArray:
        """Return heights in metres, same shape."""
        return values if self.is_metres else values * self.scale_m + self.offset_m

    def is_mark(self, values: FloatArray) -> np.ndarray:
        """Say which values no ground on earth has."""
        heights_m = self.metres(values)
        return np.asarray((heights_m < LOWEST_M) | (heights_m > HIGHEST_M) | np.isin(values, MARKS))


METRES = Measure("m")


def measure_of(source: DatasetReader, name: str) -> Measure:
    """Return what the first band counts in: its unit, that of a vertical system, or ``_ft`` at the end of the file's name."""
    unit, factor = _unit(source, name)
    return Measure(unit, source.scales[0] * factor, source.offsets[0] * factor)


def _unit(source: DatasetReader, name: str) -> tuple[str, float]:
    said = (source.units[0] or "").strip().casefold()
    if said in _METRES:
        return "m", 1.0
    if said in _OTHERS:
        return said, _OTHERS[said]
    stem = PurePath(name.removesuffix(".zip").removesuffix(".ZIP")).stem
    if found := _NAMED.search(stem):
        return found[1].casefold(), SURVEY_FOOT_M if found[1].casefold() == "usft" else FOOT_M
    return _unit_of_system(source)


def _unit_of_system(source: DatasetReader) -> tuple[str, float]:
    try:
        parts = CRS.from_wkt(source.crs.to_wkt()).sub_crs_list if source.crs else []
    except CRSError:
        return "", 1.0
    vertical = next((axis for part in parts if part.is_vertical for axis in part.axis_info), None)
    if vertical is None:
        return "", 1.0
    factor = float(vertical.unit_conversion_factor)
    return ("m", 1.0) if factor == 1.0 else (vertical.unit_name, factor)


def remarks_on_heights(source: DatasetReader, name: str) -> tuple[Fault, ...]:
    """Return what is to be said of a raster's numbers.

    Raises
    ------
    InputError
        No value of it is a height.
    """
    measure, where = measure_of(source, name), Where(name)
    heights_m, marks = _sampled_m(source, measure)
    if not len(heights_m):
        raise InputError(Fault("no value of this raster is a height", where))
    span = {"low": f"{heights_m.min():.0f}", "high": f"{heights_m.max():.0f}"}
    remarks = [Fault(_text_on(measure, source), where, {**span, **({} if measure.is_metres else {"unit": measure.unit or "?"})})]
    if len(marks):
        percent = f"{100.0 * len(marks) / (len(marks) + len(heights_m)):.2g}"
        remarks.append(Fault(UNDECLARED, where, {"percent": percent, "value": f"{float(np.median(marks)):.6g}"}))
    if source.count > 1:
        remarks.append(Fault("only the first of {count} bands is read", where, {"count": source.count}))
    if source.dtypes[0] == "uint8":
        remarks.append(Fault("these heights are whole numbers up to 255, as in a shaded picture; is this terrain?", where))
    return tuple(remarks)


def _text_on(measure: Measure, source: DatasetReader) -> str:
    if not measure.is_metres:
        return "heights were turned from {unit} into metres; they lie between {low} and {high} m"
    if measure.unit:
        return "heights lie between {low} and {high} m"
    if source.crs and "foot" in (source.crs.linear_units or "").casefold():
        return (
            "coordinates are in feet, and the unit of the heights is not said; they are taken as metres, {low} to {high} m; "
            "if they are feet, let the name of the file end in _ft"
        )
    return (
        "the unit of the heights is not said; they are taken as metres, {low} to {high} m; "
        "if they are feet, let the name of the file end in _ft"
    )


def _sampled_m(source: DatasetReader, measure: Measure) -> tuple[FloatArray, FloatArray]:
    """Return heights of some cells, or of the first window with one where none of those has one; and values that are none."""
    marks = np.empty(0)
    for values in sampled(source, _SAMPLE):
        found = values.compressed().astype(float)
        is_mark = measure.is_mark(found) | ~np.isfinite(found)
        marks = found[is_mark & ~np.isnan(found)]
        if not is_mark.all():
            return np.asarray(measure.metres(found[~is_mark])), marks
    return np.empty(0), marks
