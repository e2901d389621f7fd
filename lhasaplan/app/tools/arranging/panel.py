"""The panel with which several cameras are laid out: copies, mirrors, alignment, and a row along a street."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from lhasaplan.app.look.form_rows import add_row
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.tools.arranging.commands import Row
from lhasaplan.core.base.wording import marked

HINT = marked("Choose cameras on the map, several with Ctrl. What adds cameras plans them, so it needs an open gate.")
ACTS = (
    ("copy", marked("Copy"), 1),
    ("paste", marked("Paste"), 0),
    ("mirror", marked("Mirror over the street"), 1),
    ("mirror_copies", marked("Copy over the street"), 1),
    ("align", marked("Onto a line"), 3),
    ("space", marked("Evenly spaced"), 3),
    ("turn_alike", marked("Turn as the last"), 2),
)  # what it runs, what it is called, and how many cameras it needs
ADDS = ("paste", "mirror_copies", "row")
ROW, ADD_ROW = marked("Row along the street"), marked("Add the row: {count}")


class ArrangingPanel(QWidget):
    """Buttons for what can be done with the selected cameras, and the figures of a row."""

    acted = Signal(str)
    row_changed = Signal()

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self.buttons = {key: QPushButton() for key, _, _ in ACTS}
        self.spacing = QDoubleSpinBox(decimals=0, minimum=1.0, maximum=500.0, value=30.0, suffix=" m")
        self.count = QSpinBox(minimum=1, maximum=100, value=5)
        self.alternating, self.add_row = QCheckBox(), QPushButton()
        self.hint = plain_label(wordWrap=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        for number, (key, title, _) in enumerate(ACTS):
            grid.addWidget(self.buttons[key], number // 2, number % 2)
            self._say.bind(self.buttons[key].setText, title)
        box = QGroupBox()
        self._say.bind(box.setTitle, ROW)
        rows = QFormLayout(box)
        for title, field in ((marked("Spacing"), self.spacing), (marked("Cameras"), self.count)):
            add_row(rows, self._say, title, field)
        rows.addRow(self.alternating)
        rows.addRow(self.add_row)
        self._say.bind(self.alternating.setText, marked("on both sides in turn"))
        self._say.bind(self.hint.setText, HINT)
        column = QVBoxLayout(self)
        column.addLayout(grid)
        column.addWidget(box)
        column.addWidget(self.hint)
        column.addStretch(1)

    def _connect(self) -> None:
        for key, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, key=key: self.acted.emit(key))
        self.add_row.clicked.connect(lambda: self.acted.emit("row"))
        self.spacing.valueChanged.connect(self.row_changed)
        self.count.valueChanged.connect(self.row_changed)
        self.alternating.toggled.connect(self.row_changed)

    @property
    def row(self) -> Row:
        """Return the row that the fields describe."""
        return Row(self.spacing.value(), self.count.value(), self.alternating.isChecked())

    def enable_for(self, chosen: int, copied: int, may_plan: bool, row: int) -> None:
        """Enable what can be done with so many chosen and copied cameras, while planning is allowed or not."""
        for key, _, least in ACTS:
            is_enough = chosen >= least if key != "paste" else copied > 0
            self.buttons[key].setEnabled(is_enough and (may_plan or key not in ADDS))
        self.add_row.setEnabled(may_plan and row > 0)
        self.add_row.setText(self._say(ADD_ROW, count=row))
