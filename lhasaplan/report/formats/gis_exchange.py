"""Give the layers of the GeoPackage in other forms: FlatGeobuf, GeoJSON, KML, and frames of pandas."""

import errno
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas
import pandas as pd
import pyogrio
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.assessment import ShownAssessment, ShownProject
from lhasaplan.errors import Fault, InputError
from lhasaplan.report.formats.gis import (
    LAYERS,
    MAPPED,
    PLANNING_LAYERS,
    GisLayer,
    gis_layer,
    gis_layers,
    map_frame,
    table_frame,
    written_aside,
)
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.words import banners

# Tables and map layers of an assessment as frames of pandas and GeoPandas, with the columns of the GeoPackage.
#
# Stored values stay English (``due``, ``certain``); sentences are in its language. A frame without rows keeps its
# columns, so that a program need not ask first.

UNKNOWN = marked("{name} is not a table of these results; the tables are: {known}")
NOT_ASKED = marked("{name} is a table of a check, but these results are of an audit")


def plain_frame(assessment: ShownAssessment, name: str, translations: Translations) -> pd.DataFrame:
    """Return one table; InputError for a name that no table has, and for a table of a check where the answer is an audit's."""
    _require(assessment, name, LAYERS)
    return table_frame(gis_layer(assessment, name, translations))


def geo_frame(assessment: ShownAssessment, name: str, translations: Translations) -> geopandas.GeoDataFrame:
    """Return one map layer in the project's coordinate system; InputError as of :func:`plain_frame`."""
    _require(assessment, name, MAPPED)
    return map_frame(gis_layer(assessment, name, translations), assessment.crs)


def _require(assessment: ShownAssessment, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise InputError(Fault(UNKNOWN, params={"name": name, "known": ", ".join(known)}))
    if name in PLANNING_LAYERS and assessment.parts is None:
        raise InputError(Fault(NOT_ASKED, params={"name": name}))


# Write the layers of the GeoPackage as files of other kinds, a layer a file: FlatGeobuf, GeoJSON, KML.

LONLAT = "EPSG:4326"
NAMES = ("name", "part_id", "camera_id", "a", "key", "field")  # what a place is called in a viewer: the first that is filled


@dataclass(frozen=True, slots=True)
class Exchange:
    """A kind of file: GDAL's driver, whether its standard asks for WGS 84, and options of the driver."""

    driver: str
    is_lonlat: bool = False
    options: Mapping[str, str] | None = None


FLAT, GEOJSON, KML = (
    Exchange("FlatGeobuf", options={"SPATIAL_INDEX": "NO"}),  # with one it takes no row without a place
    Exchange("GeoJSON", is_lonlat=True, options={"RFC7946": "YES"}),  # RFC 7946, 4: longitude and latitude of WGS 84
    Exchange("LIBKML", is_lonlat=True),  # OGC 12-007r2, 6.1: the same
)


def write_fgb(project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations) -> list[Path]:
    """Write each layer as FlatGeobuf in the project's coordinate system; return the files."""
    return _write(assessment, folder, translations, "fgb", FLAT)


def write_geojson(project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations) -> list[Path]:
    """Write each layer as GeoJSON in longitude and latitude; return the files."""
    return _write(assessment, folder, translations, "geojson", GEOJSON)


def write_kml(project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations) -> list[Path]:
    """Write each layer as KML in longitude and latitude; return the files."""
    return _write(assessment, folder, translations, "kml", KML)


def _write(assessment: ShownAssessment, folder: Path, translations: Translations, ending: str, kind: Exchange) -> list[Path]:
    files, said = [], " ".join(banners(assessment, translations))
    for layer in gis_layers(assessment, translations):
        path = folder / f"audit-{layer.name}.{ending}"
        with replacing(path) as draft, written_aside():
            try:
                _write_layer(layer, draft, assessment.crs, kind, said)
            except (DataSourceError, DataLayerError, FeatureError) as error:  # a full disk, as GDAL tells it
                said_why = str(error).partition(": OGRFeature")[0]  # behind it the whole shape would follow
                raise OSError(errno.EIO, said_why, str(path)) from error
        files.append(path)
    return files


def _write_layer(layer: GisLayer, path: Path, crs: str, kind: Exchange, said: str) -> None:
    """Write one layer, and into its head what every page says; a plain table has places without geometry."""
    frame = map_frame(layer, crs)
    frame.loc[frame.geometry.is_empty, frame.geometry.name] = None  # GDAL warns of shapes without any part
    if kind.is_lonlat and crs:
        frame = frame.to_crs(LONLAT)
        # In degrees rings of slivers of sight may cross, and GDAL then writes no KML at all.
        shapes = frame.geometry
        crossing = ~shapes.is_valid & shapes.notna()
        shapes.loc[crossing] = shapes.loc[crossing].make_valid(method="structure", keep_collapsed=False)
        frame[shapes.name] = shapes
    if kind is KML:
        shown = [next((str(row[name]) for name in NAMES if row.get(name)), "") for row in layer.rows]
        frame.insert(0, "Name", shown)  # what a viewer shows
    options = {**(kind.options or {}), **({"DESCRIPTION": said} if said else {})}
    pyogrio.write_dataframe(frame, path, layer=layer.name, driver=kind.driver, geometry_type=layer.kind, **options)
