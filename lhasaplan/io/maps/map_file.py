"""Open map files by GDAL: their layers as geometries and columns of text, without what is never read."""

import json
import re
import sqlite3
import time
import warnings
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import numpy as np
import shapely
from defusedxml.ElementTree import iterparse

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.crs import GEOGRAPHIC, is_on_earth
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Cancelled, Fault, InputError, Where
from lhasaplan.files.replacing import fault_of
from lhasaplan.files.scratch import scratch_folder
from lhasaplan.files.undisturbed import undisturbed
from lhasaplan.io.apart import gdal
from lhasaplan.io.maps.completeness import RAW, check_count, decoded_cells, rows_of_table, said_encoding
from lhasaplan.io.parse.coordinate_systems import unknown_system
from lhasaplan.io.parse.file_check import NOT_OF_FORMAT, alone, copy_within_limits, load_limits
from lhasaplan.io.parse.file_signatures import NO_INDEX, damaged, seems
from lhasaplan.io.parse.foreign_kinds import CITY, NO_FEATURES
from lhasaplan.io.parse.raw_import import unwrapped
from lhasaplan.io.tables.columns import is_unread
from lhasaplan.io.tables.table_file import cell_text, number_text

# Views of a database (GeoPackage) that never end are refused before GDAL runs them: it cannot be stopped once it does.

_MAGIC = b"SQLite format 3\0"
_STEPS = 10_000  # of the machine of SQLite between two looks at the clock
_ROWS = 1000
_UNKNOWN_FUNCTION = re.compile(r"no such function: (\w+)")


def check_views(path: Path) -> None:
    """Run each view of a database within the limits of time and rows.

    Raises
    ------
    InputError
        A view does not end within them, or cannot be run; each such view is named.
    """
    with _database(path) as file:
        if file is None:
            return
        # Immutable, so that nothing is written beside the file; what a journal still holds is read by GDAL alike.
        mode = "mode=ro" if file.with_name(f"{file.name}-wal").exists() else "mode=ro&immutable=1"
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?{mode}", uri=True)) as database:
            names = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'view' ORDER BY name")]
            faults = [fault for name in names if (fault := _run(database, name, path.name))]
    if faults:
        raise InputError(*faults)


@contextmanager
def _database(path: Path) -> Iterator[Path | None]:
    """Yield the database that a file is or that a zip holds, None where there is none."""
    if path.suffix.casefold() != ".zip":
        with path.open("rb") as stream:
            is_database = stream.read(len(_MAGIC)) == _MAGIC
        yield path if is_database else None
        return
    with zipfile.ZipFile(path) as archive, scratch_folder() as folder:
        for member in archive.infolist():
            with archive.open(member) as source:
                if source.read(len(_MAGIC)) != _MAGIC:
                    continue
            copy = folder / "copy.gpkg"
            with archive.open(member) as source, copy.open("wb") as target:
                copy_within_limits(source, target, path)
            yield copy
            return
        yield None


def _run(database: sqlite3.Connection, view: str, file: str) -> Fault | None:
    limits = load_limits().view
    end = time.monotonic() + limits.most_seconds
    params = {"view": view, "seconds": f"{limits.most_seconds:g}", "rows": f"{limits.most_rows:,}"}
    endless = Fault(
        "the view {view} gives more than {rows} rows or takes longer than {seconds} s; save it as a table", Where(file), params
    )
    database.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        return endless if _counts_beyond(database, view, limits.most_rows) else None
    except sqlite3.OperationalError as error:
        if str(error) != "interrupted":
            text = "the view {view} cannot be run here; save it as a table, or delete it"
            return Fault(text, Where(file), {"view": view})
        if time.monotonic() < end:
            raise Cancelled from error
        return endless


def _counts_beyond(database: sqlite3.Connection, view: str, most: int) -> bool:
    """Say whether a view has more rows; functions that only GDAL knows give nothing here."""
    quoted = view.replace('"', '""')
    while True:
        try:
            rows, count = database.execute(f'SELECT * FROM "{quoted}"'), 0
            while got := len(rows.fetchmany(_ROWS)):
                count += got
                if count > most:
                    return True
            return False
        except sqlite3.OperationalError as error:
            if not (unknown := _UNKNOWN_FUNCTION.search(str(error))):
                raise
            database.create_function(unknown[1], -1, lambda *_: None)


SAME_NAMES = marked("files of one name lie in several folders of this zip ({names}); give each folder as a zip of its own")
_HIDDEN = ("__macosx", ".")  # what systems put beside a person's files


