"""The map canvas without mouse and keys: what it shows and where it looks, painted as tiles, live marks and an edge."""

import sys
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget
from shapely.geometry.base import BaseGeometry
from shiboken6 import isValid

from lhasaplan.app.look import Language, is_dark
from lhasaplan.app.map import decorations, style
from lhasaplan.app.map.cones import Overlays, Symbol
from lhasaplan.app.map.decorations import Edge
from lhasaplan.app.map.ground import DrawnGround
from lhasaplan.app.map.live import LiveCamera, LiveMarks, SightLine, draw_aim
from lhasaplan.app.map.measuring import MeasuredLine, measure_text
from lhasaplan.app.map.painter import MapTool, ShownMap, sheet_of
from lhasaplan.app.map.rasters import Basemap, Hillshade
from lhasaplan.app.map.shapes import bounds_of, places_inside
from lhasaplan.app.map.style import LIGHT, Palette, palette_for
from lhasaplan.app.map.tiles import MapTiles
from lhasaplan.app.map.viewport import Box, Viewport, united
from lhasaplan.app.map.words_on_map import write_held
from lhasaplan.core.base.translations import marked

# How long a frame keeps Python to itself: handed over and fetched back it would wait for each line of a tile. It is the longest,
# too, that it waits to have it back where Qt let go of it.
FRAME_S = 0.006
HELD_MS = 50  # for which a frame may wait for the cone of a camera that is dragged
GRAB_PX = 11.0
LEAST_CORNERS = 3  # of an outline with an inside
NEAR_PX = 6.0  # how near the pointer must come to a line
NORTH = marked("N")


