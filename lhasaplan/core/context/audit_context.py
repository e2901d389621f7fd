"""A project set up for answers: buildings, scene, cameras with their views, protected places."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.translations import AS_SHIPPED, DataState
from lhasaplan.core.city.building_heights import buildings_from, floor_plan
from lhasaplan.core.city.outlines import doubles_of, without_doubles, without_heights, without_thin_walls
from lhasaplan.core.city.streets import SHIPPED, StreetWidths
from lhasaplan.core.city.surveys import SurveyedGround, surveyed_ground
from lhasaplan.core.city.trees_and_hoardings import ScreenRules, Season
from lhasaplan.core.context.areas import NamedAreas
from lhasaplan.core.context.scenes import IN_PROCESS, GuardedScenes, ScreenedScenes, Sight
from lhasaplan.core.model.camera import Basis, Camera, CameraClass, Kind, Placed, Status, View
from lhasaplan.core.model.layer import Buildings, empty_layer
from lhasaplan.core.model.place import ProtectedPlace
from lhasaplan.core.project.plan import leaving, without_later
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.places import find_protected
from lhasaplan.core.rules.audit_policy import SHIPPED as SHIPPED_POLICY
from lhasaplan.core.rules.audit_policy import AuditPolicy, ServiceRules
from lhasaplan.core.rules.pack import Pack, Thresholds
from lhasaplan.core.sight import Scene, make_scene
from lhasaplan.core.site.camera_placing import PlacingTown, make_town, place_in
from lhasaplan.core.site.terrain import Terrain, level, with_roofs

if TYPE_CHECKING:
    from lhasaplan.core.city.building_heights import HeightRules
    from lhasaplan.core.city.territory import Territory
    from lhasaplan.core.protection.kind_types import ProtectedKinds

# Reference data of an audit besides the project: packs, classes, kinds, heights, territory and the date.


@dataclass(frozen=True, eq=False, slots=True)
class ReferenceData:
    """Content of the data folders as values; ``today`` is an ISO date, since the core has no clock.

    ``terrain`` is the ground that the project's stored rasters give, since the core reads no files either.
    """

    packs: tuple[Pack, ...]
    classes: Mapping[Kind, CameraClass]
    kinds: "ProtectedKinds"
    heights: "HeightRules"
    territory: "Territory"
    today: str
    service: ServiceRules
    widths: StreetWidths = SHIPPED
    terrain: Terrain = field(default_factory=level)
    screens: ScreenRules = field(default_factory=ScreenRules)
    policy: AuditPolicy = SHIPPED_POLICY
    data: DataState = AS_SHIPPED


def tightest(packs: tuple[Pack, ...]) -> Thresholds:
    """Return the strictest of all packs' thresholds; the core's own figures are never loosened.

    >>> tightest(()).due_px_m
    62.5
    """
    every = [Thresholds(), *(pack.thresholds for pack in packs)]
    return Thresholds(
        note_px_m=min(each.note_px_m for each in every),
        due_px_m=min(each.due_px_m for each in every),
        error_px_m=min(each.error_px_m for each in every),
        frontage_m=min(each.frontage_m for each in every),
        unasked_distance_m=min(each.unasked_distance_m for each in every),
        sharper_times=min(each.sharper_times for each in every),
        named_ground_m=min(each.named_ground_m for each in every),
        retention_days=_least(each.retention_days for each in every),
        retention_reason_days=_least(each.retention_reason_days for each in every),
        retention_purpose_days=_least(each.retention_purpose_days for each in every),
        approval_days=_least(each.approval_days for each in every),
        renewal_notice_days=max(
            (each.renewal_notice_days for each in every if each.renewal_notice_days is not None), default=None
        ),
        review_days=_least(each.review_days for each in every),
        end_days=_least(each.end_days for each in every),
    )


def _least(values: Iterable[float | None]) -> float | None:
    return min((value for value in values if value is not None), default=None)


@dataclass(frozen=True, eq=False, slots=True)
class ViewTable:
    """Every view of every active camera, as columns.

    Parameters
    ----------
    views : length V.
    camera : int array, shape (V,); index into the placed cameras.
    convergence_deg : shape (C,); true azimuth = grid azimuth + this, at each placed camera.
    level_views : the same views on level ground, length V; empty where no terrain is coarse.
    """

    views: tuple[View, ...]
    camera: IntArray
    convergence_deg: FloatArray
    level_views: tuple[View, ...] = ()

    def is_basis(self, *bases: Basis) -> BoolArray:
        """Return which views rest on one of the bases; shape (V,)."""
        return np.array([view.basis in bases for view in self.views], bool)


@dataclass(frozen=True, eq=False, slots=True)
class TownWalls:
    """What is made of buildings, floor plans and the ground alone: cones can be computed in it.

    ``buildings`` have heights above their ground, those of ``town`` and ``scene`` above the datum that ``terrain`` counts from.
    ``town`` is what cameras are set into, tried ones too.
    ``scene`` has buildings and the ground, ``guarded`` of both only what may end a view of a protected place, and
    ``level`` no ground: the town on level ground, None where no terrain is coarse; ``thin_walls`` outlines have strips that
    end none. ``rooms`` has the walls of floor plans besides, for the ground and the spots that indoor cameras see.
    """

    reference_data: ReferenceData
    crs: Crs
    buildings: Buildings
    town: PlacingTown
    scene: Scene
    rooms: Scene
    guarded: Scene
    level: Scene | None
    thin_walls: int
    crossing: int = 0  # outlines that lie across another one without being the same building
    sight: Sight = IN_PROCESS

    @property
    def terrain(self) -> Terrain:
        """Return the ground that buildings, cameras and targets stand on."""
        return self.reference_data.terrain

    @property
    def guards(self) -> GuardedScenes:
        """Return the town as protected places are seen in it: no inner wall and no coarse terrain is a mask."""
        return GuardedScenes(self.guarded, self.level, self.terrain)


@dataclass(frozen=True, eq=False, slots=True, kw_only=True)
class AuditContext(TownWalls):
    """What all answers start from, the window's too; made once per project state.

    ``screened`` has the rooms and the trees and hoardings that hide in a season, around whatever lens asks, and counts for
    coverage. Without floor plans, thin walls and trees all scenes are one.
    """

    project: Project
    thresholds: Thresholds
    placed: tuple[Placed, ...]
    view_table: ViewTable
    protected: tuple[ProtectedPlace, ...]
    ground: ProtectedGround
    areas: NamedAreas
    screened: ScreenedScenes

    @property
    def surveyed(self) -> SurveyedGround | None:
        """Return where somebody looked for cameras; None where nothing is recorded of that."""
        return surveyed_ground(self.project, self.reference_data.policy.survey.evidence_m, self.reference_data.today)

    @property
    def in_leaf(self) -> Scene:
        """Return the town with what hides in leaf from the context's own cameras."""
        return self.screened.loaded(Season.IN_LEAF)

    @property
    def leafless(self) -> Scene:
        """Return the town with what hides in the leafless season from the context's own cameras."""
        return self.screened.loaded(Season.LEAFLESS)

    def in_leaf_for(self, views: Sequence[View]) -> Scene:
        """Return the town with what hides in leaf from any views, tried ones too."""
        return self.screened.scene(Season.IN_LEAF, views)


