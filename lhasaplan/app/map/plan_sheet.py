"""A sheet that shows one plan beside another: a part of the map's window on the ground, with the plan's name."""

from collections.abc import Hashable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lhasaplan.app.look.language import Language
from lhasaplan.app.map import decorations
from lhasaplan.app.map.sheet import NORTH, MapSheet
from lhasaplan.app.map.viewport import Viewport

NAME_PX, HANDLE_PX, EDGE_PX = 26.0, 15.0, 10.0
NORTH_PX, LEAST_NAME_PX = 34.0, 40.0  # what the arrow takes; less than this no name is squeezed into


class ComparedSheet(MapSheet):
    """Lies over the map; the mouse passes through to it."""

    def __init__(self, over: MapSheet, language: Language, *, is_left: bool) -> None:
        super().__init__(language)
        self.setParent(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setMinimumSize(0, 0)
        self.setAccessibleName("plan")
        self.is_left, self.name, self._over = is_left, "", over

    def show_layers_of(self, sheet: MapSheet) -> None:
        """Show the layers that another sheet shows, as it shows them."""
        self.use_palette(sheet.palette_now)
        self.set_visible(sheet.visible, sheet.opacity)

    def lay(self, box_px: QRectF, viewport: Viewport) -> None:
        """Lie over a part of a map and show the ground that the map has there."""
        self.setGeometry(box_px.toRect())
        middle = viewport.to_world(box_px.center().x(), box_px.center().y())
        self._look(replace(viewport, x_m=middle[0], y_m=middle[1], width_px=self.width(), height_px=self.height()))

    def edge_key(self) -> Hashable:
        """Return all that this side is painted from, the map below with it."""
        return super().edge_key(), self._over.edge_key(), self.name, self.x(), self.y()

    def paint_edge(self, painter: QPainter) -> None:
        """Paint what stands at this side: scale or attribution, legend, the plan's name, half of the line's handle."""
        edge, width, height = decorations.EDGE_PX, self.width(), self.height()
        if self.is_left:
            decorations.draw_scale_bar(
                painter, QPointF(edge + 6, height - edge - 4), self.viewport.metres_per_px, self.palette_now
            )
        else:
            decorations.draw_attribution(painter, QPointF(width - edge, height - edge), self._over.attribution, self.palette_now)
            at, lean_deg = QPointF(width - edge - 16, edge + 22), -self._over.convergence_deg
            decorations.draw_north(painter, at, lean_deg, self._say(NORTH), self.palette_now)
        corner = QPointF(self._over.width() - edge - self.x(), self._over.height() - edge - 26 - self.y())
        self._over.paint_legend(painter, corner)  # goes on where the line cuts it, and opens by a click on the map below
        self._paint_name(painter, width)
        self._paint_line(painter, QPointF(width if self.is_left else 0, height / 2))

    def _paint_name(self, painter: QPainter, width: float) -> None:
        """Write the plan's name beside the line, wrapped where there is little room, and never over the arrow to the north."""
        room = max(width - 6 * EDGE_PX - (0.0 if self.is_left else NORTH_PX), LEAST_NAME_PX)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        needed = painter.boundingRect(QRectF(0, 0, room, self.height()), int(flags), self.name)
        across, high = needed.width() + 2 * EDGE_PX, max(needed.height() + EDGE_PX / 2, NAME_PX)
        left = width - across - HANDLE_PX if self.is_left else HANDLE_PX
        card = QRectF(left, EDGE_PX, across, high)
        decorations.draw_card(painter, card, self.palette_now)
        painter.setPen(self.palette_now.ink)
        painter.drawText(card, int(flags), self.name)

    def _paint_line(self, painter: QPainter, at: QPointF) -> None:
        painter.setPen(QPen(self.palette_now.accent, 3.0))
        painter.drawLine(QPointF(at.x(), 0), QPointF(at.x(), self.height()))
        painter.setPen(QPen(QColor("#ffffff"), 2.0))
        painter.setBrush(self.palette_now.accent)
        painter.drawEllipse(at, HANDLE_PX, HANDLE_PX)
        way = -1.0 if self.is_left else 1.0
        tip = at + QPointF(way * 9.0, 0)
        painter.drawPolyline([tip + QPointF(-way * 4.0, -5.0), tip, tip + QPointF(-way * 4.0, 5.0)])
