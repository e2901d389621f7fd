"""Read the terrain rasters that a project stores into one grid of its own metres."""

import hashlib
import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache

from rasterio._err import CPLE_BaseError
from rasterio.enums import Resampling
from rasterio.errors import CRSError, RasterioError
from rasterio.io import DatasetReader

from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.project import TerrainRecord
from lhasaplan.core.site.terrain import Bounds, Terrain, TerrainSheet, lay_over, level
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.apart import gdal
from lhasaplan.io.apart.process import apart, bounds_for
from lhasaplan.io.parse.file_signatures import DAMAGED
from lhasaplan.io.terrain.raster import raster_member, sides_m
from lhasaplan.io.terrain.raster_heights import Frame, check_size, heights_on, measure_of

MOST_CELLS = 36_000_000  # 288 MB; beyond it cells grow
WARPING_S, WARPING_BYTES = 60.0, 40 * MOST_CELLS  # for so many cells on the way from one system to another
OVERSAMPLING = 8.0  # a raster of another system is sampled this much finer than its cells, to keep its crests
ALIKE = 1e-6
LEAST_CELL, FARTHEST = 1e-9, 1e12  # in degrees or metres: beyond them lies no cell of anything
CHANGED = marked("the stored raster is not the file that was imported: its bytes were changed since; import it again")
_DIGEST_LENGTH = 64
UNIT_UNKNOWN = "The unit of the heights of {names} is not said in the data; they are taken as metres."


def ground_of(records: Sequence[TerrainRecord], crs: str, near: Bounds) -> Terrain:
    """Return the ground in a box from rasters that meet it; of the same ones it is known.

    The finest raster gives the grid: its own cells if it lies in the project's system, else a fraction of its cells; coarser
    where that would be too many. A raster that can no longer be read is reported in the remarks. The rasters are opened in the
    process that reads: a project file may come from anywhere.
    """
    return _ground(_Key(tuple(sorted(records, key=lambda each: each.resolution_m)), crs, near))


@dataclass(frozen=True, slots=True)
class _Key:
    """What the ground depends on; rasters count by their digest, so that their bytes are not hashed again."""

    records: tuple[TerrainRecord, ...]
    crs: str
    near: Bounds

    def _facts(self) -> tuple[object, ...]:
        return tuple((each.name, each.sha256, each.crs) for each in self.records), self.crs, self.near

    def __hash__(self) -> int:
        return hash(self._facts())

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._facts() == other._facts()


@lru_cache(maxsize=2)
def _ground(key: _Key) -> Terrain:
    names, size = ", ".join(each.name for each in key.records), sum(len(each.content) for each in key.records)
    bounds = bounds_for(names, size)
    seconds = max(bounds.processor_s, WARPING_S)
    memory = bounds.memory_bytes + WARPING_BYTES
    bounds = replace(bounds, processor_s=seconds, clock_s=bounds.clock_s + 4.0 * seconds, memory_bytes=memory)
    try:
        sheets: Sheets = apart(__name__, "sheets_of", key.records, key.crs, key.near, of=names, bounds=bounds)
    except InputError as error:  # as of a raster that cannot be opened
        return level(error.faults)
    if not sheets.laid:
        return level(sheets.remarks)
    return lay_over(sheets.laid, sheets.west, sheets.north, sheets.cell, sheets.remarks)


@dataclass(frozen=True, eq=False, slots=True)
class Sheets:
    """Rasters on one grid: its outer corner and cell, and what is to be said of those that cannot be read."""

    laid: tuple[TerrainSheet, ...] = ()
    west: float = 0.0
    north: float = 0.0
    cell: float = 1.0
    remarks: tuple[Fault, ...] = ()


