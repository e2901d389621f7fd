"""The assessment as JSON, for programs (docs/json.md)."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, SupportsFloat

from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.model.layer import InputRecord
from lhasaplan.core.project.plan_step import PlanStep
from lhasaplan.core.records.register_rows import Decided, suspended_reported
from lhasaplan.core.results.assessment import (
    CameraResult,
    Measured,
    Necessity,
    Overlap,
    PartResult,
    PartView,
    ServiceOption,
    ShownAssessment,
    Sighting,
)
from lhasaplan.core.results.finding import Finding, Matter, Mitigation, SeenSurface, SharpestSurface
from lhasaplan.files.replacing import clear_earlier, replacing
from lhasaplan.report.facts.basis import basis_of
from lhasaplan.report.facts.project_words import decided_json
from lhasaplan.report.facts.summary import SCHEMA
from lhasaplan.report.maps.map_layers import Lonlat


def json_members(shown: ShownAssessment) -> JsonObject:
    """Return the members of the JSON object that docs/json.md describes; long lists are iterators.

    Geometry is GeoJSON in longitude and latitude, azimuths are from true north, intervals are ``[low, high]``.
    """
    places = Lonlat(shown.crs)
    return {
        "schema": SCHEMA,
        "project": shown.project,
        "crs": shown.crs,
        "synthetic": shown.synthetic,
        "public_precision_deg": shown.public_precision_deg,
        "withheld": sorted(shown.withheld),
        "packs": [{"name": pack.name, "changed": pack.changed, "sha256": pack.sha256} for pack in shown.packs],
        "data": {"own_build": shown.data.own_build, "changed": list(shown.data.changed)},
        "answers": basis_of(shown),
        "gate": {"open": shown.gate.open, "missing": [_said(one) for one in shown.gate.missing]},
        "inputs": [_input(record) for record in shown.inputs],
        "cameras": (_camera(result, places, shown.withheld) for result in shown.cameras),
        "parts": None
        if shown.parts is None
        else [_part(result, places, shown.numbers, shown.withheld) for result in shown.parts],
        "not_requested": dict(shown.not_requested),
        "overlaps": None if shown.overlaps is None else [_overlap(overlap) for overlap in shown.overlaps],
        "findings": (_finding(finding, places) for finding in shown.findings),
        "plan": [_step(step, shown.numbers) for step in shown.plan],
        "suspended": [_suspended(one, shown) for one in suspended_reported(shown.suspended)],
        "totals": plain(shown.totals),
        "protected_counts": dict(shown.protected_counts),
        "closed_places": shown.closed_places,
        "assumed_counts": dict(shown.assumed_counts),
        "notes": [_said(note) for note in shown.notes],
    }


def write_json(assessment: ShownAssessment, path: Path) -> Path:
    """Write the JSON file whole or not at all, into a folder that is there; cameras and findings one by one."""
    clear_earlier(path)
    with replacing(path) as draft, draft.open("w", encoding="utf-8") as target:
        target.writelines(_text(json_members(assessment)))
    return path


def _text(members: Mapping[str, object]) -> Iterator[str]:
    """Yield the text that ``json.dumps`` with an indent of 1 has for an object whose members may be iterators."""
    before = "{\n "
    for name, value in members.items():
        yield f"{before}{json.dumps(name)}: "
        yield from _listed(value) if isinstance(value, Iterator) else [_indented(value, 1)]
        before = ",\n "
    yield "\n}\n"


def _listed(values: Iterator[object]) -> Iterator[str]:
    before = "[\n  "
    for value in values:
        yield before + _indented(value, 2)
        before = ",\n  "
    yield "\n ]" if before.startswith(",") else "[]"


def _indented(value: object, depth: int) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).replace("\n", "\n" + " " * depth)


def plain(value: object, digits: int = 3) -> Any:
    """Return numbers rounded, mappings and tuples as JSON has them; a number that is not finite is null."""
    if isinstance(value, Mapping):
        return {str(key): plain(one, digits) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one, digits) for one in value]
    if value is None or isinstance(value, (bool, str, int)):
        return value
    assert isinstance(value, float | SupportsFloat)  # numbers of numpy, too
    number = float(value)
    return round(number, digits) if math.isfinite(number) else None


def _said(pair: tuple[str, Mapping[str, object]]) -> JsonObject:
    template, params = pair
    return {"template": template, "params": plain(params)}


def _input(record: InputRecord) -> JsonObject:
    return {
        "path": record.path,
        "sha256": record.sha256,
        "features": record.features,
        "date": record.date,
        "licence": record.licence,
        "kind": record.kind,
    }


def _camera(result: CameraResult, places: Lonlat, withheld: frozenset[Matter]) -> JsonObject:
    return {
        "id": result.placed.camera.camera_id,
        "lon": round(result.lon, 7),
        "lat": round(result.lat, 7),
        "status": str(result.placed.camera.status),
        "certain": result.placed.certain,
        "area_m2": plain(result.area_m2, 1),
        "unasked_m2": plain(result.unasked_m2, 1),
        "not_mapped_m2": plain(result.not_mapped_m2, 1),
        "night_m2": plain(result.night_m2, 1),
        "assumed": list(result.placed.assumed),
        "by_model": None if result.placed.model is None else plain(asdict(result.placed.model), 1),
        "questions": list(result.questions),
        "sightings": [_sighting(sighting, places) for sighting in result.sightings],
        "parts_served": None if Matter.SERVED in withheld else list(result.parts_served),
        "removable": result.removable,
        "necessity": _necessity(result.necessity),
        "areas": None if Matter.AREAS in withheld else list(result.area_names),
        "ended_by_record": [
            {"class": str(view.cls), "basis": view.basis, "by": view.by, "grade": str(view.grade)}
            for view in result.ended_by_record
        ],
        "undisclosed_px_m": plain(result.undisclosed_px_m, 1),
        "leaves": result.leaves,
        "as_planned": result.as_planned,
        "replaces": result.replaces,
    }


def _step(step: PlanStep, numbers: Mapping[str, str]) -> JsonObject:
    return {
        "camera": step.camera_id,
        "number": numbers.get(step.camera_id, ""),
        "action": str(step.action),
        "as_planned": step.as_planned,
        "stage": str(step.stage),
        "by": step.by,
        "on": step.on,
        "reason": step.reason,
        "plan": step.plan,
    }


def _suspended(each: Decided, shown: ShownAssessment) -> dict[str, str | None]:
    """Return a decision that counts as not made, with what to do."""
    reported = decided_json(each, is_coarse=shown.public_precision_deg is not None)
    return {
        name: reported[name] for name in ("decision", "subject", "answer", "reason", "by", "on", "suspended", "since", "to_do")
    }


def _necessity(necessity: Necessity) -> JsonObject:
    lost = necessity.lost_without
    return {
        "unasked_share": plain(necessity.unasked_share),
        "night_share": plain(necessity.night_share),
        "protected_in_view": plain(necessity.protected_in_view),
        "lost_without": None if lost is None else [plain(asdict(loss)) for loss in lost],
        "milder_camera": necessity.milder_camera,
    }


def _sighting(sighting: Sighting, places: Lonlat) -> JsonObject:
    low, high = sighting.density_px_m
    is_recorded = sighting.is_recorded
    return {
        "class": str(sighting.cls),
        "basis": sighting.basis,
        "grade": _grade(sighting.grade) if is_recorded else [_grade(sighting.grade_low), _grade(sighting.grade_high)],
        "severity": _grade(sighting.grade),
        "density_px_m": plain(high, 1) if is_recorded else plain([low, high], 1),
        "in_view_m": plain(sighting.in_view_m, 1),
        "frontage_m": plain(sighting.frontage_m, 1),
        "places": sighting.places,
        "places_by_grade": plain(sighting.places_by_grade),
        "sharpest": [_sharpest(surface, is_recorded) for surface in sighting.sharpest],
        "surfaces": [_surface(surface, is_recorded) for surface in sighting.surfaces],
        "sector_deg": plain(sighting.sector_deg, 1),
        "cure": _mitigation(sighting.mitigation),
        "geometry": places.geojson(sighting.geometry),
    }


def _sharpest(surface: SharpestSurface, is_recorded: bool) -> JsonObject:
    low, high = surface.density_px_m
    return {
        "surface": surface.surface,
        "density_px_m": plain(high, 1) if is_recorded else plain([low, high], 1),
        "length_m": plain(surface.length_m, 1),
        "over_px_m": surface.over_px_m,
        "distance_m": plain(surface.distance_m),
        "side": surface.side or None,
    }


def _surface(surface: SeenSurface, is_recorded: bool) -> JsonObject:
    low, high = surface.density_px_m
    return {
        "surface": surface.surface,
        "band": surface.band,
        "count": surface.count,
        "length_m": plain(surface.length_m, 1),
        "density_px_m": plain(high, 1) if is_recorded else plain([low, high], 1),
        "nearest_m": plain(surface.nearest_m, 1),
        "night_share": plain(surface.night_share),
    }


def _grade(grade: object) -> str | None:
    return None if grade is None else str(grade)


def _mitigation(mitigation: Mitigation | None) -> JsonObject | None:
    if mitigation is None:
        return None
    return {
        "action": str(mitigation.action),
        "mask_sector_deg": plain(mitigation.mask_sector_deg, 1),
        "values": plain(mitigation.values),
    }


OF_PART = {
    **dict.fromkeys(("place_id", "name", "responsible"), Matter.RESPONSIBLE),
    **dict.fromkeys(("views", "blockers", "gap", "gap_after"), Matter.SERVED),
    **dict.fromkeys(("service", "tried"), Matter.SERVICE),
    "areas": Matter.AREAS,
}


def _part(result: PartResult, places: Lonlat, numbers: Mapping[str, str], withheld: frozenset[Matter]) -> JsonObject:
    """Return a part; what this version does not tell is null, where an empty list would say that there is none."""
    reported = _part_as_it_is(result, places, numbers)
    return {key: None if OF_PART.get(key) in withheld else value for key, value in reported.items()}


def _part_as_it_is(result: PartResult, places: Lonlat, numbers: Mapping[str, str]) -> JsonObject:
    part, required = result.part, result.part.required
    return {
        "id": part.part_id,
        "number": numbers.get(part.part_id, ""),
        "place_id": part.place_id,
        "name": part.name,
        "pack": part.pack,
        "category": part.category,
        "part": part.kind,
        "responsible": part.responsible,
        "required": {
            "density_px_m": required.density_px_m,
            "min_views": required.min_views,
            "min_share": required.min_share,
        },
        "measured": _measured(result.measured),
        "measured_after": _measured(result.measured_after),
        "verdict": result.verdict,
        "verdict_after": result.verdict_after,
        "cameras": list(result.cameras),
        "views": [_part_view(view) for view in result.views],
        "blockers": [{"by": by, "kind": result.blocker_kinds.get(by, by), "points": points} for by, points in result.blockers],
        "service": [_service(option) for option in result.service],
        "tried": dict(result.tried),
        "areas": list(result.area_names),
        "geometry": places.geojson(part.geometry),
        "gap": places.geojson(result.gap),
        "gap_after": places.geojson(result.gap_after),
    }


def _part_view(view: PartView) -> JsonObject:
    return {
        "camera": view.camera_id,
        "planned": view.planned,
        "share_served": plain(view.share_served),
        "share_seen": plain(view.share_seen),
        "best_px_m": plain(view.best_px_m, 1),
    }


def _service(option: ServiceOption) -> JsonObject:
    return {
        "action": option.action,
        "camera": option.camera_id,
        "values": plain(option.values, 7),
        "share_after": plain(option.share_after),
        "verdict_after": option.verdict_after,
        "protected_after": plain(option.protected_after),
        "unasked_after_m2": plain(option.unasked_after_m2, 1),
        "verified": option.verified,
    }


def _measured(measured: Measured) -> JsonObject:
    return {
        "share_served": plain(measured.share_served),
        "share_seen": plain(measured.share_seen),
        "best_px_m": plain(measured.best_px_m, 1),
    }


def _overlap(overlap: Overlap) -> JsonObject:
    return {"a": overlap.a, "b": overlap.b, "area_m2": plain(overlap.area_m2, 1), "demand": plain(overlap.demand, 1)}


def _finding(finding: Finding, places: Lonlat) -> JsonObject:
    return {
        "id": finding.finding_id,
        "kind": finding.kind,
        "severity": str(finding.severity),
        "certainty": str(finding.certainty),
        "pack": finding.pack,
        "article": finding.article,
        "camera": finding.camera_id or None,
        "cameras": list(finding.camera_ids),
        "measured": plain(finding.measured, 1),
        "required": plain(finding.required),
        "unit": finding.unit,
        "cure": _mitigation(finding.mitigation),
        "params": plain(finding.params),
        "geometry": places.geojson(finding.geometry),
    }
