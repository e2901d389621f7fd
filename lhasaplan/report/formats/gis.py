"""Write a GeoPackage of cameras, fields, seen frontage, findings, gaps and overlaps on quiet ground, in the project's system."""

import errno
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.translations import Translations
from lhasaplan.core.city.streets import street_name
from lhasaplan.core.demand.ground_in_view import DrawnField, Reach
from lhasaplan.core.model.layer import is_drawn
from lhasaplan.core.results.assessment import Assessment, CameraResult, ShownAssessment, ShownProject
from lhasaplan.core.results.finding import Withheld
from lhasaplan.qgis.dressing import dress
from lhasaplan.qgis.symbols import LayerSymbols
from lhasaplan.report.facts.basis import basis_of, worded
from lhasaplan.report.facts.called import camera_numbers
from lhasaplan.report.facts.part_options import service_table
from lhasaplan.report.facts.summary import SCHEMA, has_plan, sorted_findings
from lhasaplan.report.facts.tables import (
    assumption_table,
    camera_table,
    finding_table,
    overlap_table,
    part_table,
    sighting_table,
    summary_table,
)
from lhasaplan.report.maps.base_map import Frame, attribution, drawn, drawn_frontages, overview_frame
from lhasaplan.report.maps.result_symbols import result_symbols
from lhasaplan.report.text.columns import Table
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.words import CLOSED_PLACES, FICTITIOUS, data_banners

Rows = list[dict[str, Any]]
AROUND_M = 100.0  # ground beyond what the maps show


@dataclass(frozen=True, eq=False, slots=True)
class GisLayer:
    """One layer: rows by column, and a geometry per row; ``None`` as ``shapes`` is a plain table.

    ``titles`` are what readers call its columns, by name, of those that have a title.
    """

    name: str
    columns: tuple[str, ...]
    rows: Rows
    shapes: list[BaseGeometry | None] | None
    kind: str = "Unknown"
    titles: Mapping[str, str] = field(default_factory=dict)


def write_gpkg(project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations) -> list[Path]:
    """Write ``audit.gpkg``; return the file. Stored values stay English, texts are in the language of the translations."""
    path, titles = folder / "audit.gpkg", dict[str, Mapping[str, str]]()
    with replacing(path) as draft, written_aside():
        # A layer is let go before the next is made: together they are as large as all answers.
        for layer in chain(_filled_layers(assessment, translations), ground_layers(project, assessment)):
            titles[layer.name] = layer.titles
            try:
                _append(layer, draft, assessment.crs)
            except (DataSourceError, DataLayerError, FeatureError) as error:  # a full disk, as GDAL tells it
                raise OSError(errno.EIO, str(error), str(path)) from error
        with closing(sqlite3.connect(draft)) as file, file:
            title = " · ".join((assessment.project, *([translations.untouched(FICTITIOUS)] if assessment.synthetic else [])))
            dress(file, lambda: _symbols(titles, translations), path.name, title, assessment.crs)
    return [path]


def _symbols(titles: Mapping[str, Mapping[str, str]], translations: Translations) -> list[LayerSymbols]:
    """Return the symbols of results, with the titles of their columns, by layer and column."""
    return [replace(each, aliases=titles.get(each.table, {})) for each in result_symbols(translations)]


AS_A_DRAFT = {"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z", "OGR_SQLITE_SYNCHRONOUS": "OFF"}


@dataclass(slots=True)
class _DraftWriters:
    """How many write drafts now, and GDAL's options before them: the options are those of the whole process."""

    lock: Lock = field(default_factory=Lock)
    count: int = 0
    before: dict[str, Any] = field(default_factory=dict)


_writers = _DraftWriters()


@contextmanager
def written_aside() -> Iterator[None]:
    """Let GDAL write a draft: with a fixed date of change (same input, same content), and without waiting for the disk.

    Each layer would bring the draft to the disk some 25 times; whoever puts it in its place does so once. Of several
    that write at once the first sets this, and the last puts back what was before.
    """
    with _writers.lock:
        if not _writers.count:
            _writers.before = {option: pyogrio.get_gdal_config_option(option) for option in AS_A_DRAFT}
            pyogrio.set_gdal_config_options(AS_A_DRAFT)
        _writers.count += 1
    try:
        yield
    finally:
        with _writers.lock:
            _writers.count -= 1
            if not _writers.count:
                pyogrio.set_gdal_config_options(_writers.before)


def gis_layers(assessment: Assessment, translations: Translations) -> list[GisLayer]:
    """Return the layers that have rows; parts, gaps and overlaps only behind the gate."""
    return list(_filled_layers(assessment, translations))


