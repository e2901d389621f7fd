"""The panel of confirmed parts: verdicts before and after planned cameras, empty outside the gate; and what serves a part."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSizePolicy,
    QWidget,
)

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import GAP_PX, HAIR_PX, NEAR_PX, Language, in_column, in_row, ink, plain_label, plain_tip, push_button
from lhasaplan.app.models import ROW_ROLE
from lhasaplan.app.models.findings import PartsSheet
from lhasaplan.app.panels import SheetBar
from lhasaplan.app.panels.finding_cards import APPLIES
from lhasaplan.app.panels.sheet_view import SheetView
from lhasaplan.app.state import Session
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.place import NOT_MET
from lhasaplan.core.results.assessment import Assessment, PartResult, ServiceOption
from lhasaplan.report.facts.part_options import (
    ACTIONS,
    SERVED,
    UNASKED,
    blockers_text,
    in_view_then,
    none_text,
    planned_text,
    service_lines,
    views_text,
)
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import bound, number_text

# A small chart of what each choice serves, to the right, against the ground it shows that nobody asks for, to the left.

NAME = marked("What it serves against what it shows")
IN_WORDS = marked("{name}: serves {share} %, shows {unasked} m² that nobody asks for")
MOST_ROWS, NAME_SHARE, WIDTH_PX = 8, 0.42, 260


class ServedShownRow(NamedTuple):
    """A choice: what it is called, the share of what is asked that it serves, and the ground it shows beside that."""

    name: str
    share: float
    unasked_m2: float
    is_chosen: bool = False


class ServedShownChart(QWidget):
    """A row a choice with two bars and their figures; the same in words for people who do not see it."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say, self.rows = language, tuple[ServedShownRow, ...]()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        language.changed.connect(self._write)
        self.show_rows(())

    def show_rows(self, rows: Sequence[ServedShownRow]) -> None:
        """Draw other choices; none takes the chart away."""
        self.rows = tuple(rows[:MOST_ROWS])
        self.setVisible(bool(self.rows))
        self.updateGeometry()
        self._write()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of a heading and all rows."""
        return QSize(WIDTH_PX, (1 + len(self.rows)) * self._line_px() + HAIR_PX)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which it is still read."""
        return QSize(WIDTH_PX // 2, self.sizeHint().height())

    @property
    def in_words(self) -> str:
        """Return every row as a sentence."""
        return "\n".join(
            self._say(IN_WORDS, name=each.name, share=self._percent(each), unasked=self._area(each)) for each in self.rows
        )

    def _write(self) -> None:
        self.setAccessibleName(self._say(NAME))
        self.setAccessibleDescription(self.in_words)
        self.setToolTip(plain_tip(self.in_words))
        self.update()

    def _line_px(self) -> int:
        return self.fontMetrics().height() + HAIR_PX

    def _percent(self, row: ServedShownRow) -> str:
        return number_text(100.0 * row.share, self._say.translations)

    def _area(self, row: ServedShownRow) -> str:
        return number_text(row.unasked_m2, self._say.translations)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the headings, then each row from the line in the middle to both sides."""
        painter, line_px = QPainter(self), float(self._line_px())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, font = painter.fontMetrics(), painter.font()
        text = self.palette().color(QPalette.ColorRole.WindowText)
        names_px = self.width() * NAME_SHARE
        figures_px = max([float(metrics.horizontalAdvance(self._area(row))) for row in self.rows], default=0.0) + HAIR_PX
        percent_px = metrics.horizontalAdvance("100") + 2 * HAIR_PX
        side_px = max((self.width() - names_px - figures_px - percent_px - GAP_PX) / 2.0, 8.0)
        middle = names_px + GAP_PX + figures_px + side_px
        most_m2 = max([1.0, *(row.unasked_m2 for row in self.rows)])
        self._head(painter, middle, line_px)
        for number, row in enumerate(self.rows, start=1):
            room = QRectF(0.0, number * line_px, self.width(), line_px)
            painter.setPen(text)
            font.setBold(row.is_chosen)
            painter.setFont(font)
            name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, round(names_px))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), name)
            left, right = side_px * row.unasked_m2 / most_m2, side_px * row.share
            self._bar(painter, QRectF(middle - left, room.y(), left, line_px), ink("due") if self.isEnabled() else text)
            self._bar(painter, QRectF(middle, room.y(), right, line_px), ink("good") if self.isEnabled() else text)
            painter.setPen(text)
            beside = QRectF(0.0, room.y(), middle - left - HAIR_PX, line_px)
            painter.drawText(beside, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self._area(row))
            after = QRectF(middle + right + HAIR_PX, room.y(), percent_px, line_px)
            painter.drawText(after, int(Qt.AlignmentFlag.AlignVCenter), self._percent(row))
        painter.setPen(text)
        painter.drawLine(round(middle), round(line_px), round(middle), round((1 + len(self.rows)) * line_px))
        painter.end()

    def _head(self, painter: QPainter, middle: float, line_px: float) -> None:
        painter.setPen(ink("due"))
        painter.drawText(QRectF(0.0, 0.0, middle - HAIR_PX, line_px), int(Qt.AlignmentFlag.AlignRight), self._say(UNASKED))
        painter.setPen(ink("good"))
        painter.drawText(QRectF(middle + HAIR_PX, 0.0, self.width(), line_px), int(Qt.AlignmentFlag.AlignLeft), self._say(SERVED))

    @staticmethod
    def _bar(painter: QPainter, room: QRectF, colour: QColor) -> None:
        painter.fillRect(room.adjusted(0.0, 3.0, 0.0, -3.0), colour)


# The chosen part in full: which cameras show it, what hides it, and what would serve it; a click shows a change on the map.

SHOWN_BY, HIDDEN = marked("Shown by: {cameras}."), marked("Not seen because: {blockers}.")
WOULD_SERVE = marked("Each of these changes was computed alone and would serve the part better. Click one to see it on the map:")
SIDE_EFFECTS = marked("With it: protected places in view {places}, ground with no purpose stated {area} m².")
STALE_PART = marked("The project was changed after the check. Run the check again.")
OPTION_ROLE = Qt.ItemDataRole.UserRole + 1
LEAST_HEIGHT_PX = 110


class PartDetail(QScrollArea):
    """A page of the panel at the right; it is there while a part is chosen."""

    told = Signal(bool)  # there is a part to be told
    option_picked = Signal(object, object)  # PartResult, ServiceOption
    option_wished = Signal(object, object)  # the same, to be carried out

    def __init__(self, language: Language, names: Names) -> None:
        super().__init__()
        self._say, self._named = language, names.thing
        self.chart, self._unasked_m2 = ServedShownChart(language), dict[str, float]()  # by camera
        self._result: PartResult | None = None
        self._label = ""
        self.text, self.serves = plain_label(wordWrap=True), plain_label(wordWrap=True)
        self.options = QListWidget()
        self.options.setWordWrap(True)
        self.options.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.options.itemClicked.connect(self._pick)
        self.options.currentRowChanged.connect(self._judge)
        self.apply, self.reason, self._is_current = (
            push_button(language, marked("Apply this change")),
            plain_label(wordWrap=True),
            False,
        )
        language.changed.connect(self._judge)
        self.apply.clicked.connect(self._wish)
        self.options.setMinimumHeight(LEAST_HEIGHT_PX)
        self._lay_out()

    def _lay_out(self) -> None:
        body = QWidget()
        self.bar = QWidget()
        in_row(self.apply, (self.reason, 1), of=self.bar, margin_px=0)
        column = in_column(self.chart, self.text, self.serves, self.bar, (self.options, 1), 0, of=body)
        column.setContentsMargins(8, 0, 0, 0)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def set_cameras(self, results: Assessment | None) -> None:
        """Take over what each camera shows that nobody asks for."""
        cameras = results.cameras if results is not None else ()
        self._unasked_m2 = {each.placed.camera.camera_id: each.unasked_m2 for each in cameras}

    def show_part(self, result: PartResult | None, label: str = "") -> None:
        """Tell a part in full, called by its label; None takes the page away."""
        row = self.options.currentRow() if result is self._result else -1  # written anew, the chosen change stays chosen
        self._result, self._label = result, label
        self.options.clear()
        self.chart.show_rows(self._chart_rows(result) if result is not None else ())
        if result is not None:
            self._write(result, self._say.translations)
            self.options.setCurrentRow(row)
        self.told.emit(result is not None)
        self._judge()

    def set_current(self, is_current: bool) -> None:
        """Say whether the project is as it was when the changes were tried out: only then they hold."""
        self._is_current = is_current
        self._judge()

    def _judge(self, _row: int = 0) -> None:
        self.bar.setVisible(bool(self.options.count()))
        self.apply.setEnabled(self._is_current and self.options.currentItem() is not None)
        self.reason.setText(self._say(APPLIES if self._is_current else STALE_PART))

    def _wish(self) -> None:
        item = self.options.currentItem()
        if self._is_current and item is not None:
            self.option_wished.emit(self._result, item.data(OPTION_ROLE))

    def _write(self, result: PartResult, translations: Translations) -> None:
        blockers = blockers_text(result, translations, self._named)
        hidden = [translations(HIDDEN, blockers=blockers)] if blockers else []
        asked = [translations(result.part.question)] if result.part.question else []
        verdict = f"{self._label}: {words.word(words.VERDICTS, result.verdict, translations)}"
        planned = [planned_text(result, translations, self._named)] if result.verdict in NOT_MET and result.service else []
        shown_by = translations(SHOWN_BY, cameras=views_text(result, translations, self._named))
        self.text.setText(bound("\n".join(line for line in [verdict, *asked, shown_by, *planned, *hidden] if line)))
        self.serves.setText(self._serves_text(result))
        self.serves.setVisible(bool(self.serves.text()))
        self.options.setVisible(bool(result.service))
        for option, line in zip(result.service, service_lines(result, translations, self._named), strict=True):
            effects = {"places": in_view_then(option, translations), "area": number_text(option.unasked_after_m2, translations)}
            item = QListWidgetItem(f"{line}\n{translations(SIDE_EFFECTS, **effects)}")
            item.setData(OPTION_ROLE, option)
            self.options.addItem(item)

    def _chart_rows(self, result: PartResult) -> list[ServedShownRow]:
        """Return the cameras that show the part, the best first, then what would serve it."""
        shown = sorted((each for each in result.views if each.camera_id in self._unasked_m2), key=lambda each: -each.share_served)
        rows = [ServedShownRow(self._named(v.camera_id), v.share_served, self._unasked_m2[v.camera_id]) for v in shown]
        for option in result.service:
            what = self._say(ACTIONS[option.action])
            name = f"{self._named(option.camera_id)}: {what}" if option.camera_id else what
            rows.append(ServedShownRow(name, option.share_after, option.unasked_after_m2))
        return rows

    def _serves_text(self, result: PartResult) -> str:
        if result.service:
            return self._say(WOULD_SERVE)
        names = {result.part.part_id: self._label}
        return none_text(result, self._say.translations, names, self._named) if result.verdict in NOT_MET else ""

    def _pick(self, item: QListWidgetItem) -> None:
        option: ServiceOption = item.data(OPTION_ROLE)
        self.option_picked.emit(self._result, option)


GROUPS = ("category", "verdict", "verdict_after", "responsible")
NO_CHECK = marked("The check judges parts once the gate is open. Run it from the Analysis menu.")
CLOSED = marked("The gate is closed, so no part can be judged. Missing: {missing}")
NO_PARTS = marked("No part is confirmed. Confirm candidates in the panel beside this one.")
STALE = marked("The project was changed after these results. Run the analysis again.")


class PartsPanel(QWidget):
    """A table with search; the chosen part stands in full in the panel at the right."""

    picked = Signal(object)  # Part

    def __init__(self, session: Session, language: Language, names: Names) -> None:
        super().__init__()
        self._session, self._say = session, language
        self._shown: Assessment | None = None
        self.model = self.filter = PartsSheet(language, names)
        self.hint = plain_label(wordWrap=True)
        self.table = SheetView("parts", self.model, language, session.preferences)
        self.sheet_bar = SheetBar(self.table, language, marked("Search parts"), GROUPS)
        self.search, self.detail = self.sheet_bar.search, PartDetail(language, names)
        self._lay_out()
        language.changed.connect(self._reword)
        names.changed.connect(self._reword)
        self.table.chosen_changed.connect(self._take_chosen)
        self.table.clicked.connect(self._pick_again)
        for signal in (session.assessment_changed, session.gate_changed, session.project_changed):
            signal.connect(self._follow)
        session.selection_changed.connect(self._follow_cameras)
        self._follow()

    def _lay_out(self) -> None:
        in_column(in_row((self.sheet_bar, 2), (self.hint, 1)), (self.table, 1), 0, of=self, margin_px=NEAR_PX)

    def _follow(self) -> None:
        """List the parts of the last check while the gate is open as judged for what is now; else say why there are none."""
        results = self._session.assessment
        shown = results if results is not None and results.parts is not None and self._session.may_plan else None
        if shown is not self._shown:
            self._shown = shown
            self.detail.set_cameras(shown)
            self.model.show(shown)
            self._show_detail()
        self.detail.set_current(self._session.current_results is not None)
        self._tell()

    def _tell(self) -> None:
        has_parts = bool(self.model.all_rows)
        self.sheet_bar.setVisible(has_parts)
        self.table.setVisible(has_parts)
        self.hint.setText(self._reason())
        self.hint.setStyleSheet(f"color: {ink('due').name()};" if has_parts else "")

    def _reason(self) -> str:
        if self._shown is not None:
            return self._say(NO_PARTS) if not self._shown.parts else self._say(STALE) if self._session.is_stale else ""
        gate = self._session.gate
        if gate is None or gate.open:
            return self._say(NO_CHECK)
        return self._say(CLOSED, missing=words.running_text(words.said(pair, self._say.translations) for pair in gate.missing))

    def _take_chosen(self) -> None:
        self._show_detail()
        chosen = self.table.chosen_rows
        if len(chosen) == 1:
            self.picked.emit(chosen[0].part)

    def _pick_again(self, index: QModelIndex) -> None:
        """Go to a part that is clicked once more."""
        result = index.data(ROW_ROLE)
        if result is not None and self.table.chosen_rows == (result,):
            self.picked.emit(result.part)

    def _follow_cameras(self) -> None:
        """Choose the parts that the selected cameras show, unless one of those is chosen already, or all this is old."""
        if self._session.is_stale:
            return
        wanted = set(self._session.selection.ids)
        shown = [each for each in self.model.all_rows if wanted & set(each.cameras)]
        chosen = self.table.chosen_rows
        if shown and not any(wanted & set(each.cameras) for each in chosen):
            self.table.choose_rows([each.part.part_id for each in shown])
            self._show_detail()

    def _show_detail(self) -> None:
        """Tell the part that was chosen last in full."""
        chosen = self.table.chosen_rows
        if chosen:
            self.detail.show_part(chosen[-1], self.model.label(chosen[-1]))
        else:
            self.detail.show_part(None)

    def _reword(self) -> None:
        if self.table.chosen_rows:
            self._show_detail()
        self._tell()