def make_context(
    project: Project,
    reference_data: ReferenceData,
    with_planned: bool,
    sight: Sight = IN_PROCESS,
    progress: Progress = no_progress,
    *,
    known: AuditContext | None = None,
) -> AuditContext:
    """Set the project up; removed cameras get no view, planned ones only when asked for (inside the gate).

    ``known`` is the city as it was set up before; what the same layers and declarations made stays.
    """
    city = set_up_cameras(project, reference_data, with_planned, sight, part_of(progress, 0.0, 0.4), known=known)
    return with_protected(city, part_of(progress, 0.4, 1.0), known=known)


def set_up_cameras(
    project: Project,
    reference_data: ReferenceData,
    with_planned: bool,
    sight: Sight = IN_PROCESS,
    progress: Progress = no_progress,
    *,
    known: AuditContext | None = None,
) -> AuditContext:
    """Set the project up with its cameras and not one protected place: what they see of the ground goes by walls alone."""
    project = without_later(project, reference_data.today)
    walls = set_up_walls(project, reference_data, sight, part_of(progress, 0.0, 0.5), known=known)
    return with_cameras(_of_walls(project, reference_data, sight, walls), project, with_planned, part_of(progress, 0.5, 1.0))


def set_up(
    project: Project,
    reference_data: ReferenceData,
    sight: Sight = IN_PROCESS,
    progress: Progress = no_progress,
    *,
    known: AuditContext | None = None,
    walls: TownWalls | None = None,
) -> AuditContext:
    """Set the city up with no camera in it: what holds for every camera, made once for layers, terrain and declarations.

    ``known`` is the city as it was set up before: what was made of the same buildings and ground stays, and its protected
    places where all layers and declarations are the same. ``walls`` are those of the project where they are there already.
    """
    project = without_later(project, reference_data.today)
    walls = walls or set_up_walls(project, reference_data, sight, part_of(progress, 0.0, 0.2), known=known)
    return with_protected(_of_walls(project, reference_data, sight, walls), part_of(progress, 0.2, 1.0), known=known)


