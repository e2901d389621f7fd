"""Say of a file that cannot be read to its end what it is, where its first bytes tell that it is what its name says."""

from collections.abc import Mapping
from pathlib import Path

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.io.parse.failure_sentences import DAMAGED
from lhasaplan.io.parse.file_signatures import seems

OF_KIND = marked(
    "this file ({kind}) is damaged or was cut off: it begins as it should and cannot be read; export or download it again"
)
_NAMES: Mapping[str, str] = {
    ".pbf": "OpenStreetMap PBF",
    ".dxf": "DXF",
    ".gpkg": "GeoPackage",
    ".fgb": "FlatGeobuf",
    ".shp": "Shapefile",
    ".xlsx": "Excel",
    ".xlsm": "Excel",
    ".tif": "GeoTIFF",
    ".tiff": "GeoTIFF",
}


def damaged(path: Path) -> Fault:
    """Return the fault of a file that its reader gave up."""
    where, name = Where(path.name), _NAMES.get(path.suffix.casefold())
    try:
        kind = seems(path) if name else None
    except OSError:
        kind = None
    begins_right = kind is not None and path.name.casefold().endswith(kind.endings)
    return Fault(OF_KIND, where, {"kind": name}) if name and begins_right else Fault(DAMAGED, where)
