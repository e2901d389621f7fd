"""Places that no output tells one by one, and the blocks of ground that outputs speak of in their stead.

A figure about such a place (a bearing, a distance, a density) is a line that leads there; two lines are enough. So whatever
is disclosed depends on the block in which its middle lies, and on nothing else of it: no set of outputs can tell two places apart
that lie in one block (docs/protected-places.md).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.crs import Crs
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.protected_place import ProtectedPlace
from lhasaplan.core.recognition.kind_types import ProtectedKinds

BLOCK_DEG = 0.0018  # of latitude: 200 m; of longitude as many metres
MARGIN_M = 100.0  # around the block, so that what lies across its edge does not tell so


@dataclass(frozen=True, eq=False, slots=True)
class NearBlocks:
    """The blocks of undisclosed places, and which cameras come near them: all their pictures are veiled alike."""

    blocks: BaseGeometry

    @classmethod
    def of(cls, places: Iterable[ProtectedPlace], crs: Crs) -> "NearBlocks":
        """Return the blocks of a city."""
        return cls(undisclosed_blocks(places, crs))

    def reaches(self, views: Sequence[View]) -> bool:
        """Say whether a camera's views reach such a block."""
        lens = shapely.points([(view.x_m, view.y_m) for view in views])
        reach_m = np.array([view.range_m for view in views])
        return bool(len(views)) and bool((shapely.distance(lens, self.blocks) <= reach_m).any())


def is_undisclosed(place: ProtectedPlace) -> bool:
    """Say whether outputs tell no figure of a place: people hide there by its kind, or a user drew it."""
    return place.hides_people or place.drawn


def secret_kinds(kinds: ProtectedKinds) -> frozenset[str]:
    """Return the kinds that outputs do not tell: those of people who hide, and what only a user draws."""
    return frozenset(kind.name for kind in kinds.kinds if kind.hides_people or any("lhasaplan" in tag for tag in kind.tags))


def undisclosed_blocks(places: Iterable[ProtectedPlace], crs: Crs) -> BaseGeometry:
    """Return the blocks of all undisclosed places with the margin around them, in the project's system; empty without any.

    Blocks lie on a grid of longitude and latitude, the same for every project and coordinate system. The margin is doubled
    until it holds the place, which tells how large it is at most.
    """
    return shapely.union_all(list({_block(place.ground, crs) for place in places if is_undisclosed(place)}))


def _block(ground: BaseGeometry, crs: Crs) -> BaseGeometry:
    square, margin_m = _square(ground.centroid, crs), MARGIN_M
    while not (grown := shapely.buffer(square, margin_m, join_style="mitre")).covers(ground):
        margin_m *= 2.0
    return grown


def _square(middle: shapely.Point, crs: Crs) -> BaseGeometry:
    """Return the square of the grid in which a point lies."""
    lon, lat = (float(each) for each in crs.to_lonlat(middle.x, middle.y))
    south = math.floor(lat / BLOCK_DEG) * BLOCK_DEG
    step = BLOCK_DEG / max(math.cos(math.radians(math.floor(south))), 0.01)
    west = math.floor(lon / step) * step
    corners = np.array([(west, south), (west + step, south), (west + step, south + BLOCK_DEG), (west, south + BLOCK_DEG)])
    return shapely.Polygon(np.column_stack(crs.to_xy(corners[:, 0], corners[:, 1])))
