"""Why cameras near a spot do not see it: what stands between, where, and how high the camera would have to hang.

It says no more than the answers about who sees the spot: where ``core/protection/spot_disclosure`` withholds why, so does this.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from lhasaplan.core.exposure.who_sees import widest
from lhasaplan.core.model.camera import Placed
from lhasaplan.core.protection.spot_disclosure import Witness
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.lines.obstructions import BLOCKING, Obstruction, obstruction
from lhasaplan.core.site.queried_spot import Asked
from lhasaplan.core.site.terrain import Terrain


@dataclass(frozen=True, slots=True)
class WhyNot:
    """A camera that does not see a spot, and why.

    Parameters
    ----------
    obstruction : None where nothing that has a height stands between, or where it may not be told.
    height_m : of the camera above the ground at its place, from which it would see the spot; None where no height would do.
    """

    witness: Witness
    obstruction: Obstruction | None = None
    height_m: float | None = None


def why_not_seen(
    witnesses: Sequence[Witness], placed: Mapping[str, Placed], asked: Asked, scene: Scene, terrain: Terrain
) -> tuple[WhyNot, ...]:
    """Return every camera that was answered not to see the spot, the nearest first.

    Parameters
    ----------
    witnesses : what may be told of the spot, as :func:`lhasaplan.core.exposure.who_sees.who_sees` returns it.
    """
    blind = [each for each in witnesses if each.certainty == "not"]
    return tuple(_why(each, placed[each.camera_id], asked, scene, terrain) for each in blind if each.camera_id in placed)


def _why(witness: Witness, placed: Placed, asked: Asked, scene: Scene, terrain: Terrain) -> WhyNot:
    if witness.reason not in BLOCKING:
        return WhyNot(witness)
    home, view = placed.views[0], widest(placed)
    points = asked.points[: asked.count_for(home)]
    nearest = points[int(np.hypot(points[:, 0] - home.x_m, points[:, 1] - home.y_m).argmin())]
    found = obstruction(view, nearest, scene)
    if found is None or found.lens_z_m is None:
        return WhyNot(witness, found)
    ground_m = float(terrain.lifted(np.array([[view.x_m, view.y_m, 0.0]]))[0, 2])
    return WhyNot(witness, found, found.lens_z_m - ground_m)
