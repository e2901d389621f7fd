"""Look at a file from outside before a reader opens it, and say where it is no file, or not of the kind that its name says."""

import bz2
import gzip
import os
import shutil
import stat
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BufferedIOBase
from pathlib import Path
from typing import IO, Annotated

from annotated_types import Ge, Gt

from lhasaplan.content import content_folder
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.scratch import scratch_folder
from lhasaplan.files.undisturbed import is_sqlite
from lhasaplan.io.parse.file_signatures import NO_FILE, seems
from lhasaplan.io.parse.validation import read_stated

# How much a file may ask of the machine: ``data/limits.toml``.

Count = Annotated[int, Gt(0)]
_Above0 = Annotated[float, Gt(0)]


@dataclass(frozen=True, slots=True)
class PackedLimits:
    """What a zip or a packed file may hold."""

    most_bytes: Count
    most_times: Count
    above_bytes: Count


@dataclass(frozen=True, slots=True)
class WorkbookLimits:
    """What a workbook may hold."""

    most_bytes: Count
    most_cells: Count


@dataclass(frozen=True, slots=True)
class RasterLimits:
    """How large a raster may be, and how much of it is unpacked at once."""

    most_cells: Count
    most_block_bytes: Count
    looked_at_bytes: Count
    shown_bytes: Count


@dataclass(frozen=True, slots=True)
class ViewLimits:
    """How long a view of a database may take."""

    most_seconds: _Above0
    most_rows: Count


@dataclass(frozen=True, slots=True)
class OutlineLimits:
    """How far across one outline may be, by the layer that it belongs to."""

    most_m: dict[str, _Above0]
    other_m: _Above0


@dataclass(frozen=True, slots=True)
class DrawingLimits:
    """What a drawing may hold once its blocks are taken apart."""

    most_bytes: Count
    most_shapes: Count
    most_deep: Count


@dataclass(frozen=True, slots=True)
class ReaderLimits:
    """What the process may take that reads a file: at least the base, and more for each megabyte of it."""

    base_seconds: _Above0
    seconds_per_mb: Annotated[float, Ge(0)]
    clock_times: Annotated[float, Ge(1)]
    base_bytes: Count
    bytes_per_byte: Annotated[float, Ge(0)]
    packed_times: Annotated[float, Ge(1)]


@dataclass(frozen=True, slots=True)
class Limits:
    """The whole file."""

    reader: ReaderLimits
    packed: PackedLimits
    workbook: WorkbookLimits
    raster: RasterLimits
    view: ViewLimits
    drawing: DrawingLimits
    outline: OutlineLimits


@cache
def load_limits(path: Path | None = None) -> Limits:
    """Return the shipped limits, or those of another file; InputError names every key that is wrong."""
    return read_stated(path or content_folder("data") / "limits.toml", Limits)


# Give a reader a file alone in a folder of its own, with those beside it that its format has: it finds and leaves nothing
# else.
#
# GDAL writes what it guessed of a GML beside it (.gfs) and trusts what it finds there the next time, though that is no part
# of GML: a tag or a whole layer that such a file does not name would be missing.

# Files of the same stem without which a file of this ending is not whole.
BESIDE = {
    ".shp": (".shx", ".dbf", ".prj", ".cpg"),
    ".asc": (".prj",),
}
# What other programs keep beside a file or in a zip for themselves, and what only says how a file might be read.
NOT_OF_FORMAT = (
    ".gfs",
    ".xsd",
    ".aux.xml",
    ".ovr",
    ".msk",
    ".qix",
    ".sbn",
    ".sbx",
    ".ain",
    ".aih",
    ".idm",
    ".ind",
    ".resolved.gml",
)


@contextmanager
def alone(path: Path) -> Iterator[Path]:
    """Yield a path of the same name in a folder that lasts as long as the block; a database, which has none, as it is."""
    if is_sqlite(path):
        yield path
        return
    with scratch_folder() as folder:
        for part in (path, *_parts(path)):
            _put(part.resolve(), folder / part.name)
        yield folder / path.name


def _parts(path: Path) -> Iterator[Path]:
    """Yield the files that belong to this one, in whatever letters their endings are written."""
    wanted = BESIDE.get(path.suffix.casefold(), ())
    if not wanted:
        return
    for each in path.parent.iterdir():
        if each.stem == path.stem and each.suffix.casefold() in wanted and each.is_file():
            yield each


