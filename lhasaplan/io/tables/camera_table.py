"""Turn the rows of a table, or points of a map, into cameras, signs or approvals: all of them, or all of the faults."""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

import numpy as np
import shapely

from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import DIRECTION_RANGE, WIDE_KINDS, BearingRange, Camera, Kind, optics_of_range
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS, FieldValues, typed
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass, horizontal_angle_deg
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.cell_values import bearing_range_deg
from lhasaplan.io.parse.raw_import import RawImport, ids_of_places
from lhasaplan.io.parse.tags import unfolded
from lhasaplan.io.tables.columns import (
    Meaning,
    TableColumn,
    is_filled,
    load_baseline_columns,
    load_columns,
    load_sign_columns,
    read_cell,
    signed_deg,
    understand,
    unit_of,
    with_units,
)
from lhasaplan.io.tables.positions import POSITION, Positions, find_positions
from lhasaplan.io.tables.table_rows import TextRow, TextTable

# Turn the rows of a table, or the points of a vector file, into cameras: all of them, or all of the faults.

_KEYS = {each.column: each.key for each in CAMERA_FIELDS if each.column}
_USED_IN_ROW = "the id {id} is already used in row {number}"
_USED_IN_FEATURE = "the id {id} is already used by feature {number}"


def cameras_from(
    table: TextTable,
    crs: str = "",
    positions: Positions | None = None,
    columns: Mapping[str, TableColumn] | None = None,
    datum: str = "",
) -> RawImport:
    """Return the cameras of a table with a remark for each column that is not understood.

    Parameters
    ----------
    crs : the system of columns in metres, empty when none is known.
    positions : where the rows stand, when that is not in the table (points of a vector file).
    columns : what headings mean, when it is no plain camera table.
    datum : what the caller says of shifts of the positions, empty for nothing.

    Raises
    ------
    InputError
        Every cell that cannot be read, every row without position, every id that comes twice; nothing is imported then.
    """
    columns = columns or load_columns()
    meaning = understand(table.headings, columns, lambda index, column: fits_column(table, index, column))
    columns = with_units(columns, table.headings, meaning)
    faults: list[Fault] = []
    places = positions or find_positions(table, meaning, crs, faults, datum)
    stem = PurePath(table.file).name
    sketches = [_sketch(table, row, meaning, columns, faults) for row in table.rows]
    faults.extend(_same_ids(table, sketches, meaning))
    faults.extend(fault for each in sketches for fault in _contradictions(table, each, meaning))
    if faults:
        raise InputError(*sorted(faults, key=lambda fault: fault.where.row or 0))
    own_ids = ids_of_places(places.xy, ["\x1f".join(row.cells) for row in table.rows])
    cameras = tuple(
        _camera(sketch, f"{stem}#{own}", xy, table.file) for sketch, own, xy in zip(sketches, own_ids, places.xy, strict=True)
    )
    remarks = (
        *table.remarks,
        *places.remarks,
        *_remarks(table, meaning),
        *_in_other_units(table, meaning, columns),
        *_upward(table, cameras),
        *_signed(table, meaning),
    )
    return RawImport(cameras=cameras, crs=places.crs, remarks=remarks, is_wgs84=places.is_wgs84, columns=_read_as(table, meaning))


def _read_as(table: TextTable, meaning: Meaning) -> tuple[tuple[str, str], ...]:
    """Return each heading with the column that it was read as; empty where it was not understood or is never read."""
    names = {index: name for name, index in meaning.known.items()}
    names |= {index: name for name, indexes in meaning.also.items() for index in indexes}
    return tuple((heading, names.get(index, "")) for index, heading in enumerate(table.headings) if heading.strip())


def _upward(table: TextTable, cameras: Sequence[Camera]) -> list[Fault]:
    """Return a remark on tilts below zero: many makers count down as negative, and such a camera would see the sky."""
    count = sum(camera.tilt_deg is not None and camera.tilt_deg < 0.0 for camera in cameras)
    text = "{count} cameras have a tilt below 0, so they look up; a tilt above 0 looks down"
    return [Fault(text, Where(table.file), {"count": count})] if count else []


def _signed(table: TextTable, meaning: Meaning) -> list[Fault]:
    """Return a remark on azimuths below zero: programs that count from -180 to 180 write west as -90."""
    index, column = meaning.known.get("azimuth_deg"), load_columns()["azimuth_deg"]
    count = 0 if index is None else sum(signed_deg(row.cells[index], column) is not None for row in table.rows)
    text = "{count} azimuths are below 0; they were counted anticlockwise from north, so that -90 is west"
    return [Fault(text, Where(table.file), {"count": count})] if count else []


def _in_other_units(table: TextTable, meaning: Meaning, columns: Mapping[str, TableColumn]) -> list[Fault]:
    """Return a remark for each column whose heading names feet or another unit that was turned into the usual one."""
    text = "the column {column} was turned from {other} into {unit}"
    changed = [(meaning.known[name], column) for name, column in columns.items() if column.unit and name in meaning.known]
    return [
        Fault(text, Where(table.file), {"column": table.headings[index], "other": column.unit, "unit": column.units[0]})
        for index, column in changed
    ]


