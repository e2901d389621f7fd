"""What stands on the map's edge: scale bar, north arrow, legend, attribution, mark of fictitious data; and pictures of layers."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QIcon, QImage, QLinearGradient, QPainter, QPen, QPixmap, QPolygonF

from lhasaplan.app.map import style
from lhasaplan.app.map.ground import draw_sign
from lhasaplan.app.map.style import LIGHT, Palette
from lhasaplan.core.base.translations import marked
from lhasaplan.core.results.finding import Severity

if TYPE_CHECKING:
    from lhasaplan.core.picture.painting import Bytes


# What stands on the edge of a map as a picture, painted anew when something of it changes and not with each frame.
class Edged(Protocol):
    """A map with something on its edge."""

    def edge_key(self) -> Hashable:
        """Return all that the edge is painted from."""

    def paint_edge(self, painter: QPainter) -> None:
        """Paint it."""

    def width(self) -> int:
        """Return the width in pixels of the widget."""

    def height(self) -> int:
        """Return the height in pixels of the widget."""

    def devicePixelRatioF(self) -> float:  # noqa: N802 - Qt's name
        """Return pixels of the screen for one of the widget."""

    def font(self) -> QFont:
        """Return the font of the widget."""


class Edge:
    """The picture and what it was painted from."""

    def __init__(self) -> None:
        self._picture = QImage()
        self._of: Hashable = None

    def picture(self, of: Edged) -> QImage:
        """Return the edge of a map as it is now."""
        key = of.edge_key()
        if key != self._of:
            self._picture, self._of = _painted(of), key
        return self._picture


def _painted(of: Edged) -> QImage:
    dpr = of.devicePixelRatioF()
    picture = QImage(round(of.width() * dpr), round(of.height() * dpr), QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(dpr)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setFont(of.font())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    of.paint_edge(painter)
    painter.end()
    return picture


EDGE_PX = 12.0
NORTH_WIDE_PX, NORTH_HIGH_PX = 32.0, 44.0
ROW_PX = 20.0
SWATCH_PX = 26.0
BANNER_PX = 24.0
FOLDED = marked("Legend ▸")


@dataclass(frozen=True, slots=True)
class LegendRow:
    """One line of the legend: swatch and text. Several ``fills`` stand side by side."""

    content: str  # what must be on the map for the line to be needed
    template: str
    fills: tuple[QColor, ...] = ()
    line: QColor | None = None
    hatch: QColor | None = None
    leans_back: bool = False  # the hatch
    dashed: bool = False
    width_px: float = 1.2
    dot: bool = False
    board: bool = False
    blends: bool = False  # the fills pass into each other


def _frontage_px(grade: Severity) -> float:
    return 2.2 * style.GRADE_WIDTH[grade]


def legend_rows(colours: Palette) -> tuple[LegendRow, ...]:
    """Return all lines that a legend may have, in the colours of a palette."""
    edge = colours.possible_edge
    return (
        LegendRow("cameras", marked("Camera in operation"), (colours.camera,), dot=True),
        LegendRow("planned", marked("Camera planned"), (colours.planned,), dot=True),
        LegendRow("going", marked("Camera removed by the plan"), (colours.going,), dot=True),
        LegendRow("proposed", marked("Computed change, not planned"), (colours.planned,), colours.accent, dot=True),
        LegendRow("certain", marked("Seen for certain: from 25 to 250 px/m"), colours.ramp, blends=True),
        LegendRow("possible", marked("Possibly seen: any lens within the limits, ask the controller"), (colours.possible,), edge),
        LegendRow("far", marked("Possibly seen: sweep of a pan-tilt"), (colours.far,), edge),
        LegendRow("not_mapped", marked("Not mapped: no building within 100 m"), hatch=colours.not_mapped),
        LegendRow("surveys", marked("Where nobody looked for cameras"), hatch=colours.not_mapped, leans_back=True),
        LegendRow("night", marked("Seen at night, by infrared"), (colours.night,)),
        LegendRow("counts", marked("Cameras that see a place: 1, 2, 3–4, 5–9, 10 or more"), colours.counts),
        LegendRow(
            "view_error", marked("View of a protected place: severe"), line=colours.severe, width_px=_frontage_px(Severity.ERROR)
        ),
        LegendRow("view_due", marked("View of a protected place: due"), line=colours.due, width_px=_frontage_px(Severity.DUE)),
        LegendRow(
            "view_note", marked("View of a protected place: note"), line=colours.note, width_px=_frontage_px(Severity.NOTE)
        ),
        LegendRow(
            "view_beyond",
            marked("View of a protected place above the ground only, over roofs and walls"),
            line=colours.note,
            width_px=1.0,
        ),
        LegendRow("unasked", marked("In view, but no purpose asks for it"), (colours.unasked,)),
        LegendRow("parts", marked("Confirmed part"), line=colours.part, width_px=2.0),
        LegendRow("gaps", marked("Gap today"), (colours.gap,), colours.gap_line, colours.gap_line),
        LegendRow("gaps_with_plan", marked("Gap that remains with the plan"), line=colours.gap_line, width_px=3.0),
        LegendRow("overlaps", marked("Seen twice"), (colours.overlap,), colours.overlap_line),
        LegendRow("signs", marked("Sign that announces cameras"), board=True),
        LegendRow("floor_walls", marked("Walls of floor plans"), line=colours.floor_line, width_px=1.4),
        LegendRow("areas", marked("Areas"), line=colours.area_line, width_px=1.4, dashed=True),
    )


LEGEND = legend_rows(LIGHT)


def nice_length_m(longest_m: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20, 50 … that fits.

    >>> [nice_length_m(x) for x in (0.7, 3.0, 99.0, 640.0)]
    [0.5, 2.0, 50.0, 500.0]
    """
    power = 1e-3
    best = power
    while power <= longest_m:
        best = max(step * power for step in (1.0, 2.0, 5.0) if step * power <= longest_m)
        power *= 10.0
    return round(best, 3)


