"""The boxes in which a person decides about candidates: by name, with purpose and reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from lhasaplan.app.dialogs.form import Form
from lhasaplan.app.look.language import Language
from lhasaplan.core.base.wording import marked

CONFIRMING = marked(
    "Candidates to become demand for a purpose of the mandate: {count}. The reasons stand in the draft that the council reads."
)
EXCUSING = marked("Confirmed parts that need not be served: {count}. Reason and name stand in every draft.")
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
    form.rows.addRow(say(marked("Why this needs it")), reason)
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


def words_field() -> QPlainTextEdit:
    """Return a field of a few lines in which Tab goes on to the next field."""
    field = QPlainTextEdit(tabChangesFocus=True)
    field.setFixedHeight(LINES_PX)
    return field
