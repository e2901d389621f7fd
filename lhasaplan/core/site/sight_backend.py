"""Who computes sight: the protocol that answers ask, and the usual one that works in this process."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy import sparse

from lhasaplan.core import sight
from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.model.camera import Field, View
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.walls.piece_columns import Mounts, Pieces
from lhasaplan.core.site.terrain import Terrain

# See points of protected places: coarse terrain ends no view of them, nor does what it does to heights (docs/adr/0011).

See = Callable[[Sequence[View], FloatArray, Scene], sparse.csr_array]


@dataclass(frozen=True, eq=False, slots=True)
class GuardedScenes:
    """The town as protected places are seen in it.

    Parameters
    ----------
    guarded : houses and, of the ground, only what may end such a view.
    level : the town on level ground, None where no terrain is coarse.
    """

    guarded: Scene
    level: Scene | None
    terrain: Terrain

    def densities(self, views: Sequence[View], level_views: Sequence[View], xyz_m: FloatArray, see: See) -> sparse.csr_array:
        """Return the density at which each view shows each point, shape (P, V).

        Where terrain is coarse, a point counts if it is in view with the lens and everything else at their heights above it
        but no ground in the way, or on level ground: by the sharper of both.

        Parameters
        ----------
        level_views : the same views on level ground; without them the first world alone counts.
        see : gives the densities of views and points in a scene.
        """
        seen = see(views, xyz_m, self.guarded)
        if self.level is None or not level_views:
            return seen
        return sparse.csr_array(seen.maximum(self._on_level(level_views, xyz_m, self.level, see)))

    def _on_level(self, views: Sequence[View], xyz_m: FloatArray, level: Scene, see: See) -> sparse.csr_array:
        """Return the densities on level ground, of pairs of which the lens or the point stands on coarse terrain."""
        x, y, z = xyz_m.T
        above = np.column_stack((x, y, z - self.terrain.heights_m(x, y)))
        seen = sparse.coo_array(see(views, above, level))
        lens = np.array([(view.x_m, view.y_m) for view in views]).T
        keep = self.terrain.is_coarse(x, y)[seen.row] | self.terrain.is_coarse(*lens)[seen.col]
        return sparse.csr_array((seen.data[keep], (seen.row[keep], seen.col[keep])), shape=seen.shape)


class Sight(Protocol):
    """Visibility fields, densities and seen walls as :mod:`lhasaplan.core.sight` defines them, wherever they are computed.

    Every backend gives the same values, bit for bit; ``progress`` may raise to cancel.
    """

    def visibility_fields(
        self, views: Sequence[View], scene: Scene, target_height_m: float = 1.5, progress: Progress = no_progress
    ) -> tuple[Field, ...]:
        """Return what each view sees of the plane at target height."""

    def densities(
        self, views: Sequence[View], xyz_m: FloatArray, scene: Scene, progress: Progress = no_progress
    ) -> sparse.csr_array:
        """Return the density in px/m at which each view sees each point, shape (P, V)."""

    def seen_pieces(  # noqa: PLR0917 - who looks from where, what at, past what
        self,
        views: Sequence[View],
        mounts: Mounts,
        wall_rows: FloatArray,
        scene: Scene,
        least_px_m: float,
        progress: Progress = no_progress,
    ) -> Pieces:
        """Return the pieces of walls that each view can see at a density."""


IN_PROCESS: Sight = sight  # the functions of the core itself, in one piece
