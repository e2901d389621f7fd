"""What the window's jobs share: services, compiled kernels, the city that was set up last, and rules that are read once.

The core is loaded inside its functions, when they are first called: sight takes a second, and a bare window opens without it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths

from lhasaplan import bootstrap, workflow
from lhasaplan.core.base.progress import Progress, part_of
from lhasaplan.core.model.camera import Camera, CameraClass, Kind
from lhasaplan.core.model.layer import Tags
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.errors import Fault
from lhasaplan.ports import Compute, KeptProject, Services, Store

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from lhasaplan.compute.batched import FieldsInUse
    from lhasaplan.core.base.crs import Crs
    from lhasaplan.core.base.kept_shapes import ShapeSink
    from lhasaplan.core.base.progress import Answer, Job, WorkOff
    from lhasaplan.core.context.audit_context import AuditContext, TownWalls
    from lhasaplan.core.context.scenes import Sight
    from lhasaplan.core.live.live_answers import Live
    from lhasaplan.core.model.layer import ConditionIndex
    from lhasaplan.core.picture.picture_town import PictureTown
    from lhasaplan.core.protection.kind_types import ProtectedKinds
    from lhasaplan.core.rules.audit_policy import UnusualRules


@dataclass(frozen=True, slots=True)
class Named:
    """What a start is to open: a shipped city, or the project that is kept at an address."""

    sample: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class _SharedCompute:
    """Compute whose fields are shared with what the window holds."""

    behind: Compute
    fields: "Callable[[], FieldsInUse]"

    def open_sight(self, scheduler: str = "") -> "AbstractContextManager[Sight]":
        """Give sight that asks first what is held."""
        return self.fields().opened(self.behind.open_sight(scheduler))

    def spool_shapes(self) -> "ShapeSink":
        """Return what keeps the geometry of answers in a file of its own."""
        return self.behind.spool_shapes()

    def give_back(self) -> None:
        """Hand memory that was freed back to the system."""
        self.behind.give_back()

    def side_by_side(self, work: "WorkOff[Job, Answer]", jobs: "Sequence[Job]", progress: Progress) -> "dict[Job, Answer]":
        """Return the answers of jobs, one after the other beside a window."""
        return self.behind.side_by_side(work, jobs, progress)


class AppContext:
    """Services and caches of one window; tests put a small city in its place."""

    def __init__(self) -> None:
        self.file_language: Callable[[], str] = lambda: "en"  # of what files tell other programs
        self._compiling, self._are_kernels_ready, self._are_pictures_ready = Lock(), False, False
        self._picture_town: tuple[object, PictureTown] | None = None  # of which buildings, and what their pictures share
        self._city: AuditContext | None = None  # as it was set up last: an audit of it makes nothing of it again
        self._ahead: dict[Named, KeptProject | Project] = {}  # what was read before the window asked for it

    def reopen(self, known: "Live", project: Project, progress: Progress) -> "Live":
        """Return the answers in a city whose layers or declarations changed: cameras that no change reaches keep theirs."""
        from lhasaplan.core.context.audit_context import set_up
        from lhasaplan.core.demand.guard import find_candidates, request
        from lhasaplan.core.live.town_changes import in_town

        reference_data = workflow.reference_data(self.services, project)
        city = self._city = set_up(project, reference_data, self._sight, part_of(progress, 0.0, 0.3), known=known.city)
        requested = request(city, find_candidates(city)) if known.requested is not None else None
        return in_town(known, city, requested, part_of(progress, 0.3, 1.0))

    def follow(  # noqa: PLR0917 - what changed, and who watches
        self,
        live: "Live",
        project: Project,
        cameras: Sequence[Camera],
        gone: Collection[str],
        is_planning: bool,
        progress: Progress,
    ) -> "Live":
        """Return the answers after some cameras came, changed or are gone."""
        from lhasaplan.core.live.live_answers import followed

        self._make_kernels_ready()

        return followed(live, project, cameras, gone, is_planning, progress)

    def make_pictures_ready(self) -> None:
        """Compile what draws pictures beside the window, when the first is asked for."""
        from lhasaplan.compute.kernels import compile_pictures_beside

        with self._compiling:
            if not self._are_pictures_ready:
                compile_pictures_beside()
            self._are_pictures_ready = True

    def picture_town(self, city: "AuditContext") -> "PictureTown":
        """Return what all pictures of a city share; made once: what is decided beside buildings leaves it as it is."""
        from lhasaplan.core.picture.picture_town import PictureTown

        kept = self._picture_town
        if kept is None or kept[0] is not city.buildings:
            self._picture_town = kept = (city.buildings, PictureTown(city))
        return kept[1]

    def warm_up(self) -> Fault | None:
        """Compile or load the sight kernels; returns a remark when they cannot be kept."""
        from lhasaplan.core.sight.warming import warm_up

        self._make_kernels_ready()
        remark = warm_up()
        _ = self.services.stores.open  # loaded here, the window does not wait for it when the first file is opened
        return remark

    def _make_kernels_ready(self) -> None:
        """Compile the kernels beside the window where they never were; who looks through a camera meanwhile waits for them."""
        from lhasaplan.compute.kernels import compile_beside

        with self._compiling:
            if not self._are_kernels_ready:
                compile_beside()
            self._are_kernels_ready = True

    @cached_property
    def services(self) -> Services:
        """Return the services behind the use cases; sight that they open shares what is computed for the window."""
        services = bootstrap.open_services(lambda: self.file_language())  # noqa: PLW0108 - it is set later
        return replace(services, compute=_SharedCompute(services.compute, lambda: self._fields))

    @cached_property
    def _fields(self) -> "FieldsInUse":
        """Return the fields of the city that the window, its answers or its results hold."""
        from lhasaplan.compute.batched import FieldsInUse

        return FieldsInUse()

    @property
    def _sight(self) -> "Sight":
        """Return sight in this process, that shares its fields."""
        from lhasaplan.core.context.scenes import IN_PROCESS

        return self._fields.shared(IN_PROCESS)

    def open_walls(self, project: Project, progress: Progress) -> "TownWalls":
        """Return what ends a view in a city: enough to draw cones, and made long before its protected places are found."""
        from lhasaplan.core.context.audit_context import set_up_walls

        self._city = None
        return set_up_walls(project, workflow.reference_data(self.services, project), self._sight, progress)

    def open_city(self, project: Project, walls: "TownWalls", progress: Progress) -> "AuditContext":
        """Return the city that cameras stand in, as audits have it; made once for layers, terrain, packs and declarations."""
        from lhasaplan.core.context.audit_context import set_up

        self._city = set_up(project, walls.reference_data, self._sight, progress, walls=walls)
        return self._city

    @cached_property
    def classes(self) -> Mapping[Kind, CameraClass]:
        """Return the classes of cameras; read once, since a drag asks at each step."""
        return self.services.content.load_camera_classes()

    def usual_of(self, camera: Camera) -> CameraClass:
        """Return what cameras of its kind usually have."""
        return self.classes[camera.kind or Kind.FIXED]

    @cached_property
    def unusual(self) -> "UnusualRules":
        """Return what is unusual about a camera as it is recorded; read once, since each edit asks."""
        return self.services.content.load_unusual_rules()

    def open_sample(self, city: str) -> Project:
        """Return a shipped city as a project; read from its map at the first start alone."""
        ahead = self._ahead.pop(Named(sample=city), None)
        if isinstance(ahead, Project):
            return ahead
        kept = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericCacheLocation))
        return workflow.open_kept_sample(self.services, self.services.content.read_sample(city), kept / "lhasaplan" / "samples")

    def open_project(self, address: str | PathLike[str]) -> KeptProject:
        """Return the project that is kept at an address."""
        ahead = self._ahead.pop(Named(address=str(address)), None)
        return ahead if isinstance(ahead, KeptProject) else workflow.open_project(self.services, address)

    def read_ahead(self, named: "Named") -> Project:
        """Return the project that is named at a start; who opens it next is given what was read here."""
        opened = self.open_sample(named.sample) if named.sample else self.open_project(named.address)
        self._ahead[named] = opened
        return opened if isinstance(opened, Project) else opened.project

    def audit(self, project: Project, store: Store | None, progress: Progress) -> Assessment:
        """Return what the cameras of a project in a store see and must not see."""
        return _given_back(workflow.audit(self.services, project, progress, known=self._city, keep=self._sink(project, store)))

    def check(self, project: Project, store: Store | None, progress: Progress) -> Assessment:
        """Return the audit and, when the gate is open, parts, gaps and overlaps."""
        return _given_back(workflow.check(self.services, project, progress, known=self._city, keep=self._sink(project, store)))

    def _sink(self, project: Project, store: Store | None) -> "ShapeSink":
        """Return what keeps the geometry of answers; of a project without a store memory, since it may be sealed at first."""
        from lhasaplan.core.base.kept_shapes import in_memory

        return in_memory if store is None else workflow.sink_of(self.services, KeptProject(project, store))

    def convergence_deg(self, project: Project, x_m: float, y_m: float) -> float:
        """Return by how much true north leans from grid north here; true bearing = grid bearing + convergence."""
        return float(_crs(project).convergence_deg(x_m, y_m)) if project.crs else 0.0

    def lonlat(self, project: Project, x_m: float, y_m: float) -> tuple[float, float]:
        """Return longitude and latitude of a place."""
        lon, lat = _crs(project).to_lonlat(x_m, y_m)
        return float(lon), float(lat)

    def xy(self, project: Project, lon: float, lat: float) -> tuple[float, float]:
        """Return the place of a longitude and latitude in the project's grid."""
        x, y = _crs(project).to_xy(lon, lat)
        return float(x), float(y)

    def may_be_named(self, tags: Tags) -> bool:
        """Say whether the map may write the name of a place: it is of no protected kind, and is not called as one."""
        from lhasaplan.core.protection.protected_names import is_named

        kinds, index = self._kinds
        return not index.names(tags) and not is_named(tags, kinds.words(), kinds.elsewhere)

    @cached_property
    def _kinds(self) -> tuple["ProtectedKinds", "ConditionIndex"]:
        """Return the protected kinds and their finder; read once."""
        kinds = self.services.content.load_protected_kinds()
        return kinds, kinds.index()


def _given_back(results: Assessment) -> Assessment:
    """Return results when the memory that working them out took is the system's again."""
    from lhasaplan.compute import give_back

    give_back()
    return results


def _crs(project: Project) -> "Crs":
    """Return the grid of a project."""
    from lhasaplan.core.base.crs import Crs

    return Crs(project.crs)
