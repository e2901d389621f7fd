"""What cameras see, prepared to be drawn: in blocks of cameras, as one quiet shape, and as a smooth shade of its density.

Cones are painted as levels into small pictures of their own, one for the possible, one for the certain, one for the night, where
the stronger of two covers the weaker, so that hundreds of them over each other look like one; the levels then become colours.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QTransform
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map.painter import PaintedSheet, ShownMap
from lhasaplan.app.map.shapes import Shapes
from lhasaplan.app.map.sight import CurrentSight, Seen
from lhasaplan.app.map.style import COUNTED, Palette
from lhasaplan.core.base.arrays import slices
from lhasaplan.core.base.kept_shapes import Shape, as_kept, read_shapes
from lhasaplan.core.base.progress import in_threads, no_progress
from lhasaplan.core.demand.ground_in_view import Reach, drawn_ground, split_frontages
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.optics import focal_length_px
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.sight.lens.frustum import density_px_m

# What all cameras may see, as one quiet shape, and what they see for certain, as a smooth shade of its density.

FAR_LEVEL, NEAR_LEVEL = 120, 255
COARSEST_PX_M, FINEST_PX_M = 25.0, 250.0  # density at which the shade begins, and from which it is full
FAINTEST = 70  # the level of 25 px/m; below it lie only the soft edges of shapes
PLAIN_LEVEL = 150  # of certain sight on a map too small for shades
SHADES_BELOW = 2.5  # metres a pixel
CELLS = 64  # of a patch of shade, along a side
PATCHES = 512  # kept
TOGETHER = 2  # shapes of one level that are painted as one path
EDGE = 0.55  # how strong the edge of the possible shape is, of the colour that the palette has for it
CLEAR = QColor(0, 0, 0, 0)

Levels = NDArray[np.uint8]
Colours = NDArray[np.uint32]  # premultiplied ARGB


@dataclass(frozen=True, eq=False, slots=True)
class Cone:
    """How the shade of one camera is made: its certain view, and the height of the plane that it looks at below the lens."""

    view: View
    drop_m: float


@dataclass(frozen=True, eq=False)
class Fields:
    """What cameras see, as shapes; ``cones`` has one entry for each certain field, in their order."""

    certain: Shapes = field(default_factory=lambda: Shapes([]))
    cones: tuple[Cone, ...] = ()
    possible: Shapes = field(default_factory=lambda: Shapes([]))
    far: Shapes = field(default_factory=lambda: Shapes([]))
    night: Shapes = field(default_factory=lambda: Shapes([]))


def draw_coverage(sheet: PaintedSheet, shown: ShownMap, blocks: Sequence[Fields]) -> None:
    """Draw possible sight, then certain sight, then the night, each as one; then how many cameras see each place."""
    but, palette = shown.lifted_id, shown.palette
    levels = _Levels(sheet)
    for block in blocks if "far" in shown.visible else ():
        levels.fill(block.far, FAR_LEVEL, but)
    for block in blocks if "possible" in shown.visible else ():
        levels.fill(block.possible, NEAR_LEVEL, but)
    strength = max(shown.strength("possible"), shown.strength("far"))
    inside = ((0, CLEAR), (FAR_LEVEL, palette.far), (NEAR_LEVEL, palette.possible))
    edge = _table(((0, palette.possible_edge), (255, palette.possible_edge)), strength * EDGE)
    levels.draw(lambda found: _with_edge(found, _table(inside, strength), edge))
    levels = _Levels(sheet)
    for block in blocks if "certain" in shown.visible else ():
        levels.shade(block.certain, block.cones, but)
    levels.draw(lambda found: _table(_ramp(palette), shown.strength("certain"))[found])
    levels = _Levels(sheet)
    for block in blocks if "night" in shown.visible else ():
        levels.fill(block.night, 255, but)
    levels.draw(lambda found: _table(((0, CLEAR), (255, palette.night)), shown.strength("night"))[found])
    levels = _Levels(sheet)
    for block in blocks if "counts" in shown.visible else ():
        for shapes in (block.certain, block.possible, block.far):
            levels.count(shapes)
    levels.draw(lambda found: _table(_classes(palette.counts), shown.strength("counts"))[found])


class _Levels:
    """A picture of levels in which the stronger wins; made when the first shape is painted."""

    def __init__(self, sheet: PaintedSheet) -> None:
        self._below, self._image = sheet, QImage()
        self._sheet: PaintedSheet | None = None

    def _on(self) -> PaintedSheet:
        """Return the sheet that is painted on."""
        if self._sheet is None:
            below, device = self._below, self._below.painter.device()
            self._image = QImage(device.width(), device.height(), QImage.Format.Format_RGB32)
            self._image.setDevicePixelRatio(device.devicePixelRatioF())
            self._image.fill(Qt.GlobalColor.black)
            painter = QPainter(self._image)
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            painter.setPen(Qt.PenStyle.NoPen)
            self._sheet = PaintedSheet(painter, below.origin_m, below.px_per_m, below.box_m, below.colours)
        return self._sheet

    def fill(self, shapes: Shapes, level: int, but: str) -> None:
        """Fill shapes with one level, no weaker one after it: a few together, since Qt is slow on crowded paths."""
        chosen = self._below.chosen(shapes, but)
        if not len(chosen):
            return
        sheet = self._on()
        sheet.painter.setBrush(QColor(level, level, level))
        for path in self._below.looked_at(shapes.paths(chosen, TOGETHER, sheet.origin_m, sheet.px_per_m, sheet.box_m)):
            sheet.painter.drawPath(path)

    def count(self, shapes: Shapes) -> None:
        """Add one to the level of all that each shape covers; those of one camera lie beside each other, never over."""
        for index in self._below.looked_at(self._below.chosen(shapes)):
            painter = self._on().painter
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # half a camera is none
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Plus)
            painter.setBrush(QColor(1, 1, 1))
            painter.drawPath(shapes.path(np.array([index]), self._on().origin_m, self._on().px_per_m, self._on().box_m))

    def shade(self, shapes: Shapes, cones: Sequence[Cone], but: str) -> None:
        """Fill the certain shapes with their densities."""
        if self._below.px_per_m * SHADES_BELOW < 1.0:
            self.fill(shapes, PLAIN_LEVEL, but)
            return
        for index in self._below.looked_at(self._below.chosen(shapes, but)):
            sheet = self._on()
            sheet.painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Lighten)
            cone = cones[shapes.owner[index]]
            sheet.painter.setBrush(_brush(cone, sheet, _patch(cone.view, cone.drop_m)))
            sheet.painter.drawPath(shapes.path(np.array([index]), sheet.origin_m, sheet.px_per_m, sheet.box_m))

    def draw(self, coloured: Callable[[Levels], Colours]) -> None:
        """Draw the picture in colours, if anything was painted."""
        if self._sheet is None:
            return
        self._sheet.painter.end()
        if self._below.is_left():
            return
        height, width, dpr = self._image.height(), self._image.width(), self._image.devicePixelRatio()
        levels = np.frombuffer(self._image.constBits(), np.uint8).reshape(height, -1, 4)[:, :width, 0]
        argb = np.ascontiguousarray(coloured(levels))
        picture = QImage(argb.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
        self._below.painter.drawImage(QRectF(0, 0, width / dpr, height / dpr), picture)


def _with_edge(levels: Levels, inside: Colours, edge: Colours) -> Colours:
    """Return the tint of possible sight with a line round the whole of it."""
    is_in = levels >= FAR_LEVEL // 2
    is_edge = np.zeros_like(is_in)
    is_edge[:, 1:] |= is_in[:, 1:] != is_in[:, :-1]
    is_edge[1:] |= is_in[1:] != is_in[:-1]
    found = inside[levels]
    found[is_edge] = edge[0]
    return found


def _ramp(palette: Palette) -> tuple[tuple[int, QColor], ...]:
    """Return the stops of the shade of certain sight."""
    steps = np.linspace(FAINTEST, 255, len(palette.ramp)).astype(int).tolist()
    return (0, CLEAR), *zip(steps, palette.ramp, strict=True)


def _classes(colours: Sequence[QColor]) -> tuple[tuple[int, QColor], ...]:
    """Return stops between which nothing is mixed: one colour from each count of ``COUNTED`` to the next.

    >>> [(level, colour.alpha()) for level, colour in _classes([QColor("red")] * 5)][:4]
    [(0, 0), (1, 255), (1, 255), (2, 255)]
    """
    ends = (*(low - 1 for low in COUNTED[1:]), 255)
    return (
        (0, CLEAR),
        *(stop for low, high, each in zip(COUNTED, ends, colours, strict=True) for stop in ((low, each), (high, each))),
    )


def _table(stops: Sequence[tuple[int, QColor]], strength: float) -> Colours:
    """Return a colour for each of the 256 levels, between the stops in proportion."""
    at = [level for level, _ in stops]
    alpha = np.array([c.alpha() * strength for _, c in stops])
    parts = np.array([(255, c.red(), c.green(), c.blue()) for _, c in stops]) * (alpha / 255.0)[:, None]
    whole = [np.interp(np.arange(256), at, parts[:, i]).round().astype(np.uint32) for i in range(4)]
    return np.asarray(whole[0] << 24 | whole[1] << 16 | whole[2] << 8 | whole[3], np.uint32)


def level_of(density: NDArray[np.float64]) -> Levels:
    """Return the levels of densities in px/m; each doubling is a step of the same size.

    >>> level_of(np.array([25.0, 79.0569415, 250.0, 900.0])).tolist()
    [70, 162, 255, 255]
    """
    share = np.log(np.maximum(density, COARSEST_PX_M) / COARSEST_PX_M) / np.log(FINEST_PX_M / COARSEST_PX_M)
    return np.asarray(FAINTEST + (255 - FAINTEST) * np.minimum(share, 1.0)).astype(np.uint8)


def shade_radius_m(view: View) -> float:
    """Return how far from the lens a patch of shade must go: to the range, or to where 25 px/m end, whichever is nearer."""
    # Off the axis of a straight lens a density reaches farther by the secant of the angle, at most 2 at 60 degrees.
    return min(view.range_m, 2.0 * focal_length_px(view.width_px, view.hfov_deg, view.lens_class) / COARSEST_PX_M) + 1.0


def _levels_around(view: View, drop_m: float) -> Levels:
    """Return the levels of a view on the ground round its lens, north up; made by the engine's own density."""
    radius = shade_radius_m(view)
    across = (np.arange(CELLS) + 0.5) * (2.0 * radius / CELLS) - radius
    dx, dy = np.meshgrid(across, -across)
    return level_of(density_px_m(view, dx, dy, drop_m))


