"""The sheets of the map as tiles: drawn in a thread, cached by bytes, another level scaled while one is pending."""

import math
from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QRunnable, QThreadPool, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from lhasaplan.app.map.cones import Overlays, draw_overlays, draw_symbols
from lhasaplan.app.map.ground import DrawnGround, draw_ground
from lhasaplan.app.map.painter import IsLeft, ShownMap
from lhasaplan.app.map.rasters import Basemap, draw_basemaps
from lhasaplan.app.map.viewport import Box, Pixels, Viewport, common, holds, metres_per_px, overlap, without
from lhasaplan.app.map.words_on_map import Held, LabelSpot, Words, draw_words

TILE_PX = 512
CELL_PX = 64  # parts of tiles are so many pixels wide and high: hatches and all scales of screens meet at their edges
WHOLE: Pixels = (0, 0, TILE_PX, TILE_PX)
Draw = Callable[[QPainter, Box, float, IsLeft], None]  # painter, ground in metres, metres per pixel, and whether it is left


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
    part: Pixels = WHOLE  # that the image shows


class TileCache:
    """The tiles at hand, the least lately used dropped when their bytes are too many."""

    def __init__(self, limit_bytes: int = 192 * 1024 * 1024) -> None:
        self._limit, self._bytes = limit_bytes, 0
        self._tiles: OrderedDict[TileKey, _Tile] = OrderedDict()
        self._by_level: Counter[int] = Counter()

    def __len__(self) -> int:
        return len(self._tiles)

    def get(self, key: TileKey) -> _Tile | None:
        """Return a tile and remember that it was used."""
        tile = self._tiles.get(key)
        if tile is not None:
            self._tiles.move_to_end(key)
        return tile

    def put(self, key: TileKey, image: QImage, is_fresh: bool, part: Pixels = WHOLE) -> None:
        """Keep a tile, or a part of one."""
        self._drop(key)
        self._tiles[key] = _Tile(image, is_fresh, part)
        self._by_level[key.level] += 1
        self._bytes += image.sizeInBytes()
        while self._bytes > self._limit and len(self._tiles) > 1:
            self._drop(next(iter(self._tiles)))

    def _drop(self, key: TileKey) -> None:
        tile = self._tiles.pop(key, None)
        if tile is not None:
            self._bytes -= tile.image.sizeInBytes()
            self._by_level[key.level] -= 1

    def age(self, box_m: Box | None) -> None:
        """Mark tiles as stale: still shown, drawn anew when next needed."""
        for key, tile in self._tiles.items():
            if box_m is None or overlap(key.box_m, box_m):
                tile.is_fresh = False

    def clear(self) -> None:
        """Forget all tiles."""
        self._tiles.clear()
        self._by_level.clear()
        self._bytes = 0

    def over(self, key: TileKey, level: int) -> Iterator[tuple[TileKey, _Tile]]:
        """Yield the tiles of a level over the ground of a tile."""
        if not self._by_level[level]:  # of a finer level hundreds would be looked up
            return
        size, (west, south, east, north) = TILE_PX * metres_per_px(level), key.box_m
        for column in range(math.floor(west / size), math.ceil(east / size)):
            for row in range(math.floor(south / size), math.ceil(north / size)):
                other = TileKey(level, column, row)
                tile = self._tiles.get(other)
                if tile is not None:
                    yield other, tile


_STAND_IN = (0, -2, -1, 1, 2, 3, 4, 5, 6)  # levels beside a pending tile's own that may stand in for it, the best first


@dataclass(frozen=True, slots=True)
class _Order:
    """What is to be drawn of a tile."""

    key: TileKey
    part: Pixels = WHOLE

    @property
    def frame(self) -> Pixels:
        """Return where the part lies on the whole map, counted from the CRS's origin."""
        west, north, (left, top, right, bottom) = self.key.column * TILE_PX, -(self.key.row + 1) * TILE_PX, self.part
        return west + left, north + top, west + right, north + bottom


