"""How the window speaks and looks: texts that follow a switch of language at once; inks, letters, distances, layouts, icons."""

from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from functools import cache
from html import escape
from math import floor, log10
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import (
    QAbstractItemModel,
    QByteArray,
    QLibraryInfo,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    QTranslator,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QPushButton,
    QScrollArea,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTreeWidget,
    QVBoxLayout,
    QWidget,
)

from lhasaplan.content import font_files
from lhasaplan.core.base.translations import SPOKEN, Translations
from lhasaplan.errors import Fault
from lhasaplan.report.text.numerals import number_text

Key = TypeVar("Key")
Box = TypeVar("Box", QVBoxLayout, QHBoxLayout)

# One typeface for all languages, brought along, so that Chinese shows on a machine without fonts.

PROPORTIONAL = QFont.Tag("pwid")


def use_own_font(app: QApplication, size_pt: float = 9.5) -> str:
    """Make Noto Sans SC the font of the window and return its family; where its file is gone the system's font stays."""
    number = QFontDatabase.addApplicationFont(str(font_files()[0]))
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    if not families:
        return app.font().family()
    font = QFont(families[0])
    font.setPointSizeF(size_pt)
    app.setFont(font)
    return families[0]


def use_widths_of(language: str) -> None:
    """Give quotation marks the width that they have in a language: the typeface has them as wide as a Chinese character."""
    font, is_narrow = QFont(QApplication.font()), int(not language.startswith("zh"))
    was_narrow = font.featureValue(PROPORTIONAL) if font.isFeatureSet(PROPORTIONAL) else 0
    if is_narrow != was_narrow:
        font.setFeature(PROPORTIONAL, is_narrow)
        QApplication.setFont(font)


# Lengths, areas, places and scales as a person reads them on the map.

METRES_PER_INCH = 0.0254


def length_text(length_m: float, translations: Translations) -> str:
    """Return a length, with decimals only where they can be distinguished on a map.

    >>> [length_text(length_m, Translations()) for length_m in (7.26, 140.4, 2_310.0)]
    ['7.3 m', '140 m', '2.31 km']
    """
    if length_m >= 1e3:
        return f"{number_text(length_m / 1e3, translations, 2)} km"
    return f"{number_text(length_m, translations, 0 if length_m >= 100 else 1)} m"


def scale_text(metres_per_px: float, dots_per_inch: float, translations: Translations) -> str:
    """Return the scale on this screen to two figures, as 1:2 500.

    >>> scale_text(0.5, 96.0, Translations())
    '1:1 900'
    """
    exact = metres_per_px * dots_per_inch / METRES_PER_INCH
    step = 10.0 ** (floor(log10(exact)) - 1)
    return f"1:{number_text(round(exact / step) * step, translations)}"


NAMES = {code: each.name for code, each in SPOKEN.items()}  # each in itself, so that its reader finds it


class Language(QObject):
    """The translations of the moment, and everything on screen that was written with it."""

    changed = Signal()

    def __init__(self, load: Callable[[str], Translations], code: str = "en") -> None:
        super().__init__()
        self._load = load
        self._bound: list[tuple[Callable[[str], object], str]] = []
        self._qt = QTranslator(self)
        self.translations = load(code)
        self._use_qt_texts(code)

    @property
    def code(self) -> str:
        """Return the code of the language, as ``SPOKEN`` has it."""
        return self.translations.language

    def __call__(self, template: str, **params: object) -> str:
        """Return a sentence in this language."""
        return self.translations(template, **params)

    def words(self, table: Mapping[Key, str]) -> dict[Key, str]:
        """Return the words of a table in this language, by the same keys."""
        return {key: self(template) for key, template in table.items()}

    def fault(self, fault: Fault) -> str:
        """Return what is wrong, in this language."""
        return self.translations.fault(fault)

    def bind(self, setter: Callable[[str], object], template: str) -> None:
        """Write a text now and again after each switch."""
        setter(self(template))
        self._bound.append((setter, template))

    def use(self, code: str) -> None:
        """Switch: rewrite every bound text, then tell those that write theirs themselves."""
        self.translations = self._load(code)
        self._use_qt_texts(code)
        for setter, template in self._bound:
            setter(self(template))
        self.changed.emit()

    def rewrite(self) -> None:
        """Let everything be written anew in the same language: the colours of words have changed."""
        self.changed.emit()

    def _use_qt_texts(self, code: str) -> None:
        """Give Qt's own buttons and file dialogs the same language."""
        use_widths_of(code)
        QApplication.removeTranslator(self._qt)
        if code != "en" and self._qt.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            QApplication.installTranslator(self._qt)


# The theme of the window, light or dark: colours, inks, distances, letters; how labels, forms, lists and icons behave.


# Text of the data in the window: shown letter by letter, never read as rich text, which Qt would guess from its look.
def plain_label(text: str = "", **options: Any) -> QLabel:
    """Return a label that shows what it is given."""
    label = QLabel(text, **options)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def plain_tip(text: str) -> str:
    """Return a tool tip that shows this text: a tip has no text format, so what looks like markup is escaped."""
    return f"<p style='white-space:pre-wrap'>{escape(text)}</p>" if "<" in text or "&" in text else text


def push_button(say: Language, text: str, tip: str = "") -> QPushButton:
    """Return a button that says what it does in the current language."""
    button = QPushButton()
    say.bind(button.setText, text)
    if tip:
        say.bind(button.setToolTip, tip)
    return button


