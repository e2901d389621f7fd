"""What stands over the map: the card of an empty window, and the strip that says how work ended."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QMouseEvent, QPalette
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from lhasaplan.app.look import (
    EDGE_PX,
    GAP_PX,
    HAIR_PX,
    WIDE_PX,
    Language,
    Letters,
    icon,
    in_column,
    in_row,
    ink,
    pixmap,
    plain_label,
    plain_tip,
    space,
    write_as,
)
from lhasaplan.app.map import decorations
from lhasaplan.app.state import Session
from lhasaplan.app.state.selection import Notice, Tone, name_of
from lhasaplan.core.base.translations import marked

# Show how work ended in a strip over the map, with buttons for the next step, without blocking input.

MARKS = {Tone.DONE: "✓", Tone.NOTE: "ⓘ", Tone.TROUBLE: "✗"}
MORE, CLOSE = marked("Show all ({lines})"), marked("Close")
MARGIN_PX, WIDEST_PX, LINES_PX = 10, 860, 130
NORTH_TAKES_PX = round(decorations.EDGE_PX + decorations.NORTH_WIDE_PX)
SHOWN_LINES, LONGEST = 1, 240  # and letters of it; the rest opens on demand
GOOD_NEWS_MS = 9000


class NoticeStrip(QFrame):
    """Shows one notice at a time; one that waits for an answer comes back when a later one is gone."""

    room_taken = Signal(int)  # pixels at the top of the map, 0 without a notice

    def __init__(self, over: QWidget, session: Session, language: Language) -> None:
        super().__init__(over, frameShape=QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self._over, self._say = over, language
        self.notices: list[Notice] = []
        self.mark, self.text, self.close_button = plain_label(), plain_label(wordWrap=True), QToolButton()
        self.lines, self.more = QPlainTextEdit(readOnly=True), QPushButton()
        self.buttons: list[QPushButton] = []
        self._timer = QTimer(self, singleShot=True, interval=GOOD_NEWS_MS)
        self._timer.timeout.connect(self._pass_away)
        self._later = QTimer(self, singleShot=True, interval=0)  # once buttons have their sizes, and the map its line at the top
        self._later.timeout.connect(self._settle_if_shown)
        self.close_button.setText("×")
        self.close_button.setAutoRaise(True)
        self.close_button.clicked.connect(self.dismiss)
        self.more.clicked.connect(self._open_lines)
        language.bind(self.close_button.setToolTip, CLOSE)
        language.bind(self.close_button.setAccessibleName, CLOSE)
        self._lay_out()
        session.attention.noted.connect(self.show_notice)
        session.left.connect(self._forget)
        session.project_changed.connect(self._follow)
        session.document_changed.connect(self._end_past)
        session.attention.bare_wished.connect(lambda is_bare: self._forget() if is_bare else None)
        language.changed.connect(self._say_again)
        over.installEventFilter(self)
        self.hide()

    def _lay_out(self) -> None:
        self._line = in_row(self.mark, (self.text, 1), self.more, self.close_button)
        self._column = in_column(self._line, self.lines, of=self)
        self._column.setContentsMargins(8, 6, 6, 6)
        self.lines.setMaximumHeight(LINES_PX)

    @property
    def notice(self) -> Notice | None:
        """Return the notice that is shown."""
        return self.notices[-1] if self.notices else None

    def show_notice(self, notice: Notice) -> None:
        """Show a notice; one that stays waits behind it, any other gives way."""
        self.notices = [*(each for each in self.notices if each.stays), notice]
        self._write()

    def dismiss(self) -> None:
        """Take the notice away that is shown."""
        self.notices = self.notices[:-1]
        self._write()

    def _pass_away(self) -> None:
        """Take good news away after a while, not from under the pointer: a click would fall onto the map."""
        if self.underMouse():
            self._timer.start()
        else:
            self.dismiss()

    def _forget(self) -> None:
        """Take away what was reported of another project, but for what still waits for an answer."""
        self.notices = [each for each in self.notices if each.stays]
        self._write()

    def _end_past(self) -> None:
        """Take away what does not hold any more, as what was told of a file that another one took the place of."""
        if any(not each.holds() for each in self.notices):
            self.notices = [each for each in self.notices if each.holds()]
            self._write()

    def _follow(self) -> None:
        """Take a button away whose time has gone: what was undone, or done on top of, is not taken back by it."""
        if self.notice is not None and len(self.notice.actions) != len(self.buttons):
            self._write()
        self._later.start()

    def _say_again(self) -> None:
        """Say in another language what is said; lines that were opened stay so."""
        is_open = not self.lines.isHidden()
        self._write()
        if is_open and self.notice is not None:
            self._open_lines()

    def _write(self) -> None:
        notice = self.notice
        self._timer.stop()
        for button in self.buttons:
            self._line.removeWidget(button)
            button.deleteLater()
        self.buttons = []
        if notice is None:
            self.hide()
            self.room_taken.emit(0)
            return
        self.mark.setText(MARKS[notice.tone])
        self.mark.setStyleSheet(f"color: {ink(notice.tone.value).name()}; font-weight: bold;")
        shown = [line if len(line) <= LONGEST else f"{line[:LONGEST]}…" for line in notice.lines[:SHOWN_LINES]]
        self.text.setText("\n".join((notice.text, *shown)))
        self.lines.setPlainText("\n".join(notice.lines))
        self.lines.hide()
        self.more.setText(self._say(MORE, lines=len(notice.lines)))
        self.more.setVisible(len(notice.lines) > SHOWN_LINES or shown != list(notice.lines))
        for text, does in notice.actions:
            self._add(text, does)
        if notice.tone is Tone.DONE and not notice.stays and not notice.actions:
            self._timer.start()
        self.show()
        self.raise_()
        self._settle()
        self._later.start()

    def _add(self, text: str, does: Callable[[], object]) -> None:
        button = QPushButton(text)
        notice = self.notice

        def press() -> None:
            if notice in self.notices:
                self.notices.remove(notice)
            does()
            self._write()

        button.clicked.connect(press)
        self.buttons.append(button)
        self._line.insertWidget(self._line.count() - 2, button)

    def _open_lines(self) -> None:
        self.lines.setVisible(self.lines.isHidden())
        self.text.setText(self.notice.text if self.notice is not None else "")
        self._settle()

    def _settle_if_shown(self) -> None:
        if self.notice is not None:
            self._settle()

    def _settle(self) -> None:
        """Lie over the top of the map, in its middle, left of the arrow to the north and below the line about made-up data."""
        room = self._over.width() - 2 * MARGIN_PX - NORTH_TAKES_PX
        width = max(min(WIDEST_PX, room), 1)
        self._column.activate()
        frame = 2 * self.frameWidth()
        inside = self._column.heightForWidth(width - frame) if self._column.hasHeightForWidth() else self.sizeHint().height()
        height = max(inside + frame, self.minimumSizeHint().height())
        top = MARGIN_PX + round(getattr(self._over, "top_px", 0.0))
        self.setGeometry(min((self._over.width() - width) // 2, MARGIN_PX + max(room, 1) - width), top, width, height)
        self.room_taken.emit(top + height + MARGIN_PX)

    def event(self, event: QEvent) -> bool:
        """Grow where what stands in the strip has come to need more room: buttons get their sizes after they are shown."""
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._later.start()
        return super().event(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the size of the map."""
        if watched is self._over and event.type() == QEvent.Type.Resize and self.isVisible():
            self._settle()
        return super().eventFilter(watched, event)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Keep clicks on the strip from the map under it."""
        event.accept()


# The card on an empty map: what to do first, what was open last, and where files can be dropped.

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
        column.addLayout(in_row(self.drop_icon, (self.drop, 1), gap_px=GAP_PX))
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
