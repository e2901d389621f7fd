"""Decide what may be disclosed of a spot: who sees it is geometry and knows no place; why a camera does not see it may draw one.

Seen or not, certainty, density and distance are the same for every spot, as in the count grid. What blocks a view, and from
which height the spot would be seen, are withheld on protected ground of the map as it is without the undisclosed places
(``core/protection/undisclosed.py``): so no answer, and no silence, depends on one of these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.model.drawn_tags import is_drawn
from lhasaplan.core.model.layer import Buildings, Layer, take
from lhasaplan.core.project.decisions import Declaration
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.places import find_protected
from lhasaplan.core.protection.undisclosed import is_undisclosed
from lhasaplan.core.recognition.kind_types import ProtectedKinds


@dataclass(frozen=True, slots=True)
class Witness:
    """What one camera can see of a spot.

    ``certainty`` is certain, possible or not; ``density_px_m`` is (low, high), equal when certain, 0 when not seen.
    ``reason`` and ``blocker_id`` are empty where they may not be disclosed.
    """

    camera_id: str
    certainty: str
    density_px_m: tuple[float, float]
    distance_m: float
    reason: str = ""
    blocker_id: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class SpotRule:
    """Where it may not be disclosed why a camera does not see a spot: on the protected ground of the disclosed map."""

    ground: ProtectedGround

    def is_withheld(self, xyz_m: FloatArray) -> BoolArray:
        """Return which points lie on ground of which no reason is disclosed; shape (P,)."""
        if not self.ground.places:
            return np.zeros(len(xyz_m), bool)
        return self.ground.covers_points(xyz_m[:, 0], xyz_m[:, 1])


def disclosed_ground(
    ground: ProtectedGround,
    layers: Mapping[str, Layer],
    buildings: Buildings,
    kinds: ProtectedKinds,
    declarations: Sequence[Declaration] = (),
) -> ProtectedGround:
    """Return the protected ground of the map without what outputs do not disclose: found anew, as if that were not there.

    Parameters
    ----------
    ground : of the map as it is; where nothing of it is undisclosed, it is the answer.
    """
    if not any(map(is_undisclosed, ground.places)):
        return ground
    disclosed = replace(kinds, kinds=tuple(kind for kind in kinds.kinds if not kind.hides_people))
    bare = {name: _without_drawn(layer) for name, layer in layers.items()}
    return ProtectedGround(find_protected(bare, buildings, disclosed, declarations))


def _without_drawn(layer: Layer) -> Layer:
    drawn = np.fromiter((is_drawn(tags) for tags in layer.tags), bool, len(layer))
    return take(layer, ~drawn) if drawn.any() else layer


def in_order(witnesses: Sequence[Witness]) -> tuple[Witness, ...]:
    """Return answers, the sharpest view first, then the nearest."""
    rank = {"certain": 0, "possible": 1, "not": 2}
    return tuple(sorted(witnesses, key=lambda w: (rank[w.certainty], -w.density_px_m[1], w.distance_m, w.camera_id)))