def _put(source: Path, target: Path) -> None:
    """Let the file stand there too; a copy where the system makes no links."""
    try:
        os.symlink(source, target)
    except (OSError, NotImplementedError):
        shutil.copyfile(source, target)


# Refuse packed files that would unpack to more than the machine can bear, and unpack the others piece by piece.
_PIECE = 1 << 20
_WORKBOOKS = (".xlsx", ".xlsm")
_PACKED: Mapping[str, Callable[[Path], BufferedIOBase]] = {".gz": gzip.GzipFile, ".bz2": bz2.BZ2File}


def check_packed(path: Path) -> None:
    """Refuse a zip (a workbook is one, too) whose files are protected, or would be larger than the limits.

    Raises
    ------
    InputError
        Says which limit, and what would be right.
    """
    name = path.name.casefold()
    if not name.endswith((".zip", *_WORKBOOKS)):
        return
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if any(member.flag_bits & 0x1 for member in members):
        raise InputError(Fault("this file is protected by a password; save it without one", Where(path.name)))
    whole = sum(member.file_size for member in members)
    limits = load_limits()
    most = limits.workbook.most_bytes if name.endswith(_WORKBOOKS) else limits.packed.most_bytes
    if whole > most or _is_bomb(whole, path.stat().st_size):
        raise _too_large(path, whole)


def _is_bomb(whole: int, packed: int) -> bool:
    limits = load_limits().packed
    return whole > limits.most_bytes or (whole > limits.above_bytes and whole > limits.most_times * packed)


def check_unpacked(path: Path, whole: int) -> None:
    """Refuse a file that holds so much once it is unpacked."""
    if _is_bomb(whole, path.stat().st_size):
        raise _too_large(path, whole)


def _too_large(path: Path, whole: int) -> InputError:
    text = "unpacked, this file would hold {size} MB or more, too much for what it is; give the data in smaller files"
    return InputError(Fault(text, Where(path.name), {"size": f"{whole / 1e6:,.0f}"}))


def unpack(path: Path, copy: Path) -> None:
    """Write what a ``.gz`` or ``.bz2`` file holds, and stop where it grows beyond the limits."""
    with _PACKED[path.suffix.casefold()](path) as source, copy.open("wb") as target:
        copy_within_limits(source, target, path)


def copy_within_limits(source: IO[bytes] | BufferedIOBase, target: IO[bytes], path: Path) -> None:
    """Copy in pieces; the sizes that an archive declares may be wrong, so what comes is counted."""
    whole, packed = 0, path.stat().st_size
    while piece := source.read(_PIECE):
        whole += len(piece)
        if _is_bomb(whole, packed):
            raise _too_large(path, whole)
        target.write(piece)


CHOSEN = "|layername="  # parts a file from the one layer of it that is read


def file_of(path: Path) -> Path:
    """Return the file itself of a path that may name one layer of it.

    >>> file_of(Path("city.gpkg|layername=houses")).name
    'city.gpkg'
    """
    return Path(str(path).partition(CHOSEN)[0])


def look_at(path: Path, read_here: str = "") -> None:
    """Refuse what is no readable file: a folder, a pipe, a broken link, an empty file, content that its name does not fit.

    ``read_here`` names a kind of file that no map is made of and that is read all the same (GPX, as a route).

    Raises
    ------
    InputError
        Says what stands there instead, and what would be right.
    """
    if fault := _outside(path):
        raise InputError(fault)
    kind = seems(path)
    is_wanted = kind is not None and read_here != "" and kind.params.get("kind") == read_here
    if kind is not None and not is_wanted and not path.name.casefold().endswith(kind.endings):
        raise InputError(Fault(kind.sentence, Where(path.name), kind.params))
    check_packed(path)


def _outside(path: Path) -> Fault | None:
    where = Where(path.name)
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return Fault("the name of this file is not UTF-8, so readers cannot open it; give it another name", where)
    if not os.path.exists(path):
        is_link = os.path.islink(path)
        text = "this link leads to itself or to a file that is gone; name the file itself"
        return Fault(text, where) if is_link else Fault(NO_FILE, where)
    state = path.stat()
    if stat.S_ISDIR(state.st_mode):
        return Fault("this is a folder; name the file in it", where)
    if not stat.S_ISREG(state.st_mode):
        return Fault("this is a pipe, a socket or a device; save what it gives as a file, and name that", where)
    return Fault("this file is empty; copy, export or download it again", where) if state.st_size == 0 else None
