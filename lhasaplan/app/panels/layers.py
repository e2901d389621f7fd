"""The panel that switches layers of the map on and off."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from lhasaplan.app.look.language import Language
from lhasaplan.app.state.shown_layers import ShownLayers

KEY = Qt.ItemDataRole.UserRole


class LayersPanel(QListWidget):
    """A list of tick boxes."""

    def __init__(self, shown: ShownLayers, language: Language, layers: tuple[tuple[str, str, bool], ...]) -> None:
        super().__init__()
        self._shown = shown
        for key, template, _ in layers:
            item = QListWidgetItem()
            item.setData(KEY, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            self.addItem(item)
            language.bind(item.setText, template)
        self._follow()
        self.itemChanged.connect(self._switch)
        shown.changed.connect(self._follow)

    def set_on(self, key: str, on: bool) -> None:
        """Tick a layer, as a click would."""
        for row in range(self.count()):
            if self.item(row).data(KEY) == key:
                self.item(row).setCheckState(_tick(on))

    def _switch(self, item: QListWidgetItem) -> None:
        self._shown.switch(item.data(KEY), item.checkState() == Qt.CheckState.Checked)

    def _follow(self) -> None:
        """Tick what is shown."""
        for row in range(self.count()):
            item = self.item(row)
            item.setCheckState(_tick(item.data(KEY) in self._shown.keys))


def _tick(on: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
