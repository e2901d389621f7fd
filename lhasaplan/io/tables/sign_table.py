"""Read tables of records that are said with --as: signs that announce cameras, and approvals by which they were put up."""

import re
from collections.abc import Mapping, Sequence
from pathlib import PurePath

import numpy as np
import shapely

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.layer import Layer
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.raw_import import RawImport, ids_of_places
from lhasaplan.io.tables.camera_table import cameras_from, fits_column
from lhasaplan.io.tables.cells import read_cell
from lhasaplan.io.tables.columns import Meaning, load_baseline_columns, load_columns, load_sign_columns, understand
from lhasaplan.io.tables.positions import POSITION, Positions, find_positions
from lhasaplan.io.tables.table_rows import TextRow, TextTable

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
    faults += _same_ids(table, ids, meaning)
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


def _same_ids(table: TextTable, ids: Sequence[str], meaning: Meaning) -> list[Fault]:
    first: dict[str, int] = {}
    faults = []
    for row, sign in zip(table.rows, ids, strict=True):
        earlier = first.setdefault(sign, row.number)
        if earlier != row.number:
            faults.append(Fault(USED, table.where(row, meaning.known["sign_id"]), {"id": sign, "number": earlier}))
    return faults
