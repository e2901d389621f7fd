"""Read the cells of a camera table by their column's type; every cell that cannot be read is a fault."""

from typing import Any

import shapely

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.io.coordinates.systems import System, system_of
from lhasaplan.io.parse.cell_values import compass_deg, in_thousands, iso_date, mask_rings, mask_sectors, number, word
from lhasaplan.io.tables.columns import TableColumn

NO_SYSTEM = marked("{value} is no coordinate system that is known here; write EPSG:n, WGS84, GCJ-02 or BD-09")


def read_cell(text: str, column: TableColumn, where: Where) -> Any:
    """Return the value of a cell that is not blank, or the :class:`Fault` that tells what is wrong with it."""
    value = _READERS[column.type](text.strip(), column)
    if isinstance(value, Fault):
        return Fault(value.template, where, {"value": text.strip(), **value.params})
    return value


def _text(text: str, column: TableColumn) -> str:
    return text


def _number(text: str, column: TableColumn) -> float | Fault:
    value = measured(text, column)
    found = Fault("{value} is no number") if value is None else _within(value, column)
    return _in_thousands(text, column, found) if isinstance(found, Fault) else found


def _in_thousands(text: str, column: TableColumn, fault: Fault) -> float | Fault:
    """Return 1,920 as a thousand and more where 1.92 cannot be meant; the fault where the thousands do not fit either."""
    value = measured(in_thousands(text), column)
    within = fault if value is None else _within(value, column)
    return fault if isinstance(within, Fault) else within


def measured(text: str, column: TableColumn) -> float | None:
    """Return a number in the column's own unit; one behind the number counts before the one in the heading."""
    if (plain := number(text)) is not None:
        return plain * column.others.get(column.unit, 1.0)
    if (own := number(text, column.units)) is not None:
        return own
    found = ((number(text, (unit,)), factor) for unit, factor in column.others.items())
    return next((value * factor for value, factor in found if value is not None), None)


def _within(value: float, column: TableColumn) -> float | Fault:
    if column.above is not None and column.high is not None and not column.above < value <= column.high:
        return Fault("{value} must be above {low} and at most {high}", params=_limits(column.above, column.high))
    if column.low is not None and column.high is not None and not column.low <= value <= column.high:
        return Fault("{value} is outside {low} to {high}", params=_limits(column.low, column.high))
    return value


def _limits(low: float, high: float) -> dict[str, str]:
    return {"low": f"{low:g}", "high": f"{high:g}"}


def _whole(text: str, column: TableColumn) -> int | Fault:
    value = _number(in_thousands(text), column)  # 1,920 pixels are no decimal
    if isinstance(value, Fault):
        return value
    return int(value) if value.is_integer() else Fault("{value} is no whole number")


def signed_deg(text: str, column: TableColumn) -> float | None:
    """Return the azimuth that an angle of -180 to 0 stands for, counted anticlockwise from north; None for any other cell."""
    value = measured(text, column)
    return value + 360.0 if value is not None and -180.0 <= value < 0.0 else None


def _azimuth(text: str, column: TableColumn) -> float | Fault:
    if measured(text, column) is not None:
        signed = signed_deg(text, column)
        return _number(text, column) if signed is None else signed
    wind = compass_deg(text)
    return Fault("{value} is no azimuth; write degrees from true north or a compass point such as NNE") if wind is None else wind


def _word(text: str, column: TableColumn) -> str | Fault:
    known = word(text, column.words)
    return known or Fault("{value} is not known here; write one of {words}", params={"words": ", ".join(column.words)})


def _date(text: str, column: TableColumn) -> str | Fault:
    return iso_date(text) or Fault("{value} is no date that can be read one way only; write it as 2026-05-31")


def _mask(text: str, column: TableColumn) -> object:
    rings = mask_rings(text)
    return rings or Fault(
        "{value} is no polygon in image pixels; write POLYGON((x y, x y, x y, x y)) without holes or negative pixels"
    )


def _sector(text: str, column: TableColumn) -> object:
    return mask_sectors(text) or Fault("{value} is no pair of azimuths; write az1,az2 with values of 0 to 360")


def _wkt(text: str, column: TableColumn) -> shapely.Point | Fault:
    try:
        shape = shapely.from_wkt(text)
    except shapely.errors.GEOSException:
        shape = None
    if shape is None or shape.is_empty or shape.geom_type != "Point":
        return Fault("{value} is no point; write POINT(x y)")
    return shape


def _system(text: str, column: TableColumn) -> System | Fault:
    said = system_of(text)
    return said or Fault(NO_SYSTEM)


_READERS = {
    "text": _text,
    "number": _number,
    "whole": _whole,
    "azimuth": _azimuth,
    "word": _word,
    "date": _date,
    "mask": _mask,
    "sector": _sector,
    "wkt": _wkt,
    "system": _system,
}