def with_protected(city: AuditContext, progress: Progress = no_progress, *, known: AuditContext | None = None) -> AuditContext:
    """Return a city of walls and cameras with its protected places; ``known`` as in :func:`set_up`."""
    project, kinds = city.project, city.reference_data.kinds
    progress(0.0, "protected")
    if known is not None and _has_same_protected(project, city.reference_data, city, known):
        return replace(city, protected=known.protected, ground=known.ground, areas=known.areas)
    protected = find_protected(project.layers, city.buildings, kinds, project.declarations, progress)
    ground = ProtectedGround(protected)
    return replace(city, protected=protected, ground=ground, areas=NamedAreas(project.layers.get("areas"), kinds, ground))


def _of_walls(project: Project, reference_data: ReferenceData, sight: Sight, walls: TownWalls) -> AuditContext:
    """Return a city of its walls alone, in which no protected place was looked for yet."""
    ground = ProtectedGround(())
    return AuditContext(
        **{each.name: getattr(walls, each.name) for each in fields(TownWalls)}
        | {"reference_data": reference_data, "sight": sight},
        project=project,
        thresholds=tightest(reference_data.packs),
        placed=(),
        view_table=view_table_of((), walls.crs),
        protected=(),
        ground=ground,
        areas=NamedAreas(project.layers.get("areas"), reference_data.kinds, ground),
        screened=_screened(project, reference_data, walls.buildings, walls.rooms, ()),
    )


def set_up_walls(
    project: Project,
    reference_data: ReferenceData,
    sight: Sight = IN_PROCESS,
    progress: Progress = no_progress,
    *,
    known: AuditContext | None = None,
) -> TownWalls:
    """Set up what ends a view; of a city that is known what was made of the same buildings and ground stays."""
    walls = _known_walls(project, reference_data, known) or _solid_walls(project, reference_data, progress)
    plan = floor_plan(project.layers.get("floor_walls"), walls.buildings)
    rooms = replace(walls.scene, floor=plan) if len(plan) else walls.scene
    return replace(walls, rooms=rooms, sight=sight)


def _solid_walls(project: Project, reference_data: ReferenceData, progress: Progress) -> TownWalls:
    """Return what is made of the layer of buildings and the ground alone, without floor plans."""
    terrain, heights, crs = reference_data.terrain, reference_data.heights, Crs(project.crs)
    buildings = buildings_from(project.layers.get("buildings") or empty_layer("buildings"), heights)
    buildings = with_roofs(buildings, terrain, heights)
    is_coarse = terrain.coarse is not None
    doubles = doubles_of(buildings, reference_data.kinds.index().names)
    standing = without_doubles(buildings, doubles.is_again)
    least = tightest(reference_data.packs).note_px_m
    town = make_town(standing, crs, terrain.relief, also_level=is_coarse, least_px_m=least)
    progress(0.5, "sight")
    scene = make_scene(standing, terrain.relief)
    solid, thin_walls = without_thin_walls(without_heights(standing, doubles.b))
    guarded = scene if solid is standing else make_scene(solid, terrain.relief)
    guarded = replace(guarded, relief=terrain.mask) if is_coarse else guarded
    level = make_scene(solid) if is_coarse else None
    return TownWalls(reference_data, crs, buildings, town, scene, scene, guarded, level, thin_walls, len(doubles.b))


