"""Make a place and its candidate parts of what was drawn: ids from the source, pieces of at most 200 m."""

from collections.abc import Iterator
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.candidates.part_builders import Drawn, param
from lhasaplan.core.candidates.part_shapes import MAX_PART_M, split
from lhasaplan.core.model.place import Part, Place
from lhasaplan.core.rules.pack import Category, Pack

JUNCTION = "junction_ground"
SPACING_KEYS = {"point": "point_m", "line": "spacing_m", "area": "grid_m"}
_JUNCTION_M = 3.0


@dataclass(frozen=True, eq=False, slots=True)
class Found:
    """One real thing: the features that tell of it (the first gives the id), its name, where it lies, what was drawn of it.

    ``is_below`` is true of what lies in a tunnel or under ground: no camera in the street serves it, a person declares it.
    """

    sources: tuple[str, ...]
    name: str
    geometry: BaseGeometry
    drawn: tuple[Drawn, ...]
    is_below: bool = False


def place_of(found: Found, pack: Pack, category: Category) -> Place:
    """Return the place with its parts, numbered from 1; a part longer than allowed is split."""
    place_id = f"{pack.name}:{category.name}:{found.sources[0]}"
    pieces = enumerate(_pieces(found, category), start=1)
    parts = tuple(_part(found, f"{place_id}/{number}", drawn, pack, category) for number, drawn in pieces)
    return Place(place_id, found.name, category.name, pack.name, found.sources, found.geometry, parts)


def _pieces(found: Found, category: Category) -> Iterator[Drawn]:
    longest_m = min(MAX_PART_M, param(category, "max_part_m", MAX_PART_M))
    for drawn in found.drawn:
        for shape in drawn.shapes:
            for piece in [shape] if drawn.question else split(shape, longest_m):
                yield Drawn((piece,), drawn.question)


def _part(found: Found, part_id: str, drawn: Drawn, pack: Pack, category: Category) -> Part:
    default_m = _JUNCTION_M if category.part_kind == JUNCTION else 0.0
    return Part(
        part_id=part_id,
        place_id=part_id.rpartition("/")[0],
        name=found.name,
        pack=pack.name,
        category=category.name,
        kind=category.part_kind,
        shape=category.shape,
        geometry=drawn.shapes[0],
        required=category.required,
        responsible=category.responsible.get("en", ""),
        source=found.sources[0],
        rule=category.source,
        indoor=found.is_below or category.part_kind.endswith("_indoor"),
        question=drawn.question,
        spacing_m=param(category, SPACING_KEYS[category.shape], default_m),
        site=found.geometry if drawn.question or _is_ground(found, category) else None,
    )


def _is_ground(found: Found, category: Category) -> bool:
    """Return whether a place is mapped with its ground; that of a junction is drawn, and is the part itself."""
    return category.part_kind != JUNCTION and bool(shapely.get_dimensions(found.geometry) == 2)
