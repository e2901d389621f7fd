"""What cameras see, prepared to be drawn in blocks of cameras, so that a change of one makes one block anew and not the city."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zlib import crc32

from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map.coverage import Cone, Fields
from lhasaplan.app.map.shapes import Shapes
from lhasaplan.app.map.sight import CurrentSight, Seen
from lhasaplan.core.demand.drawn_fields import Reach, drawn_ground, split_frontage
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import Severity

FEW, BLOCKS = 400, 64  # cameras that make one block, and the number of blocks of more
TARGET_M, MOST_M = 1.5, 12.0  # height of what is looked at; of a lens of no recorded height, at the most
Keyed = list[tuple[str, BaseGeometry]]
Lines = tuple[tuple[Severity | None, BaseGeometry, BaseGeometry], ...]  # grade; frontage at the ground drawn, and beyond it


@dataclass(frozen=True, eq=False, slots=True)
class ShapePieces:
    """One camera: what it sees now, what the results say of it, and its protected views as they are drawn."""

    seen: Seen | None
    result: CameraResult | None
    views: Lines = ()

    def is_of(self, seen: Seen | None, result: CameraResult | None) -> bool:
        """Say whether this is of these very values."""
        return self.seen is seen and self.result is result


@dataclass(frozen=True, eq=False)
class CameraShapes(Fields):
    """The shapes of one block of cameras; each is keyed by its camera."""

    views: Mapping[Severity | None, Shapes] = field(default_factory=dict)
    beyond: Mapping[Severity | None, Shapes] = field(default_factory=dict)  # above the ground only, beyond all that is drawn
    unasked: Shapes = field(default_factory=lambda: Shapes([]))
    not_mapped: Shapes = field(default_factory=lambda: Shapes([]))
    pieces: Mapping[str, ShapePieces] = field(default_factory=dict)


def blocks_of(
    sight: CurrentSight, results: Mapping[str, CameraResult], before: Iterable[CameraShapes] = ()
) -> tuple[CameraShapes, ...]:
    """Return the blocks of all cameras; of those before, each that has the same cameras is used again."""
    old = tuple(before)
    known = {camera_id: one for block in old for camera_id, one in block.pieces.items()}
    ids = list(dict.fromkeys((*sight.seen, *results)))
    number = 1 if len(ids) <= FEW else BLOCKS
    members: list[dict[str, ShapePieces]] = [{} for _ in range(number)]
    for camera_id in ids:
        seen, result, one = sight.seen.get(camera_id), results.get(camera_id), known.get(camera_id)
        same = one is not None and one.is_of(seen, result)
        fresh = one if one is not None and same else _pieces(seen, result, sight, one)
        members[crc32(camera_id.encode()) % number][camera_id] = fresh
    reused = old if len(old) == number else (None,) * number
    return tuple(b if b is not None and _same(b.pieces, m) else _block(m) for b, m in zip(reused, members, strict=True))


def _same(one: Mapping[str, ShapePieces], other: Mapping[str, ShapePieces]) -> bool:
    return one.keys() == other.keys() and all(one[key] is other[key] for key in one)


def _pieces(seen: Seen | None, result: CameraResult | None, sight: CurrentSight, before: ShapePieces | None) -> ShapePieces:
    """Return a camera with its protected views split by whether they stand at the ground that is drawn.

    Those of the same result stay: the ground that it is held against is that of its own fields, whatever is seen now.
    """
    if result is None or not result.sightings:
        return ShapePieces(seen, result)
    if before is not None and before.result is result:
        return ShapePieces(seen, result, before.views)
    ground = drawn_ground(sight.drawn_of(result))
    return ShapePieces(
        seen,
        result,
        tuple((grade, *split_frontage(lines, ground)) for s in result.sightings for grade, lines in s.graded_outlines()),
    )


def _block(members: Mapping[str, ShapePieces]) -> CameraShapes:
    fields: dict[Reach, Keyed] = {reach: [] for reach in Reach}
    cones: list[Cone] = []
    views: tuple[dict[Severity | None, Keyed], dict[Severity | None, Keyed]] = {}, {}
    for camera_id, one in members.items():
        for drawn in one.seen.drawn if one.seen is not None else ():
            fields[drawn.reach].append((camera_id, drawn.ground))
            if drawn.reach is Reach.CERTAIN and one.seen is not None:
                cones.append(cone_of(one.seen))
        for grade, *lines in one.views:
            for found, each in zip(views, lines, strict=True):
                if not each.is_empty:
                    found.setdefault(grade, []).append((camera_id, each))
    nights = [(key, one.seen.night) for key, one in members.items() if one.seen is not None and one.seen.night is not None]
    results = [(key, one.result) for key, one in members.items() if one.result is not None]
    return CameraShapes(
        certain=keyed_shapes(fields[Reach.CERTAIN]),
        cones=tuple(cones),
        possible=keyed_shapes(fields[Reach.NEAR]),
        far=keyed_shapes(fields[Reach.FAR]),
        night=keyed_shapes(nights),
        views={grade: keyed_shapes(keyed) for grade, keyed in views[0].items()},
        beyond={grade: keyed_shapes(keyed) for grade, keyed in views[1].items()},
        unasked=keyed_shapes([(key, r.unasked) for key, r in results if r.unasked is not None]),
        not_mapped=keyed_shapes(_not_mapped(members)),
        pieces=members,
    )


def _not_mapped(members: Mapping[str, ShapePieces]) -> Keyed:
    """Return the unmapped ground of the cones as drawn; of a camera without a cone that of its result."""
    known = [(key, one.seen if one.seen is not None else one.result) for key, one in members.items()]
    bare = [(key, None if one is None else one.not_mapped) for key, one in known]
    return [(key, shape) for key, shape in bare if shape is not None]


def keyed_shapes(keyed: Keyed) -> Shapes:
    """Return geometries with the objects that they belong to."""
    return Shapes([geometry for _, geometry in keyed], [key for key, _ in keyed])


def cone_of(seen: Seen) -> Cone:
    """Return how the shade of a certain camera is made: its height above its own ground stands for that above all it sees."""
    view, height_m = seen.placed.views[0], seen.placed.camera.mount_height_m
    return Cone(view, max((min(view.lens_z_m, MOST_M) if height_m is None else height_m) - TARGET_M, 0.0))
