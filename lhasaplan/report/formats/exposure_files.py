"""Write what cameras can see of people on their way: tables, map layers, JSON, and the profile of a walk as a chart.

Each file is chosen by its ending. No row, line or colour stands for what is not in view but the sum of it.
"""

import csv
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import geopandas
import pandas as pd
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.exposure.along_lines import WALK_STEP_M, Stretch, Walk, as_row
from lhasaplan.core.exposure.streets_in_view import STREET_STEP_M, PathsOnFoot, StreetsInView
from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M
from lhasaplan.core.site.mounting import EYE_M
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import Heads
from lhasaplan.qgis.dressing import dress
from lhasaplan.report.formats.gis_exchange import LONLAT
from lhasaplan.report.maps.result_symbols import MAP_TITLE, share_symbols
from lhasaplan.report.text.output_files import inert, replacing

SCHEMA = "lhasaplan-exposure/1"
OTHER_ENDING = marked("files of this kind are not written here; these are: {formats}")
SUMS_ALONE = marked("A rule pack of this project allows only the sums of a route; write them as JSON")
Writer = Callable[[Path], None]


def write_walk(path: Path, walk: Walk, heads: Heads, translations: Translations) -> Path:
    """Write where a walk is in view: a table (csv), a map layer (geojson, gpkg), all figures (json), a chart (svg, png, pdf)."""
    if walk.stretches is None and path.suffix.casefold() != ".json":
        raise InputError(Fault(SUMS_ALONE, Where(path.name)))
    writers: dict[str, Writer] = {
        ".csv": lambda draft: _write_table(draft, walk_frame(walk), heads),
        ".json": lambda draft: _write_json(draft, {**_said(heads, WALK_STEP_M), **walk_json(walk)}),
        ".geojson": lambda draft: _write_layer(draft, "stretches", stretch_frame(walk).to_crs(LONLAT), "GeoJSON", heads),
        ".gpkg": lambda draft: _write_layers(draft, {"stretches": stretch_frame(walk)}, heads),
        **dict.fromkeys((".svg", ".png", ".pdf"), lambda draft: _draw(draft, path, walk, heads, translations)),
    }
    return _written(path, writers)


def write_streets(path: Path, streets: StreetsInView, heads: Heads, translations: Translations) -> Path:
    """Write how much of each street is in view: a table (csv), a layer (geojson), with areas (gpkg, json), a map (html)."""
    writers: dict[str, Writer] = {
        ".html": lambda draft: _write_page(draft, streets, heads, translations),
        ".csv": lambda draft: _write_table(draft, pd.DataFrame(street_frame(streets).drop(columns="geometry")), heads),
        ".geojson": lambda draft: _write_layer(draft, "streets", street_frame(streets).to_crs(LONLAT), "GeoJSON", heads),
        ".gpkg": lambda draft: _write_dressed(draft, path.name, streets, heads, translations),
        ".json": lambda draft: _write_json(draft, {**_said(heads, STREET_STEP_M), **_streets_json(streets)}),
    }
    return _written(path, writers)


def write_paths(path: Path, paths: PathsOnFoot, heads: Heads) -> Path:
    """Write the shortest and the least seen path: a map layer (geojson, gpkg), a track each (gpx), all figures (json)."""
    writers: dict[str, Writer] = {
        ".geojson": lambda draft: _write_layer(draft, "paths", path_frame(paths).to_crs(LONLAT), "GeoJSON", heads),
        ".gpkg": lambda draft: _write_layers(draft, {"paths": path_frame(paths)}, heads),
        ".gpx": lambda draft: _write_tracks(draft, path_frame(paths).to_crs(LONLAT)),
        ".json": lambda draft: _write_json(draft, {**_said(heads, WALK_STEP_M), **_paths_json(paths)}),
    }
    return _written(path, writers)


def _written(path: Path, writers: Mapping[str, Writer]) -> Path:
    write = writers.get(path.suffix.casefold())
    if write is None:
        raise InputError(Fault(OTHER_ENDING, Where(path.name), {"formats": " ".join(writers)}))
    with replacing(path) as draft:
        write(draft)
    return path


# Tables.


def walk_frame(walk: Walk) -> pd.DataFrame:
    """Return a row for each stretch in view, or not mapped, along the walk; InputError where these are withheld."""
    if walk.stretches is None:
        raise InputError(Fault(SUMS_ALONE))
    columns = list(Stretch.__dataclass_fields__)
    rows = [{**asdict(each), "certain": ";".join(each.certain), "possible": ";".join(each.possible)} for each in walk.stretches]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.round({"from_m": 2, "to_m": 2})


def stretch_frame(walk: Walk) -> geopandas.GeoDataFrame:
    """Return the rows of :func:`walk_frame` with their part of the walk, in the project's coordinate system."""
    return geopandas.GeoDataFrame(walk_frame(walk), geometry=list(walk.shapes), crs=walk.crs)


def street_frame(streets: StreetsInView) -> geopandas.GeoDataFrame:
    """Return a row for each street with its lengths in view, in the project's coordinate system."""
    rows = [
        {"street_id": each.street_id, "name": each.name, "kind": each.kind, **as_row(each.lengths)} for each in streets.streets
    ]
    columns = ["street_id", "name", "kind", *as_row(streets.whole)]
    return _frame(rows, columns, [each.geometry for each in streets.streets], streets.crs)


def area_frame(streets: StreetsInView) -> geopandas.GeoDataFrame:
    """Return a row for each area with the lengths of its streets in view, in the project's coordinate system."""
    rows = [{"area_id": each.area_id, "name": each.name, **as_row(each.lengths)} for each in streets.areas]
    columns = ["area_id", "name", *as_row(streets.whole)]
    return _frame(rows, columns, [each.geometry for each in streets.areas], streets.crs)


