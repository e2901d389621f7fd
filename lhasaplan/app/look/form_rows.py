"""Rows of a form that follow the language while it is open."""

from PySide6.QtWidgets import QFormLayout, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label


def add_row(rows: QFormLayout, say: Language, title: str, field: QWidget) -> None:
    """Add a field below the others, with its title in the language of now."""
    label = plain_label()
    say.bind(label.setText, title)
    rows.addRow(label, field)
