"""A printed page: its size, where map, title block and marks stand on it, and how it is painted."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QImageWriter, QPageLayout, QPageSize, QPainter, QPdfWriter, QPen

from lhasaplan.app.map import decorations
from lhasaplan.app.map.cones import Overlays, draw_overlays, draw_symbols
from lhasaplan.app.map.ground import DrawnGround, draw_ground
from lhasaplan.app.map.painter import ShownMap
from lhasaplan.app.map.style import PRINT
from lhasaplan.app.map.words_on_map import LabelSpot, Words, draw_words

MM_PER_INCH, UNITS_PER_INCH = 25.4, 96.0
SIZES_MM = {"A4": (210.0, 297.0), "A3": (297.0, 420.0), "A2": (420.0, 594.0), "A1": (594.0, 841.0), "A0": (841.0, 1189.0)}
SCALES = (250, 500, 1_000, 2_000, 2_500, 5_000, 10_000, 20_000, 25_000, 50_000, 100_000, 250_000)
MARGIN_MM, BLOCK_MM = 10.0, 29.0
METRES_PER_UNIT = MM_PER_INCH / UNITS_PER_INCH / 1000.0
Rect = tuple[float, float, float, float]  # left, top, width, height


def units(length_mm: float) -> float:
    """Return a length on paper in units."""
    return length_mm / MM_PER_INCH * UNITS_PER_INCH


@dataclass(frozen=True, slots=True)
class PrintedPaper:
    """A sheet of A4 to A0, upright or lying."""

    size: str = "A3"
    is_landscape: bool = True

    @property
    def size_mm(self) -> tuple[float, float]:
        """Return width and height."""
        short, long = SIZES_MM[self.size]
        return (long, short) if self.is_landscape else (short, long)

    @property
    def growth(self) -> float:
        """Return how much larger letters and lines of the page are than on A4: a wall is read from farther away.

        >>> round(Paper("A4").growth, 2), round(Paper("A0").growth, 2)
        (1.0, 2.0)
        """
        return float((SIZES_MM[self.size][0] / SIZES_MM["A4"][0]) ** 0.5)

    @property
    def page(self) -> Rect:
        """Return the whole sheet."""
        return 0.0, 0.0, units(self.size_mm[0]), units(self.size_mm[1])

    @property
    def map_box(self) -> Rect:
        """Return where the map stands: above the title block, inside the margins."""
        width, height = (units(each) for each in self.size_mm)
        edge, block = units(MARGIN_MM), units(BLOCK_MM * self.growth)
        return edge, edge, width - 2 * edge, height - 2 * edge - block

    @property
    def block_box(self) -> Rect:
        """Return where the title block stands."""
        left, top, width, height = self.map_box
        return left, top + height, width, units(BLOCK_MM * self.growth)


def metres_per_unit(scale: float) -> float:
    """Return how much ground a unit shows at a scale.

    >>> round(metres_per_unit(1000) * units(10.0), 6)  # a centimetre at 1:1000
    10.0
    """
    return scale * METRES_PER_UNIT


def ground_of(box: Rect, x_m: float, y_m: float, scale: float) -> tuple[float, float, float, float]:
    """Return the ground that a box shows round its middle: x min, y min, x max, y max in metres."""
    half_w, half_h = (side / 2 * metres_per_unit(scale) for side in box[2:])
    return x_m - half_w, y_m - half_h, x_m + half_w, y_m + half_h


def fitting_scale(box: Rect, width_m: float, height_m: float) -> int:
    """Return the largest of the usual scales at which so much ground fits into a box.

    >>> fitting_scale((0, 0, units(200.0), units(100.0)), 900.0, 300.0)  # 900 m on 20 cm: 1:4500 would do
    5000
    """
    needed = max(width_m / (box[2] * METRES_PER_UNIT), height_m / (box[3] * METRES_PER_UNIT))
    return next((scale for scale in SCALES if scale >= needed), SCALES[-1])


# Paint a page: the map to scale, and what must stand beside it; for PDF as lines and letters, for PNG as dots.

INK, FAINT, WARNING = QColor("#1f2329"), QColor("#5b6470"), QColor("#b00000")
TITLE_PX, TEXT_PX, SMALL_PX, LINE_PX = 19.0, 10.5, 8.5, 1.0
PNG_DPI = {"A4": 300, "A3": 300, "A2": 200, "A1": 150, "A0": 150}
GAP_PX, WARNING_PX, TILE_DOTS = 8.0, 18.0, 1024
Say = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class PageWords:
    """What stands on a page, in the reader's language.

    Parameters
    ----------
    facts : pairs of what is reported and what it is: scale, coordinate system, date of data, day of print.
    warnings : what must not be overlooked, that the data are made up first.
    disclosure : for whom the page is fit.
    north : the letter at the arrow.
    """

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    warnings: tuple[str, ...]
    disclosure: str
    sources: str
    north: str


@dataclass(frozen=True, eq=False, slots=True)
class PrintedMap:
    """What a page shows: ground and overlays as they may be shown, which layers, the middle and the scale."""

    ground: DrawnGround
    overlays: Overlays
    visible: frozenset[str]
    middle_m: tuple[float, float]
    scale: int
    convergence_deg: float


def as_pdf(paper: PrintedPaper, printed: PrintedMap, words: PageWords, say: Say, family: str) -> bytes:
    """Return the page as PDF: lines and letters stay what they are."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(words.title)
    writer.setCreator("lhasaplan")
    writer.setResolution(int(UNITS_PER_INCH))
    size = QPageSize(QSizeF(*paper.size_mm), QPageSize.Unit.Millimeter, paper.size, QPageSize.SizeMatchPolicy.ExactMatch)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    painter = QPainter(writer)
    draw_page(painter, paper, printed, words, say, family, PNG_DPI[paper.size])
    painter.end()
    buffer.close()
    return bytes(data.data())


