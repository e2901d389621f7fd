"""Who computes sight: the protocol that answers ask, and the usual one that works in this process."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from scipy import sparse

from lhasaplan.core import sight
from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.model.camera import View
from lhasaplan.core.results.assessment import Field
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.walls.piece_columns import Mounts, Pieces


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


@dataclass(frozen=True, slots=True)
class InProcess:
    """Sight as the core computes it, in one piece."""

    def visibility_fields(
        self, views: Sequence[View], scene: Scene, target_height_m: float = 1.5, progress: Progress = no_progress
    ) -> tuple[Field, ...]:
        """Return what each view sees of the plane at target height."""
        return sight.visibility_fields(views, scene, target_height_m, progress)

    def densities(
        self, views: Sequence[View], xyz_m: FloatArray, scene: Scene, progress: Progress = no_progress
    ) -> sparse.csr_array:
        """Return the density in px/m at which each view sees each point, shape (P, V)."""
        return sight.densities(views, xyz_m, scene, progress)

    def seen_pieces(  # noqa: PLR0917 - as in the protocol
        self,
        views: Sequence[View],
        mounts: Mounts,
        wall_rows: FloatArray,
        scene: Scene,
        least_px_m: float,
        progress: Progress = no_progress,
    ) -> Pieces:
        """Return the pieces of walls that each view can see at a density."""
        return sight.seen_pieces(views, mounts, wall_rows, scene, least_px_m, progress)


IN_PROCESS: Sight = InProcess()
