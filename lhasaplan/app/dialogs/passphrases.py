"""The boxes in which a person gives the passphrase of closed places; what is typed is not shown."""

from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QWidget

from lhasaplan.app.dialogs.form import Form
from lhasaplan.app.look.language import Language
from lhasaplan.core.base.wording import marked

CLOSING = marked(
    "The protected places that were drawn are closed in the project file, and the file is saved. Without the passphrase nobody "
    "opens them again; it is stored nowhere. Earlier copies of the file are not closed by this, nor are the files that were "
    "imported."
)


def ask_passphrase(parent: QWidget | None, say: Language, text: str) -> str | None:
    """Return the passphrase, None if they are to stay closed."""
    form = Form(parent, say(marked("Closed places")), text)  # type: ignore[arg-type]
    field = _hidden()
    form.rows.addRow(say(marked("Passphrase")), field)
    return field.text() if form.is_accepted() else None


def ask_new_passphrase(parent: QWidget | None, say: Language) -> str | None:
    """Return a passphrase that was typed twice alike, None if the person thought better of it."""
    form = Form(parent, say(marked("Close drawn protected places")), say(CLOSING))  # type: ignore[arg-type]
    first, again = _hidden(), _hidden()
    form.rows.addRow(say(marked("New passphrase")), first)
    form.rows.addRow(say(marked("The same again")), again)
    accept = form.buttons.button(QDialogButtonBox.StandardButton.Ok)
    accept.setEnabled(False)
    for field in (first, again):
        field.textChanged.connect(lambda _text: accept.setEnabled(bool(first.text()) and first.text() == again.text()))
    return first.text() if form.is_accepted() else None


def _hidden() -> QLineEdit:
    return QLineEdit(echoMode=QLineEdit.EchoMode.Password)
