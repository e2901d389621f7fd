"""What the map canvas shows: tiles below, the selected camera with its handles drawn live on top."""

import math
import sys
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QThreadPool, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget
from shapely.geometry.base import BaseGeometry
from shiboken6 import isValid

from lhasaplan.app.look import Language, is_dark
from lhasaplan.app.map import decorations, style
from lhasaplan.app.map.cones import (
    Frontage,
    Overlays,
    Symbol,
    draw_frontage,
    draw_overlays,
    draw_symbol,
    draw_symbols,
    seen_bounds,
    symbol_radius_px,
)
from lhasaplan.app.map.decorations import Edge
from lhasaplan.app.map.ground import Basemap, DrawnGround, Hillshade, draw_basemaps, draw_ground
from lhasaplan.app.map.live import (
    MeasuredLine,
    draw_live,
    draw_live_night,
    draw_live_views,
    draw_measure,
    draw_recorded_views,
    measure_text,
)
from lhasaplan.app.map.painter import MapTool, ShownMap
from lhasaplan.app.map.shapes import bounds_of, geometry_path, places_inside, visible
from lhasaplan.app.map.sight import GradedView, LiveOutlines, Seen, draw_aim, draw_outline, draw_ring, draw_sight_line, draw_spot
from lhasaplan.app.map.style import LIGHT, Palette, palette_for
from lhasaplan.app.map.viewport import Box, TileStack, Viewport, grown, overlap, united
from lhasaplan.app.map.words_on_map import Held, LabelSpot, Words, draw_words, write_held
from lhasaplan.core.base.translations import marked
from lhasaplan.core.demand.ground_in_view import Reach

# How long a frame keeps Python to itself: handed over and fetched back it would wait for each line of a tile. It is the longest,
# too, that it waits to have it back where Qt let go of it.
FRAME_S = 0.006
HELD_MS = 50  # for which a frame may wait for the cone of a camera that is dragged
GRAB_PX = 11.0
LEAST_CORNERS = 3  # of an outline with an inside
NEAR_PX = 6.0  # how near the pointer must come to a line
SYMBOL_M = 50.0  # round a camera, whose symbol may be drawn on the next tile as well
EDGE_M = 1000.0  # beyond the outermost building one still looks at the city
NORTH = marked("N")
LIVE = {Reach.CERTAIN: "certain", Reach.NEAR: "possible", Reach.FAR: "far"}  # which line of the legend a field has


@dataclass(frozen=True, eq=False)
class LiveCamera:
    """A camera as it is drawn live above the tiles: the selected one, or one of a proposal."""

    symbol: Symbol
    seen: Seen | None = None
    views: tuple[GradedView, ...] | None = None  # None: as the results have them


@dataclass(frozen=True, slots=True)
class SightLine:
    """A camera that can see the spot that was asked about, for certain or possibly."""

    x_m: float
    y_m: float
    is_certain: bool


