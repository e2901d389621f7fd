"""A box with a sentence, rows and buttons; and those that ask for one thing: an address, a passphrase, a version."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from lhasaplan.app.look import Language, fill_choices, in_column, in_row, plain_label
from lhasaplan.core.base.spelling import iso_date
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault

if TYPE_CHECKING:
    from lhasaplan.core.project.three_ways import Conflict

# A box with a sentence, rows, and buttons.

LINES_PX = 76
Field = TypeVar("Field", bound=QWidget)


class Form(QDialog):
    """A box with a sentence, rows, and buttons, in the language of the window."""

    def __init__(self, parent: QWidget | None, say: Language, title: str, text: str, can_refuse: bool = True) -> None:
        super().__init__(parent)
        self._say = say
        self.setWindowTitle(say(title))
        self.setMinimumWidth(380)
        self.may_accept: Callable[[], bool] = lambda: True
        self._unsent: dict[str, list[str]] | None = None  # of the window, where this box keeps its words
        self.rows = QFormLayout()
        self._middle = in_row(self.rows)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel if can_refuse else kinds.Ok)
        drop_icons(self.buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        in_column(plain_label(say(text), wordWrap=True), (self._middle, 1), self.buttons, of=self)

    def add(self, title: str, field: Field) -> Field:
        """Add a row and return its field."""
        self.rows.addRow(self._say(title), field)
        return field

    def line(self, title: str, text: str = "") -> QLineEdit:
        """Add a row with a line to write into."""
        return self.add(title, QLineEdit(text))

    def lines(self, title: str) -> QPlainTextEdit:
        """Add a row with a field of a few lines, in which Tab goes on to the next field."""
        field = self.add(title, QPlainTextEdit(tabChangesFocus=True))
        field.setFixedHeight(LINES_PX)
        return field

    def choice(self, title: str, choices: Mapping[Any, str], chosen: object = None) -> QComboBox:
        """Add a row with values to choose from, by their words."""
        box = self.add(title, QComboBox())
        fill_choices(box, choices, chosen)
        return box

    @property
    def accepting(self) -> QPushButton:
        """Return the button that accepts."""
        return self.buttons.button(QDialogButtonBox.StandardButton.Ok)

    def accept(self) -> None:
        """Accept what the box holds, or leave it open where something in it is wrong and is reported there."""
        if self.may_accept():
            super().accept()

    def lay_beside(self, widget: QWidget) -> None:
        """Lay something to the right of the rows, with all the room that is left."""
        self._middle.addWidget(widget, 1)

    def _order_tabs(self) -> None:
        """Lead the Tab key from the first row to the buttons; Qt would go by the order in which they were made."""
        fields = self._fields()
        for before, after in pairwise([*fields, *self.buttons.buttons()]):
            QWidget.setTabOrder(before, after)
        if fields:
            fields[0].setFocus()

    def _fields(self) -> list[QWidget]:
        """Return the fields from the first row to the last."""
        roles = QFormLayout.ItemRole.LabelRole, QFormLayout.ItemRole.FieldRole, QFormLayout.ItemRole.SpanningRole
        found = (self.rows.itemAt(row, role) for row in range(self.rows.rowCount()) for role in roles)
        widgets = [item.widget() for item in found if item is not None]
        return [widget for widget in widgets if widget is not None and not isinstance(widget, QLabel)]

    def need_words(self, *fields: QLineEdit | QPlainTextEdit) -> None:
        """Let the box be accepted only while each of these fields holds something; what is written is kept until it is done."""

        def judge() -> None:
            texts = (field.text() if isinstance(field, QLineEdit) else field.toPlainText() for field in fields)
            self.accepting.setEnabled(all(text.strip() for text in texts))

        for field in fields:
            field.textChanged.connect(judge)
        parent = self.parentWidget()
        if parent is not None:
            self._unsent = _UNSENT.setdefault(parent, {})
        judge()

    def is_accepted(self) -> bool:
        """Show the box and say whether it was accepted; what was written in vain the last time stands in it again."""
        self._order_tabs()
        if self._unsent is not None:
            for field, text in zip(self._fields(), self._unsent.get(self.windowTitle(), ()), strict=False):
                _write(field, text)
        is_accepted = self.exec() == QDialog.DialogCode.Accepted
        if is_accepted and self._unsent is not None:
            self._unsent[self.windowTitle()] = [_text(field) for field in self._fields()]
        return is_accepted


def drop_icons(box: QDialogButtonBox | QMessageBox) -> None:
    """Leave the words on the buttons of a box alone: Qt puts pictures of an older desktop beside them on Linux."""
    for button in box.buttons():
        button.setIcon(QIcon())


# What was written into boxes of a window and has not led to anything yet, by their titles: a refusal loses no reasons.
_UNSENT: WeakKeyDictionary[QWidget, dict[str, list[str]]] = WeakKeyDictionary()


def forget_words(window: QWidget) -> None:
    """Begin with empty boxes again: what was written is done, or another project came."""
    _UNSENT.pop(window, None)


def _text(field: QWidget) -> str:
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    return field.currentText() if isinstance(field, QComboBox) else field.text() if isinstance(field, QLineEdit) else ""


def _write(field: QWidget, text: str) -> None:
    if isinstance(field, QPlainTextEdit):
        field.setPlainText(text)
    elif isinstance(field, QComboBox):
        field.setCurrentText(text)
    elif isinstance(field, QLineEdit):
        field.setText(text)


# The boxes in which a person gives the passphrase of closed places; what is typed is not shown.
CLOSING = marked(
    "The project file closes the drawn protected places and is saved. Only the passphrase opens them again; it "
    "is stored nowhere. Earlier copies of the file and the imported files stay open."
)


def ask_passphrase(parent: QWidget | None, say: Language, text: str) -> str | None:
    """Return the passphrase, None if they are to stay closed."""
    form = Form(parent, say, marked("Closed places"), text)
    field = form.line(marked("Passphrase"))
    field.setEchoMode(QLineEdit.EchoMode.Password)
    return field.text() if form.is_accepted() else None


def ask_new_passphrase(parent: QWidget | None, say: Language) -> str | None:
    """Return a passphrase that was typed twice alike, None if the person thought better of it."""
    form = Form(parent, say, marked("Close drawn protected places"), CLOSING)
    first, again = form.line(marked("New passphrase")), form.line(marked("The same again"))
    form.accepting.setEnabled(False)
    for field in (first, again):
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.textChanged.connect(lambda _text: form.accepting.setEnabled(bool(first.text()) and first.text() == again.text()))
    return first.text() if form.is_accepted() else None


# The box that asks for the name of a version of the plan, and why it is kept.
KEPT = marked("All cameras are kept as they are now. You can compare versions and take them over.")


@dataclass(frozen=True, slots=True)
class VersionWish:
    """What a version is to be called, why it is kept, and who stands behind it."""

    name: str
    reason: str = ""
    by: str = ""


def ask_version(parent: QWidget, say: Language, name: str) -> VersionWish | None:
    """Return what was wished, None if the person thought better of it."""
    form = Form(parent, say, marked("Keep this plan as a version"), KEPT)
    fields = form.line(marked("Name"), name), form.line(marked("Reason")), form.line(marked("Person responsible"))
    fields[0].selectAll()
    form.need_words(fields[0])
    if not form.is_accepted():
        return None
    return VersionWish(*(field.text().strip() for field in fields))


# The boxes that ask what an area or a protected place is that was drawn.
OF_AREA = marked(
    "Results are split by areas: reports and tables have a part for each. A part of a larger area is counted in that."
)
OF_SURVEY = marked(
    "Somebody walked here and looked for cameras on that day. Outside such areas no absence of cameras is claimed. Who looked is "
    "counted and named in no output."
)
OF_PLACE = marked(
    "What is drawn as protected is never demand, and views onto it are findings. It stands on no map and in no output that is "
    "passed on; close it with a passphrase by File > Close drawn protected places."
)
ON_ITS_OWN = marked("nothing: it stands by itself")
PROTECTED_KINDS = {
    "protected": marked("protected place"),
    "polling_place": marked("polling place"),
    "processional_way": marked("processional way"),
}


@dataclass(frozen=True, slots=True)
class AreaWish:
    """What a drawn area is to be called, and what it is part of, empty for nothing."""

    name: str
    part_of: str = ""


def ask_area(parent: QWidget, say: Language, known: AreaWish, names: Sequence[str]) -> AreaWish | None:
    """Return what was written about an area, None if the person thought better of it."""
    form = Form(parent, say, marked("Area"), OF_AREA)
    name = form.line(marked("Name"), known.name)
    others = {each: each for each in names if each != known.name}
    whole = form.choice(marked("Part of"), {"": say(ON_ITS_OWN), **others}, known.part_of)
    form.need_words(name)
    return AreaWish(name.text().strip(), str(whole.currentData() or "")) if form.is_accepted() else None


@dataclass(frozen=True, slots=True)
class SurveyWish:
    """On which day somebody looked for cameras in a drawn area, who, and what the place is called; empty for not said."""

    day: str
    observers: str = ""
    site: str = ""


def ask_survey(parent: QWidget, say: Language, known: SurveyWish) -> SurveyWish | None:
    """Return what was written about a survey, None if the person thought better of it; without a day it is not accepted."""
    form = Form(parent, say, marked("Survey area"), OF_SURVEY)
    day = form.line(marked("Day (YYYY-MM-DD)"), known.day)
    observers = form.line(marked("Who looked (initials or numbers)"), known.observers)
    site = form.line(marked("Name of the place"), known.site)
    day.textChanged.connect(lambda text: form.accepting.setEnabled(iso_date(text.strip()) is not None))
    form.accepting.setEnabled(iso_date(known.day) is not None)
    return SurveyWish(day.text().strip(), observers.text().strip(), site.text().strip()) if form.is_accepted() else None


OF_CHANGES = marked(
    "These tags change, under the version that was read; all others stay. Give only what you may give: who operates a camera and "
    "what it can see stay out."
)


def ask_comment(parent: QWidget, say: Language, lines: Sequence[str]) -> str | None:
    """Return the comment of a changeset whose changes are shown, None if the person thought better of it."""
    form = Form(parent, say, marked("Corrections for OpenStreetMap"), OF_CHANGES)
    form.rows.addRow(QPlainTextEdit("\n".join(lines), readOnly=True))
    comment = form.line(marked("Comment of the changeset"))
    form.need_words(comment)
    return comment.text().strip() if form.is_accepted() else None


def ask_protected_kind(parent: QWidget, say: Language) -> str | None:
    """Return as what a drawn place is protected, None if the person thought better of it."""
    form = Form(parent, say, marked("Protected place"), OF_PLACE)
    kind = form.choice(marked("It is a"), say.words(PROTECTED_KINDS))
    return str(kind.currentData()) if form.is_accepted() else None


# The boxes that ask for a district, for the projects of districts, and which side counts where several changed the same.
WHICH = marked(
    "The district gets its own project with its cameras and parts. Its drafts say how its plan conforms to the city's."
)
WHICH_VERSION = marked("Several versions of the plan are kept here. Which one applies?")
AS_NOW = marked("the plan as it is now")
SEVERAL = marked("Several projects changed the same thing. Choose each time which change to keep; nothing is taken over before.")
Row = tuple[str, ...]


def ask_district(parent: QWidget, say: Language, names: Sequence[str], versions: Sequence[str]) -> tuple[str, str] | None:
    """Return the area whose plan is to be drafted, and the version of the city's plan that it answers to, empty for now's."""
    form = Form(parent, say, marked("Plan of a district"), WHICH)
    areas = form.choice(marked("District"), {name: name for name in names})
    plans = form.choice(marked("Plan of the city"), _plans(say, versions))
    form.rows.setRowVisible(plans, bool(versions))
    return (areas.currentText(), str(plans.currentData())) if form.is_accepted() else None


def ask_versions(parent: QWidget, say: Language, names: Mapping[Path, Sequence[str]]) -> Mapping[Path, str] | None:
    """Return for each project the version of its plan that counts, empty for its plan of now."""
    form = Form(parent, say, marked("Versions of the plan"), WHICH_VERSION)
    boxes = {path: QComboBox() for path in names}
    for path, box in boxes.items():
        fill_choices(box, _plans(say, names[path]))
        form.rows.addRow(plain_label(path.name), box)
    return {path: str(box.currentData()) for path, box in boxes.items()} if form.is_accepted() else None


def _plans(say: Language, versions: Sequence[str]) -> dict[str, str]:
    """Return the current plan and the versions that were kept, to choose from."""
    return {"": say(AS_NOW), **{name: name for name in versions}}


def ask_sides(parent: QWidget, say: Language, conflicts: "Sequence[Conflict]", rows: Sequence[Row]) -> Mapping[str, str] | None:
    """Return for each conflict the side that counts; ``rows`` say of each side what it is, as a merge tells them."""
    form = Form(parent, say, marked("Conflicts"), SEVERAL)
    boxes: dict[str, QComboBox] = {}
    reported = iter(rows)
    for conflict in conflicts:
        box = QComboBox()
        for side in conflict.sides:
            kind, which, name, what = next(reported)
            box.addItem(f"{name}: {what}", side)
        boxes[conflict.key] = box
        form.rows.addRow(plain_label(f"{kind} {which}".strip(), wordWrap=True), box)
    if not form.is_accepted():
        return None
    return {key: str(box.currentData()) for key, box in boxes.items()}


# A field for an office's own file that drafts are put in: its path, a button that looks for it, and what is wrong with it.
NONE = marked("none: the layout of the program")
CHOOSE = marked("Choose a template")
ROOM_PX = 320
Judge = Callable[[Sequence[Path]], Sequence[Fault]]


class TemplateField(QWidget):
    """Where one file is named; nothing in it is no template. What is wrong stands below it until it is changed."""

    def __init__(self, say: Language, name: str, path: str, look_for: Callable[[], str]) -> None:
        super().__init__()
        self._say, self._look_for = say, look_for
        self.line, self.button = QLineEdit(path, placeholderText=say(NONE)), QPushButton("…")
        self.line.setAccessibleName(say(name))
        self.line.setMinimumWidth(ROOM_PX)
        self.button.setAutoDefault(False)  # the Return key accepts the box
        self.button.setAccessibleName(say(CHOOSE))
        self.button.setToolTip(say(CHOOSE))
        self.faults = plain_label("", wordWrap=True)
        self.faults.setObjectName("warning")
        self.faults.hide()
        in_column(in_row((self.line, 1), self.button), self.faults, of=self, margin_px=0)
        self.setFocusProxy(self.line)
        self.button.clicked.connect(self._choose)
        self.line.textChanged.connect(self.faults.hide)

    def _choose(self) -> None:
        found = self._look_for()
        if found:
            self.line.setText(found)

    @property
    def path(self) -> Path | None:
        """The file that is named, None where none is."""
        text = self.line.text().strip()
        return Path(text).expanduser() if text else None

    def is_sound(self, judge: Judge) -> bool:
        """Say whether the file can be a template; what is wrong is shown here, all at once."""
        faults = judge([self.path]) if self.path is not None else ()
        self.faults.setText("\n".join(self._say.translations.fault(fault) for fault in faults))
        self.faults.setVisible(bool(faults))
        if faults:
            self.line.setFocus()
        return not faults


# The box that asks for the address of a project that an office shares.
FORM = "postgresql://anna@server/plans?project=town"
WHERE = marked(
    "A shared project is kept in a database. Its address names your account, the server, the database and the "
    "project. It holds no password; the program asks for it. The program connects to this server only."
)
NEW = marked(
    "The project is kept there under a new name, and the window goes on with it. The file that it was opened "
    "from stays as last saved. The office sets up accounts and the database there once."
)


def ask_address(parent: QWidget, say: Language) -> str:
    """Return where a project is opened, as a person typed it; empty for nothing."""
    return _asked(parent, say, marked("Open shared project"), [WHERE], marked("Open"))


def ask_new_address(parent: QWidget, say: Language) -> str:
    """Return where a project is to be kept from now on; empty for nothing."""
    return _asked(parent, say, marked("Save as a shared project"), [WHERE, NEW], marked("Save"))


def _asked(parent: QWidget, say: Language, title: str, reported: Sequence[str], accept: str) -> str:
    form = Form(parent, say, title, "\n\n".join(map(say, reported)))
    form.accepting.setText(say(accept))
    field = form.line(marked("Address"))
    field.setPlaceholderText(FORM)
    field.setMinimumWidth(420)
    form.need_words(field)
    return field.text().strip() if form.is_accepted() else ""
