"""What one camera sees of the ground at any density and at 25 px/m, and which protected places and trees stand near it."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.city.trees_and_hoardings import Season, trees_near
from lhasaplan.core.context.audit_context import AuditContext, TownWalls, view_table_of
from lhasaplan.core.context.scenes import ScreenedScenes, reach_m, relevant_ground, relevant_m
from lhasaplan.core.demand.ground_in_view import mapped_parts, not_mapped, together
from lhasaplan.core.model.camera import Camera, Field, Placed, View
from lhasaplan.core.model.optics import SEEN_PX_M
from lhasaplan.core.model.place import ProtectedWalls
from lhasaplan.core.protection.ground import NearPlaces
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.sweep.fields import ground_at_least
from lhasaplan.core.site.camera_placing import place_in


# What many cameras see of the ground, and nothing else of the answers: so that a map can be drawn before these are there.
@dataclass(frozen=True, eq=False, slots=True)
class CoveragePreview:
    """One camera as placed; ``grounds`` is what each of its fields shows at 25 px/m or better, of ground that is mapped.

    ``not_mapped`` is what nobody mapped, None where all of it is mapped: the answers do not count it as seen.
    """

    placed: Placed
    fields: tuple[Field, ...]
    grounds: tuple[BaseGeometry, ...]
    not_mapped: BaseGeometry | None


def coverage_preview(city: TownWalls, cameras: Sequence[Camera], progress: Progress = no_progress) -> tuple[CoveragePreview, ...]:
    """Return what cameras see, in their order, by the same functions as the whole answers; InputError as from these.

    The walls of a city suffice: nothing is asked of its protected places.
    """
    all_placed = place_in(city.town, cameras, city.reference_data.classes, part_of(progress, 0.0, 0.2))
    table = view_table_of(all_placed, city.crs)
    fields = city.sight.visibility_fields(table.views, city.rooms, progress=part_of(progress, 0.2, 0.6))
    grounds = ground_at_least(table.views, fields, city.rooms, SEEN_PX_M, progress=part_of(progress, 0.6, 0.9))
    bare = not_mapped(list(grounds), city.scene.tree)
    mine: list[list[int]] = [[] for _ in all_placed]
    for view, camera in enumerate(table.camera.tolist()):
        mine[camera].append(view)
    blank = [together([bare[v] for v in own]) for own in mine]
    shown = mapped_parts(list(grounds), [blank[camera] for camera in table.camera.tolist()])
    return tuple(
        CoveragePreview(placed, tuple(fields[v] for v in own), tuple(shown[v] for v in own), blank[number])
        for number, (placed, own) in enumerate(zip(all_placed, mine, strict=True))
    )


NOTHING = shapely.MultiPolygon()
Grounds = tuple[BaseGeometry, BaseGeometry]


# What stands near one camera: protected places whose walls it may see, and trees as its lens has them.


# Keep the trees of a city as its lenses have them: a lens that hangs in a tree is not blinded by it, nor are its neighbours.
@dataclass(frozen=True, eq=False, slots=True)
class Leaves:
    """The town with all its trees in leaf, but for those in which a lens hangs; the town itself where there are none.

    Parameters
    ----------
    tree : of the features of the layer of trees; None without any.
    hanging : one view of each camera that hangs in a tree or at the edge of a wood.
    """

    city: AuditContext
    scene: Scene
    tree: shapely.STRtree | None
    hanging: Mapping[str, View]

    @classmethod
    def of(cls, city: AuditContext) -> "Leaves":
        """Return the trees of a city in which no lens hangs yet."""
        layer = city.project.layers.get("trees")
        tree = shapely.STRtree(layer.geometry) if layer is not None and len(layer) else None
        return cls(city, _scene(city, ()), tree, {})

    def moved(self, camera_ids: Collection[str], placed: Sequence[Placed]) -> "Leaves":
        """Return the trees after some cameras were placed otherwise, or are no more placed at all."""
        if self.tree is None:
            return self
        stay = {key: view for key, view in self.hanging.items() if key not in camera_ids}
        hanging = stay | self._hanging([each.views[0] for each in placed if each.views])
        if _places(hanging) == _places(self.hanging):
            return replace(self, hanging=hanging)
        return replace(self, hanging=hanging, scene=_scene(self.city, tuple(hanging.values())))

    def blinds_as(self, other: "Leaves") -> bool:
        """Tell whether the same trees are open round lenses as in another town."""
        return _places(self.hanging) == _places(other.hanging)

    def _hanging(self, views: Sequence[View]) -> dict[str, View]:
        layer = self.city.project.layers.get("trees")
        if self.tree is None or layer is None or not views:
            return {}
        rules, xy_m = self.city.reference_data.screens, np.array([(view.x_m, view.y_m) for view in views])
        near = self.tree.query(shapely.points(xy_m), predicate="dwithin", distance=rules.clearing_m + rules.highest_m / 2.0)[1]
        inside = trees_near(layer, np.unique(near).tolist(), xy_m, rules)
        return {view.camera_id: view for view, is_inside in zip(views, inside.tolist(), strict=True) if is_inside}


def _places(hanging: Mapping[str, View]) -> frozenset[tuple[float, float]]:
    return frozenset((view.x_m, view.y_m) for view in hanging.values())


def _scene(city: AuditContext, lenses: Sequence[View]) -> Scene:
    know = city.reference_data
    scenes = ScreenedScenes(city.project.layers.get("trees"), know.screens, city.buildings, know.terrain, city.rooms, lenses)
    return scenes.everywhere(Season.IN_LEAF)


# Find the protected places near a camera, and take the walls of these alone: one camera of a city looks at few of them.
FEW = 8  # views of one camera, level ones beside: a drag comes back to the same ground
AROUND_M = 15.0  # taken beyond the reach of these, for the next steps
MOST_AROUND_M = 3.0 * AROUND_M
QUARTER = 32  # corners that a quarter of a circle is drawn with
ROUND = math.cos(math.pi / (4 * QUARTER))  # of its radius lies in what is drawn, in every direction
_Circle = tuple[float, float, float]  # x, y and radius


@dataclass(frozen=True, eq=False, slots=True)
class _Taken:
    """Walls and open ground of protected places, and the ground on which they are all there are: a circle round each view."""

    ground: BaseGeometry
    circles: tuple[_Circle, ...]
    walls: ProtectedWalls

    def is_about(self, needed: Sequence[_Circle]) -> bool:
        """Tell whether this is all that is needed and little more: a view that looks far leaves all the walls of a quarter."""
        return len(needed) == len(self.circles) and all(map(_is_within, needed, self.circles))


def _is_within(needed: _Circle, taken: _Circle) -> bool:
    (x, y, reach), (other_x, other_y, radius) = needed, taken
    return math.hypot(x - other_x, y - other_y) + reach <= ROUND * radius and radius <= reach + MOST_AROUND_M


@dataclass(frozen=True, eq=False, slots=True)
class NearProtected:
    """The protected places of a city, and the boxes that they lie in.

    ``last`` holds the walls that were taken last for one camera: a step of a drag needs the same ones again.
    """

    city: AuditContext
    near: NearPlaces
    last: list[_Taken] = field(default_factory=list)

    def walls(self, views: Sequence[View]) -> ProtectedWalls:
        """Return the walls that an audit has within reach of the views and around it."""
        least_px_m = self.city.thresholds.note_px_m
        if not 0 < len(views) <= FEW:
            return self._taken(relevant_ground(views, least_px_m))
        needed_m = relevant_m(np.array([reach_m(view, least_px_m) for view in views])).tolist()
        needed = tuple((view.x_m, view.y_m, radius) for view, radius in zip(views, needed_m, strict=True))
        known = next((each for each in self.last if each.is_about(needed)), None)
        if known is None:
            taken = tuple((x, y, radius + AROUND_M) for x, y, radius in needed)
            x, y, radius = np.array(taken).T
            ground = shapely.union_all(shapely.buffer(shapely.points(x, y), radius, quad_segs=QUARTER))
            known = _Taken(ground, taken, self._taken(ground))
            self.last[:] = [known]
        return known.walls

    def _taken(self, ground: BaseGeometry) -> ProtectedWalls:
        return self.near.walls(ground, self.city.terrain, self.city.buildings)


def near_protected(city: AuditContext) -> NearProtected:
    """Return the protected places of a city, ready to be asked for those near a camera."""
    near = city.ground.sorted_places
    if near is None:
        near = city.ground.sorted_places = NearPlaces.of(city.ground.places)
    return NearProtected(city, near)
