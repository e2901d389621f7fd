"""Find the protected places near a camera by a tree, and sample these alone: one camera of a city looks at few of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.context.relevant_range import relevant_ground
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.protected_place import ProtectedSamples
from lhasaplan.core.protection.near_places import NearPlaces
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
    near: NearPlaces
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
        return sample_protected(self.near.around(ground), ground, self.city.terrain, self.city.buildings)


def near_protected(city: AuditContext) -> NearProtected:
    """Return the protected places of a city, ready to be asked for those near a camera."""
    return NearProtected(city, NearPlaces.of(city.protected))