class MapSheet(QWidget):
    """Shows the map; :class:`lhasaplan.app.map.MapCanvas` adds mouse and keys."""

    viewport_changed = Signal()
    legend_switched = Signal()
    palette_changed = Signal()

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self._pool = QThreadPool(self)
        # Qt keeps Python to itself while it draws a path: two threads would draw no more, and take turns that a frame waits for.
        self._pool.setMaxThreadCount(1)
        self._ground_tiles = TileStack(self._pool, LIGHT.paper)
        self._sight_tiles = TileStack(self._pool)
        self._top_tiles = TileStack(self._pool)
        for stack in self._stacks:
            stack.ready.connect(self.update)
        self.viewport = Viewport()
        self._ground, self._overlays = DrawnGround(), Overlays()
        self._is_ordered = False  # the tiles of this ground
        self._edge = Edge()
        self._held = QTimer(self, singleShot=True, interval=HELD_MS)
        self._held.timeout.connect(self.show_frame)
        self._is_held = False  # beside its timer, which goes before the map does when a window is taken down
        self.visible, self.opacity = style.SHOWN_AT_FIRST, dict[str, float]()
        self.palette_now, self._is_clear = LIGHT, False
        self.basemaps: tuple[Basemap, ...] = ()
        self.shows_legend = True
        self.is_legend_folded = True  # the panel of layers explains the same
        self._legend_card = QRectF()
        self.explained_too = frozenset[str]()  # what lies over this sheet and is explained with it
        self.selected: LiveCamera | None = None
        self.proposal: LiveCamera | None = None
        self.chosen: frozenset[str] = frozenset()  # cameras that are selected besides
        self.spot: tuple[float, float] | None = None
        self.lines: tuple[SightLine, ...] = ()  # from cameras that can see the spot
        self.highlight: BaseGeometry | None = None
        self.measure: MeasuredLine | None = None
        self.outline: tuple[tuple[float, float], ...] = ()  # of the box or lasso that is being drawn
        self.frontage: Frontage | None = None  # under the pointer
        self.convergence_deg = 0.0  # true bearing = bearing on the map + convergence
        self.attribution, self.banner = "", ""
        self.is_aiming = False
        self.map_tools: tuple[MapTool, ...] = ()  # tools that paint above the map and may take the mouse, the uppermost last
        self.tool = ""  # that takes the clicks; without one a click selects or asks
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 190)
        self.setAccessibleName("map")
        language.changed.connect(self.update)
        self._draw_anew()

    @property
    def _stacks(self) -> tuple[TileStack, ...]:
        """Return the sheets from the lowest to the highest."""
        return self._ground_tiles, self._sight_tiles, self._top_tiles

    # What is shown

    def set_ground(self, ground: DrawnGround) -> None:
        """Show another city."""
        self._ground = ground
        self._draw_ground_anew()

    def set_basemaps(self, basemaps: tuple[Basemap, ...]) -> None:
        """Lay background maps below everything else, the uppermost last."""
        self.basemaps = basemaps
        self._draw_ground_anew()

    @property
    def hillshade(self) -> Hillshade | None:
        """Return the shade that is drawn."""
        return self._ground.hillshade

    def set_hillshade(self, shade: Hillshade | None) -> None:
        """Shade the relief of the ground; None for level ground."""
        if shade is not self._ground.hillshade:
            self.set_ground(replace(self._ground, hillshade=shade))

    def set_overlays(self, overlays: Overlays, dirty_m: Box | None = None) -> None:
        """Show other cones and results; only the dirty ground is drawn anew when it is given."""
        are_cameras_the_same = overlays.symbols is self._overlays.symbols
        self._overlays, self.frontage = overlays, None
        self._draw_sight_anew(dirty_m, with_top=not are_cameras_the_same)

    def set_visible(self, keys: frozenset[str], opacity: Mapping[str, float] | None = None) -> None:
        """Show these layers and no other, each as opaque as it is said to be."""
        self.visible, self.opacity = keys, dict(opacity or {})
        self._draw_anew()

    def use_palette(self, palette: Palette) -> None:
        """Draw everything in other colours."""
        self.palette_now = palette
        self._ground_tiles.use_paper(palette.paper)
        self._draw_anew()
        self.palette_changed.emit()

    @property
    def shown(self) -> ShownMap:
        """Return what is shown in the tiles: the selected camera is left out, since it is drawn live."""
        return ShownMap(self.visible, selected_id(self.selected), self.palette_now, self.opacity)

    def set_selected(self, selected: LiveCamera | None) -> None:
        """Draw a camera live instead of in the tiles; None lets go."""
        before, self.selected = self.selected, selected
        if selected_id(before) != selected_id(selected):
            self._draw_sight_anew(united(_ground_of(before), _ground_of(selected)))
        self.update()

    def mark_spot(self, spot: tuple[float, float] | None) -> None:
        """Mark the spot that is asked about, whose lines of sight are not known yet."""
        self.spot, self.lines = spot, ()
        self.update()

    def set_lines(self, lines: tuple[SightLine, ...]) -> None:
        """Draw lines of sight to the spot."""
        self.lines = lines
        self.update()

    def set_highlight(self, geometry: BaseGeometry | None) -> None:
        """Mark where a finding, a part or a street is; None takes the mark away."""
        self.highlight = geometry
        self.update()

    def point_at(self, x_m: float, y_m: float) -> None:
        """Let the pointer strengthen the protected frontage that it is at."""
        is_on = "protected_views" in self.visible
        near_m = NEAR_PX * self.viewport.metres_per_px
        found = self._overlays.frontage_at(x_m, y_m, near_m) if is_on else None
        if found is not self.frontage and not (found is not None and found.is_same(self.frontage)):
            self.frontage = found
            self.update()

    def set_outline(self, corners: tuple[tuple[float, float], ...]) -> None:
        """Draw the box or lasso of a selection; none takes it away."""
        self.outline = corners
        self.update()

    def cameras_inside(self, corners: Sequence[tuple[float, float]]) -> tuple[str, ...]:
        """Return the ids of the cameras on the map that stand inside an outline; none while they are not shown."""
        if len(corners) < LEAST_CORNERS or "cameras" not in self.visible:
            return ()
        symbols = self.camera_symbols
        return tuple(symbols[i].camera_id for i in places_inside([(s.x_m, s.y_m) for s in symbols], corners))

    def set_measure(self, measure: MeasuredLine | None) -> None:
        """Lay a line that is measured; None takes it away."""
        self.measure = measure
        self.update()

    def show_legend(self, is_shown: bool) -> None:
        """Switch the legend."""
        self.shows_legend = is_shown
        self.legend_switched.emit()
        self.update()

    def add_map_tool(self, map_tool: MapTool) -> None:
        """Let a tool paint above the map and take mouse and keys before it."""
        self.map_tools = (*self.map_tools, map_tool)
        self.update()

    def set_tool(self, tool: str) -> None:
        """Let a tool take the clicks."""
        self.tool = tool

    def set_chosen(self, camera_ids: frozenset[str]) -> None:
        """Ring the cameras that are selected besides the one with handles."""
        self.chosen = camera_ids
        self.update()

    def set_proposal(self, proposal: LiveCamera | None) -> None:
        """Draw a camera that is only proposed; None takes it away."""
        self.proposal = proposal
        self.update()

    def _draw_anew(self) -> None:
        self._draw_ground_anew()
        self._draw_sight_anew()

    def _draw_ground_anew(self) -> None:
        ground, shown, basemaps = self._ground, self.shown, self.basemaps

        def draw(painter: QPainter, box_m: Box, scale: float) -> None:
            draw_basemaps(painter, basemaps, shown, box_m, scale)
            draw_ground(painter, ground, shown, box_m, scale)

        self._ground_tiles.set_content(draw)
        self._is_ordered = False
        self._draw_top_anew()

    def _draw_sight_anew(self, dirty_m: Box | None = None, with_top: bool = True) -> None:
        overlays, shown = self._overlays, self.shown
        self._sight_tiles.set_content(
            lambda painter, box_m, scale: draw_overlays(painter, overlays, shown, box_m, scale), dirty_m
        )
        if with_top:
            self._draw_top_anew(dirty_m)
        self.update()

    def _draw_top_anew(self, dirty_m: Box | None = None) -> None:
        """Draw names of streets anew, and the cameras above them."""
        ground, overlays, shown, held = self._ground, self._overlays, self.shown, self.with_handles

        def draw(painter: QPainter, box_m: Box, scale: float) -> None:
            draw_symbols(painter, overlays, shown, box_m, scale)
            near = overlays.symbols_in(box_m)
            spots = tuple(LabelSpot(s.x_m, s.y_m, s.name if s.camera_id != shown.lifted_id else "") for s in near)
            draw_words(painter, Words(ground.names, ground.place_names, spots, held), shown, box_m, scale)

        self._top_tiles.set_content(draw, dirty_m)
        self.update()

    def forget(self) -> None:
        """Drop every tile: another project has other ground under the same numbers."""
        for stack in self._stacks:
            stack.clear()
        self.spot = self.highlight = self.proposal = self.measure = None
        self.lines = ()

    def stop(self) -> None:
        """Wait for the drawing threads before the window goes.

        What waits in their queue runs to nothing: taken out of it, a job would stay for ever, with all that it was to draw.
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

    # Where it looks

    @property
    def has_ground(self) -> bool:
        """Say whether a city is shown."""
        return self._ground.bounds is not None

    def snapped(self, x_m: float, y_m: float, within_m: float) -> tuple[float, float] | None:
        """Return the corner of a building, an area or a street that is so near, else a place on a side of one; None for none."""
        found = [shapes.snapped(x_m, y_m, within_m) for shapes in self._ground.corners]
        near = [each for each in found if each is not None]
        best = min(near, key=lambda each: (not each[2], math.hypot(each[0] - x_m, each[1] - y_m)), default=None)
        return best[:2] if best is not None else None

    def has_ground_near(self, geometry: BaseGeometry) -> bool:
        """Say whether something lies in the city that is shown or near its edge."""
        around = self._ground.bounds
        return around is not None and not geometry.is_empty and overlap(geometry.bounds, grown(around, EDGE_M))

    def show_box(self, box_m: Box, least_m: float = 0.0) -> None:
        """Bring a box into view, with at least so much ground around its middle."""
        x, y, half = (box_m[0] + box_m[2]) / 2, (box_m[1] + box_m[3]) / 2, least_m / 2
        box_m = united(box_m, (x - half, y - half, x + half, y + half)) or box_m
        self._look(
            self.viewport.fitted(
                (min(box_m[0], x - half), min(box_m[1], y - half), max(box_m[2], x + half), max(box_m[3], y + half))
            )
        )

    def show_finding(self, geometry: BaseGeometry | None, camera_m: tuple[float, float] | None) -> None:
        """Bring a finding into view together with its camera."""
        at = (*camera_m, *camera_m) if camera_m is not None else None
        box_m = united(bounds_of([geometry]), at)
        if box_m is not None:
            self.show_box(box_m, least_m=120.0)

    @property
    def view_now(self) -> tuple[float, float, float]:
        """Return the middle of what is shown and how much ground is shown across, in metres."""
        return self.viewport.x_m, self.viewport.y_m, self.viewport.width_px * self.viewport.metres_per_px

    def show_view(self, x_m: float, y_m: float, width_m: float) -> None:
        """Bring a place into the middle, with at least so much ground across."""
        self._look(self.viewport.fitted((x_m - width_m / 2, y_m, x_m + width_m / 2, y_m), margin=1.0))

    def show_all(self) -> None:
        """Bring the whole city into view."""
        if self._ground.bounds is not None:
            self._look(self.viewport.fitted(self._ground.bounds))

    def zoom(self, steps: int, x_px: float | None = None, y_px: float | None = None) -> None:
        """Go some levels closer, or farther."""
        self._look(self.viewport.zoomed(steps, x_px, y_px))

    def _look(self, viewport: Viewport) -> None:
        self.viewport = viewport
        self.viewport_changed.emit()
        self.update()

    # Painting

    def hold_frame(self) -> None:
        """Paint nothing until :meth:`show_frame`, or for a moment: what was painted now would be painted over at once."""
        self._is_held = True
        self._held.start()

    def show_frame(self) -> None:
        """Paint what was held back."""
        if self._is_held:
            self._is_held = False
            self._held.stop()
            self.update()

    def update(self) -> None:  # type: ignore[override]  # of the whole map, as everybody here wishes
        """Wish for a frame; one that is held comes later."""
        if not self._is_held and isValid(self):  # a tile may become ready when the map is gone
            super().update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint tiles, then what is live, then what stands on the edge; threads that draw tiles wait meanwhile."""
        turn_s = sys.getswitchinterval()
        sys.setswitchinterval(FRAME_S)
        try:
            self._paint()
        finally:
            sys.setswitchinterval(turn_s)

    def _paint(self) -> None:
        edge = self._edge.picture(self)
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette_now.paper)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for stack in self._stacks:
            stack.paint(painter, self.viewport)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_live(painter)
        for map_tool in self.map_tools:
            map_tool.paint(painter, self.viewport)
        write_held(painter, self.with_handles, self.shown, self.viewport.box_m, self.viewport.metres_per_px)
        painter.drawImage(0, 0, edge)
        painter.end()
        for stack in self._stacks:  # when the frame is done: threads that begin with a tile would take Python from it
            stack.order(self.devicePixelRatioF())
        self._is_ordered = True

    def _paint_live(self, painter: QPainter) -> None:
        box, scale = self.viewport.box_m, self.viewport.metres_per_px
        if self.selected is not None and self.selected.seen is not None:
            draw_live(painter, self.selected.seen, (box[0], box[3]), scale, self.palette_now)
            if "night" in self.visible:
                draw_live_night(painter, self.selected.seen, (box[0], box[3]), scale, self.palette_now)
            if "protected_views" in self.visible:
                self._paint_views(painter, self.selected)
        if self.frontage is not None:
            draw_frontage(painter, self.frontage, (box[0], box[3]), scale, self.palette_now)
        if self.proposal is not None:
            self._paint_proposal(painter, self.proposal)
        if self.highlight is not None:  # above the cone, which would dim it
            painter.setPen(QPen(self.palette_now.accent, 3.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            shown = visible(self.highlight, style.POINT_PX * scale)
            painter.drawPath(geometry_path(shown, (box[0], box[3]), 1 / scale))
        for symbol in self._overlays.symbols_in(grown(box, SYMBOL_M)) if self.chosen else ():
            if symbol.camera_id in self.chosen:
                draw_ring(painter, QPointF(*self.viewport.to_screen(symbol.x_m, symbol.y_m)), self.palette_now)
        self._paint_marks(painter)

    def _paint_marks(self, painter: QPainter) -> None:
        """Paint handles and what a person points at, asks about or measures."""
        if self.selected is not None:
            self._paint_selected(painter, self.selected.symbol)
        if self.outline:
            draw_outline(painter, [QPointF(*self.viewport.to_screen(*corner)) for corner in self.outline], self.palette_now)
        if self.is_aiming:
            draw_aim(painter, QPointF(self.rect().center()), self.palette_now)
        if self.measure is not None and self.measure.points:
            corners = [QPointF(*self.viewport.to_screen(*point)) for point in self.measure.line]
            draw_measure(
                painter, corners, measure_text(self.measure, self._say.translations, self.convergence_deg), self.palette_now
            )
        if self.spot is not None:
            for line in self.lines:
                ends = QPointF(*self.viewport.to_screen(line.x_m, line.y_m)), QPointF(*self.viewport.to_screen(*self.spot))
                draw_sight_line(painter, *ends, line.is_certain, self.palette_now)
            draw_spot(painter, QPointF(*self.viewport.to_screen(*self.spot)), self.palette_now)

    def _paint_views(self, painter: QPainter, selected: LiveCamera) -> None:
        """Paint the protected views of the selected camera above its own cone, which would dim them."""
        box, scale = self.viewport.box_m, self.viewport.metres_per_px
        if selected.views is None:
            draw_recorded_views(painter, self._overlays, selected_id(selected), (box[0], box[3]), scale, self.palette_now)
        else:
            outlines = selected.seen.outlines if selected.seen is not None else LiveOutlines()
            draw_live_views(painter, selected.views, outlines, (box[0], box[3]), scale, self.palette_now)

    def _paint_proposal(self, painter: QPainter, proposal: LiveCamera) -> None:
        box, scale = self.viewport.box_m, self.viewport.metres_per_px
        if proposal.seen is not None:
            draw_live(painter, proposal.seen, (box[0], box[3]), scale, self.palette_now)
        at = QPointF(*self.viewport.to_screen(proposal.symbol.x_m, proposal.symbol.y_m))
        painter.setPen(QPen(self.palette_now.accent, 1.6, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(at, 14.0, 14.0)
        draw_symbol(painter, at, proposal.symbol, 6.0, self.palette_now.planned, self.palette_now)

    def _paint_selected(self, painter: QPainter, symbol: Symbol) -> None:
        at = QPointF(*self.viewport.to_screen(symbol.x_m, symbol.y_m))
        draw_ring(painter, at, self.palette_now)
        radius_px = max(symbol_radius_px(self.viewport.metres_per_px), 5.0)
        draw_symbol(painter, at, symbol, radius_px, colours=self.palette_now)

    @property
    def with_handles(self) -> Held | None:
        """Return the selected camera, if it has a name to be written."""
        symbol = self.selected.symbol if self.selected is not None else None
        if symbol is None or not symbol.name:
            return None
        return Held(LabelSpot(symbol.x_m, symbol.y_m, symbol.name), symbol.bearing_deg or 0.0)

    def edge_key(self) -> Hashable:
        """Return all that what stands on the edge is painted from."""
        about = (self.width(), self.height(), self.devicePixelRatioF(), self.viewport.metres_per_px, self.convergence_deg)
        words = (self.attribution, self.banner, self._say.code, self.font().key())
        return about, words, id(self.palette_now), self.has_ground, self.shows_legend, self.is_legend_folded, self._contents()

    def paint_edge(self, painter: QPainter) -> None:
        """Paint scale bar, attribution, legend, north and the mark of fictitious data."""
        edge, width, height, colours = decorations.EDGE_PX, self.width(), self.height(), self.palette_now
        if self._ground.bounds is not None:
            decorations.draw_scale_bar(painter, QPointF(edge + 6, height - edge - 4), self.viewport.metres_per_px, colours)
        decorations.draw_attribution(painter, QPointF(width - edge, height - edge), self.attribution, colours)
        self._legend_card = self.paint_legend(painter, QPointF(width - edge, height - edge - 26))
        if self._ground.bounds is not None:
            middle = QPointF(width - edge - 16, edge + 22 + self.top_px)
            decorations.draw_north(painter, middle, -self.convergence_deg, self._say(NORTH), colours)
        if self.banner:
            decorations.draw_banner(painter, width, self._say(self.banner))

    @property
    def top_px(self) -> float:
        """Return how much of the map's top the line about fictitious data takes."""
        return decorations.BANNER_PX if self.banner else 0.0

    def paint_legend(self, painter: QPainter, corner: QPointF) -> QRectF:
        """Paint the legend, folded or open, its lower right end at the corner, and return its card."""
        contents = self._contents()
        if not self.shows_legend or not contents:
            return QRectF()
        if self.is_legend_folded:
            return decorations.draw_folded_legend(painter, corner, self._say, self.palette_now)
        return decorations.draw_legend(painter, corner, contents, self._say, self.palette_now)

    def is_on_legend(self, at: QPointF) -> bool:
        """Say whether a point of the widget lies on the legend."""
        return self._legend_card.contains(at)

    def fold_legend(self) -> None:
        """Fold the legend to a word, or open it again."""
        self.is_legend_folded = not self.is_legend_folded
        self.update()

    def _contents(self) -> frozenset[str]:
        """Return what the legend must explain: the tiles, and the cone of the selected camera."""
        seen = self.selected.seen if self.selected is not None else None
        live = frozenset(LIVE[one.reach] for one in seen.drawn) if seen is not None else frozenset()
        night = {"night"} & self.visible if seen is not None and seen.night is not None else set()
        proposed = {"proposed"} if self.proposal is not None else set()
        ground = self._ground.contents(self.visible, self.viewport.metres_per_px)
        return self._overlays.contents(self.visible) | ground | live | night | proposed | self.explained_too

    @property
    def contents(self) -> frozenset[str]:
        """Return what the legend of this sheet explains."""
        return self._contents()

    @property
    def overlays(self) -> Overlays:
        """Return what is drawn above the ground."""
        return self._overlays

    @property
    def camera_symbols(self) -> tuple[Symbol, ...]:
        """Return the cameras on the map as they are drawn."""
        return self._overlays.symbols

    def camera_at(self, at: QPointF) -> Symbol | None:
        """Return the nearest camera within reach of the pointer."""
        x0, y0 = self.viewport.to_world(at.x() - GRAB_PX, at.y() + GRAB_PX)
        x1, y1 = self.viewport.to_world(at.x() + GRAB_PX, at.y() - GRAB_PX)
        selected = [self.selected.symbol] if self.selected is not None else []
        others = self._overlays.symbols_in((x0, y0, x1, y1)) if "cameras" in self.visible else []
        lifted = selected_id(self.selected)
        near = [s for s in selected if x0 <= s.x_m <= x1 and y0 <= s.y_m <= y1] + [s for s in others if s.camera_id != lifted]
        x, y = self.viewport.to_world(at.x(), at.y())
        return min(near, key=lambda s: (s.x_m - x) ** 2 + (s.y_m - y) ** 2, default=None)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Turn dark with the window, and light again; write names as large as its letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._draw_top_anew()
        if event.type() == QEvent.Type.PaletteChange:
            self._follow_theme()

    def use_clear_colours(self, on: bool) -> None:
        """Draw in the colours that colour-blind people tell apart best, or in the usual ones."""
        self._is_clear = on
        self._follow_theme()

    def _follow_theme(self) -> None:
        palette = palette_for(is_dark(), self._is_clear)
        if palette is not self.palette_now:
            self.use_palette(palette)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the middle where it is."""
        self._look(self.viewport.resized(event.size().width(), event.size().height()))


def _ground_of(selected: LiveCamera | None) -> Box | None:
    """Return the ground that is drawn otherwise while a camera is drawn live; None for no camera."""
    if selected is None:
        return None
    at = selected.symbol.x_m, selected.symbol.y_m
    here = grown((*at, *at), SYMBOL_M)
    return united(here, seen_bounds(selected.seen) if selected.seen is not None else None)


def selected_id(selected: LiveCamera | None) -> str:
    """Return the id of the selected camera, empty for none."""
    return selected.symbol.camera_id if selected is not None else ""