def as_png(paper: PrintedPaper, printed: PrintedMap, words: PageWords, say: Say, family: str) -> bytes:
    """Return the page as PNG, with as many dots an inch as its size can bear."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image = as_image(paper, printed, words, say, family, PNG_DPI[paper.size])
    QImageWriter(buffer, QByteArray(b"png")).write(image)
    return bytes(buffer.data().data())


def as_image(  # noqa: PLR0917 - a page, its words, and how fine
    paper: PrintedPaper, printed: PrintedMap, words: PageWords, say: Say, family: str, dpi: float
) -> QImage:
    """Return the page as a picture with so many dots an inch: a few for a preview, many for a print."""
    width, height = (round(side * dpi / UNITS_PER_INCH) for side in paper.page[2:])
    image = QImage(width, height, QImage.Format.Format_RGB32)
    dots = round(UNITS_PER_INCH / 0.0254)
    image.setDotsPerMeterX(dots)
    image.setDotsPerMeterY(dots)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.scale(dpi / UNITS_PER_INCH, dpi / UNITS_PER_INCH)
    draw_page(painter, paper, printed, words, say, family, dpi)
    painter.end()
    image.setDotsPerMeterX(round(dpi / 0.0254))
    image.setDotsPerMeterY(round(dpi / 0.0254))
    return image


def draw_page(  # noqa: PLR0917 - a page, its words, and how fine
    painter: QPainter, paper: PrintedPaper, printed: PrintedMap, words: PageWords, say: Say, family: str, dpi: float
) -> None:
    """Paint the whole page in its units; what cameras see is shaded in so many dots an inch."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setFont(_font(family, TEXT_PX))
    painter.fillRect(QRectF(*paper.page), Qt.GlobalColor.white)
    _draw_map(painter, paper, printed, dpi)
    _draw_edges(painter, paper, printed, words, say)
    _draw_block(painter, paper, words, family)
    painter.setPen(QPen(INK, LINE_PX * paper.growth))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(*paper.map_box))
    painter.drawRect(QRectF(*paper.block_box))


