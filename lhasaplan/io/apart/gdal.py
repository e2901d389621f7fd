"""Open files with GDAL: the only module that does, with the formats that each kind of file may have.

GDAL knows formats that are only addresses of services, fetches schemas that a file names, reads and writes files beside a file.
None of it is of use here: a planner gives the data themselves.
"""

import os
import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rasterio.io import DatasetReader

MAPS = (
    *("GPKG", "SQLite", "ESRI Shapefile", "GeoJSON", "GeoJSONSeq", "ESRIJSON", "TopoJSON", "JSONFG", "FlatGeobuf"),
    *("GML", "KML", "LIBKML", "GPX", "MapInfo File", "OpenFileGDB", "MEM", "Memory"),
)
TERRAIN = ("GTiff", "SRTMHGT", "AAIGrid", "GRASSASCIIGrid")
PICTURES = ("GTiff",)
TILES = ("PNG", "JPEG", "WEBP")
SETTINGS: Mapping[str, str] = {
    "CPL_VSIL_CURL_ALLOWED_FILENAME": "none",  # of all addresses only this one, which is none
    "GDAL_HTTP_PROXY": "127.0.0.1:9",  # the port that discards: what asks all the same reaches nobody
    "GDAL_HTTPS_PROXY": "127.0.0.1:9",
    "GDAL_HTTP_CONNECTTIMEOUT": "1",
    "GDAL_HTTP_TIMEOUT": "1",
    "GDAL_HTTP_MAX_RETRY": "0",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GML_SKIP_RESOLVE_ELEMS": "ALL",
    "GDAL_PAM_ENABLED": "NO",  # no .aux.xml, neither read nor written
    "GDAL_VRT_ENABLE_PYTHON": "NO",
    "OGR_SQLITE_LOAD_EXTENSIONS": "NO",
    "OGR_SQLITE_STATIC_VIRTUAL_OGR": "NO",
    "OSR_DEFAULT_AXIS_MAPPING_STRATEGY": "TRADITIONAL_GIS_ORDER",
    "PROJ_NETWORK": "OFF",
}
_IN_READER = "LHASAPLAN_READER"  # stands in the variables of a process that reads
# Formats of maps that the locked version has and that are not opened; what another version has besides is found at its start.
_OTHERS = (
    *("ADBC", "AIVector", "AVCBin", "AVCE00", "AmigoCloud", "CAD", "CSV", "CSW", "Carto", "DGN", "DXF", "EDIGEO", "EEDA"),
    *("Elasticsearch", "GDALG", "GPSBabel", "GTFS", "GeoRSS", "HTTP", "Idrisi", "JML", "LVBAG", "MBTiles", "MVT", "MapML"),
    *("MiraMonVector", "NGW", "OAPIF", "ODS", "OGCAPI", "OGR_GMT", "OGR_PDS", "OGR_VRT", "OSM", "PCIDSK", "PDF", "PDS4"),
    *("PGDUMP", "PLSCENES", "PMTiles", "S57", "SXF", "Selafin", "VDV", "VFK", "VICAR", "WAsP", "WFS", "XLS", "XLSX"),
)


class OtherFormatsError(BaseException):
    """GDAL would open more formats here than may be; no error of the file, so that no reader tells it as one."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = tuple(names)


def environment(given: Mapping[str, str], also_skipped: Sequence[str] = ()) -> dict[str, str]:
    """Return the variables of a process that reads: what a person set for GDAL elsewhere is not heard, where its data lie is."""
    kept = {"GDAL_DATA", "PROJ_DATA", "PROJ_LIB"}
    ours = ("GDAL_", "OGR_", "CPL_", "VSI_", "GML_", "PROJ_", "AWS_", "AZURE_", "GS_", "OSS_", "SWIFT_", "CURL_")
    heard = {
        name: value
        for name, value in given.items()
        if name in kept or not (name.upper().startswith(ours) or name.upper().endswith("_PROXY"))
    }
    return {**heard, **SETTINGS, _IN_READER: "1", "OGR_SKIP": ",".join((*_OTHERS, *also_skipped))}


@cache
def maps() -> ModuleType:
    """Return pyogrio, told what to leave alone."""
    with _no_frames():
        import pyogrio  # noqa: PLC0415 - no other file needs it
        import pyogrio.raw  # noqa: PLC0415

    pyogrio.set_gdal_config_options(dict(SETTINGS))
    if _IN_READER in os.environ and (more := set(pyogrio.list_drivers()) - set(MAPS)):
        raise OtherFormatsError(sorted(more))
    return pyogrio  # type: ignore[no-any-return]


@contextmanager
def _no_frames() -> Iterator[None]:
    """Keep pandas and GeoPandas out of the reader's process: pyogrio loads them to learn whether they are there."""
    absent = [name for name in ("pandas", "geopandas") if _IN_READER in os.environ and name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None: such a module is not there
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]


def formats() -> list[str]:
    """Return the formats of maps that GDAL would open here."""
    return sorted(maps().list_drivers())


@contextmanager
def raster(path: str | Path, drivers: Sequence[str]) -> Iterator["DatasetReader"]:
    """Open a raster in one of these formats and in no other."""
    from rasterio.io import DatasetReader  # noqa: PLC0415 - no other file needs it

    with quiet_raster(), DatasetReader(str(path), driver=list(drivers), sharing=False) as source:
        yield source


@contextmanager
def raster_bytes(content: bytes, drivers: Sequence[str], name: str | None = None) -> Iterator["DatasetReader"]:
    """Open a raster that is held in memory; its name tells some formats where it lies."""
    from rasterio.io import MemoryFile  # noqa: PLC0415 - no other file needs it

    named: dict[str, str] = {} if name is None else {"filename": name}
    with MemoryFile(content, **named) as memory, raster(memory.name, drivers) as source:
        yield source


@contextmanager
def quiet_raster() -> Iterator[None]:
    """Tell GDAL what to leave alone while the block lasts; that a picture lies nowhere is told as a fault, not as a warning."""
    import rasterio  # noqa: PLC0415 - no other file needs it
    from rasterio.errors import NotGeoreferencedWarning  # noqa: PLC0415 - no other file needs it

    with rasterio.Env(**SETTINGS, GDAL_CACHEMAX=64), warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        yield
