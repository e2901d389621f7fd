"""Areas of a city, a quarter part of a district, a district of the city; and in which of them a camera or a part lies."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray
from lhasaplan.core.model.layer import Layer, empty_layer, is_drawn
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.kind_types import ProtectedKinds

# Areas of a city as a hierarchy: a quarter is part of a district, a district of the city; areas may also stand side by side.

PARENT, LEVEL = "parent", "admin_level"  # tags of an area: the id or the name of what it is part of; how deep, 2 a country
LEAST_INSIDE = 0.9  # our policy: so much of an area's ground lies in what it is part of, else a remark says so
_APART = " / "


@dataclass(frozen=True, eq=False, slots=True)
class Area:
    """One area: ``name`` is its id where it has none, ``parent_id`` empty where it is part of no area that is there."""

    area_id: str
    name: str
    geometry: BaseGeometry
    level: int | None = None
    parent_id: str = ""
    parent_recorded: str = ""


def read_areas(layer: Layer, rows: Sequence[int] | None = None) -> tuple[Area, ...]:
    """Return the areas of a layer, or of some of its rows; an area that is left out is no parent.

    A parent is named by its id, by the id that it has in the same file, or by its name where one area alone has it.
    """
    chosen = range(len(layer)) if rows is None else rows
    bare = [_bare(layer, row) for row in chosen]
    ids = {area.area_id for area in bare}
    counted = Counter(area.name for area in bare)
    by_name = {area.name: area.area_id for area in bare if counted[area.name] == 1}
    return tuple(_with_parent(area, ids, by_name) for area in bare)


def _bare(layer: Layer, row: int) -> Area:
    tags, area_id = layer.tags[row], str(layer.ids[row])
    level = tags.get(LEVEL, "").strip()
    recorded = tags.get(PARENT, "").strip()
    deep = int(level) if level.isascii() and level.isdigit() else None
    return Area(area_id, tags.get("name") or area_id, layer.geometry[row], deep, parent_recorded=recorded)


def _with_parent(area: Area, ids: set[str], by_name: Mapping[str, str]) -> Area:
    recorded, file = area.parent_recorded, area.area_id.rpartition("/")[0]
    same_file = f"{file}/{recorded}"  # a reader puts the name of the file before its ids
    parent_id = next((each for each in (recorded, same_file) if each in ids), by_name.get(recorded, ""))
    return replace(area, parent_id=parent_id)


def ancestors(area: Area, by_id: Mapping[str, Area]) -> Iterator[Area]:
    """Yield what an area is part of, the nearest first; a circle ends where it closes."""
    passed = {area.area_id}
    while area.parent_id and area.parent_id not in passed:
        area = by_id[area.parent_id]
        passed.add(area.area_id)
        yield area


def labels(areas: Sequence[Area]) -> list[str]:
    """Return what each area is called: its name, behind that of what it is part of where another area has the same name."""
    by_id, counted = {area.area_id: area for area in areas}, Counter(area.name for area in areas)
    return [f"{by_id[a.parent_id].name}{_APART}{a.name}" if counted[a.name] > 1 and a.parent_id else a.name for a in areas]


def circles(areas: Sequence[Area]) -> list[tuple[str, ...]]:
    """Return the ids of areas that are part of each other in a circle, each circle once, from the first of its areas."""
    by_id = {area.area_id: area for area in areas}
    found: list[tuple[str, ...]] = []
    known: set[str] = set()
    for area in areas:
        path: list[str] = []
        each = area.area_id
        while each and each not in known:
            known.add(each)
            path.append(each)
            each = by_id[each].parent_id
        if each in path:
            found.append(tuple(path[path.index(each) :]))
    return found


def without_parent(areas: Sequence[Area]) -> list[Area]:
    """Return the areas that name a parent which is not there, or whose name several areas have."""
    return [area for area in areas if area.parent_recorded and not area.parent_id]


def outside_parent(areas: Sequence[Area]) -> list[Area]:
    """Return the areas of whose ground less than a share lies in what they are part of."""
    by_id = {area.area_id: area for area in areas}
    inner = [area for area in areas if area.parent_id and area.geometry.area > 0.0]
    return [each for each in inner if _share_inside(each.geometry, by_id[each.parent_id].geometry) < LEAST_INSIDE]


def _share_inside(inner: BaseGeometry, outer: BaseGeometry) -> float:
    """Return the share of an area's ground that lies in another."""
    sound = shapely.make_valid(inner)  # an area that was drawn in another program since may cross itself
    return float(shapely.intersection(sound, shapely.make_valid(outer)).area / sound.area)