@contextmanager
def at_the_top(path: Path) -> Iterator[Path]:
    """Yield the zip, or a copy without folders that lasts as long as the block; any other file as it is.

    Raises
    ------
    InputError
        Two files would have one name, or a Shapefile lacks its index.
    """
    if path.suffix.casefold() != ".zip":
        yield path
        return
    with zipfile.ZipFile(path) as archive:
        members = {name: PurePosixPath(name).name for name in archive.namelist() if _is_given(name)}
        _refuse(path, list(members.values()))
        if list(members) == archive.namelist() and all(name == top for name, top in members.items()):
            yield path
            return
        with scratch_folder() as folder:
            copy = folder / path.name
            with zipfile.ZipFile(copy, "w") as flat:
                for name, top in members.items():
                    with archive.open(name) as source, flat.open(top, "w", force_zip64=True) as target:
                        copy_within_limits(source, target, path)
            yield copy


def _is_given(name: str) -> bool:
    parts = PurePosixPath(name).parts
    is_hidden = any(part.casefold().startswith(_HIDDEN) for part in parts)
    return not name.endswith("/") and not is_hidden and not name.casefold().endswith(NOT_OF_FORMAT)


def _refuse(path: Path, names: list[str]) -> None:
    lower = {name.casefold() for name in names}
    if twice := sorted(name for name, count in Counter(name.casefold() for name in names).items() if count > 1):
        raise InputError(Fault(SAME_NAMES, Where(path.name), {"names": ", ".join(twice[:5])}))
    if any(name.endswith(".shp") and f"{name[:-4]}.shx" not in lower for name in lower):
        raise InputError(Fault(NO_INDEX, Where(path.name)))


@dataclass(frozen=True, eq=False, slots=True)
class ReadFeatures:
    """One layer of a file as it was read: geometries may be None, cells are text.

    ``is_guessed`` says that the file names no coordinate system and its values fit degrees, ``is_taken_from_caller``
    that it names none and the caller's was taken.
    """

    file: str
    stem: str
    layer: str
    crs: str
    geometry: ObjectArray
    headings: tuple[str, ...]
    columns: tuple[Sequence[str], ...]
    fids: Sequence[int]
    is_guessed: bool = False
    is_taken_from_caller: bool = False
    remarks: tuple[Fault, ...] = ()
    closed: Sequence[int] = ()  # the features whose rings are not closed in the file
    counts_rows: bool = False  # the numbers of features are those of rows, and no ids

    def __len__(self) -> int:
        return len(self.geometry)


def layer_names(path: Path) -> list[str]:
    """Return the names of the layers that have geometry; what GDAL raises is reported by the caller's :func:`foreign.reading`."""
    with _without_warnings():
        layers = gdal.maps().list_layers(path)
    if not len(layers):
        raise InputError(_on_no_layers(path))
    names = [str(name) for name, geometry in layers if geometry is not None]
    if not names and (kind := seems(path)) is not None and kind.sentence == CITY:
        raise InputError(Fault(CITY, Where(path.name), kind.params))
    return names


def _on_no_layers(path: Path) -> Fault:
    """Return what is wrong with a file that has no layers: GDAL says so of a cut FlatGeobuf, too."""
    kind = seems(path)
    if kind is not None and kind.sentence == CITY:
        return Fault(CITY, Where(path.name), kind.params)
    if path.suffix.casefold() in {".gml", ".kml"}:
        with path.open("rb") as stream:
            for _ in iterparse(stream):  # what breaks off is told by the caller's foreign.reading
                pass
        return Fault(NO_FEATURES, Where(path.name))
    return damaged(path)


def tables_without_shapes(path: Path) -> list[str]:
    """Return the names of the tables that no layer can be made of."""
    with _without_warnings():
        return [str(name) for name, geometry in gdal.maps().list_layers(path) if geometry is None]


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """Give a path by which a map file is read without changing it or what lies beside it (a GeoPackage that is in work)."""
    with ExitStack() as stack:
        try:
            file = stack.enter_context(undisturbed(path))
        except OSError as error:
            raise InputError(fault_of(error, Where(path.name))) from error
        yield stack.enter_context(at_the_top(stack.enter_context(alone(file))))


