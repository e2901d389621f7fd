"""The panel that switches layers of the map on and off."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from lhasaplan.app.look.language import Language

KEY = Qt.ItemDataRole.UserRole


class LayersPanel(QListWidget):
    """A list of tick boxes."""

    switched = Signal(str, bool)

    def __init__(self, language: Language, layers: tuple[tuple[str, str, bool], ...]) -> None:
        super().__init__()
        for key, template, on in layers:
            item = QListWidgetItem()
            item.setData(KEY, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self.addItem(item)
            language.bind(item.setText, template)
        self.itemChanged.connect(self._tell)

    def set_on(self, key: str, on: bool) -> None:
        """Tick a layer, as a click would."""
        for row in range(self.count()):
            if self.item(row).data(KEY) == key:
                self.item(row).setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)

    def _tell(self, item: QListWidgetItem) -> None:
        self.switched.emit(item.data(KEY), item.checkState() == Qt.CheckState.Checked)