def _font(family: str, size_px: float, *, bold: bool = False) -> QFont:
    font = QFont(family)
    font.setPixelSize(max(round(size_px), 1))
    font.setBold(bold)
    return font


def _draw_map(painter: QPainter, paper: PrintedPaper, printed: PrintedMap, dpi: float) -> None:
    left, top, width, height = paper.map_box
    growth, shown = paper.growth, ShownMap(printed.visible, "", PRINT)
    box_m = ground_of(paper.map_box, *printed.middle_m, printed.scale)
    sheet = _Sheet(width / growth, height / growth, box_m, metres_per_unit(printed.scale) * growth)
    names = tuple(LabelSpot(s.x_m, s.y_m, s.name) for s in printed.overlays.symbols)
    painter.save()
    painter.setClipRect(QRectF(left, top, width, height))
    painter.translate(left, top)
    painter.scale(growth, growth)  # lines and symbols grow with the paper; the ground keeps its scale
    painter.fillRect(QRectF(0, 0, sheet.width, sheet.height), PRINT.paper)
    draw_ground(painter, printed.ground, shown, box_m, sheet.metres_per_px)
    factor = dpi * growth / UNITS_PER_INCH
    picture = _sight_picture(printed, shown, sheet, factor)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(0, 0, picture.width() / factor, picture.height() / factor), picture)
    draw_symbols(painter, printed.overlays, shown, box_m, sheet.metres_per_px)
    draw_words(painter, Words(printed.ground.names, printed.ground.place_names, names), shown, box_m, sheet.metres_per_px)
    painter.restore()


def _draw_edges(painter: QPainter, paper: PrintedPaper, printed: PrintedMap, words: PageWords, say: Say) -> None:
    """Draw scale bar, north and legend inside the map, each as large as the paper asks."""
    left, top, width, height = paper.map_box
    growth = paper.growth
    painter.save()
    painter.translate(left, top)
    painter.scale(growth, growth)
    width, height = width / growth, height / growth
    decorations.draw_scale_bar(painter, QPointF(GAP_PX + 8, height - GAP_PX - 4), metres_per_unit(printed.scale) * growth, PRINT)
    under = GAP_PX + 24 + WARNING_PX * len(words.warnings)
    decorations.draw_north(painter, QPointF(width - GAP_PX - 18, under), -printed.convergence_deg, words.north, PRINT)
    ground = printed.ground.contents(printed.visible, metres_per_unit(printed.scale))
    contents = printed.overlays.contents(printed.visible) | ground
    decorations.draw_legend(painter, QPointF(width - GAP_PX, height - GAP_PX), contents, say, PRINT)
    for number, warning in enumerate(words.warnings):
        box = QRectF(0, number * WARNING_PX, width, WARNING_PX)
        painter.fillRect(box, QColor("#fff3bf"))
        painter.setPen(WARNING)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, warning)
    painter.restore()


def _draw_block(painter: QPainter, paper: PrintedPaper, words: PageWords, family: str) -> None:
    """Draw the title block: title left, facts in the middle, disclosure and sources right."""
    box, growth = QRectF(*paper.block_box), paper.growth
    painter.save()
    painter.translate(box.topLeft())
    painter.scale(growth, growth)
    width, height = box.width() / growth, box.height() / growth
    columns = [QRectF(width * at + GAP_PX, GAP_PX, width * share - 2 * GAP_PX, height - 2 * GAP_PX) for at, share in THIRDS]
    _draw_title(painter, columns[0], words, family)
    _draw_facts(painter, columns[1], words, family)
    _draw_disclosure(painter, columns[2], words, family)
    painter.setPen(QPen(FAINT, LINE_PX / 2))
    for at, _ in THIRDS[1:]:
        painter.drawLine(QPointF(width * at, 0), QPointF(width * at, height))
    painter.restore()


LEAST_LETTERS = 0.65  # of the size of letters in the title block
THIRDS = ((0.0, 0.36), (0.36, 0.34), (0.70, 0.30))
WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