@contextmanager
def _without_warnings() -> Iterator[None]:
    """Keep what GDAL warns of (measures that are dropped, attributes that come twice) off the screen; nothing is lost by it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def read_features(path: Path, layer: str, crs: str) -> ReadFeatures:
    """Return one layer; ``crs`` is its system when it does not say one.

    Raises
    ------
    InputError
        It says no system, none is given and its values are no degrees.
    """
    encoding = said_encoding(path, layer)
    how = {"layer": layer, "encoding": None if encoding is None else RAW, "return_fids": True, "datetime_as_string": True}
    wanted = rows_of_table(path, layer)
    if wanted is not None:
        how["where"] = "1 = 1"  # else GDAL reads as many rows as the head of the table tells of, true or not
    with _without_warnings():
        meta, fids, wkb, values = gdal.maps().raw.read(path, **how)
    check_count(path.name, wanted or 0, len(fids))
    if path.suffix.casefold() == ".fgb":
        with _without_warnings():
            check_count(path.name, gdal.maps().read_info(path, layer=layer)["features"], len(fids))
    on_unknown = unknown_system(path)
    # "Undefined" and a builder's own grid say nothing.
    said = meta["crs"] if meta["crs"] and not on_unknown and is_on_earth(meta["crs"]) else ""
    items = [f"{layer}/{fid}" for fid in fids]
    names, remarks = [str(name) for name in meta["fields"]], list[Fault]()
    if encoding is not None:
        names, remarks = _decoded(names, values, encoding, path.name, items)
    keep = [index for index, name in enumerate(names) if not is_unread(name)]
    geometry, closed = shapes_of(wkb)
    return ReadFeatures(
        file=path.name,
        stem=path.name.split(".")[0],
        layer=layer,
        crs=crs_of(path.name, layer, said or crs, geometry),
        geometry=geometry,
        headings=tuple(names[index] for index in keep),
        columns=tuple(_texts(values[index]) for index in keep),
        fids=fids.tolist(),
        is_guessed=not (said or crs),
        is_taken_from_caller=bool(crs) and not said,
        remarks=(*remarks, *on_unknown),
        closed=closed,
    )


def shapes_of(wkb: ObjectArray) -> tuple[ObjectArray, list[int]]:
    """Return the shapes, and which of them have rings that are not closed in the file."""
    with np.errstate(invalid="ignore"):  # coordinates that are no numbers: such a shape is none
        whole = np.array(shapely.from_wkb(wkb, on_invalid="ignore"), object, ndmin=1)
        open_ones = np.flatnonzero(shapely.is_missing(whole) & np.array([each is not None for each in wkb], bool))
        whole[open_ones] = shapely.from_wkb(wkb[open_ones], on_invalid="fix")
    stated = np.array(whole, object, ndmin=1)
    stated[shapely.is_empty(stated)] = None
    geometry = unwrapped(stated)
    return geometry, [int(index) for index in open_ones if geometry[index] is not None]


def _decoded(names: list[str], values: list[np.ndarray], said: str, file: str, items: list[str]) -> tuple[list[str], list[Fault]]:
    """Decode the names and the texts of raw columns; the columns are changed in place."""
    texts = [
        (column, row) for column in values if column.dtype == object for row, cell in enumerate(column) if isinstance(cell, str)
    ]
    cells = [*names, *(column[row] for column, row in texts)]
    decoded, remarks = decoded_cells(cells, said, file, [*("" for _ in names), *(items[row] for _, row in texts)])
    for (column, row), text in zip(texts, decoded[len(names) :], strict=True):
        column[row] = text
    return decoded[: len(names)], remarks


def _texts(values: np.ndarray) -> list[str]:
    """Return a column as text; what is missing (None, NaN, NaT) is blank."""
    if values.dtype.kind == "f":
        return ["" if value != value else number_text(value) for value in values.tolist()]  # noqa: PLR0124 - NaN
    if values.dtype.kind == "M":
        return ["" if np.isnat(value) else str(value)[:10] for value in values]
    return [_cell(value) for value in values.tolist()]


def _cell(value: object) -> str:
    """Return a cell as text, of a list every entry: one list in a column makes GDAL read all its cells as lists, or as JSON."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return cell_text(value)
    if isinstance(value, list | tuple | np.ndarray):
        return ";".join(filter(None, (_cell(each) for each in value)))
    return cell_text(value)


def crs_of(file: str, layer: str, crs: str, geometry: ObjectArray) -> str:
    """Return the layer's system; one without is in degrees when all of it fits."""
    if crs:
        return crs
    xy = shapely.get_coordinates(geometry)
    if (abs(xy) <= (180.0, 90.0)).all():
        return GEOGRAPHIC
    text = "the layer {layer} does not say its coordinate system; give it as --crs EPSG:n"
    raise InputError(Fault(text, Where(file), {"layer": layer}))
