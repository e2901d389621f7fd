"""The answers: audit, check, who sees a spot, and the drafts written from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from lhasaplan.core.assess import Knowledge, who_sees
from lhasaplan.core.assess import audit as assess_audit
from lhasaplan.core.assess import check as assess_check
from lhasaplan.core.assessment import Assessment
from lhasaplan.core.candidates import find_places
from lhasaplan.core.crs import Crs
from lhasaplan.core.guard import GuardResult, guard_parts
from lhasaplan.core.heights import buildings_from
from lhasaplan.core.layer import Buildings, empty_layer
from lhasaplan.core.place import Part
from lhasaplan.core.project import Project
from lhasaplan.core.protected_places import ProtectedGround, find_protected
from lhasaplan.core.public_ground import public_ground
from lhasaplan.errors import Fault, GateError, InputError
from lhasaplan.ports import Progress, Rooms, no_progress


def knowledge(rooms: Rooms, project: Project) -> Knowledge:
    """Return all that is known besides the project: packs, camera classes, protected kinds, heights, territory."""
    return Knowledge(
        packs=rooms.load_packs(project.packs),
        classes=rooms.load_camera_classes(),
        kinds=rooms.load_protected_kinds(),
        heights=rooms.load_height_rules(),
        territory=rooms.load_territory(),
    )


def audit(rooms: Rooms, project: Project, progress: Progress = no_progress) -> Assessment:
    """Return what each camera can see, and what it must not; needs cameras and a CRS."""
    _require_city(project)
    return assess_audit(project, knowledge(rooms, project), progress)


def check(rooms: Rooms, project: Project, progress: Progress = no_progress) -> Assessment:
    """Return the audit and, when the gate is open, parts, overlaps and removable cameras; ask the gate of the result."""
    _require_city(project)
    return assess_check(project, knowledge(rooms, project), progress)


def _require_city(project: Project) -> None:
    if not project.crs:
        raise InputError(Fault("The project is empty: import city layers and cameras first"))


def require_open_gate(assessment: Assessment) -> None:
    """Raise GateError with everything that is missing when planning may not be computed."""
    if not assessment.gate.open:
        raise GateError(*(Fault(template, params=dict(params)) for template, params in assessment.gate.missing))


def city_buildings(rooms: Rooms, project: Project) -> Buildings:
    """Return the project's buildings as prisms."""
    return buildings_from(project.layers.get("buildings", empty_layer("buildings")), rooms.load_height_rules())


@dataclass(frozen=True, eq=False, slots=True)
class Candidates:
    """Parts that a person may confirm, and what the guard needs to judge them."""

    parts: tuple[Part, ...]
    ground: ProtectedGround
    public: Any

    def guard(self, parts: Sequence[Part]) -> GuardResult:
        """Return which of these parts may become demand, and why the others may not."""
        return guard_parts(tuple(parts), self.ground, self.public)


def candidates(rooms: Rooms, project: Project) -> Candidates:
    """Return the parts that the project's duties packs propose; none of them is demand until a person confirms it."""
    _require_city(project)
    buildings = city_buildings(rooms, project)
    places = find_places(project.layers, buildings, rooms.load_packs(project.packs), project.inputs)
    parts = tuple(part for place in places for part in place.parts)
    protected = find_protected(project.layers, buildings, rooms.load_protected_kinds(), project.declarations)
    return Candidates(parts, ProtectedGround(protected), public_ground(project.layers))


def who_sees_spot(rooms: Rooms, project: Project, lon: float, lat: float) -> Any:
    """Return the cameras that may see a spot, each certain or possible."""
    _require_city(project)
    x_m, y_m = Crs(project.crs).to_xy(lon, lat)
    return who_sees(project, knowledge(rooms, project), float(x_m), float(y_m))


def published(assessment: Assessment, private: bool) -> Assessment:
    """Return the assessment as outputs may show it; ``private`` lifts the coarse positions that a pack asks for."""
    return replace(assessment, public_precision_deg=None) if private else assessment


def export(
    rooms: Rooms,
    project: Project,
    assessment: Assessment,
    formats: Sequence[str],
    folder: Path,
    *,
    language: str,
    private: bool = False,
) -> list[Path]:
    """Write the drafts in these formats into a folder and return the files; InputError for an unknown format."""
    unknown = [name for name in formats if name not in rooms.writers]
    if unknown:
        raise InputError(*(_unknown_format(name, rooms.writers) for name in unknown))
    folder.mkdir(parents=True, exist_ok=True)
    wording = rooms.load_wording(language)
    shown = published(assessment, private)
    return [path for name in formats for path in rooms.writers[name](project, shown, folder, wording)]


def _unknown_format(name: str, writers: Mapping[str, Any]) -> Fault:
    return Fault("{name} is not a format; there are: {known}", params={"name": name, "known": ", ".join(writers)})
