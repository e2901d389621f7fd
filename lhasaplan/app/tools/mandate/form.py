"""The panel of the mandate: what the gate still asks for, each line with what does it, and the mandate as a form."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QDate, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QCalendarWidget,
    QComboBox,
    QDoubleSpinBox,
    QFormLayout,
    QFrame,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from lhasaplan.app.look import Language, in_column, in_row, ink, plain_label, push_button
from lhasaplan.app.panels.fields import Amount, ChoiceField, take_words_whole
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.report.text import words

# A day is written or chosen in a calendar; the field of an area says how large it is, and where it is taken from.

EXAMPLES = {
    "controller": marked("who runs the cameras: City of Example, Streets Department"),
    "legal_basis": marked("the law that allows them: Example Streets Act, section 4"),
    "purposes": marked("one per line: flow and safety of traffic at main junctions"),
    "supervisory_authority": marked("choose the authority of this territory"),
    "complaint_route": marked("where people complain: the authority; appeal to the court"),
    "impact_assessment_officer": marked("who is responsible for it: A. Example, data-protection officer"),
    "impact_assessment_date": marked("YYYY-MM-DD, not in the future"),
    "public_register": marked("where people find the cameras: address on the web, town hall"),
    "date": marked("YYYY-MM-DD, the day of the decision"),
}
DAYS = ("impact_assessment_date", "date")
AREAS = {"plan_area_wkt": marked("Plan area"), "building_extent_wkt": marked("Ground that the building layer covers")}
NOT_SAID, NONE_YET = marked("not stated"), marked("none yet")
PURPOSES_PX, HINT_PX = 62, 240
DAY = "yyyy-MM-dd"


class DateField(QWidget):
    """A line for a day, with a calendar."""

    changed = Signal()

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.line, self.calendar = QLineEdit(), QCalendarWidget()
        button, menu = QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup), QMenu(self)
        button.setText("▾")
        language.bind(button.setAccessibleName, marked("Calendar"))
        action = QWidgetAction(menu)
        action.setDefaultWidget(self.calendar)
        menu.addAction(action)
        menu.aboutToShow.connect(self._show_day)
        button.setMenu(menu)
        self.calendar.clicked.connect(lambda day: self.line.setText(day.toString(DAY)))
        self.calendar.clicked.connect(menu.close)
        self.line.textChanged.connect(self.changed)
        self.setFocusProxy(self.line)
        in_row((self.line, 1), button, of=self, margin_px=0)

    def _show_day(self) -> None:
        day = QDate.fromString(self.line.text().strip(), DAY)
        self.calendar.setSelectedDate(day if day.isValid() else QDate.currentDate())


class AreaField(QWidget):
    """How large an area is, drawn on the map or taken from what is known."""

    draw_wished = Signal()
    take_wished = Signal(str)  # from what: data | view | other | file, or the name of an area

    def __init__(self, language: Language, other: str) -> None:
        super().__init__()
        self._say, self._other = language, other
        self.extent, self.draw = plain_label(wordWrap=True), push_button(language, marked("Draw on the map"))
        self.take = push_button(language, marked("Take from…"))
        self.names: Callable[[], Sequence[str]] = tuple
        self.draw.clicked.connect(self.draw_wished)
        menu = QMenu(self)
        menu.aboutToShow.connect(lambda: self._fill(menu))
        self.take.setMenu(menu)
        self.setFocusProxy(self.draw)
        in_column(self.extent, in_row(self.draw, self.take, 1), of=self, margin_px=0)

    def _fill(self, menu: QMenu) -> None:
        menu.clear()
        ways = ((self._other, "other"), (BUILDINGS, "data"), (VIEW, "view"), (FILE, "file"))
        for text, way in ways:
            menu.addAction(self._say(text), partial(self.take_wished.emit, way))
        names = self.names()
        if names:
            menu.addSeparator()
        for name in names:
            menu.addAction(name.replace("&", "&&"), partial(self.take_wished.emit, f"area:{name}"))


BUILDINGS, VIEW, FILE = marked("all mapped buildings"), marked("what the map shows now"), marked("polygons of a file…")
OTHERS = {"plan_area_wkt": marked("the ground that the building layer covers"), "building_extent_wkt": marked("the plan area")}


class MandateForm(QWidget):
    """The fields of a mandate with what they ask; what is written stays until another project or mandate comes."""

    changed = Signal()
    draw_wished = Signal(str)  # key of the area
    take_wished = Signal(str, str)  # key of the area, and from what

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say, self._wkt = language, dict.fromkeys(AREAS, "")
        self.area_text: Callable[[str], str] = str
        self.fields: dict[str, QWidget] = {name: self._field(name) for name in (*words.MANDATE, *AREAS)}
        rows = QFormLayout(self)
        rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapAllRows)
        rows.setContentsMargins(0, 0, 0, 0)
        for name, title in (words.MANDATE | AREAS).items():
            label = plain_label()
            language.bind(label.setText, title)
            label.setBuddy(self.fields[name])
            rows.addRow(label, self.fields[name])
        language.changed.connect(self._tell_areas)

    def _field(self, name: str) -> QWidget:
        if name in AREAS:
            area = AreaField(self._say, OTHERS[name])
            area.draw_wished.connect(lambda: self.draw_wished.emit(name))
            area.take_wished.connect(lambda way: self.take_wished.emit(name, way))
            return area
        if name in DAYS:
            day = DateField(self._say)
            self._say.bind(day.line.setPlaceholderText, EXAMPLES[name])
            day.changed.connect(self.changed)
            return day
        if name == "retention_days":
            return self._retention()
        if name == "supervisory_authority":
            return self._authority()
        text = QPlainTextEdit(tabChangesFocus=True) if name == "purposes" else QLineEdit()
        if isinstance(text, QPlainTextEdit):
            text.setFixedHeight(PURPOSES_PX)
        self._say.bind(text.setPlaceholderText, EXAMPLES[name])
        text.textChanged.connect(self.changed)
        return text

    def _retention(self) -> Amount:
        days = Amount(minimum=-1.0, maximum=9999.0, decimals=1, value=-1.0)
        days.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._say.bind(days.setSpecialValueText, NOT_SAID)  # at the least value
        take_words_whole(days)
        days.valueChanged.connect(self.changed)
        return days

    def _authority(self) -> ChoiceField:
        box = ChoiceField(editable=True)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        line = box.lineEdit()
        assert line is not None
        self._say.bind(line.setPlaceholderText, EXAMPLES["supervisory_authority"])
        box.editTextChanged.connect(self.changed)
        return box

    def name_areas(self, names: Callable[[], Sequence[str]]) -> None:
        """Offer the areas of these names wherever an area is taken."""
        for field in self.fields.values():
            if isinstance(field, AreaField):
                field.names = names

    def offer_authorities(self, names: Sequence[str]) -> None:
        """Offer the authorities of the territory; what is written stays."""
        box = self.fields["supervisory_authority"]
        assert isinstance(box, QComboBox)
        if [box.itemText(row) for row in range(box.count())] != list(names):
            with QSignalBlocker(box):
                written = box.currentText()
                box.clear()
                box.addItems(list(names))
                box.setEditText(written)

    def show_mandate(self, mandate: Mandate) -> None:
        """Write the fields from a mandate."""
        with QSignalBlocker(self):
            for name, field in self.fields.items():
                _write(field, getattr(mandate, name))
            self._wkt = {name: getattr(mandate, name) for name in AREAS}
        self._tell_areas()

    def set_area(self, name: str, wkt: str) -> None:
        """Take another area."""
        self._wkt[name] = wkt
        self._tell_areas()
        self.changed.emit()

    def area(self, name: str) -> str:
        """Return an area as the mandate states it."""
        return self._wkt[name]

    def _tell_areas(self) -> None:
        for name, wkt in self._wkt.items():
            field = self.fields[name]
            assert isinstance(field, AreaField)
            field.extent.setText(self.area_text(wkt) if wkt else self._say(NONE_YET))

    @property
    def mandate(self) -> Mandate:
        """Return what the fields say."""
        read = {name: _read(field) for name, field in self.fields.items() if name not in AREAS}
        days = read.pop("retention_days")
        purposes = tuple(line.strip() for line in str(read.pop("purposes")).splitlines() if line.strip())
        texts = {name: str(text).strip() for name, text in read.items()}
        retention = None if not isinstance(days, float) or days < 0 else days
        stated: dict[str, Any] = {**texts, **self._wkt, "purposes": purposes, "retention_days": retention}
        return Mandate(**stated)

    def go_to(self, name: str) -> None:
        """Lead the keys to a field."""
        self.fields[name].setFocus(Qt.FocusReason.ShortcutFocusReason)


def _write(field: QWidget, value: object) -> None:
    if isinstance(field, QComboBox):
        field.setEditText(str(value))
    elif isinstance(field, QDoubleSpinBox):
        field.setValue(value if isinstance(value, float) else -1.0)
    elif isinstance(field, QPlainTextEdit):
        field.setPlainText("\n".join(value) if isinstance(value, tuple) else "")
    elif isinstance(field, DateField):
        field.line.setText(str(value))
    elif isinstance(field, QLineEdit):
        field.setText(str(value))
        field.setCursorPosition(0)


def _read(field: QWidget) -> str | float:
    if isinstance(field, QDoubleSpinBox):
        return field.value()
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    if isinstance(field, QComboBox):
        return field.currentText()
    return field.line.text() if isinstance(field, DateField) else field.text() if isinstance(field, QLineEdit) else ""


# Lines of the gate, each with the button that leads to what is missing.

Step = tuple[str, str, Callable[[], object] | None]  # what is missing, what the button says, what it does
OPEN = marked("The gate is open: this project may plan.")
SHUT = marked("Missing before anything may be planned: {count}")
ASKING = marked("Checking the gate…")
EMPTY = marked("The project is empty: import city data first.")


class GateLines(QFrame):
    """What the gate still asks for."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self.head = plain_label(wordWrap=True)
        self.rows: list[QWidget] = []
        self.buttons: list[QPushButton] = []
        self._column = in_column(self.head, of=self, margin_px=0)

    def show_steps(self, head: str, is_open: bool, steps: Sequence[Step]) -> None:
        """Write the lines anew."""
        for row in self.rows:
            self._column.removeWidget(row)
            row.deleteLater()
        self.rows, self.buttons = [], []
        self.head.setText(head)
        self.head.setStyleSheet(f"font-weight: bold; color: {ink('good' if is_open else 'due').name()};")
        for text, does_text, does in steps:
            self._add(text, does_text, does)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the field that is written in where it is, while the gate has more to say or less."""
        super().resizeEvent(event)
        area, written_in = self.parentWidget(), QApplication.focusWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        if isinstance(area, QScrollArea) and written_in is not None and area.isAncestorOf(written_in):
            bar = area.verticalScrollBar()
            bar.setValue(bar.value() + event.size().height() - event.oldSize().height())

    def _add(self, text: str, does_text: str, does: Callable[[], object] | None) -> None:
        row, label = QWidget(), plain_label(f"• {text}", wordWrap=True)
        line = QVBoxLayout(row)
        line.setContentsMargins(0, 4, 0, 4)
        line.setSpacing(4)
        line.addWidget(label)
        if does is not None:
            button = QPushButton(does_text)
            button.clicked.connect(lambda _on=False: does())
            line.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
            self.buttons.append(button)
        self._column.addWidget(row)
        self.rows.append(row)


# Cells without a building: which are chosen on the map, why nothing stands there, and who says so.

CELLS_HINT = marked(
    "The map hatches cells without a building. Look at each one: click it, or drag a box over several. Then "
    "confirm that nothing is built there."
)
CHOSEN = marked("Cells chosen: {count} of {all}")


class CellsBox(QFrame):
    """Asks reason and name for the chosen cells; both stay for the next ones."""

    confirm_wished = Signal(str, str)  # reason, name

    def __init__(self, language: Language) -> None:
        super().__init__(frameShape=QFrame.Shape.StyledPanel)
        self._say, self._counts = language, (0, 0)
        self.hint, self.chosen = plain_label(wordWrap=True), plain_label()
        self.reason, self.by, self.all = QLineEdit(), QLineEdit(), push_button(language, marked("Choose all"))
        self.confirm = push_button(language, marked("Nothing is built there"))
        language.bind(self.hint.setText, CELLS_HINT)
        language.bind(self.reason.setPlaceholderText, marked("Why nothing is built there: park, water, tracks"))
        language.bind(self.by.setPlaceholderText, marked("Your name"))
        in_column(self.hint, in_row((self.chosen, 1), self.all), self.reason, self.by, self.confirm, of=self)
        for field in (self.reason, self.by):
            field.textChanged.connect(self._judge)
        self.confirm.clicked.connect(lambda: self.confirm_wished.emit(self.reason.text(), self.by.text()))
        language.changed.connect(self._judge)
        self._judge()

    def show_counts(self, chosen: int, among: int) -> None:
        """Say how many of how many cells are chosen."""
        self._counts = chosen, among
        self._judge()

    def _judge(self) -> None:
        chosen, among = self._counts
        self.chosen.setText(self._say(CHOSEN, count=chosen, all=among))
        self.confirm.setEnabled(bool(chosen and self.reason.text().strip() and self.by.text().strip()))


NOT_KEPT = marked("The project does not have these entries yet.")


class MandatePanel(QWidget):
    """The lines of the gate, the cells when they are asked about, and the form with its buttons."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self.gate, self.cells, self.form = GateLines(language), CellsBox(language), MandateForm(language)
        self.keep = push_button(language, marked("Put into the project"))
        self.save = push_button(language, marked("Save as a file…"))
        self.read, self.reported = push_button(language, marked("Read a file…")), plain_label(wordWrap=True)
        self.reported.setStyleSheet(f"color: {ink('due').name()};")
        language.bind(self.reported.setText, NOT_KEPT)
        heading = plain_label()
        heading.setStyleSheet("font-weight: bold;")
        language.bind(heading.setText, marked("Mandate"))
        files = in_row(self.read, self.save, 1)
        in_column(self.gate, self.cells, heading, self.form, self.reported, self.keep, files, 1, of=self)
        self.cells.hide()
        self.show_kept(True)

    def show_kept(self, is_kept: bool) -> None:
        """Say whether what is written is in the project; the fields below stay where they are."""
        self.reported.setVisible(not is_kept)
        self.keep.setEnabled(not is_kept)
