"""The boxes in which a person decides about candidates, declares what buildings are used for, or takes drawn places out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QListWidget, QListWidgetItem, QPlainTextEdit, QWidget

from lhasaplan.app.dialogs.asking import Form
from lhasaplan.app.look import Language
from lhasaplan.core.base.translations import marked

# The boxes in which a person decides about candidates: by name, with purpose and reason.

CONFIRMING = marked(
    "Candidates that become demand for a purpose of the mandate: {count}. The council's draft states the reasons."
)
EXCUSING = marked("Confirmed parts that need not be served: {count}. Every draft states reason and name.")
SUSPENDED = marked(
    "The subject of these decisions is missing or has become something else. Renew a decision: it then counts as "
    "made today. You can undo the step."
)
LINES_PX = 76


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided, and why; ``purpose`` and ``milder`` are empty for an excuse."""

    reason: str
    by: str
    purpose: str = ""
    milder: str = ""


def ask_confirmation(parent: QWidget, say: Language, purposes: Sequence[str], count: int) -> Decision | None:
    """Return purpose, reason, milder means and name, None if the person thought better of it."""
    form = Form(parent, say(marked("Confirm candidates")), say(CONFIRMING, count=count))
    purpose, reason, milder, by = QComboBox(), words_field(), words_field(), QLineEdit()
    purpose.addItems(list(purposes))
    form.rows.addRow(say(marked("Purpose")), purpose)
    form.rows.addRow(say(marked("Why it is needed")), reason)
    form.rows.addRow(say(marked("Milder means considered")), milder)
    form.rows.addRow(say(marked("Decided by")), by)
    form.need_words(reason, milder, by)
    if not form.is_accepted():
        return None
    return Decision(reason.toPlainText(), by.text(), purpose.currentText(), milder.toPlainText())


def ask_excuse(parent: QWidget, say: Language, count: int) -> Decision | None:
    """Return reason and name, None if the person thought better of it."""
    form = Form(parent, say(marked("Excuse parts")), say(EXCUSING, count=count))
    reason, by = words_field(), QLineEdit()
    form.rows.addRow(say(marked("Reason")), reason)
    form.rows.addRow(say(marked("Decided by")), by)
    form.need_words(reason, by)
    return Decision(reason.toPlainText(), by.text()) if form.is_accepted() else None


@dataclass(frozen=True, slots=True)
class SuspendedWish:
    """What becomes of a suspended decision: it is made anew about ``to`` (empty: the id stayed), dropped if that is None."""

    which: str
    why: Decision
    to: str | None = None


def ask_suspended(parent: QWidget, say: Language, texts: Mapping[str, str]) -> SuspendedWish | None:
    """Return what becomes of a suspended decision, None if the person thought better of it; texts say of each what it is."""
    form = Form(parent, say(marked("Suspended decisions")), say(SUSPENDED))
    which, what, to, reason, by = QComboBox(), QComboBox(), QLineEdit(), words_field(), QLineEdit()
    for number, text in texts.items():
        which.addItem(text, number)
    what.addItem(say(marked("renew it")), True)
    what.addItem(say(marked("drop it")), False)
    what.currentIndexChanged.connect(lambda: to.setEnabled(bool(what.currentData())))
    to.setPlaceholderText(say(marked("the id, if it has changed")))
    form.rows.addRow(say(marked("Decision")), which)
    form.rows.addRow(say(marked("What to do with it")), what)
    form.rows.addRow(say(marked("Its subject now")), to)
    form.rows.addRow(say(marked("Reason")), reason)
    form.rows.addRow(say(marked("Decided by")), by)
    form.need_words(reason, by)
    if not form.is_accepted():
        return None
    why = Decision(reason.toPlainText(), by.text())
    return SuspendedWish(which.currentData(), why, to.text().strip() if what.currentData() else None)


def words_field() -> QPlainTextEdit:
    """Return a field of a few lines in which Tab goes on to the next field."""
    field = QPlainTextEdit(tabChangesFocus=True)
    field.setFixedHeight(LINES_PX)
    return field


USES = {
    "dwelling": marked("is lived in"),
    "not_dwelling": marked("is not lived in"),
}
DECLARING = marked("Buildings that you declare “{use}”: {count}. The project keeps name, day and reason.")
OF_AREA = marked(
    "All buildings of unknown use with more than half of their footprint in the area. The project keeps name, day and reason."
)
NOT_AS_NAMED_TITLE, IN_COUNTRY_TITLE = marked("Not what its name says"), marked("The country at a border")
OF_NAME = marked(
    "The map knows the use of this building, and only its name makes it a protected place. After your "
    "declaration it is none. The project and every output state name, day and reason."
)
OF_BORDER = marked(
    "The plan comes within 300 m of another state. State in which country it lies. The project and its outputs "
    "state name, day and reason."
)
FROM_FILE = marked("polygons of a file…")
TAKING_OUT = marked(
    "These places are removed from the project. Every later audit counts them as removed. Choose the files that "
    "brought them. You can undo this until the project is closed."
)
DRAWN_HERE = marked("{file}: {count}")
POLYGON_FILES = marked("Polygons (*)")
TABLE_FILES = marked("Tables of declarations (*.csv *.tsv *.txt *.xlsx *.xlsm)")


