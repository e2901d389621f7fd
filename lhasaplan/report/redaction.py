"""Take out what a public output must not carry when a pack asks for coarse positions (docs/json.md, coarse outputs)."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from shapely.geometry import GeometryCollection

from lhasaplan.core.audit.disclosure import without_people
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.spelling import printable_values
from lhasaplan.core.city.surveys import without_days
from lhasaplan.core.model.camera import Camera, Field, Mount, Placed
from lhasaplan.core.project.plan_step import PlanStep
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.record_findings import by_controller
from lhasaplan.core.results.assessment import Assessment, CameraResult, PartResult, ShownAssessment, ShownProject, Sighting
from lhasaplan.core.results.finding import COARSE, NO_FIGURES, Finding, Mitigation
from lhasaplan.report.text.document import Remembered

EMPTY = GeometryCollection()
UNSEEN = frozenset(("layers", "terrain", "closed", "journal"))  # of these no output shows a text
_printed: Remembered[Assessment] = Remembered()
# Values of parameters that name no place, person or device.
OPEN_PARAMS = frozenset(
    (
        *("density", "density_px_m", "frontage_m", "places", "area_m2", "demand", "share_percent", "count", "n", "features"),
        *(
            "days",
            "limit_days",
            "retention_days",
            "fields",
            "questions",
            "variant",
            "approved_on",
            "until",
            "needed_px_m",
            "times",
            "since",
            "entries",
            "unsigned",
            "before_m",
            "pack",
            "packs",
            "hectares",
            "gone_on",
            "homes",
            "protected",
            "likely",
            "unknown",
            "more",
            "metres",
        ),
    )
)
OPEN_WORDS = frozenset(
    ["home", "protected", "dwelling_likely", "use_unknown", "recorded", "assumed", "certain", "possible", "note", "due", "error"]
)


def is_public(assessment: Assessment, private: bool) -> bool:
    """Say whether this output must be coarse."""
    return assessment.public_precision_deg is not None and not private


def public_values(project: Project, assessment: Assessment, private: bool = False) -> tuple[ShownProject, ShownAssessment]:
    """Return the values that an output may show, without signs that no page can print: files of other programs may hold them.

    With ``private`` they come back as they are; else undisclosed places stand in none of them (``Assessment.disclosed``). Where a
    pack asks for ``public_precision_deg`` positions are rounded, too, and geometry, sectors, owners, authors, names and device
    data are gone. Identifiers are replaced by running numbers, because the identifier of a map feature leads to its exact
    position.
    """
    if private:
        shown = assessment if assessment.public_precision_deg is None else replace(assessment, public_precision_deg=None)
    else:
        shown = assessment.disclosed or assessment
    project = project if project.district is None else replace(project, district=None)  # as the city handed it over, exact
    project, assessment = printable_values(project, UNSEEN), _printed(shown, (), lambda: printable_values(_alone(shown)))
    if not is_public(assessment, private):
        return ShownProject(project), ShownAssessment(assessment)
    names = _running_numbers(assessment)
    return ShownProject(_public_project(project, assessment)), ShownAssessment(_public_assessment(assessment, names))


def _alone(assessment: Assessment) -> Assessment:
    return assessment if assessment.disclosed is None else replace(assessment, disclosed=None)


def _public_project(project: Project, assessment: Assessment) -> Project:
    public = Project(name=project.name, crs=project.crs, packs=project.packs, inputs=project.inputs, synthetic=project.synthetic)
    if project.mandate is None or assessment.parts is None:
        return public
    resolutions = tuple(map(without_people, project.resolutions))
    # Who may plan stands on the first page of every draft, without a person and a place.
    public_mandate = replace(project.mandate, impact_assessment_officer="–", plan_area_wkt="", building_extent_wkt="")
    return replace(public, mandate=public_mandate, resolutions=resolutions)  # of a plan alone


def _running_numbers(assessment: Assessment) -> dict[str, str]:
    """Return new identifiers, in an order that says nothing about where a camera stands in its cell."""
    salt = "".join(record.sha256 for record in assessment.inputs)

    def key(result: CameraResult) -> tuple[float, float, str]:
        lon, lat = _rounded(result.lon, assessment), _rounded(result.lat, assessment)
        return lon, lat, hashlib.sha256((salt + result.placed.camera.camera_id).encode()).hexdigest()

    ordered = sorted(assessment.cameras, key=key)
    return {result.placed.camera.camera_id: f"camera-{number:04d}" for number, result in enumerate(ordered, 1)}


def _public_assessment(assessment: Assessment, names: Mapping[str, str]) -> Assessment:
    cameras = sorted((_camera_result(c, assessment, names) for c in assessment.cameras), key=lambda c: c.placed.camera.camera_id)
    # Sums by category alone, for areas and responsible bodies are names; and no day of a survey.
    sums, survey = assessment.totals.get("parts_by"), assessment.totals.get("survey")
    bare = assessment.totals if not survey else {**assessment.totals, "survey": without_days(survey)}
    return replace(
        assessment,
        plan=tuple(
            PlanStep(names[step.camera_id], step.action, names.get(step.as_planned, ""), step.stage)
            for step in assessment.plan
            if step.camera_id in names
        ),
        suspended=tuple(each.nameless() for each in assessment.suspended),
        numbers={},
        surveyed=None,
        withheld=assessment.withheld | COARSE,
        cameras=tuple(cameras),
        totals=bare if not sums else {**bare, "parts_by": {"category": sums["category"]}},
        findings=tuple(_finding(f, n, names) for n, f in enumerate(_shuffled(_without_owners(assessment.findings), names), 1)),
        parts=None if assessment.parts is None else tuple(_part(p, n, names) for n, p in enumerate(assessment.parts, 1)),
        overlaps=None
        if assessment.overlaps is None
        else tuple(replace(o, a=names[o.a], b=names[o.b], geometry=None) for o in assessment.overlaps),
        notes=tuple((template, _params(params, names)) for template, params in assessment.notes),
        gate=replace(
            assessment.gate, missing=tuple((template, _params(params, names)) for template, params in assessment.gate.missing)
        ),
    )


def _without_owners(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with notes on many cameras joined across owners: a list would tell who has which cameras."""
    return by_controller((one for each in findings for one in _each_alone(each)), {})


