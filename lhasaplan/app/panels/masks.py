"""A small editor for masked sectors: pairs of true azimuths, clockwise."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QListWidget, QPushButton, QVBoxLayout, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.core.base.wording import marked

Sectors = tuple[tuple[float, float], ...]


class MaskEditor(QWidget):
    """A list of sectors with buttons to add and to drop one."""

    changed = Signal(object)  # Sectors

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._sectors: Sectors = ()
        self.list = QListWidget()
        self.list.setMaximumHeight(62)
        self.start, self.stop = self._angle(), self._angle()
        self.add, self.drop = QPushButton(), QPushButton()
        language.bind(self.add.setText, marked("Mask"))
        language.bind(self.drop.setText, marked("Unmask"))
        language.bind(self.add.setToolTip, marked("Mask from the first to the second azimuth, clockwise"))
        language.bind(self.drop.setToolTip, marked("Take the chosen sector out of the masks"))
        self._lay_out()
        self.add.clicked.connect(lambda: self._put((*self._sectors, (self.start.value(), self.stop.value()))))
        self.drop.clicked.connect(self._drop_chosen)

    @staticmethod
    def _angle() -> QDoubleSpinBox:
        box = QDoubleSpinBox(decimals=0, maximum=360.0, suffix="°")
        box.setWrapping(True)
        box.setSingleStep(5)
        return box

    def _lay_out(self) -> None:
        angles, buttons = QHBoxLayout(), QHBoxLayout()
        angles.addWidget(self.start)
        angles.addWidget(self.stop)
        buttons.addWidget(self.add)
        buttons.addWidget(self.drop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list)
        column.addLayout(angles)
        column.addLayout(buttons)

    def show_sectors(self, sectors: Sectors) -> None:
        """Show a camera's masks."""
        if sectors == self._sectors and self.list.count() == len(sectors):
            return
        self._sectors = sectors
        self.list.clear()
        self.list.addItems([f"{start:g}° – {stop:g}°" for start, stop in sectors])

    def _put(self, sectors: Sectors) -> None:
        if all(start != stop for start, stop in sectors):
            self.changed.emit(sectors)

    def _drop_chosen(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self._put(self._sectors[:row] + self._sectors[row + 1 :])
