"""A panel with a sheet that is asked for, the line over it, and a list of cameras that can be ticked."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from lhasaplan.app.look import NEAR_PX, Language, as_listing, fill_choices, in_column, in_row, plain_label, plain_tip
from lhasaplan.app.models import Sheet
from lhasaplan.app.panels.fields import ChoiceField
from lhasaplan.app.panels.sheet_view import COLUMNS, SheetView
from lhasaplan.app.state.selection import Preferences
from lhasaplan.core.base.translations import marked

# The line over a sheet: search, groups, columns, and how many rows are shown; filters by value can be taken off there.

COUNT, CHOSEN = marked("{shown} of {all}"), marked("{shown} of {all}, {chosen} chosen")
NO_GROUPS, GROUPED, ALL_ROWS = marked("not grouped"), marked("by {column}"), marked("Show all rows")


ACTS_A_ROW = 4


class SheetBar(QWidget):
    """Search and switches of one sheet; ``widgets`` of its panel stand between search and columns."""

    def __init__(
        self, view: SheetView[Any], language: Language, searched: str, groups: Sequence[str] = (), widgets: Sequence[QWidget] = ()
    ) -> None:
        super().__init__()
        self._view, self._say, self._groups = view, language, tuple(groups)
        self.search, self.count = QLineEdit(clearButtonEnabled=True), plain_label()
        self.group, self.columns, self.all_rows = ChoiceField(), QToolButton(), QPushButton()
        self.group.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.columns.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        in_row((self.search, 1), *widgets, self.group, self.columns, self.all_rows, self.count, of=self, margin_px=0)
        self.group.setVisible(bool(groups))
        language.bind(self.search.setPlaceholderText, searched)
        language.bind(self.columns.setText, COLUMNS)
        language.bind(self.all_rows.setText, ALL_ROWS)
        self.search.textChanged.connect(view.sheet.search)
        self.group.activated.connect(lambda _place: view.sheet.group_by(self.group.currentData() or ""))
        self.columns.pressed.connect(self._fill_columns)
        self.all_rows.clicked.connect(self._drop_filters)
        language.changed.connect(self._reword)
        view.sheet.modelReset.connect(self.tell)
        view.chosen_changed.connect(self.tell)
        self._reword()

    def _fill_columns(self) -> None:
        self.columns.setMenu(self._view.columns_menu())

    def _drop_filters(self) -> None:
        self.search.clear()
        for column in list(self._view.sheet.kept_values):
            self._view.sheet.keep_values(column, None)

    def _reword(self) -> None:
        """Write the groups again, keeping the one that was chosen."""
        sheet = self._view.sheet
        by = {key: self._say(GROUPED, column=self._say(sheet.columns[sheet.place(key)].title)) for key in self._groups}
        fill_choices(self.group, {"": self._say(NO_GROUPS), **by}, sheet.grouped_by)
        self.tell()

    def tell(self) -> None:
        """Say how many rows are shown and chosen."""
        sheet, chosen = self._view.sheet, self._view.chosen_count
        counts = {"shown": sheet.kept_count, "all": len(sheet.all_rows)}
        self.count.setText(self._say(CHOSEN, **counts, chosen=chosen) if chosen > 1 else self._say(COUNT, **counts))
        self.all_rows.setVisible(bool(sheet.kept_values))


# A list of cameras that something would change; a tick says which of them are taken over.

ID_ROLE = Qt.ItemDataRole.UserRole
BESIDE_PX, TICK_PX = 10, 24  # of a cell, what its words do not get
Index = QModelIndex | QPersistentModelIndex


class CameraRow(NamedTuple):
    """A camera, what its cells read, and their tips."""

    camera_id: str
    texts: tuple[str, ...]
    tips: tuple[str, ...]


class _Wrapped(QStyledItemDelegate):
    """Makes a row as high as its longest cell needs in its column; a tree by itself would cut what is longer."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return the size of a cell whose words are wrapped."""
        size, tree = super().sizeHint(option, index), self.parent()
        if not isinstance(tree, QTreeWidget):
            return size
        taken = BESIDE_PX + (TICK_PX if index.column() == 0 else 0)
        room = QRect(0, 0, max(tree.columnWidth(index.column()) - taken, 1), 10_000)
        words = option.fontMetrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), str(index.data() or ""))
        return QSize(size.width(), words.height() + NEAR_PX)  # the size by itself is that of words in a narrower column


def wrap_cells(tree: QTreeWidget) -> None:
    """Have the words of a tree's cells wrapped, and none of them cut."""
    tree.setWordWrap(True)
    tree.setItemDelegate(_Wrapped(tree))
    tree.header().sectionResized.connect(lambda *_: tree.scheduleDelayedItemsLayout())


