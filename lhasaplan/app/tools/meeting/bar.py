"""The bar below the map in a meeting: what is shown, in large letters, and the keys that lead on."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from lhasaplan.app.look.icons import icon
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.look.spacing import GAP_PX, WIDE_PX, space
from lhasaplan.app.look.type_scale import Letters, write_as
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.map.guest import Guest
from lhasaplan.app.tools.meeting.commands import KINDS, Meeting
from lhasaplan.core.base.wording import marked

WAY = marked("→ next · ← before · Tab what is gone through · Esc ends. Nothing can be changed.")
NONE = marked("There is nothing to go through yet: run the audit, or add views under View > Bookmarks.")
PLACE = marked("{kind}: {number} of {count}")
STEPS = {
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_PageDown: 1,
    Qt.Key.Key_Space: 1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_PageUp: -1,
    Qt.Key.Key_Up: -1,
}


class MeetingBar(QFrame, Guest):
    """Stands over the foot of the map; the map hands it its keys while the meeting lasts."""

    def __init__(self, over: MapCanvas, language: Language, meeting: Meeting) -> None:
        QFrame.__init__(self, over)
        self._over, self._say, self._meeting = over, language, meeting
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.heading, self.words, self.place, self.way = (plain_label(wordWrap=True) for _ in range(4))
        self.before, self.next = QPushButton(), QPushButton()
        for button, by, name in ((self.before, -1, marked("Before")), (self.next, 1, marked("Next"))):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.clicked.connect(lambda _on=False, by=by: meeting.step(by))
            language.bind(button.setText, name)
        self._lay_out()
        over.add_guest(self)
        over.installEventFilter(self)
        for signal in (meeting.turned, meeting.stepped, language.changed):
            signal.connect(self._write)
        self.hide()

    def _lay_out(self) -> None:
        foot = QHBoxLayout()
        foot.setSpacing(GAP_PX)
        self.place.setWordWrap(False)
        foot.addWidget(self.place)
        foot.addWidget(self.way, 1)
        foot.addWidget(self.before)
        foot.addWidget(self.next)
        column = QVBoxLayout(self)
        space(column, WIDE_PX, GAP_PX)
        column.addWidget(self.heading)
        column.addWidget(self.words)
        column.addLayout(foot)

    def _write(self) -> None:
        meeting, say = self._meeting, self._say
        if not meeting.is_on():
            self.hide()
            return
        for label, step in (
            (self.heading, Letters.TITLE),
            (self.words, Letters.HEADING),
            (self.place, Letters.TEXT),
            (self.way, Letters.SMALL),
        ):
            write_as(label, step)
        slide = meeting.slide
        self.heading.setText(slide.heading if slide is not None else say(NONE))
        self.words.setText(slide.words if slide is not None else "")
        self.words.setVisible(bool(self.words.text()))
        self.place.setText(say(PLACE, kind=say(meeting.kind), number=meeting.at + 1, count=len(meeting.slides)) if slide else "")
        self.way.setText(say(WAY))
        for button, drawing in ((self.before, "previous"), (self.next, "next")):
            button.setIcon(icon(drawing))
            button.setEnabled(len(meeting.slides) > 1)
        self.show()
        self.raise_()
        self._place_it()
        self._over.setFocus()

    def _place_it(self) -> None:
        """Stand at the foot of the map, as high as the words need."""
        width = self._over.width()
        height = max(self.heightForWidth(width), self.minimumSizeHint().height())
        self.setGeometry(0, self._over.height() - height, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the size of the map; keep Tab, which would lead out of it."""
        if self._meeting.is_on():
            if event.type() == QEvent.Type.Resize:
                self._place_it()
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Tab:
                self._meeting.next_kind()
                return True
        return super().eventFilter(watched, event)

    def key(self, event: QKeyEvent) -> bool:
        """Step by the arrows, Page up and down and Space, choose what is gone through by 1, 2, 3; take what would edit."""
        meeting, key = self._meeting, Qt.Key(event.key())
        if not meeting.is_on():
            return False
        number = event.key() - Qt.Key.Key_1.value
        if key in STEPS:
            meeting.step(STEPS[key])
        elif key == Qt.Key.Key_Escape:
            meeting.turn(False)
        elif 0 <= number < len(KINDS):
            meeting.choose(KINDS[number])
        else:
            return key in (Qt.Key.Key_Delete, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace)
        return True
