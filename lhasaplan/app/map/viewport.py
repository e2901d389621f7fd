"""Which part of the world the canvas shows, and how sharply; and the tiles of it, drawn in a thread pool and cached by bytes."""

import math
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QRunnable, QThreadPool, Signal
from PySide6.QtGui import QColor, QImage, QPainter

# Which part of the world the canvas shows, and how sharply: a frozen value with the arithmetic of pan and zoom.

Box = tuple[float, float, float, float]  # x min, y min, x max, y max; metres

FINEST_LEVEL, COARSEST_LEVEL = -12, 24  # 1/64 m to 4 km a pixel


@dataclass(frozen=True, slots=True)
class Viewport:
    """A window on the plane: centre in metres, size in pixels, and a level at which a pixel is ``2 ** (level / 2)`` metres.

    Levels are the only scales there are, so tiles are always drawn at the size they were made for.
    """

    x_m: float = 0.0
    y_m: float = 0.0
    level: int = 2
    width_px: int = 1
    height_px: int = 1

    @property
    def metres_per_px(self) -> float:
        """Return the size of a pixel on the ground."""
        return metres_per_px(self.level)

    @property
    def box_m(self) -> Box:
        """Return the ground that is shown."""
        half_w, half_h = self.width_px * self.metres_per_px / 2, self.height_px * self.metres_per_px / 2
        return self.x_m - half_w, self.y_m - half_h, self.x_m + half_w, self.y_m + half_h

    def to_screen(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Return pixels from the top left corner."""
        scale = self.metres_per_px
        return (x_m - self.x_m) / scale + self.width_px / 2, (self.y_m - y_m) / scale + self.height_px / 2

    def to_world(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Return metres of the project's CRS."""
        scale = self.metres_per_px
        return self.x_m + (x_px - self.width_px / 2) * scale, self.y_m - (y_px - self.height_px / 2) * scale

    def resized(self, width_px: int, height_px: int) -> "Viewport":
        """Return the same centre and scale in a window of another size."""
        return replace(self, width_px=max(width_px, 1), height_px=max(height_px, 1))

    def panned(self, dx_px: float, dy_px: float) -> "Viewport":
        """Return the viewport after the map was pulled by so many pixels."""
        scale = self.metres_per_px
        return replace(self, x_m=self.x_m - dx_px * scale, y_m=self.y_m + dy_px * scale)

    def zoomed(self, steps: int, x_px: float | None = None, y_px: float | None = None) -> "Viewport":
        """Return the viewport some levels closer (positive) or farther; the point under the pointer stays put."""
        x_px = self.width_px / 2 if x_px is None else x_px
        y_px = self.height_px / 2 if y_px is None else y_px
        level = min(max(self.level - steps, FINEST_LEVEL), COARSEST_LEVEL)
        x_m, y_m = self.to_world(x_px, y_px)
        closer = replace(self, level=level)
        x_new, y_new = closer.to_world(x_px, y_px)
        return replace(closer, x_m=self.x_m + x_m - x_new, y_m=self.y_m + y_m - y_new)

    def fitted(self, box_m: Box, margin: float = 1.08) -> "Viewport":
        """Return the closest level at which the box is shown whole."""
        x0, y0, x1, y1 = box_m
        need = max((x1 - x0) * margin / self.width_px, (y1 - y0) * margin / self.height_px, 2 ** (FINEST_LEVEL / 2))
        level = min(max(math.ceil(2 * math.log2(need) - 1e-9), FINEST_LEVEL), COARSEST_LEVEL)
        return replace(self, x_m=(x0 + x1) / 2, y_m=(y0 + y1) / 2, level=level)


def metres_per_px(level: int) -> float:
    """Return the size of a pixel at a level."""
    return float(2.0 ** (level / 2))


def grown(box_m: Box, by_m: float) -> Box:
    """Return the box with a margin on every side."""
    return box_m[0] - by_m, box_m[1] - by_m, box_m[2] + by_m, box_m[3] + by_m


def overlap(a: Box, b: Box) -> bool:
    """Say whether two boxes share ground."""
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def united(a: Box | None, b: Box | None) -> Box | None:
    """Return the box around both."""
    if a is None or b is None:
        return a or b
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


# Tiles of the map: drawn in a thread pool, cached by bytes, the next coarser picture scaled while one is pending.

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
