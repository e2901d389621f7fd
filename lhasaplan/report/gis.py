"""Write a GeoPackage of cameras, fields, seen frontage, findings, gaps and overlaps in the project's coordinate system."""

import errno
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError, FeatureError
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.wording import Wording
from lhasaplan.core.coverage.drawn_fields import DrawnField, Reach, drawn_fields, drawn_ground, split_frontage
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
from lhasaplan.report.base_map import attribution
from lhasaplan.report.basis import basis_of, worded
from lhasaplan.report.columns import Table
from lhasaplan.report.files import replacing
from lhasaplan.report.service import service_table
from lhasaplan.report.summary import SCHEMA
from lhasaplan.report.tables import (
    assumption_table,
    camera_table,
    finding_table,
    overlap_table,
    part_table,
    sighting_table,
    sorted_findings,
    summary_table,
)
from lhasaplan.report.words import CLOSED_PLACES, FICTITIOUS, data_banners

Rows = list[dict[str, Any]]


@dataclass(frozen=True, eq=False, slots=True)
class GisLayer:
    """One layer: rows by column, and a geometry per row; ``None`` as ``shapes`` is a plain table."""

    name: str
    rows: Rows
    shapes: list[BaseGeometry | None] | None
    kind: str = "Unknown"


def write_gpkg(project: ShownProject, assessment: ShownAssessment, folder: Path, wording: Wording) -> list[Path]:
    """Write ``audit.gpkg``; return the file. Stored values stay English, texts are in the wording's language."""
    path = folder / "audit.gpkg"
    with replacing(path) as draft, _fixed_date():
        for layer in gis_layers(assessment, wording):
            try:
                _append(layer, draft, assessment.crs)
            except (DataSourceError, DataLayerError, FeatureError) as error:  # a full disk, as GDAL tells it
                raise OSError(errno.EIO, str(error), str(path)) from error
    return [path]