def sheets_of(records: Sequence[TerrainRecord], crs: str, near: Bounds) -> Sheets:
    """Return rasters that come near the cameras on one grid, finest first."""
    with ExitStack() as stack:
        readable: list[tuple[TerrainRecord, DatasetReader]] = []
        remarks: list[Fault] = []
        for record in records:
            try:
                # The digest of the import is the only check on heights.
                if not (len(record.sha256) != _DIGEST_LENGTH or hashlib.sha256(record.content).hexdigest() == record.sha256):
                    raise InputError(Fault(CHANGED, Where(record.name)))
                source = stack.enter_context(_opened(record))
                check_size(source, record.name)
                if not _is_placed(record, source):
                    raise InputError(Fault(DAMAGED, Where(record.name)))
                readable.append((record, source))
            except InputError as error:
                remarks.extend(error.faults)
            except (RasterioError, KeyError) as error:
                remarks.append(Fault("the stored raster cannot be read: {reason}", Where(record.name), {"reason": str(error)}))
        if not readable:
            return Sheets(remarks=tuple(remarks))
        frame = _frame(*readable[0], _Key(tuple(records), crs, near))
        sheets: list[TerrainSheet] = []
        for record, source in readable:
            try:
                sheets.append(_sheet(record, source, crs, frame))
            except (RasterioError, CRSError, CPLE_BaseError):  # broken where only the reading comes to
                remarks.append(Fault(DAMAGED, Where(record.name)))
        if names := [record.name for record, source in readable if not measure_of(source, record.name).unit]:
            remarks.append(Fault(UNIT_UNKNOWN, params={"names": ", ".join(names)}))
        return Sheets(tuple(sheets), frame.west, frame.north, frame.cell, tuple(remarks))


def _is_placed(record: TerrainRecord, source: DatasetReader) -> bool:
    """Say whether a raster stands anywhere: what a project stores may have been changed, place and cells too."""
    place = source.transform
    values = (*place[:6], *record.bounds_m, record.resolution_m)
    is_there = all(math.isfinite(value) and abs(value) < FARTHEST for value in values)
    return is_there and abs(place.determinant) > LEAST_CELL**2 and record.resolution_m > LEAST_CELL


@contextmanager
def _opened(record: TerrainRecord) -> Iterator[DatasetReader]:
    """Open a stored raster; a zipped one by the member that was found at the import."""
    if record.name.casefold().endswith(".zip"):
        member, content = raster_member(record.content)
        with gdal.raster_bytes(content, gdal.TERRAIN, member) as source:
            yield source
    else:
        # The name tells the place of a tile of degrees.
        with gdal.raster_bytes(record.content, gdal.TERRAIN, record.name) as source:
            yield source


def _frame(record: TerrainRecord, source: DatasetReader, key: _Key) -> Frame:
    """Return the grid that the finest raster gives, as far as cameras look."""
    west, south, east, north = _common(key.near, [each.bounds_m for each in key.records])
    t = source.transform
    is_aligned = _system(record, source, key.crs) == key.crs and t.b == t.d == 0.0 and t.a > 0.0 and abs(t.a + t.e) < ALIKE * t.a
    cell = float(source.transform.a) if is_aligned else record.resolution_m / OVERSAMPLING
    at_x, at_y = (source.transform.c, source.transform.f) if is_aligned else (0.0, 0.0)
    many = (east - west) * (north - south) / cell**2
    cell *= math.ceil(math.sqrt(max(1.0, many / MOST_CELLS)))
    first, last = math.floor((west - at_x) / cell), math.ceil((east - at_x) / cell)
    top, bottom = math.ceil((north - at_y) / cell), math.floor((south - at_y) / cell)
    return Frame(at_x + first * cell, at_y + top * cell, cell, max(2, last - first), max(2, top - bottom))


def _sheet(record: TerrainRecord, source: DatasetReader, crs: str, frame: Frame) -> TerrainSheet:
    """Return a raster on the grid: bilinear between the middles of its cells, their mean where the grid is coarser."""
    resampling = Resampling.average if frame.cell > 1.5 * record.resolution_m else Resampling.bilinear
    system, measure = _system(record, source, crs), measure_of(source, record.name)
    spacing_m = max(math.hypot(*side) for side in sides_m(source.transform, source.width, source.height, system, crs))
    return TerrainSheet(record.name, record.resolution_m, heights_on(frame, source, system, crs, resampling, measure), spacing_m)


def _system(record: TerrainRecord, source: DatasetReader, crs: str) -> str:
    """Return the system of a raster: its own, the one given at the import, or the project's."""
    return (source.crs.to_string() if source.crs else "") or record.crs or crs


def _common(near: Bounds, boxes: Sequence[Bounds]) -> Bounds:
    """Return the part of a box that the boxes together cover, by their bounds."""
    west, south = (min(box[k] for box in boxes) for k in (0, 1))
    east, north = (max(box[k] for box in boxes) for k in (2, 3))
    return max(near[0], west), max(near[1], south), min(near[2], east), min(near[3], north)