@lru_cache(maxsize=PATCHES)
def _patch(view: View, drop_m: float) -> QImage:
    """Return the levels round a lens as grey."""
    pixels = np.zeros((CELLS, CELLS, 4), np.uint8)
    pixels[..., :3], pixels[..., 3] = _levels_around(view, drop_m)[..., None], 255
    return QImage(pixels.tobytes(), CELLS, CELLS, 4 * CELLS, QImage.Format.Format_RGB32).copy()


@lru_cache(maxsize=8)
def _coloured_patch(view: View, drop_m: float, palette: Palette) -> QImage:
    """Return the same in the colours of certain sight, for a camera that is drawn alone."""
    argb = _table(_ramp(palette), 1.0)[_levels_around(view, drop_m)]
    return QImage(argb.tobytes(), CELLS, CELLS, 4 * CELLS, QImage.Format.Format_ARGB32_Premultiplied).copy()


def shade(cone: Cone, sheet: PaintedSheet) -> QBrush:
    """Return the brush that shades the certain sight of one camera by its density."""
    return _brush(cone, sheet, _coloured_patch(cone.view, cone.drop_m, sheet.colours))


def _brush(cone: Cone, sheet: PaintedSheet, patch: QImage) -> QBrush:
    radius = shade_radius_m(cone.view)
    brush = QBrush(patch)
    corner = sheet.point(cone.view.x_m - radius, cone.view.y_m + radius)
    scale = 2.0 * radius * sheet.px_per_m / CELLS
    brush.setTransform(QTransform(scale, 0.0, 0.0, scale, corner.x(), corner.y()))
    return brush