def _filled_layers(assessment: Assessment, translations: Translations) -> Iterator[GisLayer]:
    """Give the layers that have rows, each made when it is asked for."""
    names = [name for name in LAYERS if name not in PLANNING_LAYERS or assessment.parts is not None]
    return (layer for layer in (gis_layer(assessment, name, translations) for name in names) if layer.rows)


def ground_layers(project: ShownProject, assessment: ShownAssessment) -> list[GisLayer]:
    """Return the streets around the cameras, by name; no building, for its outline might be that of a protected place.

    None where positions are coarse: the frame would tell them.
    """
    if assessment.public_precision_deg is not None:
        return []
    frame, _ = overview_frame(assessment.cameras, [each.part.geometry for each in assessment.parts or ()], AROUND_M)
    streets = [] if frame is None else _streets(project, frame)
    rows: Rows = [{"name": name} for name, _ in streets]
    return [GisLayer("roads", ("name",), rows, [shape for _, shape in streets])] if streets else []


def _streets(project: ShownProject, frame: Frame) -> list[tuple[str, BaseGeometry]]:
    """Return the streets in a frame with their names; none that a user drew."""
    roads = project.layers.get("roads")
    if roads is None:
        return []
    touching = np.flatnonzero(shapely.intersects(shapely.box(*frame), roads.geometry))  # nothing that is missing touches
    return [(street_name(roads.tags[at]), roads.geometry[at]) for at in touching if not is_drawn(roads.tags[at])]


def gis_layer(assessment: Assessment, name: str, translations: Translations) -> GisLayer:
    """Return one layer by its name, with or without rows; each row says that the data are made up where they are."""
    layer = LAYERS[name](assessment, worded(translations, assessment))
    if not assessment.synthetic or name in UNMARKED:
        return layer
    rows = [{**row, "synthetic": True} for row in layer.rows]  # a copied layer still says it
    return replace(layer, columns=(*layer.columns, "synthetic"), rows=rows)


def _of_table(
    table: Table, translations: Translations, shapes: list[BaseGeometry | None] | None = None, kind: str = "Unknown"
) -> GisLayer:
    columns = tuple(column.key for column in table.columns if column.key != "label")  # a label is a translation, not a value
    titles = {column.key: column.heading(translations) for column in table.columns if column.key in columns}
    return GisLayer(table.name, columns, _rows(table), shapes, kind, titles)


def _rows(table: Table) -> Rows:
    kept = [(number, column.key) for number, column in enumerate(table.columns) if column.key != "label"]
    return [{key: _stored(row[number]) for number, key in kept} for row in table.rows]


def _stored(value: object) -> object:
    """Return what a column holds; of what is withheld nothing, as the table of metadata says."""
    if not isinstance(value, (tuple, Withheld)):
        return value
    return ", ".join(map(str, value)) if isinstance(value, tuple) else None


def _cameras(assessment: Assessment, translations: Translations) -> GisLayer:
    shapes: list[BaseGeometry | None] = [Point(c.placed.camera.x_m, c.placed.camera.y_m) for c in assessment.cameras]
    reported, numbers = _of_table(camera_table(assessment), translations, shapes, "Point"), camera_numbers(assessment)
    rows = [{**row, "number": numbers.get(row["camera_id"], "")} for row in reported.rows]
    return replace(reported, columns=(*reported.columns, "number"), rows=rows)


FIELD_COLUMNS = ("camera_id", "certainty", "reach", "basis", "from_px_m", "area_m2")


def _fields(assessment: Assessment, translations: Translations) -> GisLayer:
    rows: Rows = []
    shapes: list[BaseGeometry] = []
    for result in assessment.cameras:
        for one in drawn(result).fields:
            for low, band in one.field.bands:
                if not band.is_empty:
                    rows.append(_band_row(result, one, low, band))
                    shapes.append(band)
    return GisLayer("fields", FIELD_COLUMNS, rows, _multi(shapes), "MultiPolygon")


def _band_row(result: CameraResult, one: DrawnField, low: float, band: BaseGeometry) -> dict[str, object]:
    return {
        "camera_id": result.placed.camera.camera_id,
        "certainty": "certain" if one.reach is Reach.CERTAIN else "possible",
        "reach": str(one.reach),
        "basis": str(one.field.basis),
        "from_px_m": float(low),
        "area_m2": round(float(band.area), 1),
    }


NOT_MAPPED_COLUMNS = ("camera_id", "certainty", "area_m2")


