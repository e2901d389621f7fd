"""The boxes that ask for one thing: a passphrase, a version, what was drawn, a district, an address."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import (
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from lhasaplan.app.dialogs.form import Form
from lhasaplan.app.look import Language, fill_choices, plain_label
from lhasaplan.core.base.spelling import iso_date
from lhasaplan.core.base.translations import marked

if TYPE_CHECKING:
    from lhasaplan.core.project.three_ways import Conflict

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
