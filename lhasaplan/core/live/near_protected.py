"""Find the protected places near a camera, and take the walls of these alone: one camera of a city looks at few of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.context.screened_scenes import relevant_ground
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.protected_place import ProtectedWalls
from lhasaplan.core.protection.near_places import NearPlaces
from lhasaplan.core.protection.walls import protected_walls

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