def _not_mapped(assessment: Assessment, translations: Translations) -> GisLayer:
    """Return the ground in view that is not mapped: it is no part of the fields."""
    bare = [result for result in assessment.cameras if result.not_mapped is not None]
    rows = [_blank_row(result) for result in bare]
    return GisLayer("not_mapped", NOT_MAPPED_COLUMNS, rows, _multi([result.not_mapped for result in bare]), "MultiPolygon")


def _blank_row(result: CameraResult) -> dict[str, object]:
    certainty = "certain" if result.certain is not None else "possible"
    return {
        "camera_id": result.placed.camera.camera_id,
        "certainty": certainty,
        "area_m2": round(float(result.not_mapped_m2), 1),
    }


NIGHT_COLUMNS = ("camera_id", "certainty", "night_range_m", "area_m2")


def _night(assessment: Assessment, translations: Translations) -> GisLayer:
    """Return the ground that cameras can see at night, of those whose range at night is recorded."""
    known = [result for result in assessment.cameras if result.night is not None and not result.night.is_empty]
    rows = [_night_row(result) for result in known]
    return GisLayer("night", NIGHT_COLUMNS, rows, _multi([result.night for result in known]), "MultiPolygon")


def _night_row(result: CameraResult) -> dict[str, object]:
    return {
        "camera_id": result.placed.camera.camera_id,
        "certainty": "certain" if result.certain is not None else "possible",
        "night_range_m": float(result.placed.camera.night_range_m or 0.0),
        "area_m2": round(float(result.night_m2 or 0.0), 1),
    }


PLAIN = shapely.GeometryType.MISSING, shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON


def _multi(shapes: Sequence[BaseGeometry | None]) -> list[BaseGeometry | None]:
    """Return each shape as one MultiPolygon, so that a layer has one type; lines and points of a cut are dropped."""
    found = np.array([*shapes, None], object)[:-1]
    found[shapely.is_empty(found)] = None
    kinds = shapely.get_type_id(found)
    single = np.flatnonzero(kinds == shapely.GeometryType.POLYGON)  # nearly all, of tens of thousands
    found[single] = shapely.multipolygons(found[single], indices=np.arange(len(single)))
    for row in np.flatnonzero(~np.isin(kinds, PLAIN)).tolist():
        parts = [part for part in shapely.get_parts(shapely.get_parts(found[row])) if part.geom_type == "Polygon"]
        found[row] = shapely.MultiPolygon(parts) if parts else None
    whole: list[BaseGeometry | None] = found.tolist()
    return whole


def _frontage(assessment: Assessment, translations: Translations) -> GisLayer:
    split = list(drawn_frontages(assessment.cameras))
    reported = _of_table(sighting_table(assessment, translations), translations)
    rows = [
        {**row, "beyond_ground_m": round(beyond.length, 1)} for row, (_, (_, beyond)) in zip(reported.rows, split, strict=True)
    ]
    shapes = [None if s.geometry is None or s.geometry.is_empty else s.geometry for s, _ in split]
    columns = (*reported.columns, "beyond_ground_m")
    return replace(reported, name="seen_frontage", columns=columns, rows=rows, shapes=_or_table(shapes))


def _or_table(shapes: list[BaseGeometry | None]) -> list[BaseGeometry | None] | None:
    return shapes if any(shape is not None for shape in shapes) else None


def _findings(assessment: Assessment, translations: Translations) -> GisLayer:
    shapes = [finding.geometry for finding in sorted_findings(assessment)]
    return _of_table(finding_table(assessment, translations), translations, _or_table(shapes))


def _parts(assessment: Assessment, translations: Translations) -> GisLayer:
    shapes = [None if result.part.geometry.is_empty else result.part.geometry for result in assessment.parts or ()]
    return _of_table(part_table(assessment, translations), translations, _or_table(shapes))


GAP_COLUMNS = ("part_id", "verdict", "gap_m2")


def _gaps(assessment: Assessment, translations: Translations) -> GisLayer:
    gaps = [(each, each.gap) for each in assessment.parts or () if each.gap is not None and not each.gap.is_empty]
    rows: Rows = [{"part_id": r.part.part_id, "verdict": r.verdict, "gap_m2": round(float(gap.area), 1)} for r, gap in gaps]
    return GisLayer("gaps", GAP_COLUMNS, rows, _multi([gap for _, gap in gaps]), "MultiPolygon")


def _gaps_with_plan(assessment: Assessment, translations: Translations) -> GisLayer:
    """Return what is not served once the plan is carried out; none where nothing is planned."""
    parts = assessment.parts or () if has_plan(assessment) else ()
    gaps = [(each, each.gap_after) for each in parts if each.gap_after is not None and not each.gap_after.is_empty]
    rows: Rows = [{"part_id": r.part.part_id, "verdict": r.verdict_after, "gap_m2": round(float(gap.area), 1)} for r, gap in gaps]
    return GisLayer("gaps_with_plan", GAP_COLUMNS, rows, _multi([gap for _, gap in gaps]), "MultiPolygon")