def _frame_of(orders: Sequence[_Order]) -> Pixels:
    """Return the frame round several."""
    lefts, tops, rights, bottoms = zip(*(each.frame for each in orders), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _is_one_piece(orders: Sequence[_Order]) -> bool:
    """Say whether parts of tiles fill a frame: drawn in one go, what lies in several is looked up and painted once."""
    if not orders:
        return False
    frames = _frame_of(orders), *(each.frame for each in orders)
    areas = [(right - left) * (bottom - top) for left, top, right, bottom in frames]
    return areas[0] == sum(areas[1:])


def _cut(image: QImage, part: Pixels, frame: Pixels) -> QImage:
    """Return a part of the picture of a frame."""
    dpr = image.devicePixelRatio()
    left, top, right, bottom = (round((edge - frame[number % 2]) * dpr) for number, edge in enumerate(part))
    return image.copy(left, top, right - left, bottom - top)


class LeftScreen:
    """Says whether a picture has left the screen; one that did stays left, since something of it was left out."""

    def __init__(self, is_away: IsLeft) -> None:
        self._is_away, self.is_so = is_away, False

    def __call__(self) -> bool:
        """Look whether it leaves now."""
        self.is_so = self.is_so or self._is_away()
        return self.is_so


class TileStack(QObject):
    """One sheet of the map as tiles. ``paper`` None makes a sheet that lies over others.

    A sheet in parts draws what is seen of its tiles, a third of them, and a tile whole when more of it is seen.
    """

    ready = Signal()
    _drawn = Signal(object, object)  # _Order, and QImage or None, of each

    def __init__(self, pool: QThreadPool, paper: QColor | None = None, *, in_parts: bool = False) -> None:
        super().__init__()
        self._pool, self._paper, self._in_parts = pool, paper, in_parts
        self._cache = TileCache()
        self._draw: Draw | None = None
        self._pending: dict[TileKey, bool] = {}  # is what comes still fresh?
        self._wanted: frozenset[TileKey] = frozenset()
        self._missing: list[tuple[TileKey, Pixels]] = []  # in the frame that was painted last, or not as it is now
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
            tile, (left, top, _) = self._cache.get(key), tile_square(key, viewport)
            seen = _seen_of(int(left), int(top), viewport)
            is_whole = tile is not None and holds(tile.part, seen)
            if tile is None or not is_whole:
                self._paint_stand_in(painter, key, viewport)
            else:
                painter.drawImage(int(left) + tile.part[0], int(top) + tile.part[1], tile.image)
            if tile is None or not is_whole or not tile.is_fresh:
                self._missing.append((key, seen))

    def order(self, dpr: float) -> None:
        """Have drawn what was missing when the sheet was painted last."""
        missing, self._missing = self._missing, []
        orders = [self._order_of(key, seen) for key, seen in missing if key not in self._pending]
        for together in [orders] if self._in_parts and _is_one_piece(orders) else [[each] for each in orders]:
            self._start(together, dpr)

    def _order_of(self, key: TileKey, seen: Pixels) -> _Order:
        tile = self._cache.get(key)
        is_begun = tile is not None and tile.is_fresh  # and more of it is seen now
        return _Order(key, WHOLE if is_begun or not self._in_parts else _in_cells(seen))

    def _paint_stand_in(self, painter: QPainter, key: TileKey, viewport: Viewport) -> None:
        """Paint what there is of the tile, and tiles of other levels, each place once, since a sheet over others would add up."""
        bare = [_pixels(tile_square(key, viewport))]
        for level in (key.level + step for step in _STAND_IN):
            for other, tile in self._cache.over(key, level):
                left, top, side = tile_square(other, viewport)
                scale = side / TILE_PX
                west, north, east, south = (edge * scale for edge in tile.part)
                there = round(left + west), round(top + north), round(left + east), round(top + south)
                for each in (shared for gap in bare if (shared := common(gap, there)) is not None):
                    _paint_part(painter, tile.image, (left + west, top + north, scale), each)
                bare = [rest for gap in bare for rest in without(gap, there)]
            if not bare:
                break

    def _start(self, orders: Sequence[_Order], dpr: float) -> None:
        if self._draw is None or not orders:
            return
        for each in orders:
            self._pending[each.key] = True
        self._pool.start(_Drawing(self, orders, self._draw, dpr))

    def draw(self, orders: Sequence[_Order], draw: Draw, dpr: float) -> list[QImage | None]:
        """Return the pictures of parts of tiles that lie beside each other; runs in a thread of the pool.

        None for all of them where all have left the screen meanwhile, be it while they are drawn: then the rest is left out.
        """
        is_left = LeftScreen(lambda: not any(each.key in self._wanted for each in orders))
        if is_left():
            return [None] * len(orders)
        left, top, right, bottom = frame = _frame_of(orders)
        kind = QImage.Format.Format_RGB32 if self._paper else QImage.Format.Format_ARGB32_Premultiplied
        image = QImage(round((right - left) * dpr), round((bottom - top) * dpr), kind)
        image.setDevicePixelRatio(dpr)
        image.fill(self._paper or QColor(0, 0, 0, 0))
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scale = metres_per_px(orders[0].key.level)
        draw(painter, (left * scale, -bottom * scale, right * scale, -top * scale), scale, is_left)
        painter.end()
        if is_left.is_so:
            return [None] * len(orders)
        return [image if each.frame == frame else _cut(image, each.frame, frame) for each in orders]

    def hand_over(self, orders: Sequence[_Order], images: Sequence[QImage | None]) -> None:
        """Bring pictures to the window's thread."""
        self._drawn.emit(orders, images)

    def _take(self, orders: Sequence[_Order], images: Sequence[QImage | None]) -> None:
        is_news = False
        for order, image in zip(orders, images, strict=True):
            is_fresh = self._pending.pop(order.key, False)
            if image is not None:
                self._cache.put(order.key, image, is_fresh, order.part)
            is_news |= image is not None or order.key in self._wanted
        if is_news:
            self.ready.emit()


Square = tuple[float, float, float]  # left, top and side in pixels of the screen


def _seen_of(left: int, top: int, viewport: Viewport) -> Pixels:
    """Return which pixels of a tile that lies there are on the screen."""
    right, bottom = min(viewport.width_px - left, TILE_PX), min(viewport.height_px - top, TILE_PX)
    return max(-left, 0), max(-top, 0), max(right, 0), max(bottom, 0)


def _in_cells(part: Pixels) -> Pixels:
    """Return a part of a tile with the cells that it touches whole.

    >>> _in_cells((0, 70, 300, 512))
    (0, 64, 320, 512)
    """
    left, top = (edge // CELL_PX * CELL_PX for edge in part[:2])
    right, bottom = (-(-edge // CELL_PX) * CELL_PX for edge in part[2:])
    return min(left, TILE_PX - CELL_PX), min(top, TILE_PX - CELL_PX), max(right, CELL_PX), max(bottom, CELL_PX)


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
    """Draws tiles in a thread, and holds nothing of the map from then on: Qt does not always let a job of Python go."""

    def __init__(self, stack: TileStack, orders: Sequence[_Order], draw: Draw, dpr: float) -> None:
        super().__init__()
        self._asked = [(stack, orders, draw, dpr)]

    def run(self) -> None:
        """Draw, and bring the pictures over whatever happens, so that no tile stays pending."""
        stack, orders, draw, dpr = self._asked.pop()
        images: list[QImage | None] = [None] * len(orders)
        try:
            images = stack.draw(orders, draw, dpr)
        finally:
            stack.hand_over(orders, images)


SOON_MS = 40  # in which tiles that become ready are shown together


class MapTiles:
    """The three sheets of a map over each other: the ground, what cameras see, and the cameras with all names."""

    def __init__(self, of: QWidget, paper: QColor) -> None:
        self._pool = QThreadPool(of)
        # Qt keeps Python to itself while it draws a path: two threads would draw no more, and take turns that a frame waits for.
        self._pool.setMaxThreadCount(1)
        self._ground, self._sight = TileStack(self._pool, paper, in_parts=True), TileStack(self._pool, in_parts=True)
        self._top = TileStack(self._pool)  # a name lies whole in a tile, wherever the screen ends
        self._stacks = self._ground, self._sight, self._top
        self._is_ordered = False  # the tiles of what is to be shown now
        self._soon = QTimer(of, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(of.update)
        self._update = of.update
        for stack in self._stacks:
            stack.ready.connect(self._show)

    def _show(self) -> None:
        """Wish for a frame: at once when all is drawn, else soon, since each frame takes Python from what is still drawn."""
        if not isValid(self._soon):  # a tile may become ready when the map is gone
            return
        if not self.is_pending:
            self._soon.stop()
            self._update()
        elif not self._soon.isActive():
            self._soon.start()

    def draw_ground(self, ground: DrawnGround, basemaps: tuple[Basemap, ...], shown: ShownMap) -> None:
        """Draw the ground anew, upon the background maps."""

        def draw(painter: QPainter, box_m: Box, scale: float, is_left: IsLeft) -> None:
            draw_basemaps(painter, basemaps, shown, box_m, scale)
            draw_ground(painter, ground, replace(shown, is_left=is_left), box_m, scale)

        self._ground.use_paper(shown.palette.paper)
        self._ground.set_content(draw)
        self._is_ordered = False

    def draw_sight(self, overlays: Overlays, shown: ShownMap, dirty_m: Box | None) -> None:
        """Draw what cameras see anew; only over the dirty ground where it is given."""

        def draw(painter: QPainter, box_m: Box, scale: float, is_left: IsLeft) -> None:
            draw_overlays(painter, overlays, replace(shown, is_left=is_left), box_m, scale)

        self._sight.set_content(draw, dirty_m)
        self._is_ordered = False

    def draw_top(self, ground: DrawnGround, overlays: Overlays, shown: ShownMap, held: Held | None, dirty_m: Box | None) -> None:
        """Draw the cameras anew, and the names above them."""

        def draw(painter: QPainter, box_m: Box, scale: float, _is_left: IsLeft) -> None:
            draw_symbols(painter, overlays, shown, box_m, scale)
            near = overlays.symbols_in(box_m)
            spots = tuple(LabelSpot(s.x_m, s.y_m, s.name if s.camera_id != shown.lifted_id else "") for s in near)
            draw_words(painter, Words(ground.names, ground.place_names, spots, held), shown, box_m, scale)

        self._top.set_content(draw, dirty_m)
        self._is_ordered = False

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint what is drawn of the ground that is looked at, and of what is seen of it."""
        self._ground.paint(painter, viewport)
        self._sight.paint(painter, viewport)

    def paint_top(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint names and cameras, above cones that are drawn live, which would dim them."""
        self._top.paint(painter, viewport)

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
        """Say whether the map was painted since anything of it changed, and no tile is being drawn; it may look elsewhere."""
        return self._is_ordered and not self.is_pending