def draw_scale_bar(painter: QPainter, at: QPointF, metres_per_px: float, colours: Palette = LIGHT) -> None:
    """Draw a bar of a round length with its figure; ``at`` is its lower left end."""
    length_m = nice_length_m(130.0 * metres_per_px)
    text = f"{length_m / 1000:g} km" if length_m >= 1000 else f"{length_m:g} m"
    width = length_m / metres_per_px
    card = QRectF(at.x() - 6, at.y() - 24, max(width, 40.0) + 12, 28)
    draw_card(painter, card, colours)
    painter.setPen(QPen(colours.ink, 1.6))
    painter.drawPolyline([at + QPointF(0, -6), at, at + QPointF(width, 0), at + QPointF(width, -6)])
    painter.drawText(at + QPointF(3, -8), text)


def draw_north(painter: QPainter, middle: QPointF, lean_deg: float, letter: str, colours: Palette = LIGHT) -> None:
    """Draw an arrow to true north; ``lean_deg`` is its bearing on the map, clockwise from the top."""
    painter.save()
    painter.translate(middle)
    draw_card(painter, QRectF(-NORTH_WIDE_PX / 2, -NORTH_HIGH_PX / 2, NORTH_WIDE_PX, NORTH_HIGH_PX), colours)
    painter.rotate(lean_deg)
    painter.setPen(QPen(colours.ink, 1.2))
    for side, fill in ((-1, colours.ink), (1, colours.panel)):
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([QPointF(0, -18), QPointF(7 * side, 4), QPointF(0, 0)]))
    painter.drawText(QRectF(-15, 3, 30, 18), Qt.AlignmentFlag.AlignCenter, letter)
    painter.restore()


def draw_card(painter: QPainter, card: QRectF, colours: Palette = LIGHT) -> None:
    """Draw the white card that text on the map lies on."""
    painter.setPen(QPen(QColor(0, 0, 0, 30), 1))
    painter.setBrush(colours.panel)
    painter.drawRoundedRect(card, 5, 5)


def draw_attribution(painter: QPainter, corner: QPointF, text: str, colours: Palette = LIGHT) -> None:
    """Draw whose data it is, right aligned to the corner."""
    if not text:
        return
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 12
    card = QRectF(corner.x() - width, corner.y() - 20, width, 20)
    draw_card(painter, card, colours)
    painter.setPen(colours.ink)
    painter.drawText(card, Qt.AlignmentFlag.AlignCenter, text)


def draw_folded_legend(painter: QPainter, corner: QPointF, say: Callable[[str], str], colours: Palette = LIGHT) -> QRectF:
    """Draw the word alone, so that the map below can be seen, and return its card."""
    text = say(FOLDED)
    width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 16
    card = QRectF(corner.x() - width, corner.y() - ROW_PX - 4, width, ROW_PX + 4)
    draw_card(painter, card, colours)
    painter.setPen(colours.ink)
    painter.drawText(card, Qt.AlignmentFlag.AlignCenter, text)
    return card