@dataclass(frozen=True, slots=True)
class _Sketch:
    """The values of one row by field, before it becomes a camera."""

    row: TextRow
    values: FieldValues
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """Return what no other row may have: the id, and the date of the approval where the table has one."""
        return str(self.values["camera_id"]), str(self.values.get("approved_on", ""))


def _sketch(table: TextTable, row: TextRow, meaning: Meaning, columns: Mapping[str, TableColumn], faults: list[Fault]) -> _Sketch:
    values: dict[str, object] = {}
    record: dict[str, str] = {}
    for name, index in meaning.known.items():
        if name in POSITION or not is_filled(row.cells[index], columns[name]):
            continue
        if name == "azimuth_deg" and (ends := bearing_range_deg(row.cells[index])) is not None:
            values[name] = BearingRange(*ends)
            continue
        value = read_cell(row.cells[index], columns[name], table.where(row, index))
        if isinstance(value, Fault):
            faults.append(value)
        elif columns[name].is_record:
            record[name] = f"{value:g}" if isinstance(value, float) else str(value)
        else:
            values[_KEYS.get(name, name)] = typed(value, name)
    record |= _settle_range(values)
    kept = (index for index in meaning.unknown if row.cells[index])
    return _Sketch(row, values, {**unfolded({table.headings[index]: row.cells[index] for index in kept}), **record})


def _settle_range(values: dict[str, object]) -> dict[str, str]:
    """Put direction and angle in the place of a range of azimuths; returns what the record keeps of it."""
    found = values.get("azimuth_deg")
    if not isinstance(found, BearingRange):
        return {}
    hfov_deg, kind = values.get("hfov_deg", _angle_of_lens(values)), values.get("kind")
    recorded_deg = hfov_deg if isinstance(hfov_deg, int | float) else None
    azimuth, angle = optics_of_range(found, recorded_deg, kind if isinstance(kind, Kind) else None)
    del values["azimuth_deg"]
    values |= {} if azimuth is None else {"azimuth_deg": azimuth}
    values |= {} if recorded_deg is not None or angle is None else {"hfov_deg": angle}
    return {DIRECTION_RANGE: found.as_text()}


def fits_column(table: TextTable, index: int, column: TableColumn) -> bool:
    """Say whether the values of a column can be read as what a weak heading would mean; each value is read once."""
    column = replace(column, unit=unit_of(table.headings[index]))
    cells = {text: row for row in reversed(table.rows) if is_filled(text := row.cells[index], column)}
    is_azimuth = column.type == "azimuth"
    read = (
        not isinstance(read_cell(text, column, table.where(row, index)), Fault)
        or (is_azimuth and bearing_range_deg(text) is not None)
        for text, row in cells.items()
    )
    return any(read) if column.type == "system" else bool(cells) and all(read)  # of systems, one that is read tells of all


def _camera(sketch: _Sketch, own_id: str, xy: tuple[float, float], file: str) -> Camera:
    placed = Camera(camera_id=own_id, x_m=xy[0], y_m=xy[1], source=file, extra=sketch.extra)
    return replace_kept(placed, **sketch.values)


def _same_ids(table: TextTable, sketches: Sequence[_Sketch], meaning: Meaning) -> list[Fault]:
    first: dict[tuple[str, str], int] = {}
    faults = []
    for sketch in (each for each in sketches if "camera_id" in each.values):
        if sketch.key in first:
            where = table.where(sketch.row, meaning.known["camera_id"])
            text = _USED_IN_ROW if table.counts == "row" else _USED_IN_FEATURE
            faults.append(Fault(text, where, {"id": sketch.key[0], "number": first[sketch.key]}))
        first.setdefault(sketch.key, sketch.row.number)
    return faults


def _contradictions(table: TextTable, sketch: _Sketch, meaning: Meaning) -> list[Fault]:
    """Return what is wrong with the values of one row taken together: a rectilinear lens wider than 120 degrees."""
    return contradictions_of(table, sketch.row, sketch.values, meaning)


def contradictions_of(table: TextTable, row: TextRow, values: FieldValues, meaning: Meaning) -> list[Fault]:
    """Return the fault of a row whose values make a rectilinear lens that is too wide; none where they do not."""
    hfov = values.get("hfov_deg", _angle_of_lens(values))
    is_wide_kind = values.get("lens_class") is None and values.get("kind") in WIDE_KINDS
    if (
        not isinstance(hfov, int | float)
        or hfov <= RECTILINEAR_LIMIT_DEG
        or values.get("lens_class") is LensClass.EQUIDISTANT
        or is_wide_kind
    ):
        return []
    column = meaning.known.get("hfov_deg", meaning.known.get("focal_length_mm"))
    text = "{hfov} degrees is too wide for a rectilinear lens; the limit is 120 degrees, or state equidistant"
    return [Fault(text, table.where(row, column), {"hfov": f"{hfov:g}"})]


