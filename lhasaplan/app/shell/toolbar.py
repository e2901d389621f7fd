"""The toolbar: what is done most, as icons; each is an entry of a menu too."""

import re
from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolBar, QToolButton

from lhasaplan.app.look.language import Language
from lhasaplan.core.base.wording import marked

# The keys of entries in groups, with lines between these; what the window has not is left out.
GROUPS = (
    ("new", "open", "save", "import", "export"),
    ("undo", "redo"),
    ("audit", "check", "cancel"),
    ("place", "measure", "search"),
    ("zoom_in", "zoom_out", "show_all", "night", "counts"),
    ("versions", "compare"),
    ("meeting", "print_layout"),
    ("help",),
)
NAMED = frozenset({"audit"})  # the icon alone does not say what is computed
SIDE_PX = 20


class Toolbar(QToolBar):
    """Shows actions of the menus; the tip of each has its keys."""

    def __init__(self, language: Language, by_key: Mapping[str, QAction]) -> None:
        super().__init__()
        self._say, self._by_key = language, by_key
        self.setObjectName("toolbar")
        self.setIconSize(QSize(SIDE_PX, SIDE_PX))
        self.setMovable(False)
        language.bind(self.setWindowTitle, marked("Toolbar"))
        for group in GROUPS:
            keys = [key for key in group if key in by_key]
            if keys and self.actions():
                self.addSeparator()
            for key in keys:
                self._add(key, by_key[key])
        language.changed.connect(self._write)
        self._write()

    def _add(self, key: str, action: QAction) -> None:
        self.addAction(action)
        if key in NAMED:
            button = self.widgetForAction(action)
            assert isinstance(button, QToolButton)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)

    def _write(self) -> None:
        for action in self._by_key.values():
            keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            name = bare_name(action.text())
            action.setIconText(name)
            action.setToolTip(f"{name} ({keys})" if keys else name)


def bare_name(text: str) -> str:
    """Return what an entry is called, without the letter that opens it.

    >>> bare_name("Save &as…"), bare_name("运行审计(&A)")
    ('Save as', '运行审计')
    """
    return re.sub(r"\(&.\)", "", text).replace("&", "").rstrip("…⋯")
