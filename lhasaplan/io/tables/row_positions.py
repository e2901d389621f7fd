"""Set the coordinates of rows that stand in several systems into one, and refuse every row that lies nowhere."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from pyproj import CRS

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.crs import GEOGRAPHIC, transform, undo_bd09, undo_gcj02
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.io.parse.coordinate_systems import (
    WGS84,
    System,
    content,
    false_east_m,
    fits,
    is_geographic,
    mentioned,
    own_zones,
    proposed,
    sister,
)
from lhasaplan.io.tables.columns import Meaning, is_filled, load_columns, read_cell
from lhasaplan.io.tables.table_rows import TextRow, TextTable, spoken, stated

# Tell in which coordinate system each row of a table stands, where the file says so: a column, a heading, a note.

COLUMN = "coordinate_system"
UNREADABLE = System("")  # stands in for what a cell says that cannot be read
UNSAID = marked("the coordinate system of this row is missing, while other rows stand in {crs}")
CONTRADICTS = marked("this row is said to be in {said}, but {other} is said too; leave only the one that is right")
SPEAKS = marked(
    "this row speaks of {datum}, whose positions are shifted; "
    "say --datum {datum}, or --datum wgs84 where they were set back already"
)


def name_of(system: System) -> str:
    """Return what a system is called in a sentence."""
    return system.shift or system.crs


def systems_of_rows(
    table: TextTable, meaning: Meaning, headed: Sequence[System | None], datum: str, faults: list[Fault]
) -> list[System | None]:
    """Return the system that the file says of each row, None where it says nothing.

    A row's own word counts before a heading's and a note's; ``datum`` is what the caller says, empty for nothing. Two words
    that differ are a fault, and so is a sentence about a shifted datum while nobody says whether it still applies.

    Parameters
    ----------
    headed : the system that the headings of a row's position name.
    """
    reported, _ = stated(table.notes)
    if reported is None and not datum:
        faults.extend(spoken(table.notes, table.file))
    column = meaning.known.get(COLUMN)
    own: list[System | None] = (
        [None] * len(table.rows) if column is None else [_own(table, row, column, faults) for row in table.rows]
    )
    given = System(shift="" if datum == WGS84 else datum) if datum else None
    if column is None and reported is None and not any(headed):  # most files: nothing but the caller says anything
        found = [given] * len(table.rows)
    else:
        words = zip(table.rows, own, headed, strict=True)
        found = [_settled(table, row, (said, head, reported, given), faults) for row, said, head in words]
    if not datum:
        faults.extend(_spoken(table, meaning, found))
    return found if column is None else _said_by_all(table, column, found, faults)


def _own(table: TextTable, row: TextRow, column: int, faults: list[Fault]) -> System | None:
    """Return what a row's cell says; a cell that says nothing readable is a fault."""
    text = row.cells[column]
    if not is_filled(text, load_columns()[COLUMN]):
        return None
    value = read_cell(text, load_columns()[COLUMN], table.where(row, column))
    if isinstance(value, Fault):
        faults.append(value)
        return UNREADABLE
    return value if isinstance(value, System) else None


def _settled(table: TextTable, row: TextRow, words: Sequence[System | None], faults: list[Fault]) -> System | None:
    """Return the first word that is said; one that shifts otherwise than a later word is a fault."""
    if words[0] == UNREADABLE:
        return UNREADABLE
    said = [word for word in words if word is not None]
    other = next((word for word in said[1:] if word.shift != said[0].shift), None)
    if other is not None:
        params = {"said": said[0].shift or WGS84, "other": other.shift or WGS84}
        faults.append(Fault(CONTRADICTS, table.where(row), params))
    return said[0] if said else None


def _spoken(table: TextTable, meaning: Meaning, found: Sequence[System | None]) -> list[Fault]:
    """Return a fault for each cell of a row that speaks of a shifted datum which nothing states."""
    skipped = {*meaning.never_read, *(meaning.known[name] for name in content()["mentions"]["not_in"] if name in meaning.known)}
    columns = (index for index in range(len(table.headings)) if index not in skipped)
    speaking = [index for index in columns if mentioned("\n".join({row.cells[index] for row in table.rows}))]
    if not speaking:
        return []
    return [
        Fault(SPEAKS, table.where(row, index), {"datum": datum})
        for row, system in zip(table.rows, found, strict=True)
        if system is None
        for index in speaking
        for datum in mentioned(row.cells[index])
    ]


def _said_by_all(table: TextTable, column: int, found: Sequence[System | None], faults: list[Fault]) -> list[System | None]:
    """Return the systems; a row that says none, while others are not in plain degrees, is unknown."""
    strange = next((system for system in found if system not in {None, System(), UNREADABLE}), None)
    if strange is None:
        return list(found)
    silent = [row for row, system in zip(table.rows, found, strict=True) if system is None]
    faults.extend(Fault(UNSAID, table.where(row, column), {"crs": name_of(strange)}) for row in silent)
    return [UNREADABLE if system is None else system for system in found]


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


