"""Read where a project is kept: the path of a file, or a URL whose scheme says by which store."""

import os
import re
from pathlib import Path
from urllib.parse import unquote_to_bytes

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError

Address = str | os.PathLike[str]  # a path object is a path, whatever its name looks like

FILE = "file"
_URL = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")  # of one letter it is a drive of Windows
_FILE_URL = re.compile(r"file:", re.IGNORECASE)
_DRIVE = re.compile(r"/[A-Za-z]:")
ELSEWHERE = marked("This address names the computer {host}; a project file is named by its path on this one")
CUT = marked("This address has a part after {sign}; in the name of a file write the sign as {code}")
NO_FILE = marked("This address names no file; write the path of a project, or file: and the path")
_CODES = {"?": "%3F", "#": "%23"}


def scheme_of(address: Address) -> str:
    """Return the scheme by which a store is found; a plain path is a file.

    >>> scheme_of("town.gpkg"), scheme_of("FILE:/srv/town.gpkg"), scheme_of("C:/town.gpkg"), scheme_of("postgresql://office/town")
    ('file', 'file', 'file', 'postgresql')
    """
    if not isinstance(address, str) or _FILE_URL.match(address):
        return FILE
    url = _URL.match(address)
    return url[1].lower() if url else FILE


def path_of(address: Address) -> Path:
    """Return the path of a file that is named by its path or by a ``file:`` URL (RFC 8089).

    Raises InputError for a URL that names another computer, has a query or a fragment, or names nothing.
    """
    if not isinstance(address, str) or not _FILE_URL.match(address):
        return Path(address)
    rest = address[len("file:") :]
    sign = next((each for each in rest if each in _CODES), "")
    if sign:
        raise InputError(Fault(CUT, params={"sign": sign, "code": _CODES[sign]}))
    path = os.fsdecode(unquote_to_bytes(_on_this_computer(rest)))
    if not path.strip("/") or "\0" in path:
        raise InputError(Fault(NO_FILE))
    return Path(path[1:] if os.name == "nt" and _DRIVE.match(path) else path)


def _on_this_computer(rest: str) -> str:
    if not rest.startswith("//"):
        return rest
    host, _, path = rest[2:].partition("/")
    if host and host.lower() != "localhost":
        raise InputError(Fault(ELSEWHERE, params={"host": host}))
    return "/" + path
