"""A number that may also be unknown."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox


class NumberField(QDoubleSpinBox):
    """A spin box whose lowest position means *not recorded*; it tells only what a person changed."""

    changed_by_hand = Signal(object)  # float, or None for not recorded

    def __init__(self, lowest: float, highest: float, step: float, unit: str, decimals: int = 1) -> None:
        super().__init__()
        self._lowest = lowest
        self.setDecimals(decimals)
        self.setRange(lowest - step, highest)
        self.setSingleStep(step)
        self.setSuffix(f" {unit}" if unit else "")
        self.setKeyboardTracking(False)
        self.setValue(self.minimum())
        self.valueChanged.connect(self._tell)

    def show_value(self, value: float | None) -> None:
        """Show a value without telling."""
        if value == self.number:
            return
        self.blockSignals(True)
        self.setValue(self.minimum() if value is None else value)
        self.blockSignals(False)

    @property
    def number(self) -> float | None:
        """Return the value, None when it is not recorded."""
        return None if self.value() < self._lowest else self.value()

    def _tell(self, _value: float) -> None:
        self.changed_by_hand.emit(self.number)
