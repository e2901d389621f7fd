"""Set roofs at the height above the datum that the data give, where the ground below them is known."""

from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.city.building_heights import HeightRules, parse_length_m
from lhasaplan.core.model.layer import Buildings, Tags
from lhasaplan.core.site.terrain import Terrain

ROOF_KEY = "roof:ele"  # the tag that tables' columns of such heights become; ``ele`` alone is the ground's
SOURCE = "roof"


def with_roofs(buildings: Buildings, terrain: Terrain, rules: HeightRules) -> Buildings:
    """Return the buildings with tops above their ground that end at the roof's recorded height above the datum.

    It wins over height and storeys. A building keeps what it had where no terrain knows its ground, or where the roof would
    lie below that, below its own base, or higher above it than anything is.
    """
    if terrain.is_level or not any(ROOF_KEY in tags for tags in buildings.tags):
        return buildings
    top_m = _roofs_m(buildings.tags) - terrain.under(buildings)
    base_m = np.where(_is_on_posts(buildings.tags, rules), np.maximum(0.0, top_m - rules.roof_thickness_m), buildings.base_m)
    counts = _is_known(buildings, terrain) & (top_m > np.maximum(base_m, 0.0)) & (top_m <= rules.highest_m)
    return replace(
        buildings,
        base_m=np.where(counts, base_m, buildings.base_m),
        top_m=np.where(counts, top_m, buildings.top_m),
        height_source=np.where(counts, SOURCE, buildings.height_source),
    )


def parse_elevation_m(text: str) -> float | None:
    """Return a height above the datum in metres, which may lie below it, or None.

    >>> parse_elevation_m("-3,5 m"), parse_elevation_m("40 ft"), parse_elevation_m("flat")
    (-3.5, 12.192, None)
    """
    text = text.strip()
    is_below = text[:1] in {"-", "\N{MINUS SIGN}"}
    length_m = parse_length_m(text[1:] if is_below else text)
    return None if length_m is None else -length_m if is_below else length_m


def _roofs_m(tags: tuple[Tags, ...]) -> FloatArray:
    found = [parse_elevation_m(its[ROOF_KEY]) if ROOF_KEY in its else None for its in tags]
    return np.array([np.nan if roof is None else roof for roof in found], float)


def _is_on_posts(tags: tuple[Tags, ...], rules: HeightRules) -> BoolArray:
    return np.array([its.get("building") in rules.roof_kinds for its in tags], bool)


def _is_known(buildings: Buildings, terrain: Terrain) -> BoolArray:
    """Say which buildings stand on ground that the terrain covers: beyond it only its edge goes on."""
    west, south, east, north = shapely.bounds(buildings.polygons).T
    return terrain.covers(west, south) & terrain.covers(east, north)
