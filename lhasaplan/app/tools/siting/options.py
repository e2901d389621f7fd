"""Work proposals out beside the window; the options as a table and a chart of trade-off; what is ticked goes into the plan."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from lhasaplan import workflow
from lhasaplan.app.commands.placing import Placing
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs import Report
from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import Language, ink, plain_tip
from lhasaplan.app.models import Sheet, SheetColumn
from lhasaplan.app.state import edits
from lhasaplan.app.state.selection import Tone
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.proposal import apply
from lhasaplan.core.changes.work import in_words
from lhasaplan.core.project.plan import planned_project, with_plan
from lhasaplan.core.project.plan_step import only
from lhasaplan.core.project.project import Project
from lhasaplan.core.siting.option_words import FREED, OPTIONS, name_in_words, others_in_words
from lhasaplan.report.facts.part_options import ACROSS, CHART_NAME, KNEE, SERVED, UNASKED, curve_in_words
from lhasaplan.report.text.numerals import number_text

if TYPE_CHECKING:
    from lhasaplan.core.live.effect import ChangeEffect
    from lhasaplan.core.rules.audit_policy import Weights
    from lhasaplan.core.siting.disclosed_proposals import DisclosedOption
    from lhasaplan.core.siting.option_words import StateReason
    from lhasaplan.core.siting.options import Option, Point
    from lhasaplan.core.siting.robustness import Doubts
    from lhasaplan.workflow.siting import Proposals

# Work proposals out beside the window, show one on the map, put what is ticked of it into the plan; that can be undone.

LANE, TAKING_LANE, DOUBTS_LANE = "siting", "taking", "doubts"
LOOKING = marked("Checking what depends on assumed values …")
TRYING = marked("Computing the ticked items")
LESS = marked("Taken over. With the ticked items alone {lost} parts are served less than today. Undo reverses it.")
ASIDE = ("name", "journal", "versions", "bookmarks", "numbers")  # of a project: what no proposal hangs on


@dataclass(frozen=True, eq=False, slots=True)
class FoundOptions:
    """Proposals with the figures that may be disclosed, and the project that they were worked out for."""

    proposals: "Proposals"
    options: "tuple[DisclosedOption, ...]"
    discloses_all: bool  # may figures of protected places be told?
    project: Project


@dataclass(frozen=True, eq=False, slots=True)
class Hanging:
    """What of an option depends on assumed values and on weights; None where that is withheld."""

    doubts: "Doubts"
    by_weight: "Mapping[str, Sequence[str]] | None"


class Siting(QObject):
    """Behind the gate; what was found grows old with the first change of the project, and is young again when that is undone."""

    found = Signal(object)  # Found, None when there is none
    hanging = Signal(object, object)  # an option, and its Hanging
    aged = Signal(bool)  # is what was found older than the project?

    def __init__(self, bench: Workbench, placing: Placing) -> None:
        super().__init__()
        self._bench, self._placing = bench, placing
        self.last: FoundOptions | None = None
        self._looked_into, self._named = set["Option"](), set[str]()
        bench.session.left.connect(self._forget)
        for signal in (bench.session.project_changed, bench.session.gate_changed):
            signal.connect(self._judge_age)

    @property
    def is_old(self) -> bool:
        """Say whether the project is another than the one of the proposals."""
        now, last = self._bench.session.project, self.last
        kept = [field.name for field in fields(Project) if field.name not in ASIDE]
        return last is not None and any(getattr(now, name) is not getattr(last.project, name) for name in kept)

    def propose(self, budget: int) -> None:
        """Work the options out, with so many new cameras in the one with a budget; outside the gate say what is missing."""
        if not self._placing.may_plan():
            return
        project, services = self._bench.session.project, self._bench.services

        def work(report: Report) -> FoundOptions:
            proposals = workflow.propose(services, project, (), budget, report)
            reported = workflow.disclosed_proposals(proposals, private=project.has_opened)
            return FoundOptions(proposals, reported.options, reported.discloses_all, project)

        self._bench.notices.start(LANE, work, self._take)

    def look_into(self, reported: "DisclosedOption") -> None:
        """Compute in the background what of an option depends on assumptions and weights; once for each."""
        found = self.last
        if found is None or reported.option in self._looked_into:
            return

        def work(report: Report) -> Hanging:
            report(0.1, LOOKING)
            return Hanging(*workflow.hanging_on(found.proposals, reported.option, discloses_all=found.discloses_all))

        def take(hanging: Hanging) -> None:
            if self.last is found:
                self._looked_into.add(reported.option)  # not before: of those that wait only the newest is looked into
                self._name(found, (key for keys in (hanging.by_weight or {}).values() for key in keys))
                self.hanging.emit(reported.option, hanging)

        self._bench.jobs.start(DOUBTS_LANE, work, take, self._bench.notices.note_error)

    def cancel(self) -> None:
        """Stop working proposals out; what was found before stays."""
        self._bench.jobs.cancel(LANE)

    def _name(self, found: FoundOptions, camera_ids: Iterable[str]) -> None:
        """Have the proposed cameras among these named, by what and where they would be."""
        known = {camera.camera_id for camera in found.project.cameras}
        self._named |= {key for key in camera_ids if key not in known}
        states = (state.camera for state in found.proposals.council.table.states)
        self._bench.names.name_cameras_too(tuple(each for each in states if each.camera_id in self._named))

    def _take(self, found: FoundOptions) -> None:
        self._bench.jobs.cancel(DOUBTS_LANE)
        self._looked_into.clear()
        self._named.clear()
        self._name(found, (key for reported in found.options for key in reported.option.proposal.camera_ids))
        self.last = found
        self.found.emit(found)
        self._judge_age()

    def _judge_age(self) -> None:
        if self.last is not None:
            self.aged.emit(self.is_old or not self._bench.session.may_plan)

    def _forget(self) -> None:
        self._bench.jobs.cancel(LANE)
        self._bench.jobs.cancel(TAKING_LANE)
        self._bench.jobs.cancel(DOUBTS_LANE)
        self._looked_into.clear()
        self.last = None
        self.found.emit(None)

    def show(self, reported: "DisclosedOption", camera_ids: Collection[str]) -> None:
        """Lay the plan with what is ticked of an option beside the current one on the map."""
        proposals = self._bench.proposals
        if self.is_old or not self._bench.session.may_plan:
            return
        ticked, cameras = only(reported.option.proposal, camera_ids), with_plan(self._bench.session.project)
        allowance = reported.option.allowance
        name = partial(self._bench.language, OPTIONS[allowance.name], most=allowance.most_new)
        proposals.beside_wished.emit(name, apply(ticked, cameras) if ticked.changes else None)

    def take_over(self, reported: "DisclosedOption", camera_ids: Collection[str]) -> None:
        """Put what is ticked of an option into the plan, once gate and guard have let just that pass."""
        last, project, services = self.last, self._bench.session.project, self._bench.services
        if last is None or self.is_old or not self._placing.may_plan():
            return
        ticked, live = only(reported.option.proposal, camera_ids), last.proposals.council.live

        def work(report: Report) -> "ChangeEffect":
            def progress(share: float, _step: str) -> None:
                report(share, TRYING)

            return workflow.evaluate(services, planned_project(project), ticked, progress=progress, private=True, live=live)

        def take(effect: "ChangeEffect") -> None:
            session = self._bench.session
            if session.project is not project:
                return  # changed while it was tried
            self._bench.proposals.beside_wished.emit(str, None)
            ticked_by_name = replace(ticked, about=ticked.about or str(reported.option.allowance.name))
            session.edit(marked("Take over a proposal"), edits.accepted(project, ticked_by_name, session.author)[1])
            if effect.lost:
                self._bench.notices.note(LESS, tone=Tone.NOTE, lost=len(effect.lost))

        self._bench.notices.start(TAKING_LANE, work, take)


# The trade-off as a small chart: what each further camera serves, and what it shows that nobody asks for.
NO_CURVE = marked("No trade-off yet.")
WIDTH_PX, HEIGHT_PX, LEAST_PX, MARK_PX, GAP_PX = 260, 150, 120, 3.5, 5.0


class TradeOffChart(QWidget):
    """Shares on the left, ground on the right, new cameras below; the same in words for people who do not see it."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say, self.points = language, tuple["Point", ...]()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(LEAST_PX, LEAST_PX)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        language.changed.connect(self._write)
        self._write()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size at which all of it is read."""
        return QSize(WIDTH_PX, HEIGHT_PX)

    def show_points(self, points: "Sequence[Point]") -> None:
        """Draw another curve; no point takes it away."""
        self.points = tuple(points)
        self._write()

    @property
    def in_words(self) -> str:
        """Return every point as a sentence."""
        return "\n".join(curve_in_words(self.points, self._say.translations)) or self._say(NO_CURVE)

    def _write(self) -> None:
        self.setAccessibleName(self._say(CHART_NAME))
        self.setAccessibleDescription(self.in_words)
        self.setToolTip(plain_tip(self.in_words))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw frame, knee and both lines, or say that there is none."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        text = self.palette().color(QPalette.ColorGroup.Active if self.isEnabled() else QPalette.ColorGroup.Disabled, _TEXT)
        painter.setPen(text)
        if self.points:
            self._paint_curve(painter, text)
        else:
            wrapped = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect(), int(wrapped), self._say(NO_CURVE))
        painter.end()

    def _paint_curve(self, painter: QPainter, text: QColor) -> None:
        translations, line_px = self._say.translations, float(painter.fontMetrics().height())
        shares = [each.figures["reached"] for each in self.points]
        areas = [each.figures["unasked_m2"] for each in self.points]
        most_m2 = max(*areas, 1.0)
        most = number_text(most_m2, translations)
        left, right = (painter.fontMetrics().horizontalAdvance(one) + GAP_PX for one in ("100 %", most))
        room = QRectF(self.rect()).adjusted(left, line_px + GAP_PX + 2 * MARK_PX, -right, -2 * line_px - GAP_PX)
        colours = (ink("good"), ink("due")) if self.isEnabled() else (text, text)
        painter.setPen(QPen(text, 1.0))
        painter.drawRect(room)
        self._paint_words(painter, room, most, colours, line_px)
        self._paint_knee(painter, room, text)
        self._paint_line(painter, [self._at(room, k, share) for k, share in enumerate(shares)], colours[0], is_dashed=False)
        self._paint_line(painter, [self._at(room, k, area / most_m2) for k, area in enumerate(areas)], colours[1], is_dashed=True)

    def _at(self, room: QRectF, number: int, share: float) -> QPointF:
        """Return where a point lies: the first at the left edge, the last at the right one, one alone in the middle."""
        last = len(self.points) - 1
        across = number / last if last else 0.5
        return QPointF(room.left() + across * room.width(), room.bottom() - share * room.height())

    def _paint_words(self, painter: QPainter, room: QRectF, most: str, colours: tuple[QColor, QColor], line_px: float) -> None:
        whole, say = QRectF(self.rect()), self._say
        at_left, at_right = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
        top, bottom = room.top() - line_px / 2, room.bottom() - line_px / 2
        for side, colour, name, highest in ((at_left, colours[0], SERVED, "100"), (at_right, colours[1], UNASKED, most)):
            painter.setPen(colour)
            painter.drawText(QRectF(0, 0, whole.width(), line_px), int(side), say(name))
            outer = QRectF(0, 0, room.left() - GAP_PX, line_px)
            if side is at_right:
                outer = QRectF(room.right() + GAP_PX, 0, whole.right() - room.right() - GAP_PX, line_px)
            inwards = at_right if side is at_left else at_left
            painter.drawText(outer.translated(0, top), int(inwards), highest)
            painter.drawText(outer.translated(0, bottom), int(inwards), "0")
        painter.setPen(self.palette().color(_TEXT))
        for number, each in enumerate(self.points):
            x_px = self._at(room, number, 0.0).x()
            box = QRectF(x_px - line_px, room.bottom() + GAP_PX / 2, 2 * line_px, line_px)
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), str(each.new))
        below = QRectF(0, whole.height() - line_px, whole.width(), line_px)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), say(ACROSS))

    def _paint_knee(self, painter: QPainter, room: QRectF, text: QColor) -> None:
        for number, each in enumerate(self.points):
            if each.is_knee:
                at = self._at(room, number, 1.0)
                painter.setPen(QPen(text, 1.0, Qt.PenStyle.DotLine))
                painter.drawLine(at, self._at(room, number, 0.0))
                wide = float(painter.fontMetrics().horizontalAdvance(self._say(KNEE)))
                has_room = at.x() + GAP_PX + wide < room.right()
                left_px = at.x() + GAP_PX if has_room else at.x() - GAP_PX - wide
                painter.drawText(QPointF(left_px, room.center().y()), self._say(KNEE))

    @staticmethod
    def _paint_line(painter: QPainter, points: list[QPointF], colour: QColor, *, is_dashed: bool) -> None:
        """Draw a line with discs, or a dashed one with squares: they are distinguished without colours, too."""
        painter.setPen(QPen(colour, 2.0, Qt.PenStyle.DashLine if is_dashed else Qt.PenStyle.SolidLine))
        painter.drawPolyline(points)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for at in points:
            if is_dashed:
                painter.drawRect(QRectF(at.x() - MARK_PX, at.y() - MARK_PX, 2 * MARK_PX, 2 * MARK_PX))
            else:
                painter.drawEllipse(at, MARK_PX, MARK_PX)
        painter.setBrush(Qt.BrushStyle.NoBrush)


_TEXT = QPalette.ColorRole.WindowText


# The options as a table, and what one of them changes: camera, what, why.
EXPLAINED = {
    "cameras": marked("Cameras with this option, those without recorded direction or lens too"),
    "reached": marked("Served of what is asked, %"),
    "unasked_m2": marked("Ground that nobody asks for, m²"),
    "frontage_m": marked("Protected frontage in view, m"),
}
# What each option may do, in one line.
MAY = {
    "none": marked("Nothing changes: cameras stay as they are."),
    "remove-only": marked("Only removes cameras."),
    "change-only": marked("Turns, tilts, raises or refits existing cameras; removes none, adds none."),
    "budget": marked("Changes existing cameras and adds at most {most} new ones; removes none."),
    "all": marked("Changes, removes and adds cameras; the limit of new cameras is only for the option before."),
}
NOT_COUNTED = marked("Not counted, because direction or lens is not recorded: {left}.")
NOT_DISCLOSED = "–"
SERVES = marked("serves {parts}")
SERVES_NONE = marked("serves no part")
SHOWS = marked("shows {unasked} m² that nobody asks for")


class OptionsSheet(Sheet["DisclosedOption"]):
    """A row an option, in the order of the command line."""

    def __init__(self, language: Language) -> None:
        super().__init__(language, self._make_columns(language), id)

    def _make_columns(self, say: Language) -> list[SheetColumn["DisclosedOption"]]:
        def met(reported: "DisclosedOption") -> str:
            return f"{int(reported.figures['parts_met'])}/{int(reported.figures['parts'])}"

        def measured(key: str, title: str) -> SheetColumn["DisclosedOption"]:
            def text(reported: "DisclosedOption") -> str:
                return number_text(reported.figures[key], say.translations) if key in reported.figures else NOT_DISCLOSED

            return SheetColumn(key, title, text, is_number=True)

        def reached(reported: "DisclosedOption") -> str:
            return number_text(100.0 * reported.figures["reached"], say.translations, 1)

        return [
            SheetColumn("name", marked("Option"), lambda each: name_in_words(each.option.allowance, say.translations)),
            SheetColumn("cameras", marked("Cameras"), lambda each: str(int(each.figures["cameras"])), is_number=True),
            SheetColumn("parts_met", marked("Parts met"), met, is_number=True),
            SheetColumn("reached", marked("Reached, %"), reached, is_number=True),
            measured("unasked_m2", marked("Not asked for, m²")),
            measured("frontage_m", marked("Protected frontage, m")),
        ]

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: N802
        """Return a column's name, on two lines so that figures take little room, and in its tip the whole of it."""
        name = super().headerData(section, orientation, role)
        if name is None or role == Qt.ItemDataRole.FontRole:
            return name
        explained = EXPLAINED.get(self.columns[section].key)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._say(explained) if explained else None
        return "\n".join(str(name).rsplit(" ", 1))

    def reword(self) -> None:
        """Read cells and headings again; the option that is chosen stays so."""
        self._texts = {}
        self.redraw()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)


