"""The box that asks for the address of a project that an office shares."""

from PySide6.QtWidgets import QLineEdit, QWidget

from lhasaplan.app.dialogs.form import Form
from lhasaplan.app.look.language import Language
from lhasaplan.core.base.wording import marked

FORM = "postgresql://anna@server/plans?project=town"
WHERE = marked(
    "A project that an office shares is kept in a database. Its address has your account, the server, the database and the name "
    "of the project, and no password: that is asked for. Nothing but this server is reached."
)


def ask_address(parent: QWidget, say: Language) -> str:
    """Return what a person typed; empty for nothing."""
    form, field = Form(parent, say(marked("Open shared project")), say(WHERE)), QLineEdit()
    field.setPlaceholderText(FORM)
    field.setMinimumWidth(420)
    form.rows.addRow(say(marked("Address")), field)
    return field.text().strip() if form.is_accepted() else ""
