"""Small pictures of the map: what each layer looks like, and what cameras would show."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIcon, QImage, QPainter, QPixmap

from lhasaplan.app.map.decorations import LegendRow, draw_swatch, legend_rows
from lhasaplan.app.map.style import Palette
from lhasaplan.core.base.translations import marked

if TYPE_CHECKING:
    from lhasaplan.core.picture.painting import Bytes

# Pictures of cameras as images of the screen.


def image_of(rgb: "Bytes") -> QImage:
    """Return the colours of a picture, shape (rows, columns, 3), as an image of its own memory."""
    rows, columns, _ = rgb.shape
    return QImage(rgb.tobytes(), columns, rows, 3 * columns, QImage.Format.Format_RGB888).copy()


WIDTH_PX, HEIGHT_PX, DENSE = 26, 14, 2.0
# Which lines of the legend a layer has, where it is not the one of its own name.
LINES = {
    "cameras": ("cameras", "planned", "proposed"),
    "protected_views": ("view_error", "view_due", "view_note", "view_beyond"),
}


def swatches_of(layer: str, palette: Palette, say: Callable[[str], str]) -> list[tuple[str, QIcon]]:
    """Return sentence and picture of everything that a layer draws; a layer of words has none."""
    rows = {row.content: row for row in (*legend_rows(palette), *_plain_rows(palette))}
    return [(say(rows[line].template), _icon(rows[line], palette)) for line in LINES.get(layer, (layer,)) if line in rows]


def _plain_rows(palette: Palette) -> tuple[LegendRow, ...]:
    """Return lines for what the legend on the map need not explain."""
    return (
        LegendRow("buildings", marked("Buildings"), palette.building_fills, palette.building_line),
        LegendRow("roads", marked("Roads"), (palette.roads["primary"], palette.roads["street"]), palette.road_edge),
        LegendRow("places", marked("Ground and water"), (palette.cover["green"], palette.cover["water"])),
        LegendRow("trees", marked("Trees"), (palette.tree_fill,), dot=True),
    )


def _icon(row: LegendRow, palette: Palette) -> QIcon:
    pixmap = QPixmap(round(WIDTH_PX * DENSE), round(HEIGHT_PX * DENSE))
    pixmap.setDevicePixelRatio(DENSE)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if not row.dot and not row.board:
        painter.fillRect(QRectF(0, 0, WIDTH_PX, HEIGHT_PX), palette.paper)
    draw_swatch(painter, row, QRectF(1, 2, WIDTH_PX - 2, HEIGHT_PX - 4), palette)
    painter.end()
    return QIcon(pixmap)