def legend_card(font: QFont, corner: QPointF, contents: frozenset[str], say: Callable[[str], str]) -> QRectF:
    """Return the card of a legend of what is on the map, its lower right end at the corner."""
    rows = [row for row in LEGEND if row.content in contents]
    if not rows:
        return QRectF()
    metrics = QFontMetricsF(font)
    width = max(metrics.horizontalAdvance(say(row.template)) for row in rows) + SWATCH_PX + 28
    height = len(rows) * ROW_PX + 10
    return QRectF(corner.x() - width, corner.y() - height, width, height)


def draw_legend(
    painter: QPainter, corner: QPointF, contents: frozenset[str], say: Callable[[str], str], colours: Palette = LIGHT
) -> QRectF:
    """Draw the legend of what is on the map, its lower right end at the corner, and return its card."""
    rows = [row for row in legend_rows(colours) if row.content in contents]
    card = legend_card(painter.font(), corner, contents, say)
    draw_card(painter, card, colours)
    for number, row in enumerate(rows):
        top = card.top() + 5 + number * ROW_PX
        draw_swatch(painter, row, QRectF(card.left() + 9, top + 4, SWATCH_PX, ROW_PX - 8), colours)
        painter.setPen(colours.ink)
        text = QRectF(card.left() + SWATCH_PX + 18, top, card.width(), ROW_PX)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, say(row.template))
    return card


def draw_plan_sign(painter: QPainter, at: QPointF, radius_px: float, what: str, colours: Palette = LIGHT) -> None:
    """Draw in the dot of a camera what the plan does: a plus where it is new, a cross where it goes, nothing where it stays."""
    painter.setPen(QPen(colours.casing, 1.6))
    arm = radius_px * (0.6 if what == "planned" else 1.0)
    if what == "planned":
        painter.drawLine(at - QPointF(arm, 0), at + QPointF(arm, 0))
        painter.drawLine(at - QPointF(0, arm), at + QPointF(0, arm))
    elif what == "going":
        painter.drawLine(at - QPointF(arm, arm), at + QPointF(arm, arm))
        painter.drawLine(at - QPointF(arm, -arm), at + QPointF(arm, -arm))


def draw_swatch(painter: QPainter, row: LegendRow, box: QRectF, colours: Palette = LIGHT) -> None:
    """Draw what a line of the legend stands for."""
    if row.board:
        draw_sign(painter, box.center(), colours)
        return
    if row.dot:
        painter.setPen(QPen(colours.casing, 1.2))
        painter.setBrush(row.fills[0])
        painter.drawEllipse(box.center(), 5.0, 5.0)
        draw_plan_sign(painter, box.center(), 5.0, row.content, colours)
        if row.line is not None:
            painter.setPen(QPen(row.line, row.width_px, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(box.center(), 7.5, 7.5)
        return
    if row.blends:
        _blend(painter, row.fills, box)
        return
    width = box.width() / max(len(row.fills), 1)
    for number, fill in enumerate(row.fills):
        painter.fillRect(QRectF(box.left() + number * width, box.top(), width, box.height()), fill)
    if row.hatch is not None:
        painter.fillRect(box, QBrush(row.hatch, Qt.BrushStyle.FDiagPattern if row.leans_back else Qt.BrushStyle.BDiagPattern))
    if row.line is None:
        return
    dash = Qt.PenStyle.DashLine if row.dashed else Qt.PenStyle.SolidLine
    painter.setPen(QPen(row.line, row.width_px, dash))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if row.fills:
        painter.drawRect(box)
    else:
        painter.drawLine(QPointF(box.left(), box.center().y()), QPointF(box.right(), box.center().y()))


def _blend(painter: QPainter, fills: Sequence[QColor], box: QRectF) -> None:
    shade = QLinearGradient(box.topLeft(), box.topRight())
    for number, fill in enumerate(fills):
        shade.setColorAt(number / (len(fills) - 1), fill)
    painter.fillRect(box, shade)


def draw_banner(painter: QPainter, width_px: float, text: str) -> None:
    """Draw a line over the whole map that cannot be switched off."""
    painter.fillRect(QRectF(0, 0, width_px, BANNER_PX), QColor("#fff3bf"))
    painter.setPen(QColor("#7a5b00"))
    painter.drawText(QRectF(0, 0, width_px, BANNER_PX), Qt.AlignmentFlag.AlignCenter, text)


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
    return [(say(template), drawn) for template, drawn in _swatches(layer, palette)]


@lru_cache(maxsize=128)  # the layers in a light and a dark palette, and in one of clear colours
def _swatches(layer: str, palette: Palette) -> tuple[tuple[str, QIcon], ...]:
    rows = {row.content: row for row in (*legend_rows(palette), *_plain_rows(palette))}
    return tuple((rows[line].template, _icon(rows[line], palette)) for line in LINES.get(layer, (layer,)) if line in rows)


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
