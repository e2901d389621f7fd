"""The tool for a meeting: full screen, large letters, one thing after the other, and nothing can be changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QApplication, QFrame, QPushButton

from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Switch, Tool, ToolCondition, Workbench
from lhasaplan.app.look import GAP_PX, WIDE_PX, Language, Letters, icon, in_column, in_row, plain_label, write_as
from lhasaplan.app.map import MapCanvas
from lhasaplan.app.map.painter import MapTool
from lhasaplan.app.models.findings import finding_text
from lhasaplan.app.state.selection import LOOK
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.place import NOT_MET
from lhasaplan.core.results.assessment import PartResult, ServiceOption
from lhasaplan.core.results.finding import Finding, rank
from lhasaplan.report.facts.part_options import service_text
from lhasaplan.report.text.words import SEVERITIES, VERDICTS, word

# What a meeting goes through: the named views, the findings, what would serve parts; each a heading, words and a place.

VIEWS, FINDINGS, OPTIONS = marked("Views"), marked("Findings"), marked("Options")
NOTHING_SERVES = marked("None of the computed changes would serve this part.")

MET_BY_PLAN = marked("With the plan carried out this part is met.")


@dataclass(frozen=True, eq=False, slots=True)
class MeetingSlide:
    """One thing that is shown: its heading and words, and what brings it onto the map."""

    heading: str
    words: str
    show: Callable[[], object]


def slides_of(kind: str, bench: Workbench, commands: Commands) -> tuple[MeetingSlide, ...]:
    """Return what there is of a kind, the gravest findings first."""
    if kind == VIEWS:
        visit = bench.bookmarks.visit
        return tuple(MeetingSlide(each.name, "", partial(visit, number)) for number, each in enumerate(bench.bookmarks.views))
    results = bench.session.current_results
    if results is None:
        return ()
    if kind == FINDINGS:
        found = sorted(results.findings, key=lambda one: -rank(one.severity))
        return tuple(_finding(finding, bench, commands) for finding in found)
    parts = (one for one in results.parts or () if one.verdict in NOT_MET)
    return tuple(slide for part in parts for slide in _options(part, bench, commands))


def _finding(finding: Finding, bench: Workbench, commands: Commands) -> MeetingSlide:
    severity = word(SEVERITIES, finding.severity, bench.language.translations)
    camera = bench.names.camera(finding.camera_id) if finding.camera_id else ""
    heading = " · ".join(filter(None, (severity, camera)))
    return MeetingSlide(
        heading, finding_text(finding, bench.language, bench.names), lambda: commands.looking.show_finding(finding)
    )


def _options(result: PartResult, bench: Workbench, commands: Commands) -> Sequence[MeetingSlide]:
    say = bench.language
    name = bench.names.part(result.part.part_id) or result.part.name or result.part.part_id
    heading = f"{name} · {word(VERDICTS, result.verdict, say.translations)}"
    if result.verdict_after not in NOT_MET:
        return (MeetingSlide(heading, say(MET_BY_PLAN), lambda: commands.looking.show_part(result.part)),)
    if not result.service:
        return (MeetingSlide(heading, say(NOTHING_SERVES), lambda: commands.looking.show_part(result.part)),)
    return [_option(heading, result, option, bench, commands) for option in result.service]


def _option(heading: str, result: PartResult, option: ServiceOption, bench: Workbench, commands: Commands) -> MeetingSlide:
    return MeetingSlide(
        heading,
        service_text(option, bench.language.translations, bench.names.thing),
        lambda: commands.mitigating.show_option(result, option),
    )


# The state of a meeting: what is gone through, and where it stands; while it lasts the project is held as it is.

KINDS = (VIEWS, FINDINGS, OPTIONS)
LARGER = 1.45  # than letters on a desk


class Meeting(QObject):
    """Holds the project, fills the screen, and steps."""

    turned = Signal()
    stepped = Signal()

    def __init__(self, bench: Workbench, commands: Commands, mode: str) -> None:
        super().__init__()
        self._bench, self._commands, self._mode = bench, commands, mode
        self.kind, self.at, self.slides = VIEWS, 0, tuple[MeetingSlide, ...]()
        self._letters_pt = 0.0
        bench.session.mode.changed.connect(self._follow_mode)
        bench.session.left.connect(lambda: self.turn(False))
        for signal in (bench.language.changed, bench.names.changed):
            signal.connect(self._say_again)

    def is_on(self) -> bool:
        """Say whether the meeting lasts."""
        return self._bench.session.is_held

    def turn(self, on: bool) -> None:
        """Begin the meeting, or end it."""
        if on == self.is_on():
            return
        session = self._bench.session
        session.hold(on)
        if on:
            session.mode.use(self._mode)
            self._grow(LARGER)
            self.choose(next((kind for kind in KINDS if slides_of(kind, self._bench, self._commands)), VIEWS))
        else:
            self._grow(1.0)
            session.mode.switch(self._mode, False)
            self._bench.proposals.clear()
            self._commands.looking.drop_mark()
        session.attention.bare_wished.emit(on)
        self.turned.emit()

    def _grow(self, times: float) -> None:
        """Write everything larger, or as large as before."""
        font = QApplication.font()
        self._letters_pt = self._letters_pt or font.pointSizeF()
        font.setPointSizeF(self._letters_pt * times)
        QApplication.setFont(font)

    def _follow_mode(self) -> None:
        """End with Esc, which puts away whatever takes the clicks."""
        if self.is_on() and self._bench.session.mode.tool == LOOK:
            self.turn(False)

    def choose(self, kind: str) -> None:
        """Go through another kind of thing, from its first."""
        self.kind, self.at, self.slides = kind, 0, slides_of(kind, self._bench, self._commands)
        self._show()

    def _say_again(self) -> None:
        """Write what is gone through in another language, or with other names; where it stands stays."""
        if self.is_on():
            self.slides = slides_of(self.kind, self._bench, self._commands)
            self.at = min(self.at, max(len(self.slides) - 1, 0))
            self.stepped.emit()

    def next_kind(self) -> None:
        """Go through the next kind that there is anything of."""
        start = KINDS.index(self.kind)
        others = (KINDS[(start + step) % len(KINDS)] for step in range(1, len(KINDS) + 1))
        self.choose(next((kind for kind in others if slides_of(kind, self._bench, self._commands)), self.kind))

    def step(self, by: int) -> None:
        """Show the next thing, or the one before; round from the last to the first."""
        if self.slides:
            self.at = (self.at + by) % len(self.slides)
            self._show()

    @property
    def slide(self) -> MeetingSlide | None:
        """Return what is shown."""
        return self.slides[self.at] if self.slides else None

    def _show(self) -> None:
        if self.slide is not None:
            self.slide.show()
        self.stepped.emit()


# The bar below the map in a meeting: what is shown, in large letters, and the keys that lead on.

WAY = marked("→ next · ← previous · Tab: another list · Esc ends. Nothing can be changed.")
NONE = marked("There is nothing to show yet: run the audit, or add views under View > Bookmarks.")
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


class MeetingBar(QFrame, MapTool):
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
        over.add_map_tool(self)
        over.installEventFilter(self)
        for signal in (meeting.turned, meeting.stepped, language.changed):
            signal.connect(self._write)
        self.hide()

    def _lay_out(self) -> None:
        self.place.setWordWrap(False)
        foot = in_row(self.place, (self.way, 1), self.before, self.next, gap_px=GAP_PX)
        in_column(self.heading, self.words, foot, of=self, margin_px=WIDE_PX, gap_px=GAP_PX)

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
        """Step by the arrows, Page up and down and Space, choose what is stepped through by 1, 2, 3; take what would edit."""
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


KEY = "meeting"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    meeting = Meeting(bench, commands, KEY)
    bar = MeetingBar(bench.canvas, bench.language, meeting)
    has_city = ToolCondition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    switch = Switch(meeting.turn, meeting.is_on, meeting.turned)
    entry = Entry(KEY, marked("&Meeting: full screen, nothing can be changed"), switch, "F11", has_city)
    return Tool(KEY, entries=((marked("&View"), entry),), commands=(meeting, bar))
