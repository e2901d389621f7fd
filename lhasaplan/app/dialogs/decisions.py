"""The boxes in which a person decides about candidates: by name, with purpose and reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget

from lhasaplan.app.dialogs.form import Form
from lhasaplan.app.look.language import Language
from lhasaplan.core.base.wording import marked

CONFIRMING = marked(
    "Candidates to become demand for a purpose of the mandate: {count}. The reasons stand in the draft that the council reads."
)
EXCUSING = marked("Confirmed parts that need not be served: {count}. Reason and name stand in every draft.")
SUSPENDED = marked(
    "What these were made about is not there, or is another thing now. Made anew a decision counts as if it were made today; the "
    "step can be taken back."
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
    what.addItem(say(marked("make it anew")), True)
    what.addItem(say(marked("drop it")), False)
    what.currentIndexChanged.connect(lambda: to.setEnabled(bool(what.currentData())))
    to.setPlaceholderText(say(marked("the id, where it is another one now")))
    form.rows.addRow(say(marked("Decision")), which)
    form.rows.addRow(say(marked("What becomes of it")), what)
    form.rows.addRow(say(marked("What it is about now")), to)
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