def path_frame(paths: PathsOnFoot) -> geopandas.GeoDataFrame:
    """Return a row for each of the two paths, in the project's coordinate system."""
    both = (("shortest", paths.shortest), ("least_seen", paths.least_seen))
    rows = [{"path": name, "cost_m": round(each.cost_m, 2), **as_row(each.walk.lengths)} for name, each in both]
    return _frame(rows, list(rows[0]), [each.line for _, each in both], paths.crs)


def _frame(
    rows: Sequence[Mapping[str, object]], columns: Sequence[str], shapes: Sequence[BaseGeometry], crs: str
) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame(pd.DataFrame(rows, columns=list(columns)), geometry=list(shapes), crs=crs)


def _write_table(path: Path, frame: pd.DataFrame, heads: Heads) -> None:
    """Write a table as CSV; what others say in a head is a last column, where there is anything to say."""
    said = " ".join(heads.lines)
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*frame.columns, *(["remark"] if said else [])])
        for row in frame.itertuples(index=False):
            table.writerow([*(inert(cell) if isinstance(cell, str) else cell for cell in row), *([said] if said else [])])


def _write_layers(path: Path, layers: Mapping[str, geopandas.GeoDataFrame], heads: Heads) -> None:
    for name, frame in ({name: frame for name, frame in layers.items() if len(frame)} or layers).items():
        _write_layer(path, name, frame, "GPKG", heads)


def _write_dressed(path: Path, name: str, streets: StreetsInView, heads: Heads, translations: Translations) -> None:
    """Write streets and areas with their symbols for QGIS."""
    _write_layers(path, {"streets": street_frame(streets), "areas": area_frame(streets)}, heads)
    with closing(sqlite3.connect(path)) as file, file:
        dress(file, lambda: share_symbols(translations), name, translations(MAP_TITLE), streets.crs)


def _write_layer(path: Path, name: str, frame: geopandas.GeoDataFrame, driver: str, heads: Heads) -> None:
    options = {"DESCRIPTION": " ".join(heads.lines)} if heads.lines else {}
    more = {"RFC7946": "YES"} if driver == "GeoJSON" else {}
    more |= {} if len(frame) else {"geometry_type": "Unknown"}  # a walk that nobody sees is a file without rows
    pyogrio.write_dataframe(frame, path, layer=name, driver=driver, append=path.exists() and driver == "GPKG", **options, **more)


def _write_tracks(path: Path, frame: geopandas.GeoDataFrame) -> None:
    """Write each path as a track of GPX, with its name alone."""
    tracks = geopandas.GeoDataFrame(
        {"name": frame["path"]}, geometry=[shapely.multilinestrings([g]) for g in frame.geometry], crs=LONLAT
    )
    pyogrio.write_dataframe(tracks, path, layer="tracks", driver="GPX")


# JSON.


def walk_json(walk: Walk) -> JsonObject:
    """Return a walk as members of a JSON object; what a pack withholds is null, which is not an empty list."""
    return {
        "speed_km_h": walk.speed_km_h,
        "lengths": as_row(walk.lengths),
        "seconds": {
            name: round(walk.seconds(getattr(walk.lengths, f"{name}_m")), 1) for name in ("length", *walk.lengths.states)
        },
        "stretches": None if walk.stretches is None else [_rounded(asdict(each)) for each in walk.stretches],
        "cameras": None if walk.cameras is None else [_rounded(asdict(each)) for each in walk.cameras],
    }


def _rounded(row: Mapping[str, object]) -> JsonObject:
    return {key: round(value, 2) if isinstance(value, float) else value for key, value in row.items()}


def _said(heads: Heads, step_m: float) -> JsonObject:
    return {
        "schema": SCHEMA,
        "remarks": list(heads.lines),
        "head_m": EYE_M,
        "step_m": step_m,
        "classes_px_m": list(DENSITY_BANDS_PX_M),
    }


def _streets_json(streets: StreetsInView) -> JsonObject:
    return {
        "whole": as_row(streets.whole),
        "streets": street_frame(streets).drop(columns="geometry").to_dict("records"),
        "areas": area_frame(streets).drop(columns="geometry").to_dict("records"),
    }


def _paths_json(paths: PathsOnFoot) -> JsonObject:
    lines = path_frame(paths).to_crs(LONLAT).geometry
    both = zip((paths.shortest, paths.least_seen), lines, strict=True)
    shortest, least = (
        {"cost_m": round(each.cost_m, 2), **walk_json(each.walk), "geometry": line.__geo_interface__} for each, line in both
    )
    return {"metre_in_view": paths.metre_in_view, "shortest": shortest, "least_seen": least}


def _write_page(path: Path, streets: StreetsInView, heads: Heads, translations: Translations) -> None:
    from lhasaplan.report.formats.streets_map import streets_page  # noqa: PLC0415 - an extra brings what pages are made with

    path.write_text(streets_page(streets, heads, translations), encoding="utf-8", newline="\n")


def _draw(draft: Path, path: Path, walk: Walk, heads: Heads, translations: Translations) -> None:
    from lhasaplan.report.formats.streets_map import draw_profile  # noqa: PLC0415 - an extra brings what draws

    draw_profile(draft, path, walk, heads, translations)


def _write_json(path: Path, members: Mapping[str, object]) -> None:
    path.write_text(json.dumps(members, ensure_ascii=False, indent=1, allow_nan=False) + "\n", encoding="utf-8")