# What cameras see, prepared to be drawn in blocks of cameras, so that a change of one makes one block anew and not the city.

SPLIT_AT_ONCE = 32  # frontages of cameras that are held against drawn ground together
FEW, BLOCKS = 400, 64  # cameras that make one block, and the number of blocks of more
TARGET_M, MOST_M = 1.5, 12.0  # height of what is looked at; of a lens of no recorded height, at the most
Keyed = list[tuple[str, BaseGeometry]]
Graded = Mapping[Severity | None, Shapes]


@dataclass(frozen=True, eq=False, slots=True)
class ShapePieces:
    """One camera that is drawn in a block: what it sees now, and what the results say of it."""

    seen: Seen | None
    result: CameraResult | None

    def is_of(self, seen: Seen | None, result: CameraResult | None) -> bool:
        """Say whether this is of these very values."""
        return self.seen is seen and self.result is result


@dataclass(frozen=True, eq=False)
class CameraShapes(Fields):
    """The shapes of one block of cameras; each is keyed by its camera."""

    views: Graded = field(default_factory=dict)
    beyond: Graded = field(default_factory=dict)  # above the ground only, beyond all that is drawn
    not_mapped: Shapes = field(default_factory=lambda: Shapes([]))
    pieces: Mapping[str, ShapePieces] = field(default_factory=dict)

    @cached_property
    def unasked(self) -> Shapes:
        """Return the ground that nobody asks for; made when it is drawn, since its layer is off at first."""
        keys = list(self._unasked)
        return Shapes(read_shapes(list(self._unasked.values())), keys)

    @property
    def has_unasked(self) -> bool:
        """Say whether there is ground that nobody asks for."""
        return bool(self._unasked)

    @property
    def _unasked(self) -> dict[str, Shape]:
        shapes = ((key, as_kept(one.result, "unasked")) for key, one in self.pieces.items() if one.result is not None)
        return {key: shape for key, shape in shapes if shape is not None}


