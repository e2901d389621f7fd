"""The boxes in which a person decides about candidates, declares what buildings are used for, or takes drawn places out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QListWidget, QListWidgetItem, QWidget

from lhasaplan.app.dialogs.form import Form
from lhasaplan.app.look import Language
from lhasaplan.core.base.translations import marked

# The boxes in which a person decides about candidates: by name, with purpose and reason.

DECIDED_BY, DECLARED_BY = marked("Decided by"), marked("Declared by")
CONFIRMING = marked(
    "Candidates that become demand for a purpose of the mandate: {count}. The council's draft states the reasons."
)
EXCUSING = marked("Confirmed parts that need not be served: {count}. Every draft states reason and name.")
SUSPENDED = marked(
    "The subject of these decisions is missing or has become something else. Renew a decision: it then counts as "
    "made today. You can undo the step."
)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided, and why; ``purpose`` and ``milder`` are empty for an excuse."""

    reason: str
    by: str
    purpose: str = ""
    milder: str = ""


def ask_confirmation(parent: QWidget, say: Language, purposes: Sequence[str], count: int) -> Decision | None:
    """Return purpose, reason, milder means and name, None if the person thought better of it."""
    form = Form(parent, say, marked("Confirm candidates"), say(CONFIRMING, count=count))
    purpose = form.choice(marked("Purpose"), {each: each for each in purposes})
    reason, milder = form.lines(marked("Why it is needed")), form.lines(marked("Milder means considered"))
    by = form.line(DECIDED_BY)
    form.need_words(reason, milder, by)
    if not form.is_accepted():
        return None
    return Decision(reason.toPlainText(), by.text(), purpose.currentText(), milder.toPlainText())


def ask_excuse(parent: QWidget, say: Language, count: int) -> Decision | None:
    """Return reason and name, None if the person thought better of it."""
    return _why(Form(parent, say, marked("Excuse parts"), say(EXCUSING, count=count)), DECIDED_BY)


@dataclass(frozen=True, slots=True)
class SuspendedWish:
    """What becomes of a suspended decision: it is made anew about ``to`` (empty: the id stayed), dropped if that is None."""

    which: str
    why: Decision
    to: str | None = None


def ask_suspended(parent: QWidget, say: Language, texts: Mapping[str, str]) -> SuspendedWish | None:
    """Return what becomes of a suspended decision, None if the person thought better of it; texts say of each what it is."""
    form = Form(parent, say, marked("Suspended decisions"), SUSPENDED)
    which = form.choice(marked("Decision"), texts)
    what = form.choice(marked("What to do with it"), say.words({True: marked("renew it"), False: marked("drop it")}))
    to = form.line(marked("Its subject now"))
    what.currentIndexChanged.connect(lambda: to.setEnabled(bool(what.currentData())))
    to.setPlaceholderText(say(marked("the id, if it has changed")))
    why = _why(form, DECIDED_BY)
    return None if why is None else SuspendedWish(which.currentData(), why, to.text().strip() if what.currentData() else None)


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
    return _why(Form(parent, say, marked("Declare the use"), say(DECLARING, use=say(USES[use]), count=count)))


def ask_name_declaration(parent: QWidget, say: Language, building: str) -> OneDeclaration | None:
    """Return which building is not what its name says, with reason and name, None if the person thought better of it."""
    form = Form(parent, say, NOT_AS_NAMED_TITLE, OF_NAME)
    ident, why = form.line(marked("Building (its id)"), building), _why(form)
    return OneDeclaration(ident.text().strip(), why) if why is not None and ident.text().strip() else None


def ask_border_declaration(parent: QWidget, say: Language, countries: Sequence[tuple[str, str]]) -> OneDeclaration | None:
    """Return in which country the plan lies, with reason and name, None if the person thought better of it."""
    form = Form(parent, say, IN_COUNTRY_TITLE, OF_BORDER)
    country, why = form.choice(marked("Country"), dict(countries)), _why(form)
    return OneDeclaration(str(country.currentData()), why) if why is not None else None


def ask_area_declaration(parent: QWidget, say: Language, areas: Sequence[str]) -> AreaDeclaration | None:
    """Return area, use, reason and name, None if the person thought better of it."""
    form = Form(parent, say, marked("Declare the use in an area"), OF_AREA)
    area = form.choice(marked("Area"), {**{name: name for name in areas}, None: say(FROM_FILE)})
    use = form.choice(marked("What you declare"), say.words(USES))
    why = _why(form)
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
    form, chosen = Form(parent, say, marked("Take out drawn protected places"), TAKING_OUT), QListWidget()
    for name, count in files.items():
        item = QListWidgetItem(say(DRAWN_HERE, file=name or say(marked("drawn here")), count=count))
        item.setData(Qt.ItemDataRole.UserRole, name)
        item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        item.setCheckState(Qt.CheckState.Unchecked)
        chosen.addItem(item)
    form.rows.addRow(chosen)
    by = form.line(DECIDED_BY)
    form.need_words(by)
    if not form.is_accepted():
        return None
    items = (chosen.item(row) for row in range(chosen.count()))
    ticked = tuple(item.data(Qt.ItemDataRole.UserRole) for item in items if item.checkState() == Qt.CheckState.Checked)
    return Removal(ticked, by.text()) if ticked else None


def _why(form: Form, whose: str = DECLARED_BY) -> Decision | None:
    """Ask for reason and name below what else is asked; None if the person thought better of it."""
    reason, by = form.lines(marked("Reason")), form.line(whose)
    form.need_words(reason, by)
    return Decision(reason.toPlainText(), by.text()) if form.is_accepted() else None
