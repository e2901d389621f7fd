"""What views see: polygons of the ground, densities at points."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.model.camera import View
from lhasaplan.core.results.assessment import Field
from lhasaplan.core.sight.lines.pairs import seen_densities
from lhasaplan.core.sight.obstacles.scene import Scene
from lhasaplan.core.sight.visibility.fields import fields_of_swept, fields_over_relief
from lhasaplan.core.sight.walls.piece_columns import Mounts, Pieces


def visibility_fields(
    views: Sequence[View], scene: Scene, target_height_m: float = 1.5, progress: Progress = no_progress
) -> tuple[Field, ...]:
    """Return what each view sees of the plane at target height, after masks, with density bands.

    The geometry is a valid MultiPolygon without the footprints that stand at target height; bands are disjoint and
    leave out what is below the coarsest band. ``progress`` may raise to cancel.
    """
    from lhasaplan.core.sight.sweep.engine import seen_ground  # noqa: PLC0415  (numba is loaded when it is first needed)

    swept = seen_ground(views, target_height_m, scene, progress)
    if scene.relief.is_level:
        return fields_of_swept(views, swept, scene, target_height_m)
    return fields_over_relief(views, swept, scene, target_height_m)


def densities(views: Sequence[View], xyz_m: FloatArray, scene: Scene, progress: Progress = no_progress) -> sparse.csr_array:
    """Return the density in px/m at which each view sees each point, after masks.

    Parameters
    ----------
    xyz_m : shape (P, 3); z is the target's height above the datum.

    Returns
    -------
    csr_array, shape (P, V); an absent entry is an unseen point.
    """
    return seen_densities(views, np.asarray(xyz_m, float).reshape(-1, 3), scene, progress)


def seen_pieces(  # noqa: PLR0917 - who looks from where, what at, past what
    views: Sequence[View],
    mounts: Mounts,
    wall_rows: FloatArray,
    scene: Scene,
    least_px_m: float,
    progress: Progress = no_progress,
) -> Pieces:
    """Return the pieces of walls that each view can see at a density, exactly in height, after masks.

    Parameters
    ----------
    wall_rows : shape (W, 7); both ends with the building on the left, base and top above the datum, building.
    """
    from lhasaplan.core.sight.walls import engine  # noqa: PLC0415  (numba is loaded when it is first needed)

    return engine.seen_pieces(views, mounts, np.asarray(wall_rows, float).reshape(-1, 7), scene, least_px_m, progress)