def _angle_of_lens(values: FieldValues) -> float | None:
    width, focal = values.get("sensor_width_mm"), values.get("focal_length_mm")
    if not isinstance(width, int | float) or not isinstance(focal, int | float):
        return None
    angle = horizontal_angle_deg(width, focal)
    return None if math.isnan(angle) else angle


def _remarks(table: TextTable, meaning: Meaning) -> list[Fault]:
    where = Where(table.file, table.heading_row if table.counts == "row" else None)
    not_taken = {index for index, _ in meaning.not_taken}
    unknown = [table.headings[index] for index in meaning.unknown if index not in not_taken]
    kept = marked("columns kept but not understood ({count}): {columns}")
    remarks = [Fault(kept, where, {"count": len(unknown), "columns": ", ".join(unknown)})] if unknown else []
    text = "the column {column} is kept as it is: not all of its values can be read as {name}"
    remarks += [
        Fault(text, where, {"column": table.headings[index], "name": name}) for index, name in dict(meaning.not_taken).items()
    ]
    return remarks + [
        Fault("the column {column} is never read by this program", where, {"column": table.headings[index]})
        for index in meaning.never_read
    ]


# Read tables of records that are said with --as: signs that announce cameras, and approvals by which they were put up.

NO_DATES = marked("a baseline needs the date of each approval; name the column approved_on")
NO_DATE = marked("the date of this approval is missing")


def baseline_from(table: TextTable, crs: str = "", positions: Positions | None = None, datum: str = "") -> RawImport:
    """Return the cameras of a table as they were approved, with the date.

    One camera may stand in several rows of different dates: each is a version of its approval.

    Raises
    ------
    InputError
        All that a camera table may have wrong, and every row without a date.
    """
    faults = _undated(table)
    try:
        found = cameras_from(table, crs, positions, load_baseline_columns(), datum)
    except InputError as error:
        raise InputError(*sorted((*error.faults, *faults), key=lambda fault: fault.where.row or 0)) from None
    if faults:
        raise InputError(*faults)
    return found


def _undated(table: TextTable) -> list[Fault]:
    column = understand(table.headings, load_baseline_columns()).known.get("approved_on")
    if column is None:
        return [Fault(NO_DATES, Where(table.file, 1 if table.counts == "row" else None))]
    return [Fault(NO_DATE, table.where(row, column)) for row in table.rows if not row.cells[column]]


LAYER = "signs"
USED = "the id {id} is already used in row {number}"
_SEVERAL = re.compile(r"[;,|\s]+")


def signs_from(table: TextTable, crs: str = "", positions: Positions | None = None, datum: str = "") -> RawImport:
    """Return the signs of a table as the layer ``signs``; a sign that names no camera announces all near it.

    Raises
    ------
    InputError
        Every cell that cannot be read, every row without position, every id that comes twice.
    """
    columns = {**{name: load_columns()[name] for name in POSITION}, **load_sign_columns()}
    meaning = understand(table.headings, columns, lambda index, column: fits_column(table, index, column))
    faults: list[Fault] = []
    places = positions or find_positions(table, meaning, crs, faults, datum)
    tags = [_tags(table, row, meaning, faults) for row in table.rows]
    own = ids_of_places(places.xy, ["\x1f".join(row.cells) for row in table.rows]) if not faults else [""] * len(table.rows)
    ids = [_id(table, row, meaning, each) for row, each in zip(table.rows, own, strict=True)]
    faults += _sign_table_same_ids(table, ids, meaning)
    if faults:
        raise InputError(*sorted(faults, key=lambda fault: fault.where.row or 0))
    points = np.array(shapely.points(np.array(places.xy, float).reshape(-1, 2)), object, ndmin=1)
    layer = Layer(LAYER, np.array(ids, object), points, tuple(tags))
    return RawImport((layer,), crs=places.crs, remarks=(*table.remarks, *places.remarks), is_wgs84=places.is_wgs84)


def _tags(table: TextTable, row: TextRow, meaning: Meaning, faults: list[Fault]) -> Mapping[str, str]:
    """Return what is known of one sign; nothing else of the row is kept."""
    tags: dict[str, str] = {}
    for name, column in load_sign_columns().items():
        index = meaning.known.get(name)
        if name == "sign_id" or index is None or not row.cells[index]:
            continue
        value = read_cell(row.cells[index], column, table.where(row, index))
        if isinstance(value, Fault):
            faults.append(value)
        else:
            tags[name] = ";".join(_SEVERAL.split(str(value).strip())) if name == "camera_ids" else str(value)
    return tags


def _id(table: TextTable, row: TextRow, meaning: Meaning, own: str) -> str:
    index = meaning.known.get("sign_id")
    text = row.cells[index] if index is not None else ""
    return text or f"{PurePath(table.file).name}#{own or row.number}"


def _sign_table_same_ids(table: TextTable, ids: Sequence[str], meaning: Meaning) -> list[Fault]:
    first: dict[str, int] = {}
    faults = []
    for row, sign in zip(table.rows, ids, strict=True):
        earlier = first.setdefault(sign, row.number)
        if earlier != row.number:
            faults.append(Fault(USED, table.where(row, meaning.known["sign_id"]), {"id": sign, "number": earlier}))
    return faults