def strays(table: TextTable, lon: FloatArray, lat: FloatArray) -> Iterator[Fault]:
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


NOWHERE = (float("nan"), float("nan"))  # stands in for a position that is a fault
_DEGREES = (180.0, 90.0)
_MILLION = 1_000_000.0
_PLAIN_EAST = (100_000.0, 900_000.0)  # eastings within a zone
ZERO = marked("the position is 0, 0, which stands for none; leave the row out or give its position")
NO_GRID = marked("{x}, {y} are metres, but {crs} names no grid; write the grid as EPSG:n (perhaps {likely})")
NO_CRS = marked("positions are in metres, but no coordinate system is known; give it as --crs EPSG:n (perhaps {likely})")
NOT_IN = marked("{x}, {y} lies nowhere in {crs}; is it another system (perhaps {likely})?")
TURNED = marked(
    "{x}, {y} lies nowhere in {crs}, but with east and north exchanged it does; name the columns easting and northing"
)
SHIFTED = marked("{count} positions are in {datum}, as the file says; they were set back to WGS 84")
SAID = marked("{count} positions are in {crs}, as the file says")
PREFIXED = marked("{count} eastings begin with the number of their zone; they are read in {crs}")


@dataclass(frozen=True, slots=True)
class Positions:
    """East and north of each row in one coordinate system, with what had to be guessed.

    ``is_wgs84`` says that shifts of Chinese datums are undone already.
    """

    xy: tuple[tuple[float, float], ...]
    crs: str
    remarks: tuple[Fault, ...] = ()
    is_wgs84: bool = False


@dataclass(frozen=True, slots=True)
class _PositionInSystem:
    """One row's coordinates in the system that it turns out to stand in; ``zone`` is the prefix that its easting had."""

    x: float
    y: float
    crs: str
    shift: str = ""
    zone: int = 0

    @property
    def is_known(self) -> bool:
        return not math.isnan(self.x)


_NO_POSITION = _PositionInSystem(*NOWHERE, GEOGRAPHIC)


def placed(
    table: TextTable, xy: Sequence[tuple[float, float]], crs: str, systems: Sequence[System | None], faults: list[Fault]
) -> Positions:
    """Return the positions of all rows in one system; every row that lies nowhere is added to the faults.

    Parameters
    ----------
    crs : the system of rows of which the file says nothing; empty when none is known.
    systems : what the file says of each row.
    """
    reader = _RowReader(table, crs, faults)
    spots = [reader.spot(row, at, said) for row, at, said in zip(table.rows, xy, systems, strict=True)]
    bare = next((spot for spot in spots if spot.is_known and not spot.crs), None)
    where = Where(table.file, table.heading_row if table.counts == "row" else None)
    without_crs = [Fault(NO_CRS, where, {"likely": proposed(bare.x, bare.y)})] if bare else []
    faults.extend(without_crs)
    lon, lat = _checked(table, spots, faults)
    faults.extend(strays(table, lon, lat))
    kinds = {(spot.crs, spot.shift) for spot in spots if spot.is_known}
    remarks = _remarks(table, spots, systems)
    if len(kinds) <= 1 and not any(shift for _, shift in kinds):
        only = next(iter(kinds), (crs or GEOGRAPHIC, ""))[0]
        return Positions(tuple((spot.x, spot.y) for spot in spots), only, remarks, any(said is not None for said in systems))
    return Positions(tuple(zip(lon.tolist(), lat.tolist(), strict=True)), GEOGRAPHIC, remarks, is_wgs84=True)