@dataclass(frozen=True, slots=True)
class AreaDeclaration:
    """What is said of all buildings of an area: a name of the project's, or a file with polygons."""

    area: str | Path
    use: str
    why: Decision


@dataclass(frozen=True, slots=True)
class OneDeclaration:
    """What is said of one thing: of a building by its id, of a country as ``border:250``."""

    subject: str
    why: Decision


@dataclass(frozen=True, slots=True)
class Removal:
    """The files whose drawn places go, and who takes them out."""

    files: tuple[str, ...]
    by: str


def ask_declaration(parent: QWidget, say: Language, use: str, count: int) -> Decision | None:
    """Return reason and name, None if the person thought better of it."""
    form = Form(parent, say(marked("Declare the use")), say(DECLARING, use=say(USES[use]), count=count))
    return _why(form, say)


def ask_name_declaration(parent: QWidget, say: Language, building: str) -> OneDeclaration | None:
    """Return which building is not what its name says, with reason and name, None if the person thought better of it."""
    form, ident = Form(parent, say(NOT_AS_NAMED_TITLE), say(OF_NAME)), QLineEdit(building)
    form.rows.addRow(say(marked("Building (its id)")), ident)
    why = _why(form, say)
    return OneDeclaration(ident.text().strip(), why) if why is not None and ident.text().strip() else None


def ask_border_declaration(parent: QWidget, say: Language, countries: Sequence[tuple[str, str]]) -> OneDeclaration | None:
    """Return in which country the plan lies, with reason and name, None if the person thought better of it."""
    form, country = Form(parent, say(IN_COUNTRY_TITLE), say(OF_BORDER)), QComboBox()
    for subject, name in countries:
        country.addItem(name, subject)
    form.rows.addRow(say(marked("Country")), country)
    why = _why(form, say)
    return OneDeclaration(str(country.currentData()), why) if why is not None else None


def ask_area_declaration(parent: QWidget, say: Language, areas: Sequence[str]) -> AreaDeclaration | None:
    """Return area, use, reason and name, None if the person thought better of it."""
    form = Form(parent, say(marked("Declare the use in an area")), say(OF_AREA))
    area, use = QComboBox(), QComboBox()
    for name in areas:
        area.addItem(name, name)
    area.addItem(say(FROM_FILE), None)
    for key, template in USES.items():
        use.addItem(say(template), key)
    form.rows.addRow(say(marked("Area")), area)
    form.rows.addRow(say(marked("What you declare")), use)
    why = _why(form, say)
    chosen = area.currentData() if why is not None else None
    if why is not None and chosen is None:
        name, _ = QFileDialog.getOpenFileName(parent, say(marked("Area")), "", say(POLYGON_FILES))
        chosen = Path(name) if name else None
    return None if why is None or chosen is None else AreaDeclaration(chosen, use.currentData(), why)


def ask_table(parent: QWidget, say: Language) -> Path | None:
    """Return a table of declarations."""
    name, _ = QFileDialog.getOpenFileName(parent, say(marked("Declare the use")), "", say(TABLE_FILES))
    return Path(name) if name else None


def ask_removal(parent: QWidget, say: Language, files: Mapping[str, int]) -> Removal | None:
    """Return which drawn places go, None if the person thought better of it; nothing is ticked at first."""
    form = Form(parent, say(marked("Take out drawn protected places")), say(TAKING_OUT))
    chosen, by = QListWidget(), QLineEdit()
    for name, count in files.items():
        item = QListWidgetItem(say(DRAWN_HERE, file=name or say(marked("drawn here")), count=count))
        item.setData(Qt.ItemDataRole.UserRole, name)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Unchecked)
        chosen.addItem(item)
    form.rows.addRow(chosen)
    form.rows.addRow(say(marked("Decided by")), by)
    form.need_words(by)
    if not form.is_accepted():
        return None
    items = (chosen.item(row) for row in range(chosen.count()))
    ticked = tuple(item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked)
    return Removal(ticked, by.text()) if ticked else None


def _why(form: Form, say: Language) -> Decision | None:
    reason, by = words_field(), QLineEdit()
    form.rows.addRow(say(marked("Reason")), reason)
    form.rows.addRow(say(marked("Declared by")), by)
    form.need_words(reason, by)
    return Decision(reason.toPlainText(), by.text()) if form.is_accepted() else None
