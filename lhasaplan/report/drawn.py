"""Take out what tells how far a place is that a user drew: with the sector that a mask needs it would lead there."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lhasaplan.core.assessment import DENSITY_BANDS_PX_M, Assessment, CameraResult, Sighting
from lhasaplan.core.finding import Cure, CureAction, Finding
from lhasaplan.report.remembered import Remembered

KIND = "view_protected"
# Cures that tell a direction at most; another lens, range, tilt or picture says how far the view may reach.
_TOLD = frozenset((CureAction.END_NEED, CureAction.REMOVE, CureAction.MASK, CureAction.HOURS, CureAction.ASK))
_VALUES = frozenset(("area_left_percent", "questions", "rank", "action", "verified", "mask_sector_deg"))

_hushed: Remembered[Assessment] = Remembered()


def without_distances(assessment: Assessment) -> Assessment:
    """Return the assessment as outputs may show it: of views onto drawn places class, grade, sector and count alone.

    The density comes down to its class (25, 62.5, 125, 250 px/m); masks are given by sector; an assessment without such
    views comes back as it is.
    """
    if not any(sighting.near_drawn for result in assessment.cameras for sighting in result.sightings):
        return assessment
    return _hushed(assessment, (), lambda: _without_distances(assessment))


def _without_distances(assessment: Assessment) -> Assessment:
    near = {s.camera_id for result in assessment.cameras for s in result.sightings if s.near_drawn}
    cameras = tuple(_camera(result) for result in assessment.cameras)
    return replace(assessment, cameras=cameras, findings=tuple(_finding(each, near) for each in assessment.findings))


def _camera(result: CameraResult) -> CameraResult:
    return replace(result, sightings=tuple(_sighting(each) if each.near_drawn else each for each in result.sightings))


def _sighting(sighting: Sighting) -> Sighting:
    surfaces = tuple(
        replace(each, density_px_m=_classes(each.density_px_m), nearest_m=None, night_share=None) for each in sighting.surfaces
    )
    cure = _cure(sighting.cure, sighting.sector_deg)
    return replace(sighting, density_px_m=_classes(sighting.density_px_m), surfaces=surfaces, cure=cure)


def _finding(finding: Finding, near: set[str]) -> Finding:
    if finding.kind != KIND or finding.camera_id not in near:
        return finding
    measured = finding.measured if finding.measured is None else _classes(_pair(finding.measured))
    shown = measured if isinstance(finding.measured, tuple) or measured is None else measured[1]
    params = {**finding.params, "density": _text(shown)}
    sectors = () if finding.cure is None else finding.cure.mask_sector_deg
    return replace(finding, measured=shown, params=params, cure=_cure(finding.cure, sectors))


def _pair(measured: float | tuple[float, float]) -> tuple[float, float]:
    return measured if isinstance(measured, tuple) else (measured, measured)


def _text(measured: float | tuple[float, float] | None) -> str:
    if measured is None:
        return ""
    return " - ".join(f"{each:.0f}" for each in measured) if isinstance(measured, tuple) else f"{measured:.0f}"


def _classes(density_px_m: tuple[float, float]) -> tuple[float, float]:
    low, high = (max((band for band in DENSITY_BANDS_PX_M if band <= each), default=0.0) for each in density_px_m)
    return low, high


def _cure(cure: Cure | None, sector_deg: Sequence[tuple[float, float]]) -> Cure | None:
    """Return a cure that tells a direction at most: any other one becomes the mask of the sector."""
    if cure is None:
        return None
    others = [each for each in cure.values.get("alternatives", ()) if CureAction(each["action"]) in _TOLD]
    told = {"alternatives": tuple(map(_values, others))} if others else {}
    if cure.action in _TOLD and cure.values.get("form") != "picture":
        return Cure(cure.action, cure.mask_sector_deg, {**_values(cure.values), **told})
    mask = next((each for each in others if each.get("form") == "sector"), {})
    sectors = mask.get("mask_sector_deg") or cure.mask_sector_deg or tuple(sector_deg)
    return Cure(CureAction.MASK, sectors, {"form": "sector", "area_left_percent": mask.get("area_left_percent", "–"), **told})


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name in _VALUES}
