"""Run the program's use cases for the window, in its background jobs.

The core is loaded inside its functions, when they are first called: sight takes a second, and a bare window opens without it.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from os import PathLike
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Unpack

from PySide6.QtCore import QStandardPaths

from lhasaplan import bootstrap, workflow
from lhasaplan.core.base.progress import Progress, part_of
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.camera import Camera, CameraClass, Kind, View
from lhasaplan.core.model.layer import Buildings, Tags
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, Gate, Sighting
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import Compute, KeptProject, Services, Store

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from scipy.sparse import csr_array

    from lhasaplan.app.map.drawing import Area
    from lhasaplan.compute.batched import FieldsInUse
    from lhasaplan.core.base.arrays import FloatArray
    from lhasaplan.core.base.crs import Crs
    from lhasaplan.core.base.kept_shapes import ShapeSink
    from lhasaplan.core.changes import Proposal
    from lhasaplan.core.city.streets import NearestStreet
    from lhasaplan.core.context.audit_context import AuditContext, TownWalls
    from lhasaplan.core.exposure.who_sees import WhyNot
    from lhasaplan.core.live.effect import ChangeEffect
    from lhasaplan.core.live.live_answers import Live
    from lhasaplan.core.live.near_camera import CoveragePreview
    from lhasaplan.core.live.plan_options import PlanComparison
    from lhasaplan.core.model.camera import Placed
    from lhasaplan.core.model.layer import ConditionIndex
    from lhasaplan.core.picture.camera_picture import CameraPicture
    from lhasaplan.core.picture.neighbourhood import Kinds, Neighbourhood
    from lhasaplan.core.picture.outlook import Band, Outlook, ViewerSpot
    from lhasaplan.core.picture.picture_town import PictureTown
    from lhasaplan.core.project.mandate import Mandate
    from lhasaplan.core.project.project import Loss
    from lhasaplan.core.protection.ground import ProtectedGround
    from lhasaplan.core.protection.kind_types import ProtectedKinds
    from lhasaplan.core.protection.undisclosed import Witness
    from lhasaplan.core.results.assessment import ShownAssessment, ShownProject
    from lhasaplan.core.rules.audit_policy import UnusualRules
    from lhasaplan.core.sight import Scene, SightReason
    from lhasaplan.core.site.mounting import AskedMount
    from lhasaplan.core.site.sight_backend import Sight
    from lhasaplan.core.site.snap_targets import SnapTargets
    from lhasaplan.report.formats.papers import SheetPictures
    from lhasaplan.workflow.districts import Merge
    from lhasaplan.workflow.gate import PlanningState
    from lhasaplan.workflow.imports import ImportReport, Taking
    from lhasaplan.workflow.siting import Proposals


@dataclass(frozen=True, slots=True)
class Named:
    """What a start is to open: a shipped city, or the project that is kept at an address."""

    sample: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class PictureLook:
    """How a picture of a camera is wanted: columns, distances of people, by night, with trees, how finely computed."""

    columns: int
    people_m: tuple[float, ...]
    is_night: bool = False
    has_trees: bool = True
    fineness: int = 1


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


class AppContext:
    """Use cases and live sight, as the window calls them; tests put a small city in its place."""

    def __init__(self) -> None:
        self.file_language: Callable[[], str] = lambda: "en"  # of what files tell other programs
        self._compiling, self._are_kernels_ready, self._are_pictures_ready = Lock(), False, False
        self._pictures: tuple[object, object, SheetPictures] | None = None  # of which layers, in which words, and what draws them
        self._picture_town: tuple[object, PictureTown] | None = None  # of which buildings, and what their pictures share
        self._city: AuditContext | None = None  # as it was set up last: an audit of it makes nothing of it again
        self._named_streets: tuple[object, NearestStreet] | None = None  # of which roads, and what finds them
        self._ahead: dict[Named, KeptProject | Project] = {}  # what was read before the window asked for it

    # Live sight

    def begin(self, city: "AuditContext") -> "Live":
        """Return a city in which no camera stands yet."""
        from lhasaplan.core.live.live_answers import make_live

        return make_live(city)

    def reopen(self, known: "Live", project: Project, progress: Progress) -> "Live":
        """Return the answers in a city whose layers or declarations changed: cameras that no change reaches keep theirs."""
        from lhasaplan.core.context.audit_context import set_up
        from lhasaplan.core.demand.requested_parts import find_candidates, request
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

    def coverage_preview(
        self, city: "AuditContext | TownWalls", cameras: Sequence[Camera], progress: Progress
    ) -> "tuple[CoveragePreview, ...]":
        """Return what many cameras see of the ground, long before all answers about them are there."""
        from lhasaplan.core.live.near_camera import coverage_preview

        return coverage_preview(city, cameras, progress)

    def is_decided(self, live: "Live", project: Project, is_planning: bool) -> bool:
        """Tell whether the answers know what the project holds decided."""
        from lhasaplan.core.live.live_answers import is_decided

        return is_decided(live, project, is_planning)

    def effect_on(
        self, camera_ids: Sequence[str], before: "Live", after: "Live", *, is_disclosed: bool = False
    ) -> "ChangeEffect":
        """Return what changed for some cameras, and for the parts."""
        from lhasaplan.core.live.effect import effect_on

        return effect_on(camera_ids, before, after, is_disclosed=is_disclosed)

    def shown(self, project: Project, results: Assessment) -> "tuple[ShownProject, ShownAssessment]":
        """Return what outputs may show of a project and its results."""
        from lhasaplan.workflow.drafting import shown

        return shown(self.services, project, results)

    def evaluate(
        self, live: "Live", project: Project, proposal: "Proposal", progress: Progress, *, is_disclosed: bool = False
    ) -> "ChangeEffect":
        """Return what a proposal would do; refused by gate and guard as everywhere."""
        from lhasaplan.core.live.evaluate import evaluate

        prices = self.services.content.load_unit_prices(None)
        return evaluate(live, project, proposal, prices, progress, is_disclosed=is_disclosed)

    def propose(self, project: Project, budget: int, progress: Progress) -> "Proposals":
        """Return the options beside each other and the trade-off, as on the command line."""
        return workflow.propose(self.services, project, (), budget, progress)

    def compare(
        self,
        live: "Live",
        project: Project,
        one: Sequence[Camera],
        other: Sequence[Camera],
        progress: Progress,
        *,
        is_disclosed: bool = True,
    ) -> "PlanComparison":
        """Return the comparison of two plans."""
        from lhasaplan.core.live.plan_options import compare

        return compare(
            live, project, one, other, self.services.content.load_unit_prices(None), progress, is_disclosed=is_disclosed
        )

    def why_not_seen(
        self, answers: "Sequence[Witness]", placed: "Mapping[str, Placed]", asked: "AskedMount", city: "AuditContext"
    ) -> "tuple[WhyNot, ...]":
        """Return why cameras do not see a spot, as far as it may be disclosed."""
        from lhasaplan.core.exposure.who_sees import why_not_seen

        return why_not_seen(answers, placed, asked, city.rooms, city.terrain)

    def spot_densities(self, placed: "Placed", xyz_m: "FloatArray", city: "AuditContext") -> "csr_array":
        """Return what each view of a camera shows of spots, in px/m, as the command line asks it."""
        from lhasaplan.core.exposure.who_sees import spot_scenes

        return spot_scenes(city).densities(placed.views, placed.level_views, xyz_m, self.densities)

    def densities(self, views: Sequence[View], xyz_m: "FloatArray", scene: "Scene") -> "csr_array":
        """Return what each view shows of each point, in px/m."""
        from lhasaplan.core.sight import densities

        return densities(views, xyz_m, scene)

    def explain(self, view: View, point_m: "FloatArray", scene: "Scene") -> "SightReason":
        """Return why a view does not see a point."""
        from lhasaplan.core.sight import explain

        return explain(view, point_m, scene)

    def _make_pictures_ready(self) -> None:
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

    def picture(
        self, town: "PictureTown", camera: Camera, look: PictureLook, sightings: Sequence[Sighting]
    ) -> "CameraPicture | None":
        """Return what stands in the picture of a camera; None where its direction is not known."""
        from lhasaplan.core.city.trees_and_hoardings import Season
        from lhasaplan.core.context.audit_context import set_in
        from lhasaplan.core.picture.camera_picture import Look, picture_of

        self._make_pictures_ready()
        season = Season.IN_LEAF if look.has_trees else None
        wish = Look(look.columns, look.people_m, look.is_night, look.fineness, season)
        placed = set_in(town.city, [camera]).placed
        return picture_of(placed[0], town, wish, sightings) if placed else None

    def outlook(  # noqa: PLR0917 - a camera in its town, what it shows, and how it is looked at
        self,
        town: "PictureTown",
        camera: Camera,
        spot: "ViewerSpot | None",
        look: PictureLook,
        bands: "Sequence[Band]",
        sightings: Sequence[Sighting],
    ) -> "tuple[Outlook, ViewerSpot] | None":
        """Return a camera and its cone from a spot, from a usual one without it; None where its direction is not known."""
        from lhasaplan.core.city.trees_and_hoardings import Season
        from lhasaplan.core.context.audit_context import set_in
        from lhasaplan.core.picture.camera_picture import Look, drawable_view
        from lhasaplan.core.picture.outlook import outlook, usual_spot

        self._make_pictures_ready()
        placed = set_in(town.city, [camera]).placed
        view = drawable_view(placed[0].views) if placed else None
        if view is None:
            return None
        wish = Look(look.columns, (), fineness=look.fineness, season=Season.IN_LEAF if look.has_trees else None)
        spot = spot or usual_spot(view)
        return outlook(view, town, spot, wish, bands, sightings), spot

    def neighbourhood(self, town: "PictureTown", middle: tuple[float, float], sheets: "Kinds", walls: "Kinds") -> "Neighbourhood":
        """Return the town around a place as faces in space, with kinds of ground and of pieces of wall."""
        from lhasaplan.core.picture.neighbourhood import neighbourhood

        return neighbourhood(town, middle, sheets, walls)

    def crs(self, name: str) -> "Crs":
        """Return a grid by its name."""
        from lhasaplan.core.base.crs import Crs

        return Crs(name)

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
        from lhasaplan.core.site.sight_backend import IN_PROCESS

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

    def snap_targets(self, city: "AuditContext") -> "SnapTargets":
        """Return what a camera that is drawn by hand can snap to in a city."""
        from lhasaplan.core.site.snap_targets import make_snap_targets

        rules, town = self.services.content.load_snap_rules(), city.town
        is_raised = city.buildings.base_m > 0.0
        layers, widths = city.project.layers, city.reference_data.widths
        return make_snap_targets(town.buildings, is_raised, town.relief, layers, rules, widths=widths)

    def refused_places(self, live: "Live | None", cameras: Sequence[Camera]) -> tuple[Fault, ...]:
        """Return which planned cameras may not be where they were put: on protected ground none is planned."""
        from lhasaplan.core.live.evaluate import on_protected

        return tuple(on_protected(live, cameras)) if live is not None else ()

    def camera_names(self, project: Project, translations: Translations) -> Mapping[str, str]:
        """Return what each camera is called, by id."""
        return workflow.camera_names(project, self._streets(project), translations)

    def part_names(
        self, project: Project, parts: Sequence[Part], terms: Mapping[str, Mapping[str, str]], translations: Translations
    ) -> Mapping[str, str]:
        """Return what each part is called, by id."""
        from lhasaplan.core.city.human_names import part_names
        from lhasaplan.core.project.numbering import part_numbers
        from lhasaplan.report.text import words

        said = {key: translations(text) for key, text in words.PART_KINDS.items()} | words.category_words(terms, translations)
        return part_names(parts, project.layers, self._streets(project), said, translations, numbers=part_numbers(project))

    def wall_names(self, project: Project, ids: Collection[str], translations: Translations) -> Mapping[str, str]:
        """Return what buildings are called that stand in a view or would carry a camera, by id."""
        from lhasaplan.core.city.human_names import wall_names

        return wall_names(ids, project.layers, self._streets(project), translations) if ids else {}

    def _streets(self, project: Project) -> "NearestStreet":
        """Return the streets by which things are named; made once for the roads of a project."""
        from lhasaplan.core.city.streets import NearestStreet

        roads, kept = project.layers.get("roads"), self._named_streets
        if kept is None or kept[0] is not roads:
            self._named_streets = kept = (roads, NearestStreet(roads, None))
        return kept[1]

    def refusal_of(self, camera: Camera) -> Fault | None:
        """Return why sight cannot be computed of a camera that is recorded so; None where it can."""
        from lhasaplan.core.site.camera_placing import refuse_impossible_lenses

        try:
            refuse_impossible_lenses((camera,), self.classes)
        except InputError as error:
            return error.faults[0]
        return None

    def open_sample(self, city: str) -> Project:
        """Return a shipped city as a project; read from its map at the first start alone."""
        ahead = self._ahead.pop(Named(sample=city), None)
        if isinstance(ahead, Project):
            return ahead
        kept = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericCacheLocation))
        return workflow.open_kept_sample(self.services, self.services.content.read_sample(city), kept / "lhasaplan" / "samples")

    def open_store(self, address: str | PathLike[str]) -> Store:
        """Return where a project is kept, or will be."""
        return self.services.stores.open(address)

    def open_derived(self, of: Store | None, address: str | PathLike[str]) -> Store:
        """Return where a project is kept that comes from another one: sealed as that is."""
        return self.services.stores.derived([] if of is None else [of], address)

    def open_copy(self, of: Store | None, path: Path, secret: bytes = b"") -> Store:
        """Return the store of a copy, sealed as the project is, else by a key where one is given."""
        return self.services.stores.copy(of, path, secret)

    def open_project(self, address: str | PathLike[str]) -> KeptProject:
        """Return the project that is kept at an address."""
        ahead = self._ahead.pop(Named(address=str(address)), None)
        return ahead if isinstance(ahead, KeptProject) else workflow.open_project(self.services, address)

    def is_project(self, path: Path) -> bool:
        """Tell whether a file is a project of this program."""
        try:
            store = self.open_store(path)
            _ = store.is_sealed or store.has_results()
        except InputError:
            return False
        return True

    def read_ahead(self, named: "Named") -> Project:
        """Return the project that is named at a start; who opens it next is given what was read here."""
        opened = self.open_sample(named.sample) if named.sample else self.open_project(named.address)
        self._ahead[named] = opened
        return opened if isinstance(opened, Project) else opened.project

    def open_places(self, opened: KeptProject, passphrase: str) -> KeptProject:
        """Return the project with its closed places in the layers."""
        return workflow.open_places(self.services, opened, passphrase)

    def close_places(self, opened: KeptProject, passphrase: str) -> KeptProject:
        """Return the project with a new lock on its drawn protected places."""
        return workflow.close_places(self.services, opened, passphrase)

    def save(self, opened: KeptProject, assessment: Assessment | None) -> None:
        """Keep the project and its results."""
        workflow.save(opened, assessment)

    def import_file(
        self, project: Project, path: Path, kind: str | None, crs: str | None, datum: str, **how: "Unpack[Taking]"
    ) -> tuple[Project, "ImportReport"]:
        """Return the project with a file's content, and what the file brought."""
        return workflow.import_file(self.services, project, path, kind=kind, crs=crs, datum=datum, **how)

    def state_mandate(self, project: Project, mandate: "Mandate") -> Project:
        """Return the project with a mandate that was filled in."""
        return workflow.state_mandate(self.services, project, mandate)

    def write_mandate(self, path: Path, mandate: "Mandate") -> None:
        """Save a mandate as the file that is read."""
        self.services.files.write_mandate(path, mandate)

    def planning_state(self, project: Project) -> "PlanningState":
        """Return how the gate stands, with what a person needs to open it."""
        return workflow.planning_state(self.services, project)

    def metric_area(self, project: Project, wkt: str) -> "Area | None":
        """Return an area of a mandate in the project's metres, None where it is none."""
        from lhasaplan.core.gate.plan_area import metric_area

        return metric_area(wkt, self.crs(project.crs))

    def stated_area(self, project: Project, area: "Area") -> str:
        """Return an area as a mandate states it."""
        from lhasaplan.core.gate.plan_area import stated_area

        return stated_area(area, self.crs(project.crs))

    def area_from(self, project: Project, what: str | Path) -> "Area":
        """Return the ground of all mapped buildings (``data``), of a named area, or of the polygons of a file."""
        from lhasaplan.core.gate.plan_area import ground_of_buildings

        return ground_of_buildings(project.layers) if what == "data" else workflow.polygon_of(self.services, project, what)

    def place_picture(self, project: Project, part: Part, translations: Translations) -> bytes:
        """Return the small map of a place and its surroundings; what is drawn round it is made ready once for layers."""
        from lhasaplan.report.formats.papers import SheetPictures

        kept = self._pictures
        if kept is None or kept[0] is not project.layers or kept[1] is not translations:
            made = SheetPictures(workflow.sheet_of(self.services, project), translations)
            self._pictures = kept = (project.layers, translations, made)
        return kept[2].png(part.geometry)

    def area_names(self, project: Project) -> tuple[str, ...]:
        """Return the names of the project's areas."""
        return tuple(workflow.areas_by_name(project, self.services.content.load_protected_kinds()))

    def audit(self, project: Project, progress: Progress) -> Assessment:
        """Return what the cameras see and must not see."""
        return _given_back(workflow.audit(self.services, project, progress, known=self._city))

    def check(self, project: Project, progress: Progress) -> Assessment:
        """Return the audit and, when the gate is open, parts, gaps and overlaps."""
        return _given_back(workflow.check(self.services, project, progress, known=self._city))

    def export(
        self,
        project: Project,
        assessment: Assessment,
        formats: Sequence[str],
        folder: Path,
        language: str,
        *,
        progress: Progress,
        templates: Sequence[Path] = (),
        proposals: bool = False,
    ) -> list[Path]:
        """Write drafts and return their files; with proposals these are worked out first and stand in the plan."""
        reported = None
        if proposals and assessment.gate.open:
            found = workflow.propose(self.services, project, progress=part_of(progress, 0.0, 0.4))
            reported, progress = workflow.disclosed_proposals(found, private=False), part_of(progress, 0.4, 1.0)
        how: dict[str, Any] = {"language": language, "templates": templates, "proposals": reported, "progress": progress}
        return workflow.export(self.services, project, assessment, formats, folder, **how)

    def district_store(self, area: str, folder: Path) -> Store:
        """Return where the project of a district is kept beside its drafts."""
        return self.open_store(folder / workflow.district_file(area))

    def draft_district(  # noqa: PLR0917 - what is drafted, and where it goes
        self,
        city: KeptProject,
        area: str,
        formats: Sequence[str],
        folder: Path,
        language: str,
        progress: Progress,
        templates: Sequence[Path] = (),
        version: str = "",
        log_in: Store | None = None,
    ) -> list[Path]:
        """Write a district's project and its drafts; return the files. It answers to a version of the city's plan."""
        how: dict[str, Any] = {"language": language, "templates": templates, "version": version, "progress": progress}
        how["log_in"] = log_in
        return workflow.write_district(self.services, city, area, formats, folder, **how)

    def open_other(self, path: Path, passphrase: str) -> KeptProject:
        """Return a project beside the one that is shown; a passphrase opens what is sealed as a whole."""
        if passphrase:
            self.open_store(path).unseal(passphrase)
        return workflow.open_project(self.services, path)

    def merge_districts(  # noqa: PLR0917 - the city, the districts, and how each is taken
        self,
        project: Project,
        opened: Mapping[Path, KeptProject],
        choices: Mapping[str, str],
        progress: Progress,
        passphrases: Mapping[Path, str],
        versions: Mapping[Path, str],
    ) -> "Merge":
        """Return the project with the districts of these files in it, each as a version of its plan has its cameras.

        Passphrases open places that are closed in them.
        """
        from lhasaplan.core.districts.merging import Choices

        districts = []
        for path, one in opened.items():
            whole = workflow.open_places(self.services, one, passphrases[path]) if path in passphrases else one
            districts.append(workflow.as_version(whole.project, versions.get(path, "")))
        return workflow.merge(self.services, project, districts, Choices(choices), progress=progress)

    def lost_by_undo(self, now: Project, before: Project) -> "tuple[Loss, ...]":
        """Return what leaves protection where the step from one state to the next is taken back."""
        return workflow.lost_by_undo(self.services, now, before)

    def log_export(self, store: Store, formats: Sequence[str], files: Sequence[Path], who: str) -> None:
        """Keep with the project that drafts were written."""
        workflow.log_export(self.services, store, formats, files=files, who=who)

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

    def judge_gate(self, project: Project, buildings: Buildings, results: Assessment) -> Gate:
        """Return the gate for cameras that were placed or moved since the last check; all else is as it was then."""
        from lhasaplan.core.gate.decide import judge_gate

        packs, territory = self.services.content.load_packs(project.packs), self.services.content.load_territory()
        parts = tuple(one.part for one in results.parts or ())
        of_town = (project, packs, territory, buildings, parts, self.crs(project.crs))
        return judge_gate(*of_town, today=self.services.today(), rules=self.services.content.load_audit_policy().mandate)

    def protected_ground(self, project: Project, buildings: Buildings) -> "ProtectedGround":
        """Return where it may not be disclosed why a spot is not seen; stays inside the program."""
        from lhasaplan.core.project.plan import without_later
        from lhasaplan.core.protection.ground import ProtectedGround
        from lhasaplan.core.protection.places import find_protected
        from lhasaplan.core.protection.undisclosed import disclosed_ground

        declared, kinds = without_later(project, self.services.today()).declarations, self.services.content.load_protected_kinds()
        ground = ProtectedGround(find_protected(project.layers, buildings, kinds, declared))
        return disclosed_ground(ground, project.layers, buildings, kinds, declared)


def _given_back(results: Assessment) -> Assessment:
    """Return results when the memory that working them out took is the system's again."""
    from lhasaplan.compute import give_back

    give_back()
    return results
