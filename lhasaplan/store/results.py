"""Keep the last answers in the project file, so that QGIS shows them: findings, views and a summary."""

import json
import sqlite3
from collections import Counter
from collections.abc import Sequence

import numpy as np
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.plain_values import to_plain
from lhasaplan.core.results.assessment import Assessment, CameraResult, Field
from lhasaplan.core.results.finding import Finding
from lhasaplan.store.table_rows import TableRows, write_table
from lhasaplan.store.tables import Stamp, drop_table

SUMMARY, FINDINGS, VIEWS = "results", "result_findings", "result_views"
TABLES = (SUMMARY, FINDINGS, VIEWS)
_FINDING = ("id", "kind", "severity", "certainty", "pack", "article", "camera_id", "measured", "required", "unit", "cure")
_VIEW = (("camera_id", "TEXT"), ("basis", "TEXT"), ("certainty", "TEXT"), ("area_m2", "REAL"))


def write_results(connection: sqlite3.Connection, assessment: Assessment | None, stamp: Stamp) -> None:
    """Replace the stored answers; without an assessment those of the older state are taken away."""
    for name in TABLES:
        drop_table(connection, name)
    for table in result_rows(assessment):
        write_table(connection, table, stamp)


def result_rows(assessment: Assessment | None) -> tuple[TableRows, ...]:
    """Return the tables of the answers, none without an assessment.

    Where a pack asks for coarse positions in what is passed on, no geometry of an answer is stored.
    """
    if assessment is None:
        return ()
    facts = _summary(assessment)
    summary = TableRows(SUMMARY, assessment, lambda: facts, [("key", "TEXT"), ("value", "TEXT")], lambda some: some)
    return (summary, _findings(assessment), _view_rows(assessment)) if assessment.public_precision_deg is None else (summary,)


def _summary(assessment: Assessment) -> list[tuple[str, str]]:
    severities = Counter(finding.severity.value for finding in assessment.findings)
    facts = {
        "gate_open": assessment.gate.open,
        "gate_missing": [template.format(**params) for template, params in assessment.gate.missing],
        "packs": assessment.packs,
        "data": assessment.data,
        "cameras": len(assessment.cameras),
        "findings": severities,
        "not_requested": assessment.not_requested,
        "protected_counts": assessment.protected_counts,
        "assumed_counts": assessment.assumed_counts,
        "totals": assessment.totals,
    }
    return [(key, json.dumps(to_plain(value), ensure_ascii=False, default=str)) for key, value in facts.items()]


def _findings(assessment: Assessment) -> TableRows:
    columns = [(name, "REAL" if name == "required" else "TEXT") for name in _FINDING]
    rows, shapes = (lambda some: [_finding_row(each) for each in some]), (lambda some: _shapes([each.geometry for each in some]))
    return TableRows(FINDINGS, assessment, lambda: assessment.findings, columns, rows, shapes)


def _shapes(geometry: Sequence[BaseGeometry | None]) -> ObjectArray:
    found: ObjectArray = np.empty(len(geometry), object)
    found[:] = geometry
    return found


def _finding_row(finding: Finding) -> tuple[object, ...]:
    return (
        finding.finding_id,
        finding.kind,
        finding.severity.value,
        finding.certainty.value,
        finding.pack,
        finding.article,
        ", ".join(finding.camera_ids),
        None if finding.measured is None else json.dumps(finding.measured, default=float),
        finding.required,
        finding.unit,
        None if finding.mitigation is None else finding.mitigation.action.value,
    )


def _view_rows(assessment: Assessment) -> TableRows:
    views = [view for camera in assessment.cameras for view in _views(camera)]
    return TableRows(
        VIEWS,
        assessment,
        lambda: views,
        _VIEW,
        lambda some: [(camera_id, field.basis.value, certainty, field.area_m2) for camera_id, certainty, field in some],
        lambda some: _shapes([field.geometry for _, _, field in some]),
    )


def _views(camera: CameraResult) -> list[tuple[str, str, Field]]:
    name = camera.placed.camera.camera_id
    certain = [] if camera.certain is None else [(name, "certain", camera.certain)]
    return [*certain, *((name, "possible", field) for field in camera.possible)]
