"""The sheets of the map as tiles: drawn in a thread, cached by bytes, another level scaled while one is pending."""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget

from lhasaplan.app.map.cones import Overlays, draw_overlays, draw_symbols
from lhasaplan.app.map.ground import DrawnGround, draw_ground
from lhasaplan.app.map.painter import ShownMap
from lhasaplan.app.map.rasters import Basemap, draw_basemaps
from lhasaplan.app.map.viewport import Box, Viewport, metres_per_px, overlap
from lhasaplan.app.map.words_on_map import Held, LabelSpot, Words, draw_words

TILE_PX = 512
Draw = Callable[[QPainter, Box, float], None]  # painter, ground in metres, metres per pixel


@dataclass(frozen=True, slots=True)
class TileKey:
    """A tile of the grid at a level; columns and rows count from the CRS's origin, rows northward."""

    level: int
    column: int
    row: int

    @property
    def box_m(self) -> Box:
        """Return the ground that the tile shows."""
        size = TILE_PX * metres_per_px(self.level)
        return self.column * size, self.row * size, (self.column + 1) * size, (self.row + 1) * size


def tiles_in(viewport: Viewport) -> Iterator[TileKey]:
    """Yield the tiles that a viewport shows, those near its middle first."""
    size = TILE_PX * viewport.metres_per_px
    x0, y0, x1, y1 = viewport.box_m
    columns = range(math.floor(x0 / size), math.floor(x1 / size) + 1)
    rows = range(math.floor(y0 / size), math.floor(y1 / size) + 1)
    keys = [TileKey(viewport.level, column, row) for column in columns for row in rows]
    middle = viewport.x_m / size - 0.5, viewport.y_m / size - 0.5
    yield from sorted(keys, key=lambda k: abs(k.column - middle[0]) + abs(k.row - middle[1]))


@dataclass(slots=True)
class _Tile:
    image: QImage
    is_fresh: bool


class TileCache:
    """The tiles at hand, the least lately used dropped when their bytes are too many."""

    def __init__(self, limit_bytes: int = 192 * 1024 * 1024) -> None:
        self._limit, self._bytes = limit_bytes, 0
        self._tiles: OrderedDict[TileKey, _Tile] = OrderedDict()

    def __len__(self) -> int:
        return len(self._tiles)

    def get(self, key: TileKey) -> _Tile | None:
        """Return a tile and remember that it was used."""
        tile = self._tiles.get(key)
        if tile is not None:
            self._tiles.move_to_end(key)
        return tile

    def put(self, key: TileKey, image: QImage, is_fresh: bool) -> None:
        """Keep a tile."""
        self._drop(key)
        self._tiles[key] = _Tile(image, is_fresh)
        self._bytes += image.sizeInBytes()
        while self._bytes > self._limit and len(self._tiles) > 1:
            self._drop(next(iter(self._tiles)))

    def _drop(self, key: TileKey) -> None:
        tile = self._tiles.pop(key, None)
        self._bytes -= tile.image.sizeInBytes() if tile is not None else 0

    def age(self, box_m: Box | None) -> None:
        """Mark tiles as stale: still shown, drawn anew when next needed."""
        for key, tile in self._tiles.items():
            if box_m is None or overlap(key.box_m, box_m):
                tile.is_fresh = False

    def clear(self) -> None:
        """Forget all tiles."""
        self._tiles.clear()
        self._bytes = 0

    def over(self, key: TileKey, level: int) -> Iterator[tuple[TileKey, _Tile]]:
        """Yield the tiles of a level over the ground of a tile."""
        size, (west, south, east, north) = TILE_PX * metres_per_px(level), key.box_m
        for column in range(math.floor(west / size), math.ceil(east / size)):
            for row in range(math.floor(south / size), math.ceil(north / size)):
                other = TileKey(level, column, row)
                tile = self._tiles.get(other)
                if tile is not None:
                    yield other, tile


_STAND_IN = (-2, -1, 1, 2, 3, 4, 5, 6)  # levels beside a pending tile's own that may stand in for it, the best first