def may_in_words(found: "FoundOptions", reported: "DisclosedOption", say: Language) -> str:
    """Return in one line what an option may do, and which cameras it does not count."""
    leave, left = reported.option.allowance, len(found.proposals.council.uncounted)
    line = say(MAY[leave.name], **({"most": leave.most_new} if leave.name == "budget" else {}))
    return f"{line} {say(NOT_COUNTED, left=left)}" if left else line


@dataclass(frozen=True, slots=True)
class Changed:
    """One camera that an option changes: what it is called, what changes, and why."""

    camera_id: str
    name: str
    what: str
    why: str


def changed_cameras(found: "FoundOptions", reported: "DisclosedOption", names: Names, say: Language) -> Iterator[Changed]:
    """Give the cameras of an option in the order of its changes."""
    known, weights = {camera.camera_id: camera for camera in found.project.cameras}, found.proposals.council.rules.weights
    said: dict[str, list[str]] = {}
    for change in reported.option.proposal.changes:
        said.setdefault(change.camera_id, []).append(in_words(change, known.get(change.camera_id), say.translations))
    for key, words in said.items():
        reason = reported.reasons.get(key)
        why = say(FREED) if reason is None else _why(reason, weights, names, say, discloses_all=found.discloses_all)
        own = known[key].name if key in known else ""
        yield Changed(key, own or names.camera(key), "; ".join(words), why)


def _why(reason: "StateReason", weights: "Weights", names: Names, say: Language, *, discloses_all: bool) -> str:
    parts = ", ".join(names.part(one) or one for one in reason.serves)
    said = [say(SERVES, parts=parts) if parts else say(SERVES_NONE)]
    said.append(say(SHOWS, unasked=number_text(reason.state.unasked_m2, say.translations)))
    said.append(others_in_words(reason, weights, say.translations, discloses_all=discloses_all))
    return "; ".join(said)