def _overlaps(assessment: Assessment, translations: Translations) -> GisLayer:
    shapes = _multi([each.geometry for each in assessment.overlaps or ()])
    return _of_table(overlap_table(assessment), translations, _or_table(shapes))


def _service(assessment: Assessment, translations: Translations) -> GisLayer:
    """Return what would serve the parts that are not met, each at the place of the camera that it changes or adds."""
    cameras = [option.as_changed for result in assessment.parts or () for option in result.service]
    shapes: list[BaseGeometry | None] = [Point(camera.x_m, camera.y_m) for camera in cameras]
    return _of_table(service_table(assessment, translations, {}), translations, shapes, "Point")


def _metadata(assessment: Assessment, translations: Translations) -> GisLayer:
    pairs: list[tuple[str, str]] = [
        ("schema", SCHEMA),
        ("project", assessment.project),
        ("crs", assessment.crs),
        ("gate", "open" if assessment.gate.open else "closed"),
        ("answers", basis_of(assessment)),
        ("language", translations.language),
    ]
    pairs += [("synthetic", translations.untouched(FICTITIOUS))] if assessment.synthetic else []
    closed = assessment.closed_places
    pairs += [] if closed is None else [("closed_places", translations.untouched(CLOSED_PLACES, count=closed))]
    pairs += [("withheld", str(matter)) for matter in sorted(assessment.withheld)]
    pairs += [("pack", pack.name + (" (changed)" if pack.changed else "")) for pack in assessment.packs]
    pairs += [("data", line) for line in data_banners(assessment.data, translations)]
    pairs += [("input", f"{r.path} sha256 {r.sha256} date {r.date or '-'}") for r in assessment.inputs]
    pairs += [("attribution", line) for line in attribution(assessment)]
    return GisLayer("metadata", ("key", "value"), [{"key": key, "value": value} for key, value in pairs], None)


LAYERS: Mapping[str, Callable[[Assessment, Translations], GisLayer]] = {
    "cameras": _cameras,
    "fields": _fields,
    "not_mapped": _not_mapped,
    "night": _night,
    "seen_frontage": _frontage,
    "findings": _findings,
    "parts": _parts,
    "gaps": _gaps,
    "gaps_with_plan": _gaps_with_plan,
    "overlaps": _overlaps,
    "service": _service,
    "assumptions": lambda assessment, translations: _of_table(assumption_table(assessment), translations),
    "summary": lambda assessment, translations: _of_table(summary_table(assessment, translations), translations),
    "metadata": _metadata,
}
PLANNING_LAYERS = frozenset(("parts", "gaps", "gaps_with_plan", "overlaps", "service"))
MAPPED = (
    *("cameras", "fields", "not_mapped", "night", "seen_frontage", "findings"),
    *("parts", "gaps", "gaps_with_plan", "overlaps", "service"),
)
UNMARKED = frozenset(("assumptions", "summary", "metadata"))


def _append(layer: GisLayer, path: Path, crs: str) -> None:
    options: Mapping[str, Any] = {"layer": layer.name, "driver": "GPKG", "append": False}
    if layer.shapes is None:
        pyogrio.write_dataframe(table_frame(layer), path, **options)
    else:
        pyogrio.write_dataframe(map_frame(layer, crs), path, geometry_type=layer.kind, **options)


def map_frame(layer: GisLayer, crs: str) -> geopandas.GeoDataFrame:
    """Return the rows with their geometries, in the project's coordinate system."""
    shapes = [None] * len(layer.rows) if layer.shapes is None else list(layer.shapes)
    return geopandas.GeoDataFrame(table_frame(layer), geometry=shapes, crs=crs or None)


def table_frame(layer: GisLayer) -> pd.DataFrame:
    """Return the rows with a plain type for each column: whole numbers stay whole where one is missing."""
    columns = {key: _column([row[key] for row in layer.rows]) for key in layer.columns}
    return pd.DataFrame(columns, index=range(len(layer.rows)))


def _column(values: Iterable[object]) -> pd.Series:
    values = list(values)
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, bool) for value in known):
        return pd.Series(values, dtype="boolean" if len(known) < len(values) else "bool")
    if known and all(isinstance(value, (int, float)) for value in known):
        whole = all(isinstance(value, int) for value in known)
        return pd.Series(values, dtype="Int64" if whole else "float64")
    return pd.Series([None if value is None else str(value) for value in values], dtype="object")