def blocks_of(
    sight: CurrentSight, results: Mapping[str, CameraResult], before: Iterable[CameraShapes] = ()
) -> tuple[CameraShapes, ...]:
    """Return the blocks of all cameras; of those before, each that has the same cameras is used again."""
    old = tuple(before)
    home = {camera_id: block for block in old for camera_id in block.pieces}
    ids = list(dict.fromkeys((*sight.seen, *results)))
    number = 1 if len(ids) <= FEW else BLOCKS
    members: list[dict[str, ShapePieces]] = [{} for _ in range(number)]
    for camera_id in ids:
        seen, result, one = sight.seen.get(camera_id), results.get(camera_id), None
        if camera_id in home:
            one = home[camera_id].pieces[camera_id]
        fresh = one if one is not None and one.is_of(seen, result) else ShapePieces(seen, result)
        members[crc32(camera_id.encode()) % number][camera_id] = fresh
    reused = old if len(old) == number else (None,) * number

    def renewed(number: int) -> CameraShapes:
        block, pieces = reused[number], members[number]
        is_same = block is not None and block.pieces.keys() == pieces.keys()
        if block is not None and is_same and all(block.pieces[key] is pieces[key] for key in pieces):
            return block
        return _block(pieces, sight, home)

    return tuple(in_threads(renewed, range(number), no_progress))


def _block(members: Mapping[str, ShapePieces], sight: CurrentSight, home: Mapping[str, CameraShapes]) -> CameraShapes:
    fields: dict[Reach, Keyed] = {reach: [] for reach in Reach}
    cones: list[Cone] = []
    for camera_id, one in members.items():
        for drawn in one.seen.drawn if one.seen is not None else ():
            fields[drawn.reach].append((camera_id, drawn.ground))
            if drawn.reach is Reach.CERTAIN and one.seen is not None:
                cones.append(cone_of(one.seen))
    nights = [(key, one.seen.night) for key, one in members.items() if one.seen is not None and one.seen.night is not None]
    views, beyond = _views(members, sight, home)
    return CameraShapes(
        certain=keyed_shapes(fields[Reach.CERTAIN]),
        cones=tuple(cones),
        possible=keyed_shapes(fields[Reach.NEAR]),
        far=keyed_shapes(fields[Reach.FAR]),
        night=keyed_shapes(nights),
        views=views,
        beyond=beyond,
        not_mapped=keyed_shapes(_not_mapped(members)),
        pieces=members,
    )


def _views(members: Mapping[str, ShapePieces], sight: CurrentSight, home: Mapping[str, CameraShapes]) -> tuple[Graded, Graded]:
    """Return the protected views of cameras by grade: those at the ground that is drawn, and those beyond it.

    Those of the same result are taken from the block where they are drawn: the ground that they are held against is that of the
    result's own fields, whatever is seen now.
    """
    known: dict[int, tuple[CameraShapes, set[str]]] = {}
    fresh: tuple[dict[Severity | None, Keyed], dict[Severity | None, Keyed]] = {}, {}
    asked: list[tuple[str, Severity | None, BaseGeometry | None, BaseGeometry]] = []  # frontage in view, and the ground drawn
    for camera_id, one in members.items():
        block = home.get(camera_id)
        if one.result is None or not one.result.sightings:
            continue
        if block is not None and block.pieces[camera_id].result is one.result:
            known.setdefault(id(block), (block, set()))[1].add(camera_id)
            continue
        ground = drawn_ground(sight.drawn_of(one.result))
        asked += [(camera_id, *each, ground) for sighting in one.result.sightings for each in sighting.graded_outlines()]
    for some in (asked[part] for part in slices(len(asked), SPLIT_AT_ONCE)):
        split = split_frontages([frontage for _, _, frontage, _ in some], [ground for *_, ground in some])
        for (camera_id, grade, *_), both in zip(some, split, strict=True):
            for found, lines in zip(fresh, both, strict=True):
                if not lines.is_empty:
                    found.setdefault(grade, []).append((camera_id, lines))
    at, beyond = ([(getattr(block, name), ids) for block, ids in known.values()] for name in ("views", "beyond"))
    return _graded(at, fresh[0]), _graded(beyond, fresh[1])


def _graded(known: Sequence[tuple[Graded, set[str]]], fresh: Mapping[Severity | None, Keyed]) -> Graded:
    """Return lines by grade: those of some cameras that are drawn already, and fresh ones."""
    found: dict[Severity | None, Shapes] = {}
    for grade in dict.fromkeys((*fresh, *(grade for graded, _ in known for grade in graded))):
        several = [graded[grade].of(ids) for graded, ids in known if grade in graded]
        several = [each for each in (*several, keyed_shapes(fresh.get(grade, []))) if len(each)]
        if several:
            found[grade] = several[0] if len(several) == 1 else Shapes.joined(several)
    return found


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
