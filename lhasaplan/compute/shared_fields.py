"""Return fields of view that are still in use instead of computing them again."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakValueDictionary

from scipy import sparse

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.model.camera import View
from lhasaplan.core.results.assessment import Field
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.walls.piece_columns import Mounts, Pieces
from lhasaplan.core.site.sight_backend import Sight

Key = tuple[View, float]


class FieldsInUse:
    """Weak references to the fields of one scene that are in use, by view and height.

    Another scene is another town: with the first question about it the fields of the one before are forgotten.
    """

    def __init__(self) -> None:
        self._lock, self._fields = Lock(), WeakValueDictionary[Key, Field]()
        self._scene: Scene | None = None

    def known(self, keys: Sequence[Key], scene: Scene) -> list[Field | None]:
        """Return what is held of these views in a scene."""
        with self._lock:
            if self._scene is not scene:
                self._scene, self._fields = scene, WeakValueDictionary()
            return [self._fields.get(key) for key in keys]

    def kept(self, keys: Sequence[Key], found: Sequence[Field], scene: Scene) -> list[Field]:
        """Return the fields that are held from now on: where two asked at once, the first that came."""
        with self._lock:
            if self._scene is not scene:
                return list(found)
            return [self._fields.setdefault(key, one) for key, one in zip(keys, found, strict=True)]

    def shared(self, sight: Sight) -> Sight:
        """Return sight that asks here first."""
        return SharedSight(sight, self)

    @contextmanager
    def opened(self, opening: AbstractContextManager[Sight]) -> Iterator[Sight]:
        """Open sight that asks here first."""
        with opening as sight:
            yield self.shared(sight)


@dataclass(frozen=True, slots=True)
class SharedSight:
    """Sight whose fields are shared with all who ask for the same views; densities and seen walls are computed as ever."""

    sight: Sight
    fields: FieldsInUse = field(repr=False)

    def visibility_fields(
        self, views: Sequence[View], scene: Scene, target_height_m: float = 1.5, progress: Progress = no_progress
    ) -> tuple[Field, ...]:
        """Return what each view sees of the plane at target height."""
        keys = [(view, target_height_m) for view in views]
        known = self.fields.known(keys, scene)
        new = [number for number, one in enumerate(known) if one is None]
        if not new:
            return tuple(one for one in known if one is not None)
        found = self.sight.visibility_fields([views[number] for number in new], scene, target_height_m, progress)
        made = iter(self.fields.kept([keys[number] for number in new], found, scene))
        return tuple(next(made) if one is None else one for one in known)

    def densities(
        self, views: Sequence[View], xyz_m: FloatArray, scene: Scene, progress: Progress = no_progress
    ) -> sparse.csr_array:
        """Return the density in px/m at which each view sees each point, shape (P, V)."""
        return self.sight.densities(views, xyz_m, scene, progress)

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
        return self.sight.seen_pieces(views, mounts, wall_rows, scene, least_px_m, progress)