class TickedCameras(QTreeWidget):
    """A row a camera; what was not ticked stays so when the same cameras are listed again."""

    camera_picked = Signal(str)
    ticks_changed = Signal()

    def __init__(self, columns: int, *, is_wrapped: bool = False) -> None:
        super().__init__(columnCount=columns)
        as_listing(self)
        if is_wrapped:
            wrap_cells(self)
        self.itemActivated.connect(lambda item, _column: self.camera_picked.emit(str(item.data(0, ID_ROLE))))
        self.itemChanged.connect(lambda *_: self.ticks_changed.emit())

    @property
    def ticked(self) -> tuple[str, ...]:
        """Return the cameras that are ticked."""
        return self._listed(Qt.CheckState.Checked)

    def _listed(self, state: Qt.CheckState) -> tuple[str, ...]:
        items = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return tuple(str(item.data(0, ID_ROLE)) for item in items if item is not None and item.checkState(0) is state)

    def show_rows(self, rows: Iterable[CameraRow], *, has_ticks: bool) -> None:
        """List these cameras instead, with or without something to tick."""
        unticked, blocker = self._listed(Qt.CheckState.Unchecked), QSignalBlocker(self)
        self.clear()
        for row in rows:
            item = QTreeWidgetItem(list(row.texts))
            item.setData(0, ID_ROLE, row.camera_id)
            for column, tip in enumerate(row.tips):
                item.setToolTip(column, plain_tip(tip))
            if has_ticks:
                item.setCheckState(0, Qt.CheckState.Unchecked if row.camera_id in unticked else Qt.CheckState.Checked)
            self.addTopLevelItem(item)
        blocker.unblock()


# A panel with a sheet that is asked for; below it the sentence of what is chosen, and what can be done with it.

Row = TypeVar("Row")
TOLD_LINES = 2  # kept free, so that the buttons stay where they are


class ListingPanel(QWidget, Generic[Row]):
    """The sheet with its bar; a panel of some kind adds its buttons, its hint, and what it says of a chosen row.

    Parameters
    ----------
    name : under which the columns that a person chose are kept.
    searched : what the field of the search says while it is empty.
    groups : the columns by which rows can be grouped.
    widgets : of the kind of panel, that stand beside the search.
    """

    wished = Signal()  # the list

    def __init__(  # noqa: PLR0917 - what is listed, and how the bar over it is filled
        self,
        name: str,
        sheet: Sheet[Row],
        language: Language,
        preferences: Preferences,
        searched: str,
        groups: Sequence[str],
        widgets: Sequence[QWidget] = (),
    ) -> None:
        super().__init__()
        self._say, self.sheet = language, sheet
        self.table = SheetView(name, sheet, language, preferences)
        self.bar = SheetBar(self.table, language, searched, groups, widgets)
        self.search, self.list, self.reported = self.bar.search, QPushButton(), plain_label(wordWrap=True)
        self.reported.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.reported.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.reported.setMinimumHeight(TOLD_LINES * self.reported.fontMetrics().lineSpacing())

    def lay_out(self, acts: Sequence[QWidget], body: QWidget) -> None:
        """Lay out the list's button and the bar, the body, and below it what is reported beside what can be done."""
        buttons = QGridLayout()  # in rows of a few: a panel is no wider than a small screen leaves it, in any language
        for number, act in enumerate(acts):
            buttons.addWidget(act, *divmod(number, ACTS_A_ROW))
        top, below = in_row(self.list, (self.bar, 1)), in_row((self.reported, 1), buttons)
        in_column(top, (body, 1), below, of=self, margin_px=NEAR_PX, gap_px=NEAR_PX)

    def connect_list(self) -> None:
        """Follow the list's button, and what is chosen in the table."""
        self.list.clicked.connect(self.wished)
        self.table.chosen_changed.connect(self._take_chosen)
        self.sheet.modelReset.connect(self.tell_chosen)
        self._say.changed.connect(self.tell_chosen)

    @property
    def chosen_rows(self) -> tuple[Row, ...]:
        """Return the rows that are chosen, the current one last."""
        return self.table.chosen_rows

    def choose(self, keys: Sequence[Hashable]) -> None:
        """Choose things by their keys."""
        self.table.choose_rows(keys)
        self.tell_chosen()

    def pick(self, row: Row) -> None:
        """Go to a row."""
        raise NotImplementedError

    def enable_for(self, chosen: tuple[Row, ...]) -> None:
        """Enable what can be done with the chosen rows."""
        raise NotImplementedError

    def sentence(self, chosen: tuple[Row, ...]) -> str:
        """Return what is reported of the chosen rows, or of the list while none is chosen."""
        raise NotImplementedError

    def tell_chosen(self) -> None:
        """Tell what is chosen, and enable what can be done with it."""
        chosen = self.chosen_rows
        self.enable_for(chosen)
        self.reported.setText(self.sentence(chosen))
        self.bar.tell()

    def _take_chosen(self) -> None:
        self.tell_chosen()
        chosen = self.chosen_rows
        if len(chosen) == 1:
            self.pick(chosen[0])
