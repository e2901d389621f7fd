"""The box that asks for the address of a project that an office shares."""

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from lhasaplan.app.dialogs.form import Form
from lhasaplan.app.look.language import Language
from lhasaplan.core.base.wording import marked

FORM = "postgresql://anna@server/plans?project=town"
WHERE = marked(
    "A project that an office shares is kept in a database. Its address has your account, the server, the database and the name "
    "of the project, and no password: that is asked for. Nothing but this server is reached."
)
NEW = marked(
    "The project is kept there under a name that none has yet, and the window goes on with it; the file that it was opened from "
    "stays as it was saved last. What the office sets up once, accounts and the database, is done there."
)


def ask_address(parent: QWidget, say: Language) -> str:
    """Return where a project is opened, as a person typed it; empty for nothing."""
    return _asked(parent, say, marked("Open shared project"), [WHERE], marked("Open"))


def ask_new_address(parent: QWidget, say: Language) -> str:
    """Return where a project is to be kept from now on; empty for nothing."""
    return _asked(parent, say, marked("Save as a shared project"), [WHERE, NEW], marked("Save"))


def _asked(parent: QWidget, say: Language, title: str, told: Sequence[str], accept: str) -> str:
    form, field = Form(parent, say(title), "\n\n".join(map(say, told))), QLineEdit()
    form.name_accepting(say(accept))
    form.need_words(field)
    field.setPlaceholderText(FORM)
    field.setMinimumWidth(420)
    form.rows.addRow(say(marked("Address")), field)
    return field.text().strip() if form.is_accepted() else ""