class MapSheet(QWidget):
    """Shows the map; :class:`lhasaplan.app.map.MapCanvas` adds mouse and keys."""

    viewport_changed = Signal()
    legend_switched = Signal()
    palette_changed = Signal()

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self._tiles = MapTiles(self, LIGHT.paper)
        self.viewport = Viewport()
        self.ground, self.overlays, self.marks = DrawnGround(), Overlays(), LiveMarks()
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

    # What is shown

    def set_ground(self, ground: DrawnGround) -> None:
        """Show another city."""
        self.ground = ground
        self._draw_ground_anew()

    def set_basemaps(self, basemaps: tuple[Basemap, ...]) -> None:
        """Lay background maps below everything else, the uppermost last."""
        self.basemaps = basemaps
        self._draw_ground_anew()

    def set_hillshade(self, shade: Hillshade | None) -> None:
        """Shade the relief of the ground; None for level ground."""
        if shade is not self.ground.hillshade:
            self.set_ground(replace(self.ground, hillshade=shade))

    def set_overlays(self, overlays: Overlays, dirty_m: Box | None = None) -> None:
        """Show other cones and results; only the dirty ground is drawn anew when it is given."""
        are_cameras_the_same = overlays.symbols is self.overlays.symbols
        self.overlays, self.marks.frontage = overlays, None
        self._draw_sight_anew(dirty_m, with_top=not are_cameras_the_same)

    def set_visible(self, keys: frozenset[str], opacity: Mapping[str, float] | None = None) -> None:
        """Show these layers and no other, each as opaque as it is said to be."""
        self.visible, self.opacity = keys, dict(opacity or {})
        self._draw_anew()

    def use_palette(self, palette: Palette) -> None:
        """Draw everything in other colours."""
        self.palette_now = palette
        self._draw_anew()
        self.palette_changed.emit()

    @property
    def shown(self) -> ShownMap:
        """Return what is shown in the tiles: the selected camera is left out, since it is drawn live."""
        return ShownMap(self.visible, self.marks.selected_id, self.palette_now, self.opacity)

    def set_selected(self, selected: LiveCamera | None) -> None:
        """Draw a camera live instead of in the tiles; None lets go."""
        before, self.marks.selected = self.marks.selected, selected
        if (before.symbol.camera_id if before is not None else "") != self.marks.selected_id:
            ground = [each.ground_m if each is not None else None for each in (before, selected)]
            self._draw_sight_anew(united(*ground))
        self.update()

    def mark_spot(self, spot: tuple[float, float] | None) -> None:
        """Mark the spot that is asked about, whose lines of sight are not known yet."""
        self.marks.spot, self.marks.lines = spot, ()
        self.update()

    def set_lines(self, lines: tuple[SightLine, ...]) -> None:
        """Draw lines of sight to the spot."""
        self.marks.lines = lines
        self.update()

    def set_highlight(self, geometry: BaseGeometry | None) -> None:
        """Mark where a finding, a part or a street is; None takes the mark away."""
        self.marks.highlight = geometry
        self.update()

    def point_at(self, x_m: float, y_m: float) -> None:
        """Let the pointer strengthen the protected frontage that it is at."""
        is_on = "protected_views" in self.visible
        near_m = NEAR_PX * self.viewport.metres_per_px
        found, before = self.overlays.frontage_at(x_m, y_m, near_m) if is_on else None, self.marks.frontage
        if found is not before and not (found is not None and found.is_same(before)):
            self.marks.frontage = found
            self.update()

    def set_outline(self, corners: tuple[tuple[float, float], ...]) -> None:
        """Draw the box or lasso of a selection; none takes it away."""
        self.marks.outline = corners
        self.update()

    def cameras_inside(self, corners: Sequence[tuple[float, float]]) -> tuple[str, ...]:
        """Return the ids of the cameras on the map that stand inside an outline; none while they are not shown."""
        if len(corners) < LEAST_CORNERS or "cameras" not in self.visible:
            return ()
        symbols = self.overlays.symbols
        return tuple(symbols[i].camera_id for i in places_inside([(s.x_m, s.y_m) for s in symbols], corners))

    def set_measure(self, measure: MeasuredLine | None) -> None:
        """Lay a line that is measured; None takes it away."""
        self.marks.measure = measure
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
        self.marks.chosen = camera_ids
        self.update()

    def set_proposal(self, proposal: LiveCamera | None) -> None:
        """Draw a camera that is only proposed; None takes it away."""
        self.marks.proposal = proposal
        self.update()

    def _draw_anew(self) -> None:
        self._draw_ground_anew()
        self._draw_sight_anew()

    def _draw_ground_anew(self) -> None:
        self._tiles.draw_ground(self.ground, self.basemaps, self.shown)
        self._draw_top_anew()

    def _draw_sight_anew(self, dirty_m: Box | None = None, with_top: bool = True) -> None:
        self._tiles.draw_sight(self.overlays, self.shown, dirty_m)
        if with_top:
            self._draw_top_anew(dirty_m)
        self.update()

    def _draw_top_anew(self, dirty_m: Box | None = None) -> None:
        """Draw names of streets anew, and the cameras above them."""
        self._tiles.draw_top(self.ground, self.overlays, self.shown, self.marks.held, dirty_m)
        self.update()

    def forget(self) -> None:
        """Drop every tile and mark but the selected camera: another project has other ground under the same numbers."""
        self._tiles.clear()
        self.marks.spot = self.marks.highlight = self.marks.proposal = self.marks.measure = None
        self.marks.lines = ()

    def stop(self) -> None:
        """Wait for the drawing thread before the window goes."""
        self._tiles.stop()

    @property
    def is_pending(self) -> bool:
        """Say whether tiles are still being drawn."""
        return self._tiles.is_pending

    @property
    def is_whole(self) -> bool:
        """Say whether the map was painted since anything of it changed, and no tile is being drawn; it may look elsewhere."""
        return self._tiles.is_whole

    # Where it looks

    @property
    def has_ground(self) -> bool:
        """Say whether a city is shown."""
        return self.ground.bounds is not None

    def show_box(self, box_m: Box, least_m: float = 0.0) -> None:
        """Bring a box into view, with at least so much ground around its middle."""
        x, y, half = (box_m[0] + box_m[2]) / 2, (box_m[1] + box_m[3]) / 2, least_m / 2
        self._look(self.viewport.fitted(united(box_m, (x - half, y - half, x + half, y + half)) or box_m))

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
        if self.ground.bounds is not None:
            self._look(self.viewport.fitted(self.ground.bounds))

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
        edge, shown, view = self._edge.picture(self), self.shown, self.viewport
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette_now.paper)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._tiles.paint(painter, view)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = sheet_of(painter, shown, view.box_m, view.metres_per_px)
        self.marks.paint_cones(sheet, shown, self.overlays)
        self._tiles.paint_top(painter, view)
        self.marks.paint(sheet, self.overlays, self._measured())
        if self.is_aiming:
            draw_aim(painter, QPointF(self.rect().center()), self.palette_now)
        for map_tool in self.map_tools:
            map_tool.paint(painter, view)
        write_held(painter, self.marks.held, shown, view.box_m, view.metres_per_px)
        painter.drawImage(0, 0, edge)
        painter.end()
        self._tiles.order(self.devicePixelRatioF())  # when the frame is done: a thread that begins with a tile would take Python

    def _measured(self) -> str:
        line = self.marks.measure
        return measure_text(line, self._say.translations, self.convergence_deg) if line is not None and line.points else ""

    def edge_key(self) -> Hashable:
        """Return all that what stands on the edge is painted from."""
        about = (self.width(), self.height(), self.devicePixelRatioF(), self.viewport.metres_per_px, self.convergence_deg)
        words = (self.attribution, self.banner, self._say.code, self.font().key())
        return about, words, id(self.palette_now), self.has_ground, self.shows_legend, self.is_legend_folded, self.contents

    def paint_edge(self, painter: QPainter) -> None:
        """Paint scale bar, attribution, legend, north and the mark of fictitious data."""
        edge, width, height, colours = decorations.EDGE_PX, self.width(), self.height(), self.palette_now
        if self.ground.bounds is not None:
            decorations.draw_scale_bar(painter, QPointF(edge + 6, height - edge - 4), self.viewport.metres_per_px, colours)
        decorations.draw_attribution(painter, QPointF(width - edge, height - edge), self.attribution, colours)
        self._legend_card = self.paint_legend(painter, QPointF(width - edge, height - edge - 26))
        if self.ground.bounds is not None:
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
        contents = self.contents
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

    @property
    def contents(self) -> frozenset[str]:
        """Return what the legend must explain: the tiles, and the cameras that are drawn live."""
        ground = self.ground.contents(self.visible, self.viewport.metres_per_px)
        return self.overlays.contents(self.visible) | ground | self.marks.contents(self.visible) | self.explained_too

    def camera_at(self, at: QPointF) -> Symbol | None:
        """Return the nearest camera within reach of the pointer."""
        x0, y0 = self.viewport.to_world(at.x() - GRAB_PX, at.y() + GRAB_PX)
        x1, y1 = self.viewport.to_world(at.x() + GRAB_PX, at.y() - GRAB_PX)
        selected = [self.marks.selected.symbol] if self.marks.selected is not None else []
        others = self.overlays.symbols_in((x0, y0, x1, y1)) if "cameras" in self.visible else []
        near = [s for s in selected if x0 <= s.x_m <= x1 and y0 <= s.y_m <= y1]
        near += [s for s in others if s.camera_id != self.marks.selected_id]
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