class TileStack(QObject):
    """One sheet of the map as tiles. ``paper`` None makes a sheet that lies over others."""

    ready = Signal()
    _drawn = Signal(object, object)

    def __init__(self, pool: QThreadPool, paper: QColor | None = None) -> None:
        super().__init__()
        self._pool, self._paper = pool, paper
        self._cache = TileCache()
        self._draw: Draw | None = None
        self._pending: dict[TileKey, bool] = {}  # is what comes still fresh?
        self._wanted: frozenset[TileKey] = frozenset()
        self._missing: list[TileKey] = []  # in the frame that was painted last, or not as it is now
        self._drawn.connect(self._take)

    @property
    def is_pending(self) -> bool:
        """Say whether tiles are still being drawn."""
        return bool(self._pending)

    def set_content(self, draw: Draw, dirty_m: Box | None = None) -> None:
        """Draw from now on like this; only tiles over the dirty ground change, all of them when it is None."""
        self._draw = draw
        self._cache.age(dirty_m)
        for key in self._pending:
            if dirty_m is None or overlap(key.box_m, dirty_m):
                self._pending[key] = False

    def use_paper(self, paper: QColor) -> None:
        """Lay the tiles on another colour, once they are drawn anew."""
        self._paper = paper

    def clear(self) -> None:
        """Forget all tiles: another project."""
        self._cache.clear()

    def want_nothing(self) -> None:
        """Let what is ordered end without a picture."""
        self._wanted = frozenset()

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint the sheet; :meth:`order` asks for what is missing, once the frame is painted.

        With plain numbers alone: to make any of its own values Qt lets go of Python for a moment, and a frame that loses it to
        a thread that draws tiles waits to have it back.
        """
        keys = list(tiles_in(viewport))
        self._wanted = frozenset(keys)
        self._missing = []
        for key in keys:
            tile = self._cache.get(key)
            if tile is None:
                self._paint_stand_in(painter, key, viewport)
            else:
                left, top, _ = tile_square(key, viewport)
                painter.drawImage(int(left), int(top), tile.image)
            if tile is None or not tile.is_fresh:
                self._missing.append(key)

    def order(self, dpr: float) -> None:
        """Have drawn what was missing when the sheet was painted last."""
        missing, self._missing = self._missing, []
        for key in missing:
            self._order(key, dpr)

    def _paint_stand_in(self, painter: QPainter, key: TileKey, viewport: Viewport) -> None:
        """Paint tiles of other levels, each place once: by the finest there is, since a sheet over others would add up."""
        bare = [_pixels(tile_square(key, viewport))]
        for level in (key.level + step for step in _STAND_IN):
            for other, tile in self._cache.over(key, level):
                left, top, side = square = tile_square(other, viewport)
                there = _pixels(square)
                for each in (shared for gap in bare if (shared := _common(gap, there)) is not None):
                    _paint_part(painter, tile.image, (left, top, side / TILE_PX), each)
                bare = [rest for gap in bare for rest in _without(gap, there)]
            if not bare:
                break

    def _order(self, key: TileKey, dpr: float) -> None:
        if self._draw is None or key in self._pending:
            return
        self._pending[key] = True
        self._pool.start(_Drawing(self, key, self._draw, dpr))

    def draw(self, key: TileKey, draw: Draw, dpr: float) -> QImage | None:
        """Return the picture of a tile, or None when it has left the screen meanwhile; runs in a thread of the pool."""
        if key not in self._wanted:
            return None
        side = round(TILE_PX * dpr)
        image = QImage(side, side, QImage.Format.Format_RGB32 if self._paper else QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(dpr)
        image.fill(self._paper or QColor(0, 0, 0, 0))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw(painter, key.box_m, metres_per_px(key.level))
        painter.end()
        return image

    def hand_over(self, key: TileKey, image: QImage | None) -> None:
        """Bring a picture to the window's thread."""
        self._drawn.emit(key, image)

    def _take(self, key: TileKey, image: QImage | None) -> None:
        is_fresh = self._pending.pop(key, False)
        if image is not None:
            self._cache.put(key, image, is_fresh)
        if image is not None or key in self._wanted:
            self.ready.emit()


Square = tuple[float, float, float]  # left, top and side in pixels of the screen
Pixels = tuple[int, int, int, int]  # left, top, right, bottom


def tile_square(key: TileKey, viewport: Viewport) -> Square:
    """Return where a tile lies on the screen, on whole pixels when it is of the viewport's own level."""
    x0, _, _, y1 = key.box_m
    x_px, y_px = viewport.to_screen(x0, y1)
    side = TILE_PX * metres_per_px(key.level) / viewport.metres_per_px
    if key.level == viewport.level:
        return round(x_px), round(y_px), side
    return x_px, y_px, side


def _pixels(square: Square) -> Pixels:
    """Return the whole pixels that a square is painted on."""
    left, top, side = square
    return round(left), round(top), round(left + side), round(top + side)


def _common(one: Pixels, other: Pixels) -> Pixels | None:
    """Return the pixels that both have."""
    left, top, right, bottom = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return (left, top, right, bottom) if left < right and top < bottom else None


