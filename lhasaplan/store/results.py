"""Keep the last answers in the project file, so that QGIS shows them: findings, views and a summary."""

import json
import sqlite3
from collections import Counter

import numpy as np

from lhasaplan.core.base.plain_values import to_plain
from lhasaplan.core.results.assessment import Assessment, CameraResult, Field
from lhasaplan.core.results.finding import Finding
from lhasaplan.store.tables import Stamp, drop_table, write_attributes, write_features

SUMMARY, FINDINGS, VIEWS = "results", "result_findings", "result_views"
_FINDING = ("id", "kind", "severity", "certainty", "pack", "article", "camera_id", "measured", "required", "unit", "cure")
_VIEW = (("camera_id", "TEXT"), ("basis", "TEXT"), ("certainty", "TEXT"), ("area_m2", "REAL"))


def write_results(connection: sqlite3.Connection, assessment: Assessment | None, stamp: Stamp) -> None:
    """Replace the stored answers; without an assessment those of the older state are taken away.

    Where a pack asks for coarse positions in what is passed on, no geometry of an answer is stored.
    """
    for name in (SUMMARY, FINDINGS, VIEWS):
        drop_table(connection, name)
    if assessment is None:
        return
    columns = [("key", "TEXT"), ("value", "TEXT")]
    write_attributes(connection, SUMMARY, columns, _summary(assessment), stamp)
    if assessment.public_precision_deg is None:
        _write_findings(connection, assessment, stamp)
        _write_views(connection, assessment, stamp)


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


def _write_findings(connection: sqlite3.Connection, assessment: Assessment, stamp: Stamp) -> None:
    geometry = np.empty(len(assessment.findings), object)
    geometry[:] = [finding.geometry for finding in assessment.findings]
    columns = [(name, "REAL" if name == "required" else "TEXT") for name in _FINDING]
    write_features(connection, FINDINGS, geometry, columns, [_finding_row(f) for f in assessment.findings], stamp=stamp)


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
        None if finding.cure is None else finding.cure.action.value,
    )


def _write_views(connection: sqlite3.Connection, assessment: Assessment, stamp: Stamp) -> None:
    views = [view for camera in assessment.cameras for view in _views(camera)]
    geometry = np.empty(len(views), object)
    geometry[:] = [field.geometry for _, _, field in views]
    rows = [(camera_id, field.basis.value, certainty, field.area_m2) for camera_id, certainty, field in views]
    write_features(connection, VIEWS, geometry, _VIEW, rows, stamp=stamp)


def _views(camera: CameraResult) -> list[tuple[str, str, Field]]:
    name = camera.placed.camera.camera_id
    certain = [] if camera.certain is None else [(name, "certain", camera.certain)]
    return [*certain, *((name, "possible", field) for field in camera.possible)]
