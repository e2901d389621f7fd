"""The window's language: every text is an English sentence looked up in the catalogue, and follows a switch at once."""

from collections.abc import Callable
from math import floor, log10

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator, Signal
from PySide6.QtGui import QFont, QFontDatabase
from PySide6.QtWidgets import QApplication

from lhasaplan.content import font_files
from lhasaplan.core.base.translations import SPOKEN, Translations
from lhasaplan.errors import Fault
from lhasaplan.report.text.numerals import bound, number_text

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
NO_END = "\N{WORD JOINER}"


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


def unbroken(text: str) -> str:
    r"""Return a text in which no line of the window ends inside a number, before its unit, or inside px/m.

    >>> unbroken("up to 84 px/m").split("/"), len(unbroken("up to 84 px/m"))
    (['up to 84\xa0px', '\u2060m'], 14)
    """
    return bound(text).replace("px/m", f"px/{NO_END}m")


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
