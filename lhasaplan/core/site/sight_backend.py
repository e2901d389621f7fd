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


class Sight(Protocol):
    """Visibility fields and densities as :mod:`lhasaplan.core.sight` defines them, wherever they are computed.

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


IN_PROCESS: Sight = InProcess()
