"""The scenes that sight is asked in: with trees and hoardings, as protected places are seen in it; and who computes sight."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Protocol

import numpy as np
import shapely
from scipy import sparse

from lhasaplan.core import sight
from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.progress import Progress, no_progress, watched
from lhasaplan.core.city.trees_and_hoardings import (
    PIECE_M,
    ScreenRules,
    Screens,
    Season,
    reaching,
    screens_from,
    stands_in_trees,
    with_screens,
)
from lhasaplan.core.model.camera import Field, View
from lhasaplan.core.model.layer import Buildings, Layer, empty_layer
from lhasaplan.core.sight import Scene, make_scene
from lhasaplan.core.sight.walls.piece_columns import Mounts, Pieces
from lhasaplan.core.site.camera_placing import graded_reach_m
from lhasaplan.core.site.terrain import Terrain

# How far each view can matter: where its density falls below the lowest grade, or its range ends.


def reach_m(view: View, least_px_m: float) -> float:
    """Return the level distance beyond which the view shows nothing at the density, at the edge of its picture.

    Density goes by depth, and a rectilinear picture's corner is farther away than its depth; of a set of lenses the longest
    reaches farthest.
    """
    return min(view.range_m, graded_reach_m(view, least_px_m))


def relevant_m(reach_m: FloatArray) -> FloatArray:
    """Return how far round a lens ground is taken as within its reach: a little more, since circles are drawn with corners."""
    return reach_m * 1.01 + 1.0


def relevant_ground(views: Sequence[View], least_px_m: float) -> shapely.Geometry:
    """Return the ground within reach of any view: protected places outside it need no samples."""
    if not views:
        return shapely.Polygon()
    at = shapely.points([(view.x_m, view.y_m) for view in views])
    ranges_m = np.array([reach_m(view, least_px_m) for view in views])
    return shapely.union_all(shapely.buffer(at, relevant_m(ranges_m), quad_segs=8))


# The scene with the trees and hoardings within range of the lenses, loaded as far as views reach.

ANY_PX_M = 1e-6
NODED_M = 0.01  # joined grounds lie beside themselves by what rounding moves corners; at the end of a reach nobody sees so little


class ScreenedScenes:
    """Gives the scene of a season for any lens, one that is only tried too: each meets the same trees.

    What was loaded is kept; a lens that looks farther has more loaded, which changes nothing for the others.

    Parameters
    ----------
    bare : the town without trees, floor plans in it; given back where there are none.
    lenses : recorded views; a camera that hangs in a tree is not blinded by it.
    """

    def __init__(  # noqa: PLR0917 - what the town is made of, and who looks
        self, layer: Layer | None, rules: ScreenRules, buildings: Buildings, terrain: Terrain, bare: Scene, lenses: Sequence[View]
    ) -> None:
        self._layer, self._rules, self._buildings, self._terrain, self._bare = layer, rules, buildings, terrain, bare
        self._lenses_xy_m = np.array([(view.x_m, view.y_m) for view in lenses], float).reshape(-1, 2)
        self._loaded_ground: shapely.Geometry = shapely.Polygon()
        self._scenes = dict.fromkeys(Season, bare)
        self._lock = Lock()  # cameras are looked through side by side, and none may meet a town that is loaded by half

    def scene(self, season: Season, views: Sequence[View], progress: Progress = no_progress) -> Scene:
        """Return the town with what hides in a season, as far as the views reach."""
        if self._layer is not None and len(self._layer) and views:
            with self._lock:
                self._load(relevant_ground(views, ANY_PX_M), progress)
        return self._scenes[season]

    def everywhere(self, season: Season) -> Scene:
        """Return the town with all that hides in a season, for lenses that will be moved about."""
        if self._layer is not None and len(self._layer):
            with self._lock:
                self._load(shapely.box(*shapely.total_bounds(self._layer.geometry)).buffer(self._rules.highest_m), no_progress)
        return self._scenes[season]

    def loaded(self, season: Season) -> Scene:
        """Return the town with what hides in a season, as far as anybody looked until now."""
        return self._scenes[season]

    def hold_a_lens(self, xy_m: FloatArray) -> BoolArray:
        """Tell of each place, shape (n, 2), whether a lens there would hang in a tree or a wood."""
        xy = np.reshape(xy_m, (-1, 2))
        around = shapely.union_all(shapely.buffer(shapely.points(xy), self._rules.clearing_m))
        return stands_in_trees(self._screens(around, is_whole=True), xy, self._rules)

    def _load(self, ground: shapely.Geometry, progress: Progress) -> None:
        shapely.prepare(self._loaded_ground)
        if shapely.covers(self._loaded_ground, ground.buffer(-NODED_M)):
            return
        whole = shapely.union(self._loaded_ground, ground)
        screens = self._screens(whole)
        progress(0.4, "sight")
        seasons = watched(list(Season), progress, "sight", every=1)
        self._scenes = {season: self._with(screens.hiding(season, self._rules)) for season in seasons}
        self._loaded_ground = whole

    def _screens(self, ground: shapely.Geometry, is_whole: bool = False) -> Screens:
        """Return what comes into reach: as far as it reaches, or whole, which tells a wood from a crown."""
        layer = self._layer if self._layer is not None else empty_layer("trees")
        if is_whole:
            rows = reaching(layer, self._rules, ground)
            near = Layer(layer.name, layer.ids[rows], layer.geometry[rows], tuple(layer.tags[row] for row in rows))
            return screens_from(near, self._rules, self._lenses_xy_m)
        piece_m = None if self._terrain.is_level else PIECE_M
        return screens_from(layer, self._rules, self._lenses_xy_m, ground, piece_m)

    def _with(self, screens: Screens) -> Scene:
        """Return the town with screens, floor plans kept; the same town without any."""
        if not len(screens):
            return self._bare
        return replace(make_scene(with_screens(self._buildings, screens), self._terrain.relief), floor=self._bare.floor)


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


# Who computes sight: the protocol that answers ask, and the usual one that works in this process.


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