def not_deeper(areas: Sequence[Area]) -> list[Area]:
    """Return the areas whose recorded level is not below that of what they are part of; what is not recorded is not judged."""
    by_id = {area.area_id: area for area in areas}
    pairs = ((area, by_id[area.parent_id]) for area in areas if area.parent_id)
    return [area for area, parent in pairs if area.level is not None and parent.level is not None and area.level <= parent.level]


# In which districts, or any polygons of the layer ``areas``, a camera or a part lies.

# Of so small an area it is asked whether it is a protected place without its tags; a quarter is larger.
SITE_M2 = 100_000.0
MOST_PROTECTED = 0.5


def is_district(layer: Layer, kinds: ProtectedKinds, ground: ProtectedGround | None = None) -> BoolArray:
    """Tell which features of a layer may lend their name: none that is a protected place; shape (n,).

    It is one by its tags, because a user drew it, or where ``ground`` is known because most of it lies on one.
    """
    index = kinds.index()
    named = np.array([not is_drawn(tags) and not index.names(tags) for tags in layer.tags], bool)
    small = named & (shapely.get_dimensions(layer.geometry) == 2) & (shapely.area(layer.geometry) <= SITE_M2)
    if ground is not None and ground.places:
        for row in np.flatnonzero(small).tolist():
            named[row] = ground.share_of(layer.geometry[row], known_only=True) <= MOST_PROTECTED
    return named


class NamedAreas:
    """The areas of a city that lend their names; which these are is found out once, when it is first asked."""

    def __init__(self, layer: Layer | None, kinds: ProtectedKinds, ground: ProtectedGround) -> None:
        self._layer, self._kinds, self._ground = layer, kinds, ground

    def names(self, geometries: Sequence[shapely.Geometry]) -> tuple[tuple[str, ...], ...]:
        """Return, for each geometry, the sorted names of the areas that it touches, and of those that these are part of.

        An area without a name shows its id; of areas with one name each stands behind what it is part of.
        """
        if self._layer is None or not len(self._layer) or not len(geometries):
            return tuple(() for _ in geometries)
        tree, names = self._found
        found: list[set[str]] = [set() for _ in geometries]
        which, touched = tree.query(list(geometries), predicate="intersects")
        for g, each in zip(which.tolist(), touched.tolist(), strict=True):
            found[g].update(names[each])
        return tuple(tuple(sorted(each)) for each in found)

    @cached_property
    def _found(self) -> tuple[shapely.STRtree, list[tuple[str, ...]]]:
        layer = self._layer if self._layer is not None else empty_layer("areas")
        polygon = np.flatnonzero(is_district(layer, self._kinds, self._ground) & (shapely.get_dimensions(layer.geometry) == 2))
        return shapely.STRtree(layer.geometry[polygon]), _names_upwards(read_areas(layer, polygon.tolist()))


def _names_upwards(areas: Sequence[Area]) -> list[tuple[str, ...]]:
    """Return the name of each area and of all that it is part of."""
    by_id, named = {area.area_id: area for area in areas}, labels(areas)
    label = {area.area_id: name for area, name in zip(areas, named, strict=True)}
    upwards = ([label[each.area_id] for each in ancestors(area, by_id)] for area in areas)
    return [(name, *above) for name, above in zip(named, upwards, strict=True)]