def _without(one: Pixels, other: Pixels) -> list[Pixels]:
    """Return the pixels of one that another has not.

    >>> _without((0, 0, 4, 4), (1, 1, 9, 3))
    [(0, 0, 4, 1), (0, 3, 4, 4), (0, 1, 1, 3)]
    """
    shared = _common(one, other)
    if shared is None:
        return [one]
    left, top, right, bottom = shared
    bands = (one[0], one[1], one[2], top), (one[0], bottom, one[2], one[3])
    ends = (one[0], top, left, bottom), (right, top, one[2], bottom)
    return [rest for rest in (*bands, *ends) if rest[0] < rest[2] and rest[1] < rest[3]]


def _paint_part(painter: QPainter, image: QImage, place: Square, part: Pixels) -> None:
    """Paint what of an image falls on some pixels; its place is left, top and by how much it is scaled."""
    left, top, scale = place
    painter.save()
    painter.setClipRect(part[0], part[1], part[2] - part[0], part[3] - part[1])
    painter.translate(left, top)
    painter.scale(scale, scale)
    painter.drawImage(0, 0, image)
    painter.restore()


class _Drawing(QRunnable):
    """Draws one tile in a thread, and holds nothing of the map from then on: Qt does not always let a job of Python go."""

    def __init__(self, stack: TileStack, key: TileKey, draw: Draw, dpr: float) -> None:
        super().__init__()
        self._asked = [(stack, key, draw, dpr)]

    def run(self) -> None:
        """Draw, and bring the picture over whatever happens, so that the tile does not stay pending."""
        stack, key, draw, dpr = self._asked.pop()
        image = None
        try:
            image = stack.draw(key, draw, dpr)
        finally:
            stack.hand_over(key, image)


class MapTiles:
    """The three sheets of a map over each other: the ground, what cameras see, and the cameras with all names."""

    def __init__(self, of: QWidget, paper: QColor) -> None:
        self._pool = QThreadPool(of)
        # Qt keeps Python to itself while it draws a path: two threads would draw no more, and take turns that a frame waits for.
        self._pool.setMaxThreadCount(1)
        self._ground, self._sight, self._top = TileStack(self._pool, paper), TileStack(self._pool), TileStack(self._pool)
        self._stacks = self._ground, self._sight, self._top
        self._is_ordered = False  # the tiles of this ground
        for stack in self._stacks:
            stack.ready.connect(of.update)

    def draw_ground(self, ground: DrawnGround, basemaps: tuple[Basemap, ...], shown: ShownMap) -> None:
        """Draw the ground anew, upon the background maps."""

        def draw(painter: QPainter, box_m: Box, scale: float) -> None:
            draw_basemaps(painter, basemaps, shown, box_m, scale)
            draw_ground(painter, ground, shown, box_m, scale)

        self._ground.use_paper(shown.palette.paper)
        self._ground.set_content(draw)
        self._is_ordered = False

    def draw_sight(self, overlays: Overlays, shown: ShownMap, dirty_m: Box | None) -> None:
        """Draw what cameras see anew; only over the dirty ground where it is given."""
        self._sight.set_content(lambda painter, box_m, scale: draw_overlays(painter, overlays, shown, box_m, scale), dirty_m)

    def draw_top(self, ground: DrawnGround, overlays: Overlays, shown: ShownMap, held: Held | None, dirty_m: Box | None) -> None:
        """Draw the cameras anew, and the names above them."""

        def draw(painter: QPainter, box_m: Box, scale: float) -> None:
            draw_symbols(painter, overlays, shown, box_m, scale)
            near = overlays.symbols_in(box_m)
            spots = tuple(LabelSpot(s.x_m, s.y_m, s.name if s.camera_id != shown.lifted_id else "") for s in near)
            draw_words(painter, Words(ground.names, ground.place_names, spots, held), shown, box_m, scale)

        self._top.set_content(draw, dirty_m)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint what is drawn of the ground that is looked at."""
        for stack in self._stacks:
            stack.paint(painter, viewport)

    def order(self, dpr: float) -> None:
        """Have drawn what was missing when the map was painted last."""
        for stack in self._stacks:
            stack.order(dpr)
        self._is_ordered = True

    def clear(self) -> None:
        """Drop every tile: another project has other ground under the same numbers."""
        for stack in self._stacks:
            stack.clear()

    def stop(self) -> None:
        """Wait for the drawing thread before the window goes.

        What waits in its queue runs to nothing: taken out of it, a job would stay for ever, with all that it was to draw.
        """
        for stack in self._stacks:
            stack.want_nothing()
        self._pool.waitForDone()

    @property
    def is_pending(self) -> bool:
        """Say whether tiles are still being drawn."""
        return any(stack.is_pending for stack in self._stacks)

    @property
    def is_whole(self) -> bool:
        """Say whether the ground was painted, and nothing of what is seen is still being drawn."""
        return self._is_ordered and not self.is_pending
