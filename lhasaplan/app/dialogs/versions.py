"""The box that asks for the name of a version of the plan, and why it is kept."""

from dataclasses import dataclass

from PySide6.QtWidgets import QLineEdit, QWidget

from lhasaplan.app.dialogs.form import Form
from lhasaplan.app.look.language import Language
from lhasaplan.core.base.wording import marked

KEPT = marked("All cameras are kept as they are now. Versions stand in the project and can be compared and taken over.")


@dataclass(frozen=True, slots=True)
class VersionWish:
    """What a version is to be called, why it is kept, and who stands behind it."""

    name: str
    reason: str = ""
    by: str = ""


def ask_version(parent: QWidget, say: Language, name: str) -> VersionWish | None:
    """Return what was wished, None if the person thought better of it."""
    form = Form(parent, say(marked("Keep this plan as a version")), say(KEPT))
    fields = QLineEdit(name), QLineEdit(), QLineEdit()
    fields[0].selectAll()
    for template, field in zip((marked("Name"), marked("Reason"), marked("Who stands behind it")), fields, strict=True):
        form.rows.addRow(say(template), field)
    form.need_words(fields[0])
    if not form.is_accepted():
        return None
    return VersionWish(*(field.text().strip() for field in fields))