@dataclass(frozen=True, slots=True)
class _RowReader:
    """Reads the coordinates of rows; ``crs`` is the system of those that say nothing, ``faults`` takes what is wrong."""

    table: TextTable
    crs: str
    faults: list[Fault]

    def spot(self, row: TextRow, at: tuple[float, float], said: System | None) -> _PositionInSystem:
        """Return the coordinates of a row in the system that it turns out to stand in."""
        if math.isnan(at[0]) or math.isnan(at[1]) or said == UNREADABLE:
            return _NO_POSITION
        if at == (0.0, 0.0):
            self.faults.append(Fault(ZERO, self.table.where(row)))
            return _NO_POSITION
        if said is None:
            return _in_zone(_PositionInSystem(*at, self.crs))
        if abs(at[0]) <= _DEGREES[0] and abs(at[1]) <= _DEGREES[1]:
            return _PositionInSystem(*at, said.crs if is_geographic(said.crs) else _base(said.crs), said.shift)
        return self._in_metres(row, at, said)

    def _in_metres(self, row: TextRow, at: tuple[float, float], said: System) -> _PositionInSystem:
        """Return metres of the grid that is said, or of one on the datum that is said: the caller's, or that of the prefix."""
        if not is_geographic(said.crs):
            return _in_zone(_PositionInSystem(*at, said.crs, said.shift))
        if self.crs and not is_geographic(self.crs) and _are_alike(said.crs, _base(self.crs)):
            return _in_zone(_PositionInSystem(*at, self.crs, said.shift))
        zone = int(at[0] // _MILLION)
        if (zoned := sister(said.crs, zone)) and int((false_east_m(zoned) or 0.0) // _MILLION) == zone:
            return _PositionInSystem(*at, zoned, said.shift)
        words = {"x": f"{at[0]:.10g}", "y": f"{at[1]:.10g}", "crs": said.crs, "likely": proposed(*at, self.crs)}
        self.faults.append(Fault(NO_GRID, self.table.where(row), words))
        return _NO_POSITION


def _in_zone(spot: _PositionInSystem) -> _PositionInSystem:
    """Return a spot whose easting begins with the number of its zone in that zone; any other as it is."""
    zone = int(spot.x // _MILLION)
    east = spot.x - zone * _MILLION
    if not spot.crs or zone <= 0 or not _PLAIN_EAST[0] <= east <= _PLAIN_EAST[1] or spot.y < 0.0:
        return spot
    false_east = false_east_m(spot.crs)
    if false_east is None or int(false_east // _MILLION) == zone:
        return spot
    if zone in own_zones(spot.crs):
        return _PositionInSystem(east, spot.y, spot.crs, spot.shift, zone)
    other = sister(spot.crs, zone)
    if not other:
        return spot
    keeps = int((false_east_m(other) or 0.0) // _MILLION) == zone
    return _PositionInSystem(spot.x if keeps else east, spot.y, other, spot.shift, zone)


def _base(crs: str) -> str:
    geodetic = CRS.from_user_input(crs).geodetic_crs
    code = geodetic.to_authority() if geodetic is not None else None
    return ":".join(code) if code else GEOGRAPHIC


def _are_alike(one: str, other: str) -> bool:
    return one == other or {one, other} <= set(content()["alike"]["crs"])


def _checked(table: TextTable, spots: Sequence[_PositionInSystem], faults: list[Fault]) -> tuple[FloatArray, FloatArray]:
    """Return WGS 84 degrees of all rows, NaN where a row has none; each that lies nowhere is added to the faults."""
    lon, lat = np.full(len(spots), np.nan), np.full(len(spots), np.nan)
    for crs in dict.fromkeys(spot.crs for spot in spots if spot.is_known and spot.crs):
        rows = np.array([index for index, spot in enumerate(spots) if spot.crs == crs and spot.is_known])
        x, y = np.array([spots[row].x for row in rows]), np.array([spots[row].y for row in rows])
        fit = fits(crs, x, y)
        for row in rows[~fit]:
            faults.append(_nowhere(table, table.rows[row], spots[row]))
        if fit.any():
            lon[rows[fit]], lat[rows[fit]] = transform(crs, GEOGRAPHIC, x[fit], y[fit])
    for shift, undo in (("gcj02", undo_gcj02), ("bd09", undo_bd09)):
        rows = np.array([index for index, spot in enumerate(spots) if spot.shift == shift], int)
        lon[rows], lat[rows] = undo(lon[rows], lat[rows])
    return lon, lat


def _nowhere(table: TextTable, row: TextRow, spot: _PositionInSystem) -> Fault:
    params = {"x": f"{spot.x:.10g}", "y": f"{spot.y:.10g}", "crs": spot.crs}
    turned = _in_zone(_PositionInSystem(spot.y, spot.x, spot.crs))
    if fits(turned.crs, np.array([turned.x]), np.array([turned.y]), 0.0).all():
        return Fault(TURNED, table.where(row), params)
    return Fault(NOT_IN, table.where(row), {**params, "likely": proposed(spot.x, spot.y, spot.crs)})


def _remarks(table: TextTable, spots: Sequence[_PositionInSystem], systems: Sequence[System | None]) -> tuple[Fault, ...]:
    where = Where(table.file)
    shifts = [spot.shift for spot in spots if spot.shift and spot.is_known]
    grids = [spot.crs for spot, said in zip(spots, systems, strict=True) if said and spot.is_known and spot.crs != GEOGRAPHIC]
    zones = [spot.crs for spot in spots if spot.zone and spot.is_known]
    return (
        *(Fault(SHIFTED, where, {"count": shifts.count(shift), "datum": shift}) for shift in dict.fromkeys(shifts)),
        *(Fault(SAID, where, {"count": grids.count(crs), "crs": crs}) for crs in dict.fromkeys(grids)),
        *(Fault(PREFIXED, where, {"count": zones.count(crs), "crs": crs}) for crs in dict.fromkeys(zones)),
    )
