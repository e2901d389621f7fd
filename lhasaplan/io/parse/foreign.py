"""The one place where a foreign reader's failure of any kind becomes a sentence with the file.

GDAL, osmium, openpyxl, zipfile, pyproj and the others raise what they like on damaged files, and more with each version: a list
of exceptions in each reader would never be whole. So all of them are called inside :func:`reading`, and nowhere else in
``lhasaplan/io`` is an exception caught only to be reported.
"""

import csv
import errno
import json
import logging
import re
import sqlite3
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from xml.parsers.expat import ExpatError
from xml.sax import SAXParseException

import shapely

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Cancelled, Fault, InputError, UserError, Where, missing_extra
from lhasaplan.io.parse.file_signatures import MEMORY, NESTED, NO_FILE, NO_INDEX, damaged

# What a failure inside a foreign reader means to the person who gave the file: what is wrong, and what would be right.

_RIGHTS = marked("this file may not be read by you; ask for the right to read it, or copy it to a place of your own")
_SYSTEM = marked("the system could not read this file: {reason}")
_TEXT = marked("a text in this file is not UTF-8; save the file as UTF-8")
_CRS = marked("the coordinate system of this file is no system of positions on earth; give the right one as --crs EPSG:n")
_JSON = marked("the JSON of this file breaks off or is wrong at line {line}, character {character}; export or download it again")
_XML = marked("the XML of this file breaks off or is wrong at line {line}; export or download it again")
_ENTITIES = marked("this file defines XML entities, which are not read; export it without them")
_CRS_DAMAGED = marked(
    "the coordinate system of this file is damaged (of a Shapefile, its part .prj); "
    "mend it, or take it away and give --crs EPSG:n"
)
_UNKNOWN = marked("this file cannot be read ({reason}); if other programs can, save it from there in another format")
_LONGEST = 160

# What the words of GDAL and osmium mean; the first that is found counts, and its groups fill the sentence.
_MEANT: Mapping[str, str] = {
    r"(?i)out of memory|cannot allocate|too many bytes|sum of sizes": MEMORY,
    r"(?i)\.shx\b": NO_INDEX,
    r"(?i)DBF file": marked(
        "the part .dbf of this Shapefile is damaged or cut off; copy its parts .shp, .shx, .dbf and .prj again, all together"
    ),
    r"missing [\[,(]|missing \]": _CRS_DAMAGED,
    r"At line (?P<line>\d+), character (?P<character>\d+)": _JSON,
    r"(?i)line (?P<line>\d+),? (?:at )?(?:column|offset) \d+": _XML,
    r"(?i)nest(ed|ing) (level|too)|too many nested|recursion": NESTED,
    r"(?i)XML entities|EntitiesForbidden": _ENTITIES,
    r"(?i)malformed|not a database|encrypted": marked(
        "the database in this file is damaged or was cut off; copy or export the file again"
    ),
    r"ID twice in input": marked(
        "an id comes twice in this file, as in a file of history or of changes; give one state of the map"
    ),
    r"element in <way>: center$": marked("Overpass wrote only the middles of ways here (out center;); ask it for out geom;"),
}
# By the library that raises them, since to load all of them takes a second and 130 MB: one that is not loaded raised nothing.
_FOREIGN: Mapping[str, tuple[tuple[str, str], ...]] = {
    "pyogrio.errors": (
        ("CRSError", _CRS_DAMAGED),
        *((name, "") for name in ("DataLayerError", "DataSourceError", "FeatureError", "FieldError", "GeometryError")),
    ),
    "pyproj.exceptions": (("ProjError", _CRS),),
    "defusedxml": (("DefusedXmlException", _ENTITIES),),
    "rasterio.errors": (("RasterioError", ""),),
    "openpyxl.utils.exceptions": (("InvalidFileException", ""),),
    "osmium": (("InvalidLocationError", ""),),
}
_BY_KIND: tuple[tuple[type[Exception], str], ...] = (
    (UnicodeDecodeError, _TEXT),
    (FileNotFoundError, NO_FILE),
    (PermissionError, _RIGHTS),
    (MemoryError, MEMORY),
    (RecursionError, NESTED),
)
_OF_DAMAGE = (
    *(shapely.errors.ShapelyError, zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, EOFError, StopIteration),
    *(NotImplementedError, ExpatError, RuntimeError, LookupError, ValueError, TypeError, ArithmeticError),
    # Raised within libraries where a damaged part was not read: no layer, no variable.
    *(AttributeError, NameError, OSError, csv.Error, sqlite3.Error),
)


def _foreign(error: Exception) -> str | None:
    """Return the sentence of a library's own exception, empty where it says no more than damage; None for any other."""
    for module, kinds in _FOREIGN.items():
        library = sys.modules.get(module)
        for name, sentence in kinds if library is not None else ():
            if isinstance(error, getattr(library, name)):
                return sentence
    return None


def fault_of(path: Path, error: Exception) -> Fault:
    """Return the sentence for a failure, with the file."""
    where = Where(path.name)
    if isinstance(error, ModuleNotFoundError) and error.name:
        return missing_extra(error.name.partition(".")[0], where)
    if isinstance(error, json.JSONDecodeError):
        return Fault(_JSON, where, {"line": error.lineno, "character": error.colno})
    if isinstance(error, SAXParseException):
        return Fault(_XML, where, {"line": error.getLineNumber()})
    if isinstance(error, OSError) and error.errno == errno.EINVAL:  # zipfile was led to a place before the file's beginning
        return damaged(path)
    if isinstance(error, OSError) and error.strerror and _foreign(error) is None:
        return Fault(_SYSTEM, where, {"reason": error.strerror}) if type(error) is OSError else _by_kind(path, error)
    return _by_kind(path, error)


def _by_kind(path: Path, error: Exception) -> Fault:
    where = Where(path.name)
    foreign = _foreign(error)
    if sentence := foreign or next((text for kinds, text in _BY_KIND if isinstance(error, kinds)), ""):
        return Fault(sentence, where)
    for words, sentence in _MEANT.items():
        if found := re.search(words, str(error)):
            return Fault(sentence, where, found.groupdict())
    if foreign is not None or isinstance(error, _OF_DAMAGE) or type(error).__module__.startswith("ezdxf."):
        return damaged(path)
    return Fault(_UNKNOWN, where, {"reason": f"{type(error).__name__}: {error}"[:_LONGEST]})


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Read a file inside this block; whatever fails in it but a cancel is reported as an InputError that names the file."""
    try:
        yield
    except (UserError, Cancelled):
        raise
    except Exception as error:
        logging.getLogger(__name__).debug("cannot read %r", path.name, exc_info=error)
        raise InputError(fault_of(path, error)) from error
