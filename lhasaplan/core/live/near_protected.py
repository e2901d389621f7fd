"""Find the protected places near a camera by a tree, and sample these alone: one camera of a city looks at few of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.context.relevant_range import relevant_ground
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.protected_place import ProtectedPlace, ProtectedSamples
from lhasaplan.core.protection.places import sample_protected

FEW = 8  # views of one camera, level ones beside: a drag comes back to the same ground
AROUND_M = 15.0  # sampled beyond the reach of these, for the next steps


@dataclass(frozen=True, eq=False, slots=True)
class _Sampled:
    """Samples of protected places, and the ground on which they are all there are."""

    ground: BaseGeometry
    samples: ProtectedSamples


@dataclass(frozen=True, eq=False, slots=True)
class NearProtected:
    """The protected places of a city, with a tree of the ground that their samples lie in.

    ``last`` holds the samples that were taken last for one camera: a step of a drag needs the same ones again.
    """

    city: AuditContext
    places: tuple[ProtectedPlace, ...]
    tree: shapely.STRtree
    last: list[_Sampled] = field(default_factory=list)

    def samples(self, views: Sequence[View]) -> ProtectedSamples:
        """Return the samples that an audit has within reach of the views and around it; those of its places alone."""
        needed = relevant_ground(views, self.city.thresholds.note_px_m)
        if len(views) > FEW:
            return self._sampled(needed)
        known = next((each for each in self.last if shapely.covers(each.ground, needed)), None)
        if known is None:
            ground = shapely.buffer(needed, AROUND_M, quad_segs=8)
            known = _Sampled(ground, self._sampled(ground))
            self.last[:] = [known]
        return known.samples

    def _sampled(self, ground: BaseGeometry) -> ProtectedSamples:
        some = tuple(self.places[row] for row in np.sort(self.tree.query(ground)).tolist())
        return sample_protected(some, ground, self.city.terrain, self.city.buildings)


def near_protected(city: AuditContext) -> NearProtected:
    """Return the protected places of a city, ready to be asked for those near a camera."""
    return NearProtected(city, city.protected, shapely.STRtree(extents(city.protected)))


def extents(places: Sequence[ProtectedPlace]) -> ObjectArray:
    """Return the box of what is sampled of each place: its frontage and its open ground."""
    both = [np.array([*(getattr(place, name) for place in places), None], object)[:-1] for name in ("frontage", "open_ground")]
    bounds = np.array([shapely.bounds(each) for each in both])  # NaN where a place has none
    is_bare = np.isnan(bounds).all(axis=(0, 2))
    bounds[:, is_bare] = 0.0
    west_south, east_north = np.nanmin(bounds[:, :, :2], axis=0), np.nanmax(bounds[:, :, 2:], axis=0)
    boxes = np.asarray(shapely.box(*west_south.T, *east_north.T), object)
    boxes[is_bare] = shapely.Polygon()
    return boxes
