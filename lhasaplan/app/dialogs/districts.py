"""The boxes that ask for a district, for the projects of districts, and which side counts where several changed the same."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QComboBox, QWidget

from lhasaplan.app.dialogs.form import Form
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.core.base.wording import marked

if TYPE_CHECKING:
    from lhasaplan.core.merging.three_ways import Conflict

WHICH = marked(
    "The district gets a project of its own with its cameras and parts, and drafts that say how its plan conforms to the city's."
)
WHICH_VERSION = marked("Versions of the plan were kept here. Which of them counts?")
AS_NOW = marked("the plan as it is now")
SEVERAL = marked("Several sides changed the same. Which counts? Nothing is taken back before each is decided.")
Row = tuple[str, ...]


def ask_district(parent: QWidget, say: Language, names: Sequence[str], versions: Sequence[str]) -> tuple[str, str] | None:
    """Return the area whose plan is to be drafted, and the version of the city's plan that it answers to, empty for now's."""
    form, areas = Form(parent, say(marked("Plan of a district")), say(WHICH)), QComboBox()
    areas.addItems(list(names))
    form.rows.addRow(say(marked("District")), areas)
    plans = _plans(say, versions)
    if versions:
        form.rows.addRow(say(marked("Plan of the city")), plans)
    return (areas.currentText(), str(plans.currentData())) if form.is_accepted() else None


def ask_versions(parent: QWidget, say: Language, names: Mapping[Path, Sequence[str]]) -> Mapping[Path, str] | None:
    """Return for each project the version of its plan that counts, empty for its plan of now."""
    form = Form(parent, say(marked("Versions of the plan")), say(WHICH_VERSION))
    boxes = {path: _plans(say, versions) for path, versions in names.items()}
    for path, box in boxes.items():
        form.rows.addRow(plain_label(path.name), box)
    return {path: str(box.currentData()) for path, box in boxes.items()} if form.is_accepted() else None


def _plans(say: Language, versions: Sequence[str]) -> QComboBox:
    """Return a box with the plan of now and the versions that were kept."""
    box = QComboBox()
    box.addItem(say(AS_NOW), "")
    for name in versions:
        box.addItem(name, name)
    return box


def ask_sides(parent: QWidget, say: Language, conflicts: "Sequence[Conflict]", rows: Sequence[Row]) -> Mapping[str, str] | None:
    """Return for each conflict the side that counts; ``rows`` say of each side what it is, as a merge tells them."""
    form = Form(parent, say(marked("Conflicts")), say(SEVERAL))
    boxes: dict[str, QComboBox] = {}
    told = iter(rows)
    for conflict in conflicts:
        box = QComboBox()
        for side in conflict.sides:
            kind, which, name, what = next(told)
            box.addItem(f"{name}: {what}", side)
        boxes[conflict.key] = box
        form.rows.addRow(plain_label(f"{kind} {which}".strip(), wordWrap=True), box)
    if not form.is_accepted():
        return None
    return {key: str(box.currentData()) for key, box in boxes.items()}