@contextmanager
def _fixed_date() -> Iterator[None]:
    """Let GDAL write a fixed date of change: same input, same content."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2000-01-01T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def gis_layers(assessment: Assessment, wording: Wording) -> list[GisLayer]:
    """Return the layers that have rows; parts, gaps and overlaps only behind the gate."""
    wording = worded(wording, assessment)
    layers = [
        _cameras(assessment, wording),
        _fields(assessment),
        _night(assessment),
        _frontage(assessment, wording),
        _findings(assessment, wording),
        *(_planning_layers(assessment, wording) if assessment.parts is not None else []),
        GisLayer("assumptions", _rows(assumption_table(assessment)), None),
        GisLayer("summary", _rows(summary_table(assessment, wording)), None),
        GisLayer("metadata", _metadata(assessment, wording), None),
    ]
    return [layer for layer in layers if layer.rows]


def _rows(table: Table) -> Rows:
    keys = [column.key for column in table.columns]
    rows = [dict(zip(keys, (_stored(value) for value in row), strict=True)) for row in table.rows]
    return [{key: value for key, value in row.items() if key != "label"} for row in rows]  # a label is wording, not a value


def _stored(value: Any) -> Any:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


def _cameras(assessment: Assessment, wording: Wording) -> GisLayer:
    shapes: list[BaseGeometry | None] = [Point(c.placed.camera.x_m, c.placed.camera.y_m) for c in assessment.cameras]
    return GisLayer("cameras", _marked(_rows(camera_table(assessment)), assessment), shapes, "Point")


def _marked(rows: Rows, assessment: Assessment) -> Rows:
    """Say in every row that the data are made up, so that a copied layer still says it."""
    return [{**row, "synthetic": True} for row in rows] if assessment.synthetic else rows


def _fields(assessment: Assessment) -> GisLayer:
    rows: Rows = []
    shapes: list[BaseGeometry | None] = []
    for result in assessment.cameras:
        for one in drawn_fields(result.certain, result.possible):
            for low, band in one.field.bands:
                rows.append(_band_row(result, one, low, band))
                shapes.append(_multi(band))
    return GisLayer("fields", _marked(rows, assessment), shapes, "MultiPolygon")


def _band_row(result: CameraResult, one: DrawnField, low: float, band: BaseGeometry) -> dict[str, Any]:
    return {
        "camera_id": result.placed.camera.camera_id,
        "certainty": "certain" if one.reach is Reach.CERTAIN else "possible",
        "reach": str(one.reach),
        "basis": str(one.field.basis),
        "from_px_m": float(low),
        "area_m2": round(float(band.area), 1),
    }


def _night(assessment: Assessment) -> GisLayer:
    """Return the ground that cameras can see at night, of those whose range at night is recorded."""
    known = [result for result in assessment.cameras if result.night is not None and not result.night.is_empty]
    rows = [_night_row(result) for result in known]
    return GisLayer("night", _marked(rows, assessment), [_multi(result.night) for result in known], "MultiPolygon")


def _night_row(result: CameraResult) -> dict[str, Any]:
    return {
        "camera_id": result.placed.camera.camera_id,
        "certainty": "certain" if result.certain is not None else "possible",
        "night_range_m": float(result.placed.camera.night_range_m or 0.0),
        "area_m2": round(float(result.night_m2 or 0.0), 1),
    }


def _multi(shape: BaseGeometry | None) -> BaseGeometry | None:
    """Return polygons as one MultiPolygon, so that a layer has one type; lines and points of a cut are dropped."""
    if shape is None or shape.is_empty:
        return None
    parts = [part for part in shapely.get_parts(shapely.get_parts(shape)) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(parts) if parts else None


def _frontage(assessment: Assessment, wording: Wording) -> GisLayer:
    sightings = [sighting for result in assessment.cameras for sighting in result.sightings]
    grounds = [
        drawn_ground(drawn_fields(result.certain, result.possible)) for result in assessment.cameras for _ in result.sightings
    ]
    beyond = [split_frontage(one.geometry, ground)[1].length for one, ground in zip(sightings, grounds, strict=True)]
    told = zip(_rows(sighting_table(assessment, wording)), beyond, strict=True)
    rows = _marked([{**row, "beyond_ground_m": round(metres, 1)} for row, metres in told], assessment)
    shapes = [None if s.geometry is None or s.geometry.is_empty else s.geometry for s in sightings]
    return GisLayer("seen_frontage", rows, _or_table(shapes))


def _or_table(shapes: list[BaseGeometry | None]) -> list[BaseGeometry | None] | None:
    return shapes if any(shape is not None for shape in shapes) else None


def _findings(assessment: Assessment, wording: Wording) -> GisLayer:
    rows = _marked(_rows(finding_table(assessment, wording)), assessment)
    shapes = [finding.geometry for finding in sorted_findings(assessment)]
    return GisLayer("findings", rows, _or_table(shapes))


def _planning_layers(assessment: Assessment, wording: Wording) -> list[GisLayer]:
    parts, overlaps = assessment.parts or (), assessment.overlaps or ()
    with_gap = [(result, result.gap) for result in parts if result.gap is not None and not result.gap.is_empty]
    gap_rows: Rows = [
        {"part_id": r.part.part_id, "verdict": r.verdict, "gap_m2": round(float(gap.area), 1)} for r, gap in with_gap
    ]
    shapes = [None if result.part.geometry.is_empty else result.part.geometry for result in parts]
    return [
        GisLayer("parts", _marked(_rows(part_table(assessment, wording)), assessment), _or_table(shapes)),
        GisLayer("gaps", _marked(gap_rows, assessment), [_multi(gap) for _, gap in with_gap], "MultiPolygon"),
        GisLayer(
            "overlaps", _marked(_rows(overlap_table(assessment)), assessment), _or_table([_multi(o.geometry) for o in overlaps])
        ),
        _service(assessment, wording),
    ]


def _service(assessment: Assessment, wording: Wording) -> GisLayer:
    """Return what would serve the parts that are not met, each at the place of the camera that it changes or adds."""
    cameras = [option.as_changed for result in assessment.parts or () for option in result.service]
    shapes: list[BaseGeometry | None] = [Point(camera.x_m, camera.y_m) for camera in cameras]
    return GisLayer("service", _marked(_rows(service_table(assessment, wording, {})), assessment), shapes, "Point")


def _metadata(assessment: Assessment, wording: Wording) -> Rows:
    pairs: list[tuple[str, str]] = [
        ("schema", SCHEMA),
        ("project", assessment.project),
        ("crs", assessment.crs),
        ("gate", "open" if assessment.gate.open else "closed"),
        ("answers", basis_of(assessment)),
        ("language", wording.language),
    ]
    pairs += [("synthetic", wording(FICTITIOUS))] if assessment.synthetic else []
    closed = assessment.closed_places
    pairs += [] if closed is None else [("closed_places", wording(CLOSED_PLACES, count=closed))]
    pairs += [("pack", pack.name + (" (changed)" if pack.changed else "")) for pack in assessment.packs]
    pairs += [("data", line) for line in data_banners(assessment.data, wording)]
    pairs += [("input", f"{r.path} sha256 {r.sha256} date {r.date or '-'}") for r in assessment.inputs]
    pairs += [("attribution", line) for line in attribution(assessment)]
    return [{"key": key, "value": value} for key, value in pairs]


def _append(layer: GisLayer, path: Path, crs: str) -> None:
    frame = _frame(layer.rows)
    options: Mapping[str, Any] = {"layer": layer.name, "driver": "GPKG", "append": False}
    if layer.shapes is None:
        pyogrio.write_dataframe(frame, path, **options)
        return
    table = geopandas.GeoDataFrame(frame, geometry=list(layer.shapes), crs=crs or None)
    pyogrio.write_dataframe(table, path, geometry_type=layer.kind, **options)


def _frame(rows: Rows) -> pd.DataFrame:
    """Return the rows with a plain type for each column: whole numbers stay whole where one is missing."""
    keys = list(rows[0])
    return pd.DataFrame({key: _column([row[key] for row in rows]) for key in keys})


def _column(values: Iterable[Any]) -> pd.Series:
    values = list(values)
    known = [value for value in values if value is not None]
    if known and all(isinstance(value, bool) for value in known):
        return pd.Series(values, dtype="boolean" if len(known) < len(values) else "bool")
    if known and all(isinstance(value, (int, float)) for value in known):
        whole = all(isinstance(value, int) for value in known)
        return pd.Series(values, dtype="Int64" if whole else "float64")
    return pd.Series([None if value is None else str(value) for value in values], dtype="object")
