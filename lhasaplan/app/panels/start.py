"""The card on an empty map: what can be done first, so that nobody stands before a blank window."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from lhasaplan.app.look.fonts import enlarge
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.wording import marked

TITLE = marked("Begin here")
EMPTY = marked("The map is empty. Begin a project of your own, open one, or look around in a sample.")
CHOSEN = marked("The rules are chosen. Now take in the city and its cameras.")
# The command that a button does, and what it says.
STEPS = (
    ("import", marked("Import city data or cameras…")),
    ("new", marked("New project…")),
    ("open", marked("Open project…")),
    ("sample_helsinki", marked("Sample: audit a real city (Helsinki)")),
    ("sample_hilltown", marked("Sample: plan a made-up town (Hilltown)")),
)
WIDTH_PX = 380


class StartCard(QFrame):
    """A card in the middle of the map; it is there while the project has no city."""

    def __init__(self, over: QWidget, session: Session, language: Language, do: Mapping[str, Callable[[], None]]) -> None:
        super().__init__(over, frameShape=QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._session, self._say = session, language
        self.title, self.text = plain_label(), plain_label(wordWrap=True)
        enlarge(self.title, 1.5)
        self.buttons = {key: QPushButton() for key, _ in STEPS}
        for key, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, key=key: do[key]())
        self._lay_out(over)
        language.bind(self.title.setText, TITLE)
        for key, template in STEPS:
            language.bind(self.buttons[key].setText, template)
        language.changed.connect(self._follow)
        session.project_changed.connect(self._follow)
        self._follow()

    def _lay_out(self, over: QWidget) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 16, 20, 18)
        for widget in (self.title, self.text, *self.buttons.values()):
            column.addWidget(widget)
        self.setFixedWidth(WIDTH_PX)
        middle = QVBoxLayout(over)
        middle.addWidget(self, 0, Qt.AlignmentFlag.AlignCenter)

    def _follow(self) -> None:
        """Show the card while there is no city; once rules are chosen the next step is the import."""
        project = self._session.project
        has_rules = bool(project.packs)
        self.text.setText(self._say(CHOSEN if has_rules else EMPTY))
        self.buttons["import"].setVisible(has_rules)
        self.setVisible(not project.crs)