# Rows of a form that follow the language while it is open.
def add_row(rows: QFormLayout, say: Language, title: str, field: QWidget) -> None:
    """Add a field below the others, with its title in the current language."""
    label = plain_label()
    say.bind(label.setText, title)
    rows.addRow(label, field)


def fill_choices(box: QComboBox, choices: Mapping[Any, str], chosen: object = None) -> None:
    """Offer values by their words: the chosen one first to see, else the one that was, else the first; nobody is told of it."""
    chosen = box.currentData() if chosen is None else chosen
    was_blocked = box.blockSignals(True)
    box.clear()
    for value, text in choices.items():
        box.addItem(text, value)
    box.setCurrentIndex(0 if chosen is None else max(box.findData(chosen), 0))
    box.blockSignals(was_blocked)


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


BEHIND_FIGURE = "\u2002\u2060"  # as wide as a figure; the joiner keeps it, since blanks at the end of a line are dropped


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
    table.setItemDelegate(_Figures(table))
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(ROW_PX)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(HEADINGS)
    for column, width in enumerate(widths_px):
        table.setColumnWidth(column, width)
    return table


class _Figures(QStyledItemDelegate):
    """Keeps figures, which stand right, apart from the words of the next column, which stand left."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:  # noqa: N802
        """Write a figure with a gap behind it."""
        super().initStyleOption(option, index)
        if option.displayAlignment & Qt.AlignmentFlag.AlignRight and option.text:
            option.text += BEHIND_FIGURE


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
    palette, group, role = QGuiApplication.palette(), QPalette.ColorGroup, QPalette.ColorRole.ButtonText
    return _icon(name, palette.color(group.Active, role).name(), palette.color(group.Disabled, role).name())


@cache
def _icon(name: str, ink: str, pale: str) -> QIcon:
    drawn = QIcon()
    for mode, colour in ((QIcon.Mode.Normal, ink), (QIcon.Mode.Disabled, pale)):
        for side in SIDES_PX:
            drawn.addPixmap(_pixmap(name, colour, side), mode)
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


# Colours of words by what they mean, readable on a light and on a dark theme.

# On light ground, on dark ground. The grades are those of the map too: a word and its wall have one colour.
INKS = {
    "error": ("#c41460", "#ff8787"),  # on dark ground a wall is darker: beside that of "due" it is told apart by everybody
    "due": ("#742606", "#f39a34"),
    "note": ("#826700", "#f8ec96"),
    "good": ("#2b7a38", "#69db7c"),
    "quiet": ("#666666", "#adb5bd"),
}


def ink(meaning: str) -> QColor:
    """Return the colour for words of a meaning: error, due, note, good or quiet."""
    light, dark = INKS[meaning]
    return QColor(dark if is_dark() else light)


def is_dark() -> bool:
    """Say whether the theme of the moment writes light on dark."""
    return QGuiApplication.palette().color(QPalette.ColorRole.Base).lightness() < 128


# The distances between things in the window, in pixels: six steps, and no other.
NONE_PX, HAIR_PX, NEAR_PX, GAP_PX, WIDE_PX, EDGE_PX = 0, 4, 6, 8, 16, 24
STEPS_PX = (NONE_PX, HAIR_PX, NEAR_PX, GAP_PX, WIDE_PX, EDGE_PX)


def space(layout: QLayout, margin_px: int = NEAR_PX, gap_px: int = NEAR_PX) -> None:
    """Give a layout one margin on all sides and one distance between what it holds."""
    layout.setContentsMargins(margin_px, margin_px, margin_px, margin_px)
    layout.setSpacing(gap_px)


Laid = QWidget | QLayout | int | tuple[QWidget | QLayout, int]  # with its share of the room that is left; a number is room alone


def in_column(*laid: Laid, of: QWidget | None = None, margin_px: int | None = None, gap_px: int | None = None) -> QVBoxLayout:
    """Lay widgets below each other, in a widget or in another layout; the style says what is not stated."""
    return _laid(QVBoxLayout() if of is None else QVBoxLayout(of), laid, margin_px, gap_px)


def in_row(*laid: Laid, of: QWidget | None = None, margin_px: int | None = None, gap_px: int | None = None) -> QHBoxLayout:
    """Lay widgets beside each other, as :func:`in_column`."""
    return _laid(QHBoxLayout() if of is None else QHBoxLayout(of), laid, margin_px, gap_px)


def _laid(box: Box, laid: Sequence[Laid], margin_px: int | None, gap_px: int | None) -> Box:
    if margin_px is not None:
        box.setContentsMargins(margin_px, margin_px, margin_px, margin_px)
    if gap_px is not None:
        box.setSpacing(gap_px)
    for each in laid:
        what, share = each if isinstance(each, tuple) else (each, 0)
        if isinstance(what, int):
            box.addStretch(what)
        elif isinstance(what, QLayout):
            box.addLayout(what, share)
        else:
            box.addWidget(what, share)
    return box


# The sizes of letters in the window: five steps from the size of running text, and no other.
class Letters(Enum):
    """Steps of the scale, each so many times the size of running text."""

    SMALL = 0.9
    TEXT = 1.0
    HEADING = 1.35
    TITLE = 1.8
    SHOWN = 2.4  # to a room


def write_as(widget: QWidget, step: Letters) -> None:
    """Write a widget in a step; by its font, since a style sheet would keep the colours of another theme."""
    widget.setFont(font_of(step, widget.font()))


def font_of(step: Letters, font: QFont | None = None) -> QFont:
    """Return a font in a step of the scale; without one that of the window."""
    own = QFont(font if font is not None else QApplication.font())
    own.setPointSizeF(QApplication.font().pointSizeF() * step.value)
    return own
