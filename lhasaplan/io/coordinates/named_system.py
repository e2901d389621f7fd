"""Find the coordinate system that a GeoJSON names: GDAL takes one that it does not know for longitude and latitude."""

import re
from pathlib import Path

from pyproj import CRS
from pyproj.exceptions import CRSError

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, Where

_JSON = (".geojson", ".json", ".geojsonl")
_ENDS = 1 << 16  # bytes at the beginning and the end of the file in which the member stands
_MEMBER = re.compile(rb'"crs"\s*:\s*\{[^{}]*"properties"\s*:\s*\{[^{}]*"(?:name|href|code)"\s*:\s*"?([^"{},]+)')
_UNKNOWN = marked(
    "this file names the coordinate system {name}, which is not known here; "
    "give the right one as --crs EPSG:n if its positions are wrong"
)


def unknown_system(path: Path) -> tuple[Fault, ...]:
    """Return a remark where a GeoJSON names a system that is not known."""
    if path.suffix.casefold() not in _JSON:
        return ()
    with path.open("rb") as stream:
        start = stream.read(_ENDS)
        stream.seek(max(0, path.stat().st_size - _ENDS))
        found = _MEMBER.search(start) or _MEMBER.search(stream.read())
    name = found[1].decode("utf-8", "replace").strip() if found else ""
    return () if not name or _is_known(name) else (Fault(_UNKNOWN, Where(path.name), {"name": name}),)


def _is_known(name: str) -> bool:
    try:
        CRS.from_user_input(f"EPSG:{name}" if name.isdigit() else name)
    except CRSError:
        return False
    return True
