"""What stands near one camera: protected places whose walls it may see, and trees as its lens has them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.city.trees_and_hoardings import Season, trees_near
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.context.screened_scenes import ScreenedScenes, relevant_ground
from lhasaplan.core.model.camera import Placed, View
from lhasaplan.core.model.protected_place import ProtectedWalls
from lhasaplan.core.protection.walls import NearPlaces, protected_walls
from lhasaplan.core.sight import Scene

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


@dataclass(frozen=True, eq=False, slots=True)
class _Taken:
    """Walls and open ground of protected places, and the ground on which they are all there are."""

    ground: BaseGeometry
    walls: ProtectedWalls


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
        needed = relevant_ground(views, self.city.thresholds.note_px_m)
        if len(views) > FEW:
            return self._taken(needed)
        known = next((each for each in self.last if shapely.covers(each.ground, needed)), None)
        if known is None:
            ground = shapely.buffer(needed, AROUND_M, quad_segs=8)
            known = _Taken(ground, self._taken(ground))
            self.last[:] = [known]
        return known.walls

    def _taken(self, ground: BaseGeometry) -> ProtectedWalls:
        return protected_walls(self.near.around(ground), ground, self.city.terrain, self.city.buildings)


def near_protected(city: AuditContext) -> NearProtected:
    """Return the protected places of a city, ready to be asked for those near a camera."""
    return NearProtected(city, NearPlaces.of(city.protected))
