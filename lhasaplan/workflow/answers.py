"""The answers: audit and check, candidates, and who sees a spot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.audit.pipeline import audit as assess
from lhasaplan.core.audit.pipeline import gate_of
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.kept_shapes import ShapeSink, in_memory
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.surveys import surveyed_ground
from lhasaplan.core.context.areas import Area, is_district, labels, read_areas
from lhasaplan.core.context.audit_context import AuditContext, ReferenceData, make_context
from lhasaplan.core.demand.guard import GuardResult, find_candidates, guard_requested
from lhasaplan.core.exposure.who_sees import who_sees
from lhasaplan.core.gate.decide import refuse_unless_open
from lhasaplan.core.live.live_answers import Live, live_project
from lhasaplan.core.model.camera_models import with_models
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.drawn_places import count_drawn
from lhasaplan.core.protection.kind_types import ProtectedKinds
from lhasaplan.core.protection.undisclosed import Witness
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.errors import Fault, GateError, InputError
from lhasaplan.ports import KeptProject, Services
from lhasaplan.workflow.place_checks import refuse_apart

# Where the geometry of answers lies until outputs ask for it.

FEW_CAMERAS = 1_024  # the shapes of so many answers fit into memory, and a file saves nothing


def sink_of(services: Services, opened: KeptProject) -> ShapeSink:
    """Return what keeps the geometry of answers about a project: a file of its own where they are many, else memory.

    What only a passphrase opens is never written plainly: answers about a sealed project, or about drawn places that lie open,
    stay in memory, as do all where no file can be made.
    """
    project = opened.project
    is_secret = opened.store.has_passphrase or project.has_opened or count_drawn(project) > 0
    if is_secret or len(project.cameras) <= FEW_CAMERAS:
        return in_memory
    try:
        return services.compute.spool_shapes()
    except OSError:  # no folder for it, or no room: the answers matter more than memory
        return in_memory


def reference_data(services: Services, project: Project) -> ReferenceData:
    """Return all that is known besides the project: packs, camera classes, protected kinds, heights, territory."""
    return ReferenceData(
        packs=services.content.load_packs(project.packs),
        classes=with_models(services.content.load_camera_classes(), project.models),
        kinds=services.content.load_protected_kinds(),
        heights=services.content.load_height_rules(),
        territory=services.content.load_territory(),
        today=services.today(),
        terrain=services.files.read_ground(project),
        screens=services.content.load_screen_rules(),
        widths=services.content.load_street_widths(),
        policy=services.content.load_audit_policy(),
        service=services.content.load_service_rules(),
        data=services.content.load_data_state(),
    )


def audit(
    services: Services,
    project: Project,
    progress: Progress = no_progress,
    scheduler: str = "",
    *,
    with_parts: bool = False,
    known: AuditContext | None = None,
    keep: ShapeSink = in_memory,
) -> Assessment:
    """Return what each camera can see, and what it must not; needs cameras and a CRS.

    ``with_parts`` is the check: with the gate open there are parts, overlaps and removable cameras besides; ask the gate of the
    result. ``scheduler`` names the cluster that computes sight; empty is this machine. ``known`` is the city as it was set up
    before: what the project has in common with it is not made again. ``keep`` is of
    :func:`sink_of` where the answers need not lie in memory.
    """
    require_city(project)
    with services.compute.open_sight(scheduler) as sight:
        data = reference_data(services, project)
        return assess(project, data, progress, sight, with_parts=with_parts, known=known, keep=keep)


check = partial(audit, with_parts=True)


def audit_context(services: Services, project: Project, progress: Progress = no_progress) -> AuditContext:
    """Return the project set up for answers about what operates today."""
    require_city(project)
    return make_context(project, reference_data(services, project), with_planned=False, progress=progress)


NO_CITY = marked("The project is empty: import city layers and cameras first")


def require_city(project: Project) -> None:
    """Raise InputError for a project without anything in it."""
    if not project.crs:
        raise InputError(Fault(NO_CITY))


def require_open_gate(assessment: Assessment) -> None:
    """Raise GateError with everything that is missing when planning may not be computed."""
    if not assessment.gate.open:
        raise GateError(*(Fault(template, params=dict(params)) for template, params in assessment.gate.missing))


@dataclass(frozen=True, eq=False, slots=True)
class Candidates:
    """Parts that a person may confirm, those drawn by hand, and what the guard needs to judge them."""

    parts: tuple[Part, ...]
    drawn: tuple[Part, ...]
    context: AuditContext

    @property
    def drawn_apart(self) -> tuple[Part, ...]:
        """Drawn parts with ids of their own; one under a candidate's id is refused in the answers."""
        taken = {part.part_id for part in self.parts}
        return tuple(part for part in self.drawn if part.part_id not in taken)

    def guard(self, parts: Sequence[Part]) -> GuardResult:
        """Return which of these parts may become demand, and why the others may not."""
        return guard_requested(self.context, parts)


