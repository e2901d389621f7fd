"""Numbers that are asked for, and a field of one that may also be unknown."""

from typing import NamedTuple

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QDoubleSpinBox

from lhasaplan.app.look.inks import ink


class Number(NamedTuple):
    """A number that is asked for: its field, title, range, step, unit and decimals."""

    name: str
    title: str
    lowest: float
    highest: float
    step: float
    unit: str
    decimals: int = 1


class NumberField(QDoubleSpinBox):
    """A spin box whose lowest position means *not recorded*; it tells only what a person changed."""

    changed_by_hand = Signal(object)  # float, or None for not recorded

    def __init__(self, asked: Number) -> None:
        super().__init__()
        self._lowest = asked.lowest
        ask_in(self, asked)
        self.setMinimum(asked.lowest - asked.step)
        self.setValue(self.minimum())
        self.valueChanged.connect(self._tell)

    def show_value(self, value: float | None) -> None:
        """Show a value without telling; what was refused or is being written goes."""
        self.mark_refused(False)
        if value == self.number and not self.is_written_in:
            return
        blocker = QSignalBlocker(self)
        self.setValue(self.minimum() if value is None else value)
        self.lineEdit().setText(self._shown)
        blocker.unblock()

    def mark_refused(self, is_refused: bool) -> None:
        """Write the number as a wrong one."""
        palette = QPalette()
        if is_refused:
            palette.setColor(QPalette.ColorRole.Text, ink("error"))
        self.setPalette(palette)

    @property
    def _shown(self) -> str:
        """Return what the field shows while nothing is being written."""
        is_special = self.value() == self.minimum() and self.specialValueText()
        return self.specialValueText() if is_special else f"{self.prefix()}{self.textFromValue(self.value())}{self.suffix()}"

    @property
    def is_written_in(self) -> bool:
        """Say whether something was written that is not entered yet."""
        return bool(self.text() != self._shown)

    def take_back(self) -> bool:
        """Go back to the number as entered; say whether something had been written."""
        was_written_in = self.is_written_in
        if was_written_in:
            self.lineEdit().setText(self._shown)
        return was_written_in

    @property
    def number(self) -> float | None:
        """Return the value, None when it is not recorded."""
        return None if self.value() < self._lowest else self.value()

    def _tell(self, _value: float) -> None:
        self.changed_by_hand.emit(self.number)


def ask_in(box: QDoubleSpinBox, asked: Number) -> None:
    """Have a box take a number once it is written, with its range, step and unit."""
    box.setDecimals(asked.decimals)
    box.setRange(asked.lowest, asked.highest)
    box.setSingleStep(asked.step)
    box.setSuffix(f" {asked.unit}" if asked.unit else "")
    box.setKeyboardTracking(False)
