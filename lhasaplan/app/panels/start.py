"""The card on an empty map: what to do first, what was open last, and where files can be dropped."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.theme import EDGE_PX, GAP_PX, HAIR_PX, WIDE_PX, Letters, space, write_as
from lhasaplan.app.look.widgets import icon, pixmap, plain_label, plain_tip
from lhasaplan.app.state.preferences import name_of
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.translations import marked

TITLE = marked("What fixed cameras really see")
EMPTY = marked("Look around in a sample first, or begin with your own city. Nothing leaves this computer.")
CHOSEN = marked("The rules are chosen. Now import the city and its cameras.")
RECENT, DROP = marked("Open again"), marked("Or drop files here. A project opens; maps and camera lists are imported.")
LEARN, OWN = marked("See how it works"), marked("Your own city")
# The command that a button does, its icon, and what it says; under which heading.
STEPS: Mapping[str, tuple[tuple[str, str, str], ...]] = {
    LEARN: (
        ("sample_helsinki", "sample", marked("Sample: audit a real city (Helsinki)")),
        ("sample_hilltown", "sample", marked("Sample: plan a made-up town (Hilltown)")),
    ),
    OWN: (
        ("import", "import", marked("Import city data or cameras…")),
        ("new", "new", marked("New project…")),
        ("open", "open", marked("Open project…")),
    ),
}
GAP = "\u2002"
WIDTH_PX, ICON_PX, LINE_PX, MOST_RECENT = 440, 20, 32, 4


class StartCard(QFrame):
    """A card in the middle of the map; it is there while the project has no city."""

    recent_wished = Signal(str)  # address

    def __init__(self, over: QWidget, session: Session, language: Language, do: Mapping[str, Callable[[], None]]) -> None:
        super().__init__(over, frameShape=QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self._session, self._say = session, language
        self.title, self.text = plain_label(wordWrap=True), plain_label(wordWrap=True)
        write_as(self.title, Letters.TITLE)
        self.headings = {name: plain_label() for name in (*STEPS, RECENT)}
        self.buttons = {key: _button() for rows in STEPS.values() for key, _, _ in rows}
        self.recent = [_button() for _ in range(MOST_RECENT)]
        self.drop_icon, self.drop = plain_label(), plain_label(wordWrap=True)
        for key, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, key=key: do[key]())
        for button in self.recent:
            button.clicked.connect(lambda _on=False, button=button: self.recent_wished.emit(button.property("address")))
        self._lay_out(over)
        self._bind(language)
        language.changed.connect(self.follow)
        for changed in (session.project_changed, session.recent.changed):
            changed.connect(self.follow)
        self.follow()

    def _bind(self, language: Language) -> None:
        language.bind(self.title.setText, TITLE)
        language.bind(self.drop.setText, DROP)
        for name, heading in self.headings.items():
            write_as(heading, Letters.SMALL)
            language.bind(heading.setText, name)
        for rows in STEPS.values():
            for key, _, template in rows:
                language.bind(partial(_write, self.buttons[key]), template)

    def _lay_out(self, over: QWidget) -> None:
        column = QVBoxLayout(self)
        space(column, EDGE_PX, HAIR_PX)
        column.addWidget(self.title)
        column.addWidget(self.text)
        for name, rows in STEPS.items():
            column.addSpacing(GAP_PX)
            column.addWidget(self.headings[name])
            for key, _, _ in rows:
                column.addWidget(self.buttons[key])
        column.addSpacing(GAP_PX)
        for widget in (self.headings[RECENT], *self.recent):
            column.addWidget(widget)
        column.addSpacing(WIDE_PX)
        line = QHBoxLayout()
        line.setSpacing(GAP_PX)
        line.addWidget(self.drop_icon)
        line.addWidget(self.drop, 1)
        column.addLayout(line)
        self.setFixedWidth(WIDTH_PX)
        self._middle = QVBoxLayout(over)
        self._middle.addWidget(self, 0, Qt.AlignmentFlag.AlignCenter)

    def stand_below(self, height_px: int) -> None:
        """Leave so much of the top of the map to the notices there."""
        edges = self._middle.contentsMargins()
        edges.setTop(max(height_px, edges.bottom()))
        self._middle.setContentsMargins(edges)

    def follow(self) -> None:
        """Show the card while there is no city; once rules are chosen the next step is the import."""
        project = self._session.project
        has_rules = bool(project.packs)
        self.text.setText(self._say(CHOSEN if has_rules else EMPTY))
        self.buttons["import"].setVisible(has_rules)
        self.setVisible(not project.crs)
        if not project.crs:  # else after each edit, and for nobody
            self._list_recent()
            self._draw_icons()

    def _list_recent(self) -> None:
        addresses = self._session.recent.addresses[:MOST_RECENT]
        self.headings[RECENT].setVisible(bool(addresses))
        for number, button in enumerate(self.recent):
            address = addresses[number] if number < len(addresses) else ""
            button.setVisible(bool(address))
            _write(button, name_of(address).replace("&", "&&"))
            button.setToolTip(plain_tip(address))
            button.setProperty("address", address)

    def _draw_icons(self) -> None:
        for rows in STEPS.values():
            for key, drawing, _ in rows:
                self.buttons[key].setIcon(icon(drawing))
        for button in self.recent:
            button.setIcon(icon("recent"))
        faint = QGuiApplication.palette().color(QPalette.ColorRole.PlaceholderText)
        self.drop_icon.setPixmap(pixmap("drop", ICON_PX, faint, self.devicePixelRatioF()))


def _button() -> QToolButton:
    """Return a button that reads as a line of a list: icon and words at the left."""
    button = QToolButton(autoRaise=True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setIconSize(QSize(ICON_PX, ICON_PX))
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
    button.setMinimumHeight(LINE_PX)
    return button


def _write(button: QToolButton, text: str) -> None:
    """Write words beside an icon, a little away from it."""
    button.setText(f"{GAP}{text}")