def candidates(services: Services, project: Project) -> Candidates:
    """Return the parts that the project's duties packs propose; none of them is demand until a person confirms it."""
    city = audit_context(services, project)
    found = find_candidates(city)
    return Candidates(found.parts, found.drawn, city)


def who_sees_spot(
    services: Services, project: Project, lon: float, lat: float, progress: Progress = no_progress
) -> tuple[tuple[Witness, ...], bool]:
    """Return what each operating camera can see of a spot, those that can see it first, and whether it lies in a building.

    Of a spot in a building the answers are of its walls. InputError for one far from all.
    """
    city = audit_context(services, project, part_of(progress, 0.0, 0.7))
    x_m, y_m = city.crs.to_xy(lon, lat)
    refuse_apart(project, np.array([[float(x_m), float(y_m)]]), spot=(lon, lat))
    is_inside = bool(shapely.contains_xy(city.buildings.polygons, float(x_m), float(y_m)).any())
    return who_sees(city, float(x_m), float(y_m), progress=part_of(progress, 0.7, 1.0)), is_inside


def is_surveyed(services: Services, project: Project, lon: float, lat: float) -> bool:
    """Return whether somebody is recorded to have looked for cameras at a place."""
    ground = surveyed_ground(project, services.content.load_audit_policy().survey.evidence_m, services.today())
    x_m, y_m = Crs(project.crs).to_xy(lon, lat)
    return ground is not None and bool(ground.holds(np.array([[float(x_m), float(y_m)]]))[0])


def asks_for_coarse(services: Services, project: Project) -> bool:
    """Tell whether a pack of the project asks for coarse positions in all that is not private."""
    return any(pack.public_precision_deg is not None for pack in services.content.load_packs(project.packs))


def require_exact(services: Services, project: Project, private: bool) -> None:
    """Raise InputError where pairs or a grid would tell exact positions that a pack asks to keep coarse."""
    if asks_for_coarse(services, project) and not private:
        text = "A rule pack of this project asks for coarse positions, so pairs and grids are written only with --private"
        raise InputError(Fault(text))


def open_town(services: Services, project: Project, progress: Progress) -> tuple[Live, tuple[Part, ...]]:
    """Return the answers of a project behind the gate, and its confirmed parts; GateError with all that is missing."""
    live = live_project(project, reference_data(services, project), progress)
    found = find_candidates(live.city)
    if live.requested is None:
        refuse_unless_open(gate_of(live.city, found))
    return live, found.confirmed


def areas_of(project: Project, kinds: ProtectedKinds) -> tuple[Area, ...]:
    """Return the areas of a project; a protected place among them is none."""
    layer = project.layers.get("areas")
    return () if layer is None else read_areas(layer, np.flatnonzero(is_district(layer, kinds)).tolist())


def areas_by_name(project: Project, kinds: ProtectedKinds) -> Mapping[str, BaseGeometry]:
    """Return the areas by name, by id where one has none, the first of a name; a protected place lends its name to none."""
    areas = areas_of(project, kinds)
    rows = [(name, area.geometry) for name, area in zip(labels(areas), areas, strict=True)]
    return dict(reversed(rows))


def no_area(name: str) -> Fault:
    """Return the fault of a name that no area has."""
    return Fault("There is no area {name}. Import areas first, or check the name", params={"name": name})
