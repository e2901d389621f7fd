"""The window's way to the rooms: one adapter, entered by workers, so that a bare window opens without the whole stack."""

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lhasaplan import bootstrap, workflow
from lhasaplan.core.base.progress import Progress
from lhasaplan.core.base.wording import Wording
from lhasaplan.core.model.camera import Camera, CameraClass, Kind
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, Gate
from lhasaplan.errors import Fault, InputError
from lhasaplan.io.content.catalogue import load_wording
from lhasaplan.ports import OpenProject, Store

if TYPE_CHECKING:
    from lhasaplan.workflow import Said, UnknownListing


def _later(module: str, name: str) -> Callable[..., Any]:
    """Return a function of the core that is imported at its first call: sight compiles and takes a second."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return getattr(import_module(f"lhasaplan.core.{module}"), name)(*args, **kwargs)

    return call


class Engine:
    """Use cases and live sight, as the window calls them; tests put a small city in its place."""

    begin = staticmethod(_later("live.live_answers", "make_live"))
    follow = staticmethod(_later("live.live_answers", "followed"))
    is_decided = staticmethod(_later("live.live_answers", "is_decided"))
    effect_on = staticmethod(_later("live.effect", "effect_on"))
    overlaps_of = staticmethod(_later("live.shared_ground", "overlaps_of"))
    densities = staticmethod(_later("sight", "densities"))
    explain = staticmethod(_later("sight", "explain"))
    crs = staticmethod(_later("base.crs", "Crs"))

    def __init__(self) -> None:
        self._pictures: tuple[object, object, Any] | None = None  # of which layers, in which words, and what draws them

    def warm_up(self) -> Fault | None:
        """Compile or load the sight kernels; returns a remark when they cannot be kept."""
        remark: Fault | None = import_module("lhasaplan.core.sight.warming").warm_up()
        return remark

    @cached_property
    def rooms(self) -> Any:
        """Return the rooms behind the use cases."""
        return bootstrap.open_rooms()

    def open_city(self, project: Project, progress: Progress) -> Any:
        """Return the city that cameras stand in, as audits have it; made once for layers, terrain, packs and declarations."""
        set_up = import_module("lhasaplan.core.context.audit_context").set_up
        return set_up(project, workflow.knowledge(self.rooms, project), progress=progress)

    def usual_of(self, camera: Camera) -> CameraClass:
        """Return what cameras of its kind usually have."""
        classes: Mapping[Kind, CameraClass] = self.rooms.load_camera_classes()
        return classes[camera.kind or Kind.FIXED]

    def refusal_of(self, camera: Camera) -> Fault | None:
        """Return why sight cannot be computed of a camera that is recorded so; None where it can."""
        try:
            import_module("lhasaplan.core.site.camera_placing").refuse_impossible_lenses(
                (camera,), self.rooms.load_camera_classes()
            )
        except InputError as error:
            return error.faults[0]
        return None

    def wording(self, language: str) -> Wording:
        """Return the catalogue of a language."""
        return load_wording(language)

    def new_project(self, packs: Sequence[str]) -> Project:
        """Return an empty project under rule packs."""
        project: Project = workflow.new_project(self.rooms, tuple(packs), "")
        return project

    def open_sample(self, city: str) -> Project:
        """Return a shipped city as a project."""
        project: Project = workflow.open_sample(self.rooms, self.rooms.read_sample(city))
        return project

    def pack_titles(self, language: str) -> dict[str, str]:
        """Return the rule packs that can be chosen, with their titles."""
        packs = self.rooms.load_packs(tuple(self.rooms.available_packs()))
        return {pack.name: pack.title.get(language, pack.name) for pack in packs}

    def open_store(self, address: str | PathLike[str]) -> Store:
        """Return where a project is kept, or will be."""
        store: Store = self.rooms.open_store(address)
        return store

    def open_project(self, address: str | PathLike[str]) -> OpenProject:
        """Return the project that is kept at an address."""
        return workflow.open_project(self.rooms, address)

    def open_places(self, opened: OpenProject, passphrase: str) -> OpenProject:
        """Return the project with its closed places in the layers."""
        return workflow.open_places(self.rooms, opened, passphrase)

    def close_places(self, opened: OpenProject, passphrase: str) -> OpenProject:
        """Return the project with a new lock on its drawn protected places."""
        return workflow.close_places(self.rooms, opened, passphrase)

    def remarks_on_drawn(self, project: Project) -> tuple[Fault, ...]:
        """Return what of drawn places is closed or lies open."""
        return workflow.remarks_on_drawn(project)

    def save(self, opened: OpenProject, assessment: Assessment | None) -> None:
        """Keep the project and its results."""
        workflow.save(opened, assessment)

    def import_file(
        self, project: Project, path: Path, kind: str | None, crs: str | None, datum: str, *, replace_more: bool = False
    ) -> tuple[Project, Any]:
        """Return the project with a file's content, and what the file brought."""
        return workflow.import_file(self.rooms, project, path, kind=kind, crs=crs, datum=datum, replace_more=replace_more)

    def set_mandate(self, project: Project, path: Path) -> Project:
        """Return the project with a mandate."""
        return workflow.set_mandate(self.rooms, project, path)

    def list_candidates(self, project: Project) -> Any:
        """Return the candidates with what was decided about each."""
        return workflow.list_candidates(self.rooms, project)

    def with_decisions(self, listing: Any, project: Project) -> Any:
        """Return the listed candidates with what the project holds decided now."""
        return workflow.with_decisions(listing, project)

    def place_picture(self, project: Project, part: Part, wording: Wording) -> bytes:
        """Return the small map of a place and its surroundings; what is drawn round it is made ready once for layers."""
        kept = self._pictures
        if kept is None or kept[0] is not project.layers or kept[1] is not wording:
            made = import_module("lhasaplan.report.formats.place_pictures").Pictures(
                workflow.sheet_of(self.rooms, project), wording
            )
            self._pictures = kept = (project.layers, wording, made)
        png: bytes = kept[2].png(part.geometry)
        return png

    def list_unknown(self, project: Project) -> "UnknownListing":
        """Return the buildings of unknown use."""
        return workflow.list_unknown(self.rooms, project)

    def declare(self, project: Project, ids: Sequence[str], said: "Said") -> Project:
        """Return the project with a use declared of these buildings."""
        return workflow.declare_each(self.rooms, project, ids, said)

    def declare_area(self, project: Project, area: str | Path, said: "Said") -> tuple[Project, int, tuple[Fault, ...]]:
        """Return the project with a use declared of all buildings of unknown use in an area, how many, and what was left."""
        return workflow.declare_area(self.rooms, project, area, said)

    def declare_table(self, project: Project, path: Path) -> tuple[Project, int, tuple[Fault, ...]]:
        """Return the project with what a table declares, how many things that are, and remarks."""
        return workflow.declare_table(self.rooms, project, path)

    def area_names(self, project: Project) -> tuple[str, ...]:
        """Return the names of the project's areas."""
        return tuple(workflow.areas_by_name(project, self.rooms.load_protected_kinds()))

    def drawn_files(self, project: Project) -> Mapping[str, int]:
        """Return how many drawn places lie open, by the file that brought them."""
        found: Mapping[str, int] = _later("recognition.drawn_places", "drawn_files")(project)
        return found

    def drop_drawn(self, project: Project, by: str, files: Collection[str]) -> Project:
        """Return the project without the drawn places of some files."""
        return workflow.drop_drawn(self.rooms, project, by, files)

    def confirm(self, project: Project, ids: Sequence[str], wish: Any) -> Project:
        """Return the project with these candidates made demand; the gate and the guard are asked."""
        chosen = workflow.Selection(tuple(ids))
        changed: Project
        changed, _ = workflow.confirm(
            self.rooms, project, chosen, purpose=wish.purpose, reason=wish.reason, milder=wish.milder, by=wish.by
        )
        return changed

    def excuse(self, project: Project, ids: Sequence[str], wish: Any) -> Project:
        """Return the project with these confirmed parts excused."""
        for part_id in ids:
            project = workflow.excuse(self.rooms, project, part_id, reason=wish.reason, by=wish.by)
        return project

    def audit(self, project: Project, progress: Progress) -> Assessment:
        """Return what the cameras see and must not see."""
        return workflow.audit(self.rooms, project, progress)

    def check(self, project: Project, progress: Progress) -> Assessment:
        """Return the audit and, when the gate is open, parts, gaps and overlaps."""
        return workflow.check(self.rooms, project, progress)

    def export(
        self,
        project: Project,
        assessment: Assessment,
        formats: Sequence[str],
        folder: Path,
        language: str,
        *,
        progress: Progress,
    ) -> list[Path]:
        """Write drafts and return their files."""
        return workflow.export(self.rooms, project, assessment, formats, folder, language=language, progress=progress)

    def log_export(self, store: Store, formats: Sequence[str]) -> None:
        """Keep with the project that drafts were written."""
        workflow.log_export(self.rooms, store, formats)

    def convergence_deg(self, project: Project, x_m: float, y_m: float) -> float:
        """Return by how much true north leans from grid north here; true bearing = grid bearing + convergence."""
        return float(self.crs(project.crs).convergence_deg(x_m, y_m)) if project.crs else 0.0

    def lonlat(self, project: Project, x_m: float, y_m: float) -> tuple[float, float]:
        """Return longitude and latitude of a place."""
        lon, lat = self.crs(project.crs).to_lonlat(x_m, y_m)
        return float(lon), float(lat)

    def xy(self, project: Project, lon: float, lat: float) -> tuple[float, float]:
        """Return the place of a longitude and latitude in the project's grid."""
        x, y = self.crs(project.crs).to_xy(lon, lat)
        return float(x), float(y)

    def judge_gate(self, project: Project, buildings: Any, results: Assessment) -> Gate:
        """Return the gate for cameras that were placed or moved since the last check; all else is as it was then."""
        judge = import_module("lhasaplan.core.gate.decide").judge_gate
        packs, territory = self.rooms.load_packs(project.packs), self.rooms.load_territory()
        parts = tuple(one.part for one in results.parts or ())
        of_town = (project, packs, territory, buildings, parts, self.crs(project.crs))
        gate: Gate = judge(*of_town, today=self.rooms.today(), rules=self.rooms.load_audit_policy().mandate)
        return gate

    def protected_ground(self, project: Project, buildings: Any) -> Any:
        """Return where only seen and density may be told; stays inside the program."""
        places = import_module("lhasaplan.core.protection.places")
        found = places.find_protected(project.layers, buildings, self.rooms.load_protected_kinds(), project.declarations)
        return places.ProtectedGround(found)