def _known_walls(project: Project, reference_data: ReferenceData, known: AuditContext | None) -> TownWalls | None:
    """Return what a city has of its buildings, None where it is not of the same layer and ground."""
    if known is None:
        return None
    layer, before = project.layers.get("buildings"), known.project
    is_same = layer is not None and layer is before.layers.get("buildings") and project.crs == before.crs
    is_same &= reference_data.terrain.is_same(known.terrain) and reference_data.heights == known.reference_data.heights
    is_same &= reference_data.kinds == known.reference_data.kinds
    is_same &= tightest(reference_data.packs) == known.thresholds
    if not is_same:
        return None
    scenes = known.scene, known.scene, known.guarded, known.level
    return TownWalls(reference_data, known.crs, known.buildings, known.town, *scenes, known.thin_walls, known.crossing)


def _has_same_protected(project: Project, reference_data: ReferenceData, walls: TownWalls, known: AuditContext) -> bool:
    """Say whether the protected places of a city are of the same layers, buildings, kinds and declarations."""
    if walls.buildings is not known.buildings:
        return False
    layers, before = project.layers, known.project.layers
    is_same = layers.keys() == before.keys() and all(layers[name] is before[name] for name in layers)
    is_same &= project.declarations == known.project.declarations and reference_data.kinds == known.reference_data.kinds
    return is_same


def with_cameras(city: AuditContext, project: Project, with_planned: bool, progress: Progress = no_progress) -> AuditContext:
    """Return a city with the cameras of a project, whose layers, terrain and declarations are those it was set up with."""
    project = without_later(project, city.reference_data.today)
    active = [camera for camera in project.cameras if camera.status in active_statuses(with_planned)]
    placed = place_in(city.town, active, city.reference_data.classes, part_of(progress, 0.0, 0.7))
    view_table = view_table_of(placed, city.crs)
    screened = _screened(project, city.reference_data, city.buildings, city.rooms, view_table.views)
    screened.scene(Season.IN_LEAF, view_table.views, part_of(progress, 0.7, 1.0))
    return replace(city, project=project, placed=placed, view_table=view_table, screened=screened)


def with_placed(city: AuditContext, placed: tuple[Placed, ...]) -> AuditContext:
    """Return a city with these cameras and no others; its trees stay as they are, ask ``in_leaf_for`` of them."""
    return replace_kept(city, placed=placed, view_table=view_table_of(placed, city.crs))


def set_in(city: AuditContext, cameras: Sequence[Camera], progress: Progress = no_progress) -> AuditContext:
    """Return a town with these cameras in it and no others."""
    return with_placed(city, place_in(city.town, cameras, city.reference_data.classes, progress))


def _screened(
    project: Project, reference_data: ReferenceData, buildings: Buildings, rooms: Scene, views: Sequence[View]
) -> ScreenedScenes:
    return ScreenedScenes(project.layers.get("trees"), reference_data.screens, buildings, reference_data.terrain, rooms, views)


def active_statuses(with_planned: bool) -> tuple[Status, ...]:
    """Return the statuses whose cameras are evaluated."""
    return (Status.OPERATING, Status.PLANNED) if with_planned else (Status.OPERATING,)


def view_table_of(placed: tuple[Placed, ...], crs: Crs) -> ViewTable:
    """Return the views of all placed cameras."""
    pairs = [(view, c) for c, each in enumerate(placed) for view in each.views]
    x = np.array([each.camera.x_m for each in placed], float)
    y = np.array([each.camera.y_m for each in placed], float)
    convergence = np.asarray(crs.convergence_deg(x, y), float) if len(placed) else np.zeros(0)
    level = tuple(view for each in placed for view in each.level_views)
    return ViewTable(tuple(view for view, _ in pairs), np.array([c for _, c in pairs], np.int64), convergence, level)


def stand_today(context: AuditContext) -> list[bool]:
    """Return which of the placed cameras stand today, whatever is planned."""
    return [each.camera.status is Status.OPERATING for each in context.placed]


def stand_with_plan(context: AuditContext) -> list[bool]:
    """Return which of the placed cameras stand once the plan is carried out: those that come, and not those that go."""
    gone = leaving(context.project)
    return [each.camera.camera_id not in gone for each in context.placed]


def certain_views(context: AuditContext, planned: bool) -> BoolArray:
    """Return which views count for coverage: home views of recorded cameras that operate, or stand with the plan; shape (V,)."""
    counted = stand_with_plan(context) if planned else stand_today(context)
    return np.array(
        [
            view.basis is Basis.RECORDED and context.placed[c].certain and counted[c]
            for view, c in zip(context.view_table.views, context.view_table.camera.tolist(), strict=True)
        ],
        bool,
    )
