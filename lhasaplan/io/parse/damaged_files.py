"""Say why a file cannot be read, and of one that is damaged what it is, where its first bytes say what its name says."""

from collections.abc import Mapping
from pathlib import Path

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.io.parse.file_signatures import seems

NO_FILE = marked("there is no such file")
DAMAGED = marked("this file is damaged, was cut off, or is not what its name says; export or download it again")
NO_INDEX = marked(
    "the part .shx of this Shapefile is missing or damaged; copy its parts .shp, .shx, .dbf and .prj again, all together"
)
NESTED = marked("what stands in this file is nested too deeply to be read")
MEMORY = marked("this file asks for more memory than there is")
OF_KIND = marked(
    "this file ({kind}) is damaged or was cut off: it begins as it should and cannot be read; export or download it again"
)
_NAMES: Mapping[str, str] = {
    ".pbf": "OpenStreetMap PBF",
    ".dxf": "DXF",
    ".gpkg": "GeoPackage",
    ".fgb": "FlatGeobuf",
    ".parquet": "GeoParquet",
    ".geoparquet": "GeoParquet",
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
