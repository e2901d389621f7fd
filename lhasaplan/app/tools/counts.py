"""The tool that shows how many cameras see each place, and writes onto the map how many show each confirmed part."""

from functools import partial

from PySide6.QtCore import QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Switch, Tool, ToolCondition
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.map.painter import MapTool
from lhasaplan.app.map.style import BY_DAY, INSTEAD, LIGHT
from lhasaplan.app.map.viewport import Viewport
from lhasaplan.core.base.translations import marked
from lhasaplan.core.results.assessment import Assessment

# Round badges with numbers: how many cameras show each confirmed part, as the last results have it.

RADIUS_PX = 11.0
WORDS = QColor("#ffffff")
Count = tuple[float, float, int]  # where, and how many


class CountBadges(QObject, MapTool):
    """Painted above the map while it is on and the results are of the project as it is."""

    turned = Signal()

    def __init__(self, bench: Workbench) -> None:
        QObject.__init__(self)
        self._session, self._canvas = bench.session, bench.canvas
        self.is_on = False
        self._of: Assessment | None = None  # the results whose parts were counted last
        self._counted: tuple[Count, ...] = ()
        bench.canvas.add_map_tool(self)

    @property
    def counts(self) -> tuple[Count, ...]:
        """Return the middle of each part and how many cameras show it."""
        results = self._session.current_results
        if results is not self._of:  # asked with every painting
            self._of, self._counted = results, _counted(results)
        return self._counted

    def turn(self, on: bool) -> None:
        """Write the counts onto the map, or take them away."""
        self.is_on = on
        self._canvas.update()
        self.turned.emit()

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint above the map."""
        for x_m, y_m, count in self.counts if self.is_on else ():
            at = QPointF(*viewport.to_screen(x_m, y_m))
            painter.setPen(QPen(WORDS, 1.5))
            painter.setBrush(LIGHT.part if count else LIGHT.gap_line)  # white figures are read on these
            painter.drawEllipse(at, RADIUS_PX, RADIUS_PX)
            box = QRectF(at.x() - RADIUS_PX, at.y() - RADIUS_PX, 2 * RADIUS_PX, 2 * RADIUS_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(count))


def _counted(results: Assessment | None) -> tuple[Count, ...]:
    parts = results.parts or () if results is not None else ()
    middles = ((one.part.geometry.representative_point(), len(one.cameras)) for one in parts)
    return tuple((float(middle.x), float(middle.y), count) for middle, count in middles)


KEY, VIEW = "counts", marked("&View")


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench; outside the gate there are no parts, so that nothing is counted."""
    session, badges = bench.session, CountBadges(bench)
    news = (session.assessment_changed, session.project_changed)
    switch = Switch(badges.turn, lambda: badges.is_on, badges.turned)
    has_parts = ToolCondition(lambda: bool(badges.counts), news)
    shown = session.shown
    everywhere = Switch(partial(shown.put_instead, KEY, BY_DAY, INSTEAD), partial(shown.is_instead, KEY, BY_DAY), shown.changed)
    on_map = Entry("count_map", marked("How many cameras see each &place"), everywhere, "Ctrl+Shift+M")
    entry = Entry(KEY, marked("&Count of cameras at each part"), switch, "Ctrl+Shift+C", has_parts)
    return Tool(KEY, entries=((VIEW, on_map), (VIEW, entry)), commands=badges)