def _draw_title(painter: QPainter, box: QRectF, words: PageWords, family: str) -> None:
    painter.setPen(INK)
    painter.setFont(_font(family, TITLE_PX, bold=True))
    used = painter.boundingRect(box, int(WRAP), words.title)
    painter.drawText(box, int(WRAP), words.title)
    painter.setFont(_font(family, TEXT_PX))
    painter.setPen(FAINT)
    painter.drawText(box.adjusted(0, min(used.height(), box.height() - TEXT_PX * 1.6) + 2, 0, 0), int(WRAP), words.subtitle)


def _draw_facts(painter: QPainter, box: QRectF, words: PageWords, family: str) -> None:
    painter.setFont(_font(family, TEXT_PX))
    metrics = QFontMetricsF(painter.font())
    across = max((metrics.horizontalAdvance(name) for name, _ in words.facts), default=0.0) + GAP_PX
    line = min(metrics.lineSpacing() * 1.15, box.height() / max(len(words.facts), 1))
    for number, (name, value) in enumerate(words.facts):
        top = box.top() + number * line
        painter.setPen(FAINT)
        painter.drawText(QPointF(box.left(), top + metrics.ascent()), name)
        painter.setPen(INK)
        font, reported = fitting(value, box.width() - across, family)
        painter.save()
        painter.setFont(font)
        painter.drawText(QPointF(box.left() + across, top + metrics.ascent()), reported)
        painter.restore()


def fitting(text: str, room: float, family: str) -> tuple[QFont, str]:
    """Return letters in which a text has room on one line, smaller ones for a longer text, and the text; cut only beyond that."""
    needed = QFontMetricsF(_font(family, TEXT_PX)).horizontalAdvance(text)
    font = _font(family, math.floor(TEXT_PX * max(min(room / max(needed, 1.0), 1.0), LEAST_LETTERS)))
    return font, QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room)


def _draw_disclosure(painter: QPainter, box: QRectF, words: PageWords, family: str) -> None:
    painter.setFont(_font(family, SMALL_PX, bold=True))
    painter.setPen(INK)
    used = painter.boundingRect(box, int(WRAP), words.disclosure)
    painter.drawText(box, int(WRAP), words.disclosure)
    painter.setFont(_font(family, SMALL_PX))
    painter.setPen(FAINT)
    painter.drawText(box.adjusted(0, used.height() + 3, 0, 0), int(WRAP), words.sources)


def _sight_picture(printed: PrintedMap, shown: ShownMap, sheet: "_Sheet", factor: float) -> QImage:
    """Return what cameras see as a picture, made in tiles: shades are made of dots, and a wall has very many."""
    whole = QImage(math.ceil(sheet.width * factor), math.ceil(sheet.height * factor), QImage.Format.Format_ARGB32_Premultiplied)
    whole.fill(Qt.GlobalColor.transparent)
    onto = QPainter(whole)
    x0, y1, metres_per_dot = sheet.box_m[0], sheet.box_m[3], sheet.metres_per_px / factor
    for left in range(0, whole.width(), TILE_DOTS):
        for top in range(0, whole.height(), TILE_DOTS):
            tile = QImage(TILE_DOTS, TILE_DOTS, QImage.Format.Format_ARGB32_Premultiplied)
            tile.setDevicePixelRatio(factor)
            tile.fill(Qt.GlobalColor.transparent)
            west, north = x0 + left * metres_per_dot, y1 - top * metres_per_dot
            box_m = west, north - TILE_DOTS * metres_per_dot, west + TILE_DOTS * metres_per_dot, north
            painter = QPainter(tile)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_overlays(painter, printed.overlays, shown, box_m, sheet.metres_per_px)
            painter.end()
            tile.setDevicePixelRatio(1.0)
            onto.drawImage(left, top, tile)
    onto.end()
    return whole


@dataclass(frozen=True, slots=True)
class _Sheet:
    """The map's own sheet before it grows with the paper: its size, the ground on it, and its scale."""

    width: float
    height: float
    box_m: tuple[float, float, float, float]
    metres_per_px: float
