"""The window's language: every text is an English sentence looked up in the catalogue, and follows a switch at once."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QLibraryInfo, QObject, QTranslator, Signal
from PySide6.QtWidgets import QApplication

from lhasaplan.app.look.fonts import use_widths_of
from lhasaplan.core.base.wording import Wording
from lhasaplan.errors import Fault

NAMES = {"en": "English", "zh_CN": "简体中文", "fr": "Français", "de": "Deutsch"}  # each in itself, so that its reader finds it


class Language(QObject):
    """The wording of the moment, and everything on screen that was written with it."""

    changed = Signal()

    def __init__(self, load: Callable[[str], Wording], code: str = "en") -> None:
        super().__init__()
        self._load = load
        self._bound: list[tuple[Callable[[str], object], str]] = []
        self._qt = QTranslator(self)
        self.wording = load(code)
        self._use_qt_texts(code)

    @property
    def code(self) -> str:
        """Return ``en``, ``zh_CN``, ``fr`` or ``de``."""
        return self.wording.language

    def __call__(self, template: str, **params: Any) -> str:
        """Return a sentence in this language."""
        return self.wording(template, **params)

    def fault(self, fault: Fault) -> str:
        """Return what is wrong, in this language."""
        return self.wording.fault(fault)

    def bind(self, setter: Callable[[str], object], template: str) -> None:
        """Write a text now and again after each switch."""
        setter(self(template))
        self._bound.append((setter, template))

    def use(self, code: str) -> None:
        """Switch: rewrite every bound text, then tell those that write theirs themselves."""
        self.wording = self._load(code)
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
