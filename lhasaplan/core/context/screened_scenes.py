"""The scene with the trees and hoardings within range of the lenses, loaded as far as views reach."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

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
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.layer import Buildings, Layer, empty_layer
from lhasaplan.core.sight import Scene, make_scene
from lhasaplan.core.site.camera_placing import graded_reach_m
from lhasaplan.core.site.terrain import Terrain

# How far each view can matter: where its density falls below the lowest grade, or its range ends.


def reach_m(view: View, least_px_m: float) -> float:
    """Return the level distance beyond which the view shows nothing at the density, at the edge of its picture.

    Density goes by depth, and a rectilinear picture's corner is farther away than its depth; of a set of lenses the longest
    reaches farthest.
    """
    return min(view.range_m, graded_reach_m(view, least_px_m))


def relevant_ground(views: Sequence[View], least_px_m: float) -> shapely.Geometry:
    """Return the ground within reach of any view: protected places outside it need no samples."""
    if not views:
        return shapely.Polygon()
    at = shapely.points([(view.x_m, view.y_m) for view in views])
    ranges_m = np.array([reach_m(view, least_px_m) for view in views])
    return shapely.union_all(shapely.buffer(at, ranges_m * 1.01 + 1.0, quad_segs=8))


ANY_PX_M = 1e-6


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

    def scene(self, season: Season, views: Sequence[View], progress: Progress = no_progress) -> Scene:
        """Return the town with what hides in a season, as far as the views reach."""
        if self._layer is not None and len(self._layer) and views:
            self._load(relevant_ground(views, ANY_PX_M), progress)
        return self._scenes[season]

    def everywhere(self, season: Season) -> Scene:
        """Return the town with all that hides in a season, for lenses that will be moved about."""
        if self._layer is not None and len(self._layer):
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
        if shapely.covers(self._loaded_ground, ground):
            return
        self._loaded_ground = shapely.union(self._loaded_ground, ground)
        screens = self._screens(self._loaded_ground)
        progress(0.4, "sight")
        seasons = watched(list(Season), progress, "sight", every=1)
        self._scenes = {season: self._with(screens.hiding(season, self._rules)) for season in seasons}

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
