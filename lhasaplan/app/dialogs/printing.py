"""The box that asks how the map is to be printed: paper, scale, title and format; then where."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit, QWidget

from lhasaplan.app.dialogs.form import Form
from lhasaplan.app.look.language import Language
from lhasaplan.app.map.paper import SCALES, SIZES_MM, Paper
from lhasaplan.core.base.wording import marked

ASKED = marked("The page shows the layers that are on, with legend, scale, north, sources and what must be told with them.")
UPRIGHT, LYING = marked("upright"), marked("lying")
BY_VIEW, WHOLE = marked("what the map shows now"), marked("the whole city")
ENDINGS = {"pdf": "PDF", "png": "PNG"}
WHOLE_CITY = -1


@dataclass(frozen=True, slots=True)
class PrintWish:
    """How to print. ``scale`` 0 means as much as the map shows now, -1 the whole city."""

    paper: Paper
    scale: int
    title: str
    path: Path


def ask_print(parent: QWidget, say: Language, title: str, name: str) -> PrintWish | None:
    """Return what was wished, None if the person thought better of it."""
    form = Form(parent, say(marked("Print the map")), say(ASKED))
    heading, size, way, scale, ending = QLineEdit(title), QComboBox(), QComboBox(), QComboBox(), QComboBox()
    size.addItems(list(SIZES_MM))
    size.setCurrentText("A3")
    for is_lying, template in ((True, LYING), (False, UPRIGHT)):
        way.addItem(say(template), is_lying)
    for value, template in ((0, BY_VIEW), (WHOLE_CITY, WHOLE)):
        scale.addItem(say(template), value)
    for value in SCALES:
        scale.addItem(f"1:{value:,}".replace(",", " "), value)
    for key, text in ENDINGS.items():
        ending.addItem(text, key)
    for template, field in (
        (marked("Title"), heading),
        (marked("Paper"), size),
        (marked("Sheet"), way),
        (marked("Scale"), scale),
        (marked("Format"), ending),
    ):
        form.rows.addRow(say(template), field)
    if not form.is_accepted():
        return None
    key = str(ending.currentData())
    kinds = f"{ENDINGS[key]} (*.{key})"
    chosen, _ = QFileDialog.getSaveFileName(parent, say(marked("Print the map")), f"{name}.{key}", kinds)
    if not chosen:
        return None
    paper = Paper(size.currentText(), bool(way.currentData()))
    return PrintWish(paper, int(scale.currentData()), heading.text().strip(), Path(chosen).with_suffix(f".{key}"))