def _each_alone(finding: Finding) -> list[Finding]:
    """Return a finding about many cameras as one for each."""
    params = {name: value for name, value in finding.params.items() if name not in ("count", "controller")}
    alone = [replace(finding, camera_id=each, cameras=(), params=params, geometry=None) for each in finding.cameras]
    return alone or [finding]


def _shuffled(findings: Sequence[Finding], names: Mapping[str, str]) -> list[Finding]:
    """Return the findings in the order of the new names: the order of the source would tell which camera is which."""
    return sorted(findings, key=lambda f: (f.severity, f.kind, names.get(f.camera_id, ""), f.pack, f.article, f.unit))


def _rounded(value: float, assessment: Assessment) -> float:
    step = assessment.public_precision_deg or 1.0
    return round(round(value / step) * step, 6)


def _camera_result(result: CameraResult, assessment: Assessment, names: Mapping[str, str]) -> CameraResult:
    lon, lat = _rounded(result.lon, assessment), _rounded(result.lat, assessment)
    camera = result.placed.camera
    x_m, y_m = _projected(lon, lat, assessment.crs)
    # The day of its last edit leads to a feature of the map, and to who edited it: no time is told either.
    public = Camera(names[camera.camera_id], x_m, y_m, status=camera.status)
    placed = Placed(public, (), result.placed.assumed, Mount.POLE, result.placed.certain)
    return replace(
        result,
        placed=placed,
        lon=lon,
        lat=lat,
        certain=_field(result.certain),
        possible=tuple(field for field in map(_field, result.possible) if field),
        unasked=None,
        night=None,
        not_mapped=None,
        sightings=tuple(_sighting(sighting, names) for sighting in result.sightings),
        parts_served=(),
        area_names=(),
        undisclosed_px_m=None,
        as_planned=names.get(result.as_planned, ""),
        replaces=names.get(result.replaces, ""),
        necessity=replace(result.necessity, lost_without=None, milder_camera=names.get(result.necessity.milder_camera, "")),
    )


def _projected(lon: float, lat: float, authority: str) -> tuple[float, float]:
    if not authority:
        return lon, lat
    x, y = Crs(authority).to_xy(np.array([lon]), np.array([lat]))
    return float(x[0]), float(y[0])


def _field(field: Field | None) -> Field | None:
    return None if field is None else replace(field, geometry=EMPTY, bands=())


def _sighting(sighting: Sighting, names: Mapping[str, str]) -> Sighting:
    """Return a sighting without a distance: with a map of buildings it leads to the place, with the density to the lens."""
    surfaces = tuple(replace(each, nearest_m=None) for each in sighting.surfaces)
    sharpest = tuple(replace(each, distance_m=None, side="") for each in sighting.sharpest)
    bare = replace(
        sighting,
        sharpest=sharpest,
        sector_deg=(),
        geometry=None,
        at_grade=None,
        open_ground=None,
        mitigation=_mitigation(sighting.mitigation),
    )
    return replace(bare, camera_id=names[sighting.camera_id], surfaces=surfaces)


def _mitigation(mitigation: Mitigation | None) -> Mitigation | None:
    """Return a mitigation without what it changes, its sectors and its places."""
    if mitigation is None:
        return None
    open_ones = {name: value for name, value in mitigation.figures.reported().items() if name in OPEN_PARAMS}
    figures = replace_kept(NO_FIGURES, **open_ones)
    return Mitigation(mitigation.action, figures=figures)


def _finding(finding: Finding, number: int, names: Mapping[str, str]) -> Finding:
    return replace(
        finding,
        finding_id=f"finding-{number:04d}",
        camera_id=names.get(finding.camera_id, "–" if finding.camera_id else ""),
        cameras=tuple(sorted(names.get(each, "–") for each in finding.cameras)),
        mitigation=_mitigation(finding.mitigation),
        geometry=None,
        params=_params(finding.params, names),
    )


def _part(result: PartResult, number: int, names: Mapping[str, str]) -> PartResult:
    part = replace(result.part, part_id=f"part-{number:04d}", place_id="", name="", geometry=EMPTY, source="", responsible="")
    cameras = tuple(sorted(names[camera] for camera in result.cameras if camera in names))
    bare = replace(result, part=part, cameras=cameras, blockers=(), blocker_kinds={}, gap=None, gap_after=None, area_names=())
    return replace(bare, views=(), service=(), tried={})


def _params(params: Mapping[str, object], names: Mapping[str, str]) -> dict[str, object]:
    return {name: _param(name, value, names) for name, value in params.items()}


def _param(name: str, value: object, names: Mapping[str, str]) -> object:
    """Keep counts, measures and open words; a coordinate, a name or an identifier becomes a dash."""
    if name == "sharpest" and isinstance(value, tuple | list):
        return tuple({**row, "distance_m": None, "side": ""} for row in value)
    if name == "cameras" and isinstance(value, tuple):
        return tuple(sorted(names.get(each, "–") for each in value))
    if name == "controller":
        return ""  # the owners are gone
    if name in OPEN_PARAMS or isinstance(value, bool) or value is None or str(value) in OPEN_WORDS:
        return value
    return names.get(str(value), "–")
