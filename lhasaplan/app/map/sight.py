"""What cameras can see right now, computed beside the audit so that cones follow an edit at once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.answers.drawn_fields import DrawnField, drawn_fields
from lhasaplan.core.answers.unasked import ground_seen
from lhasaplan.core.assessment import Assessment, CameraResult, Field
from lhasaplan.core.camera import Basis, Camera, CameraClass, Kind, Placed, Status, View
from lhasaplan.core.floor_plan import NO_PLAN, floor_plan
from lhasaplan.core.guarded_sight import GuardedScenes
from lhasaplan.core.layer import empty_layer
from lhasaplan.core.night import night_ground
from lhasaplan.core.project import Project
from lhasaplan.core.roofs import with_roofs
from lhasaplan.core.sight import make_scene


@dataclass(frozen=True, eq=False)
class City:
    """What sight stands on: prisms, the scene made from them, the ground and the CRS; made once for a building layer."""

    layer: Any  # the building layer it was made from, to tell whether it still holds
    crs_name: str
    buildings: Any
    scene: Any
    crs: Any
    classes: Mapping[Kind, CameraClass]
    terrain: Any  # the ground of the answers too, so that cones and findings agree

    @property
    def has_floor_plans(self) -> bool:
        """Return whether walls inside buildings are known."""
        return bool(len(getattr(self.scene, "floor", NO_PLAN)))

    @property
    def relief(self) -> tuple[Any, ...]:
        """Return the relief to place cameras on, nothing for level ground."""
        return () if self.terrain.is_level else (self.terrain.relief,)

    @property
    def beside(self) -> dict[str, bool]:
        """Return that cameras are set into the town on level ground too, where terrain is coarse."""
        return {} if self.terrain.is_level or self.terrain.coarse is None else {"also_level": True}

    @cached_property
    def guarded(self) -> GuardedScenes:
        """Return the town as protected places are seen in it: no inner wall and no coarse terrain is a mask."""
        scene = replace(self.scene, floor=NO_PLAN) if self.has_floor_plans else self.scene
        if not self.beside:
            return GuardedScenes(scene, None, self.terrain)
        return GuardedScenes(replace(scene, relief=self.terrain.mask), make_scene(self.buildings), self.terrain)


@dataclass(frozen=True, eq=False)
class Seen:
    """One camera as placed, with its fields."""

    placed: Placed
    fields: tuple[Field, ...]

    @property
    def certain(self) -> Field | None:
        """Return the field of recorded values, if direction and lens are recorded."""
        return next((f for f in self.fields if f.basis is Basis.RECORDED and self.placed.certain), None)

    @property
    def possible(self) -> tuple[Field, ...]:
        """Return the fields that stand on assumptions or a sweep."""
        certain = self.certain
        return tuple(f for f in self.fields if f is not certain)

    @cached_property
    def drawn(self) -> tuple[DrawnField, ...]:
        """Return the fields as every map draws them."""
        return drawn_fields(self.certain, self.possible)

    @cached_property
    def night(self) -> BaseGeometry | None:
        """Return the ground seen at night, None where the range at night is not recorded; as the answers have it."""
        if self.placed.camera.night_range_m is None:
            return None
        fields = [self.certain] if self.certain is not None else self.possible
        return night_ground(shapely.union_all([ground_seen(f) for f in fields]), self.placed)


@dataclass(frozen=True, eq=False)
class Sight:
    """What every camera can see, by camera id; frozen, so that the map may draw it in other threads."""

    seen: Mapping[str, Seen] = field(default_factory=dict)

    def drawn_of(self, result: CameraResult) -> tuple[DrawnField, ...]:
        """Return the fields of a camera as they were when it was answered: those of now where the camera is the same."""
        seen = self.seen.get(result.placed.camera.camera_id)
        is_same = seen is not None and seen.placed is result.placed
        return seen.drawn if seen is not None and is_same else drawn_fields(result.certain, result.possible)

    def updated(self, seen: Mapping[str, Seen], keep: Iterable[str]) -> "Sight":
        """Return the sight with some cameras new and those that are gone left out."""
        merged = {**self.seen, **seen}
        return replace(self, seen={camera_id: merged[camera_id] for camera_id in keep if camera_id in merged})


def sight_of(assessment: Assessment) -> Sight:
    """Return what an assessment already knows."""
    return Sight({r.placed.camera.camera_id: Seen(r.placed, _fields_of(r)) for r in assessment.cameras})


def _fields_of(result: CameraResult) -> tuple[Field, ...]:
    return (*((result.certain,) if result.certain is not None else ()), *result.possible)


def build_city(project: Project, rooms: Any) -> City:
    """Return prisms and scene of a project's buildings.

    ``rooms`` gives ``buildings_from``, ``make_scene``, ``heights``, ``classes``, ``read_ground`` and ``crs`` (the engine does).
    """
    layer = project.layers.get("buildings") or empty_layer("buildings")
    terrain = rooms.read_ground(project)
    buildings = with_roofs(rooms.buildings_from(layer, rooms.heights), terrain, rooms.heights)
    scene = rooms.make_scene(buildings) if terrain.is_level else rooms.make_scene(buildings, terrain.relief)
    plan = floor_plan(project.layers.get("floor_walls"), buildings)
    scene = replace(scene, floor=plan) if len(plan) else scene
    return City(layer, project.crs, buildings, scene, rooms.crs(project.crs), rooms.classes, terrain)


def see(cameras: Iterable[Camera], city: City, rooms: Any, progress: Callable[[float], None], batch: int = 8) -> dict[str, Seen]:
    """Place cameras and return what each can see; removed ones see nothing."""
    standing = [camera for camera in cameras if camera.status is not Status.REMOVED]
    seen: dict[str, Seen] = {}
    for start in range(0, len(standing), batch):
        progress(start / len(standing))
        some = tuple(standing[start : start + batch])
        placed = rooms.place_cameras(some, city.classes, city.buildings, city.crs, *city.relief, **city.beside)
        views: list[View] = [view for one in placed for view in one.views]
        fields = iter(rooms.visibility_fields(views, city.scene))
        for one in placed:
            seen[one.camera.camera_id] = Seen(one, tuple(next(fields) for _ in one.views))
    return seen
