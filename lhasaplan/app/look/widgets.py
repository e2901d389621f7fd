"""How labels, forms, lists and icons of the window look and behave."""

from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractItemView, QFormLayout, QFrame, QLabel, QScrollArea, QTableView, QTreeWidget, QWidget

from lhasaplan.app.look.language import Language

# Text of the data in the window: shown letter by letter, never read as rich text, which Qt would guess from its look.


def plain_label(text: str = "", **options: Any) -> QLabel:
    """Return a label that shows what it is given."""
    label = QLabel(text, **options)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def plain_tip(text: str) -> str:
    """Return a tool tip that shows this text: a tip has no text format, so what looks like markup is escaped."""
    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>" if "<" in text or "&" in text else text


# Rows of a form that follow the language while it is open.


def add_row(rows: QFormLayout, say: Language, title: str, field: QWidget) -> None:
    """Add a field below the others, with its title in the current language."""
    label = plain_label()
    say.bind(label.setText, title)
    rows.addRow(label, field)


# Words that may be longer than there is room for.


def scrolled(words: QLabel) -> QScrollArea:
    """Return words that are scrolled where there is little room, and begin at the top."""
    area = QScrollArea(widgetResizable=True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
    area.setWidget(words)
    return area


# The look of what lists things: whole rows are chosen; a click on the heading of a table sorts.

HEADINGS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
ROW_PX = 24


def listing_table(
    listed: QAbstractItemModel, widths_px: Sequence[int], sorted_by: int = 0, table: QTableView | None = None
) -> QTableView:
    """Return a table of a list, in the order of a column (-1: as listed), with its first columns as wide as stated."""
    table = table if table is not None else QTableView()
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)  # Tab leads on: arrows go through the cells, and nobody without a mouse is held in a table
    table.setAlternatingRowColors(True)
    table.setModel(listed)
    table.horizontalHeader().setSortIndicator(sorted_by, Qt.SortOrder.AscendingOrder)
    table.setSortingEnabled(True)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW_PX)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(HEADINGS)
    for column, width in enumerate(widths_px):
        table.setColumnWidth(column, width)
    return table


def as_listing(tree: QTreeWidget) -> None:
    """Give a tree the look of a list whose rows have columns, of which one is chosen at a time."""
    tree.setRootIsDecorated(False)
    tree.setAlternatingRowColors(True)
    tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)


# The window's icons: line drawings of one stroke, in the colour of the words beside them.

FOLDER = Path(__file__).resolve().parent / "drawings"
SIDES_PX = (16, 20, 24, 32, 48, 64, 96)  # of a pixmap each, so that none is stretched on a fine screen


def has_icon(name: str) -> bool:
    """Tell whether there is a drawing of this name."""
    return (FOLDER / f"{name}.svg").is_file()


def icon(name: str) -> QIcon:
    """Return an icon in the colours of the theme of the moment, pale where what it stands for cannot be used."""
    palette, drawn = QGuiApplication.palette(), QIcon()
    inks = (
        (QIcon.Mode.Normal, palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.ButtonText)),
        (QIcon.Mode.Disabled, palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)),
    )
    for mode, ink in inks:
        for side in SIDES_PX:
            drawn.addPixmap(_pixmap(name, ink.name(), side), mode)
    return drawn


def pixmap(name: str, side_px: int, ink: QColor, ratio: float = 1.0) -> QPixmap:
    """Return a drawing so large on screens that have ``ratio`` dots a pixel."""
    drawn = QPixmap(_pixmap(name, ink.name(), round(side_px * ratio)))
    drawn.setDevicePixelRatio(ratio)
    return drawn


@cache
def _pixmap(name: str, ink: str, side: int) -> QPixmap:
    drawing = (FOLDER / f"{name}.svg").read_text("utf-8").replace("currentColor", ink)
    drawn = QPixmap(QSize(side, side))
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(drawing.encode())).render(painter, QRectF(0, 0, side, side))
    painter.end()
    return drawn
