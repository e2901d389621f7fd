"""The layers of the map and their legend as one tree: groups, swatches, ticks, opacity."""

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QSlider, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.theme import plain_label
from lhasaplan.app.state.selection import ShownLayers
from lhasaplan.core.base.translations import marked

KEY = Qt.ItemDataRole.UserRole
Group = tuple[str, tuple[tuple[str, str, bool], ...]]  # title; key, name, on at the start
Legend = Callable[[str], list[tuple[str, QIcon]]]  # what a layer draws: sentence and swatch, of one layer several


class LayersPanel(QWidget):
    """A tree with ticks; below it how opaque the layer is that is at hand."""

    def __init__(self, shown: ShownLayers, language: Language, groups: Iterable[Group], legend: Legend) -> None:
        super().__init__()
        self._shown, self._say, self._legend = shown, language, legend
        self.tree, self.slider, self.opacity = QTreeWidget(), QSlider(Qt.Orientation.Horizontal), plain_label()
        self._items: dict[str, QTreeWidgetItem] = {}
        self._groups: list[QTreeWidgetItem] = []
        self._is_following = False
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(14)
        self.slider.setRange(0, 100)
        for title, layers in groups:
            self._add_group(title, layers)
        self._lay_out()
        language.bind(self.tree.setAccessibleName, marked("Layers"))
        language.bind(self.slider.setAccessibleName, marked("Opacity"))
        self._follow()
        self.draw_swatches()
        self.tree.itemChanged.connect(self._switch)
        self.tree.currentItemChanged.connect(lambda *_items: self._follow_opacity())
        self.slider.valueChanged.connect(self._set_opacity)
        shown.changed.connect(self._follow)
        language.changed.connect(self.draw_swatches)
        language.changed.connect(self._follow_opacity)

    def _lay_out(self) -> None:
        row, column = QHBoxLayout(), QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        row.setContentsMargins(8, 0, 8, 0)
        row.addWidget(self.opacity)
        row.addWidget(self.slider, 1)
        column.addWidget(self.tree, 1)
        column.addLayout(row)

    def _add_group(self, title: str, layers: Iterable[tuple[str, str, bool]]) -> None:
        group = QTreeWidgetItem(self.tree)
        self._groups.append(group)
        group.setFlags(group.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        self._say.bind(partial(self._name, group), title)
        for key, template, _ in layers:
            item = self._items[key] = QTreeWidgetItem(group)
            item.setData(0, KEY, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(0, Qt.CheckState.Unchecked)
            self._say.bind(partial(self._name, item), template)
        group.setExpanded(True)

    def _name(self, item: QTreeWidgetItem, text: str) -> None:
        """Write a name; that is no tick of a person, though the tree tells of both alike."""
        was, self._is_following = self._is_following, True
        item.setText(0, text)
        self._is_following = was

    def draw_swatches(self) -> None:
        """Draw what each layer looks like; of a layer that draws several things each has a line of its own below it."""
        self._is_following = True
        for key, item in self._items.items():
            rows = self._legend(key)
            item.takeChildren()
            item.setIcon(0, rows[0][1] if len(rows) == 1 else QIcon())
            for text, swatch in rows if len(rows) > 1 else ():
                line = QTreeWidgetItem(item, [text])
                line.setFlags(Qt.ItemFlag.ItemIsEnabled)
                line.setIcon(0, swatch)
            for text, _swatch in rows if len(rows) == 1 else ():
                item.setToolTip(0, text)
        self._is_following = False

    def set_on(self, key: str, on: bool) -> None:
        """Tick a layer, as a click would."""
        self._items[key].setCheckState(0, _tick(on))

    def choose(self, key: str) -> None:
        """Take a layer in hand, as a click on its name would."""
        self.tree.setCurrentItem(self._items[key])

    def _switch(self, item: QTreeWidgetItem) -> None:
        """Show what was ticked: a layer, or all layers of a group in one step."""
        is_partly = item.checkState(0) == Qt.CheckState.PartiallyChecked  # nobody ticks that: the group's name was written anew
        if not self._is_following and not is_partly:
            keys = [key for key, each in self._items.items() if item in (each, each.parent())]
            self._shown.switch_all(keys, item.checkState(0) == Qt.CheckState.Checked)

    def _set_opacity(self, percent: int) -> None:
        key = self._key_at_hand()
        if key and not self._is_following:
            self._shown.set_strength(key, percent / 100.0)

    def _key_at_hand(self) -> str:
        item = self.tree.currentItem()
        return str(item.data(0, KEY) or "") if item is not None else ""

    def _follow(self) -> None:
        """Tick what is shown."""
        self._is_following = True
        for key, item in self._items.items():
            item.setCheckState(0, _tick(key in self._shown.keys))
        for group in self._groups:
            ticks = {item.checkState(0) for item in self._items.values() if item.parent() is group}
            group.setCheckState(0, ticks.pop() if len(ticks) == 1 else Qt.CheckState.PartiallyChecked)
        self._is_following = False
        self._follow_opacity()

    def _follow_opacity(self) -> None:
        key = self._key_at_hand()
        percent = round(100 * self._shown.strength(key))
        self._is_following = True
        self.slider.setEnabled(bool(key))
        self.slider.setValue(percent)
        self._is_following = False
        self.opacity.setText(self._say(marked("Opacity {percent} %"), percent=percent))


def _tick(on: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
