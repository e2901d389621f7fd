"""The view of a sheet: columns shown, hidden, moved and kept; values filtered; rows copied; groups opened and closed."""

from collections.abc import Hashable, Iterable, Sequence
from functools import partial
from typing import Any, Generic, TypeVar, cast

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QItemSelectionRange, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemDelegate,
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QMenu,
    QTableView,
    QWidget,
    QWidgetAction,
)

from lhasaplan.app.look import Language, listing_table
from lhasaplan.app.models import HEADING_ROLE, ROW_ROLE, Sheet
from lhasaplan.app.state.selection import Preferences
from lhasaplan.core.base.translations import marked

Row = TypeVar("Row")
COLUMNS, HIDE, ALL_VALUES = marked("Columns"), marked("Hide this column"), marked("All values")
RISING, FALLING = marked("Sort ascending"), marked("Sort descending")
ONLY, UNSORTED = marked("Only these values"), marked("(empty)")
MANY_VALUES = 300  # more are searched for, not ticked
LIST_PX = 260
OWN_KEYS = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Paste, QKeySequence.StandardKey.SelectAll)


class SheetView(QTableView, Generic[Row]):
    """A table of a sheet; what is chosen in it is reported by ``chosen_changed``, once a change."""

    chosen_changed = Signal()
    paste_wished = Signal()

    def __init__(self, name: str, sheet: Sheet[Row], language: Language, preferences: Preferences) -> None:
        super().__init__()
        self._name, self.sheet, self._say, self._kept = name, sheet, language, preferences
        self._is_restoring = False
        listing_table(sheet, [column.width_px for column in sheet.columns], sorted_by=-1, table=self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        # Rows are chosen: a heading that asked whether all of its column is would ask the flags of every cell of it.
        header.setSelectionModel(QItemSelectionModel(sheet, header))
        header.setSectionsMovable(True)
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_header_menu)
        sheet.modelAboutToBeReset.connect(self._remember_chosen)
        sheet.modelReset.connect(self._restore_chosen)
        self.selectionModel().selectionChanged.connect(self._tell_chosen)
        self._chosen_before: tuple[tuple[Hashable, ...], Hashable | None] = ((), None)
        self._recall()
        preferences.loaded.connect(self._recall)
        language.changed.connect(self._recall)  # headings are as long as their language has them
        header.sectionMoved.connect(self._remember)
        header.sectionResized.connect(self._remember)
        header.sortIndicatorChanged.connect(self._remember)

    # Columns

    @property
    def shown_columns(self) -> list[int]:
        """Return the columns that are shown, as they stand from left to right."""
        header = self.horizontalHeader()
        order = sorted(range(len(self.sheet.columns)), key=header.visualIndex)
        return [place for place in order if not self.isColumnHidden(place)]

    def show_column(self, place: int, is_shown: bool) -> None:
        """Show or hide a column; the last one stays."""
        if not is_shown and self.shown_columns == [place]:
            return
        self.setColumnHidden(place, not is_shown)
        self._write_headings()
        self._remember()

    def columns_menu(self) -> QMenu:
        """Return a menu in which columns are ticked."""
        menu = QMenu(self._say(COLUMNS), self)
        for place in range(len(self.sheet.columns)):
            action = menu.addAction(self.sheet.heading(place))
            action.setCheckable(True)
            action.setChecked(not self.isColumnHidden(place))
            action.toggled.connect(partial(self.show_column, place))
        return menu

    def header_menu(self, place: int) -> QMenu:
        """Return the menu of a heading: how to sort, values to keep, the column away, which columns there are."""
        menu = QMenu(self)
        menu.addAction(self._say(RISING), partial(self.sortByColumn, place, Qt.SortOrder.AscendingOrder))
        menu.addAction(self._say(FALLING), partial(self.sortByColumn, place, Qt.SortOrder.DescendingOrder))
        menu.addSeparator()
        values = self.sheet.values_of(self.sheet.columns[place].key)
        if 1 < len(values) <= MANY_VALUES:
            chosen = menu.addMenu(self._say(ONLY))
            chosen.addAction(self._say(ALL_VALUES), partial(self.sheet.keep_values, self.sheet.columns[place].key, None))
            chosen.addAction(self._value_list(chosen, self.sheet.columns[place].key, values))
        menu.addAction(self._say(HIDE), partial(self.show_column, place, False))
        menu.addMenu(self.columns_menu())
        return menu

    def _value_list(self, menu: QMenu, column: str, values: Sequence[str]) -> QWidgetAction:
        kept = self.sheet.kept_values.get(column)
        ticks = QListWidget()
        ticks.setMinimumWidth(LIST_PX)
        for value in values:
            item = QListWidgetItem(value or self._say(UNSORTED))
            item.setData(ROW_ROLE, value)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if kept is None or value in kept else Qt.CheckState.Unchecked)
            ticks.addItem(item)

        def take(_item: QListWidgetItem) -> None:
            items = [ticks.item(row) for row in range(ticks.count())]
            wanted = {item.data(ROW_ROLE) for item in items if item.checkState() == Qt.CheckState.Checked}
            self.sheet.keep_values(column, None if len(wanted) == len(values) else wanted)

        ticks.itemChanged.connect(take)
        action = QWidgetAction(menu)
        action.setDefaultWidget(ticks)
        return action

    def _show_header_menu(self, at: QPoint) -> None:
        place = self.horizontalHeader().logicalIndexAt(at)
        if place >= 0:
            self.header_menu(place).popup(self.horizontalHeader().mapToGlobal(at))

    def _show_menu_of_column(self) -> None:
        """Open the menu of the heading above the current cell, for who has no mouse."""
        header, place = self.horizontalHeader(), self.currentIndex().column()
        place = place if place in self.shown_columns else self.shown_columns[0]
        at = QPoint(max(self.columnViewportPosition(place), 0), header.height())
        menu = self.header_menu(place)
        menu.popup(header.mapToGlobal(at))
        menu.setActiveAction(menu.actions()[0])

    def _remember(self, *_news: object) -> None:
        if self._is_restoring:
            return
        header, columns = self.horizontalHeader(), self.sheet.columns
        order = sorted(range(len(columns)), key=header.visualIndex)
        kept = {
            "order": [columns[place].key for place in order],
            "hidden": [columns[place].key for place in order if self.isColumnHidden(place)],
            "widths": {columns[p].key: self.columnWidth(p) for p in order if not self.isColumnHidden(p)},
            "sort": self._sorted_by(),
        }
        self._kept.set(f"table/{self._name}", kept)

    def _sorted_by(self) -> list[Any]:
        header, columns = self.horizontalHeader(), self.sheet.columns
        place = header.sortIndicatorSection()
        is_up = header.sortIndicatorOrder() == Qt.SortOrder.AscendingOrder
        return [columns[place].key, is_up] if 0 <= place < len(columns) else []

    def _recall(self) -> None:
        """Show the columns that a person chose, or those that are shown at first; a column that is new is as at first."""
        self._is_restoring = True
        kept = self._kept.get(f"table/{self._name}", {})
        kept = kept if isinstance(kept, dict) else {}
        places = {column.key: place for place, column in enumerate(self.sheet.columns)}
        header, known = self.horizontalHeader(), [key for key in kept.get("order", ()) if key in places]
        for target, key in enumerate(known):
            header.moveSection(header.visualIndex(places[key]), target)
        for key, place in places.items():
            is_hidden = key in kept.get("hidden", ()) if key in known else not self.sheet.columns[place].is_shown
            self.setColumnHidden(place, is_hidden)
            usual_px = max(self.sheet.columns[place].width_px, header.sectionSizeHint(place))  # no heading is cut
            self.setColumnWidth(place, int(kept.get("widths", {}).get(key, usual_px)))
        sort = kept.get("sort") or []
        if len(sort) == 2 and sort[0] in places:
            self.sortByColumn(places[sort[0]], Qt.SortOrder.AscendingOrder if sort[1] else Qt.SortOrder.DescendingOrder)
        self._is_restoring = False
        self._write_headings()

    # Groups

    def _write_headings(self) -> None:
        """Let the headings of groups run over all columns."""
        self.clearSpans()
        shown = self.shown_columns
        self.sheet.first_shown = shown[0] if shown else 0
        if self.horizontalHeader().visualIndex(self.sheet.first_shown) == self.sheet.first_shown == 0:
            for row, _heading in self.sheet.headings():
                self.setSpan(row, 0, 1, len(self.sheet.columns))

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Open or close a group by a click on its heading."""
        heading = self._heading_at(self.indexAt(event.position().toPoint()))
        if heading is not None and event.button() == Qt.MouseButton.LeftButton:
            self.sheet.toggle_group(heading)
            event.accept()
            return
        super().mousePressEvent(event)

    def _heading_at(self, index: QModelIndex) -> str | None:
        heading = index.data(HEADING_ROLE) if index.isValid() else None
        return heading.name if heading is not None else None

    def event(self, event: QEvent) -> bool:
        """Keep the keys that copy and paste rows from other parts of the window."""
        key = event if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride else None
        if key is not None and any(key.matches(each) for each in OWN_KEYS):
            event.accept()
            return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Copy rows; open or close a group by the space bar or Return, the menu of a heading by Alt and the arrow down."""
        heading = self._heading_at(self.currentIndex())
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_rows()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self.paste_wished.emit()
        elif event.key() == Qt.Key.Key_Down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._show_menu_of_column()
        elif heading is not None and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            line = self.currentIndex().row()
            self.sheet.toggle_group(heading)
            self.setCurrentIndex(self.sheet.index(line, 0))
        else:
            super().keyPressEvent(event)

    def edit(self, *where: Any) -> Any:
        """Hold the rows still while a cell is written into."""
        has_begun = super().edit(*where)
        if self.state() == QAbstractItemView.State.EditingState:
            self.sheet.hold(True)
        return has_begun

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:  # noqa: N802
        """Show what came while a cell was written into."""
        super().closeEditor(editor, hint)
        self.sheet.hold(self.state() == QAbstractItemView.State.EditingState)

    # What is chosen

    @property
    def chosen_rows(self) -> tuple[Row, ...]:
        """Return the things that are chosen, the current one last."""
        current, lines = self.currentIndex().row(), self._chosen_lines()
        if current in lines:
            lines = [*(line for line in lines if line != current), current]
        found = (self.sheet.thing_at(line) for line in lines)
        return tuple(row for row in found if row is not None)

    @property
    def chosen_count(self) -> int:
        """Return how many things are chosen."""
        return sum(self.sheet.heading_at(line) is None for line in self._chosen_lines())

    def _chosen_lines(self) -> list[int]:
        """Return the chosen rows in order; Qt's own list asks for the flags of every cell of them."""
        chosen = cast("Iterable[QItemSelectionRange]", self.selectionModel().selection())
        runs = ((run.top(), run.bottom()) for run in chosen)
        return sorted({line for top, bottom in runs for line in range(top, bottom + 1)})

    def choose_rows(self, keys: Sequence[Hashable]) -> None:
        """Choose these things and no other, without telling; the last of them becomes the current one and comes into sight."""
        lines = [line for line in map(self.sheet.line_of, keys) if line >= 0]
        chosen, last = QItemSelection(), len(self.sheet.columns) - 1
        for first, end in _ranges(lines):
            chosen.select(self.sheet.index(first, 0), self.sheet.index(end, last))
        self._is_restoring = True
        flag = QItemSelectionModel.SelectionFlag
        if lines:
            current = self.sheet.index(lines[-1], self.sheet.first_shown)
            self.selectionModel().setCurrentIndex(current, flag.NoUpdate)
            self.scrollTo(current)
        self.selectionModel().select(chosen, flag.ClearAndSelect)
        self._is_restoring = False

    def _tell_chosen(self, *_news: object) -> None:
        if not self._is_restoring:
            self.chosen_changed.emit()

    def _remember_chosen(self) -> None:
        rows = self.chosen_rows if self.sheet.rowCount() else ()
        current = self.sheet.row_at(self.currentIndex()) if self.currentIndex().isValid() else None
        self._chosen_before = (
            tuple(map(self.sheet.key_of, rows)),
            None if current is None else self.sheet.key_of(current),
        )

    def _restore_chosen(self) -> None:
        self._write_headings()
        self.choose_rows(self._chosen_before[0])

    # To other programs

    def copy_rows(self) -> None:
        """Copy the chosen rows, or all that are shown, with headings, for a spreadsheet."""
        QGuiApplication.clipboard().setText(self.copied_text())

    def copied_text(self) -> str:
        """Return rows as text with tabs, as spreadsheets take it."""
        lines = self._chosen_lines() or list(range(self.sheet.rowCount()))
        lines = [line for line in lines if self.sheet.heading_at(line) is None]
        columns = self.shown_columns
        columns += [place for place, each in enumerate(self.sheet.columns) if each.is_key and place not in columns]
        rows = [[str(self.sheet.index(line, place).data() or "") for place in columns] for line in lines]
        return "\n".join("\t".join(map(_cell, cells)) for cells in [[self.sheet.heading(p) for p in columns], *rows])


def _cell(text: str) -> str:
    """Return a cell of a spreadsheet's clipboard: text with tabs, line ends or quotes in it is quoted."""
    return '"' + text.replace('"', '""') + '"' if any(mark in text for mark in '\t\n\r"') else text


def _ranges(lines: Sequence[int]) -> list[tuple[int, int]]:
    """Return rows as runs, so that thousands are chosen at once.

    >>> _ranges([4, 1, 2, 3, 9])
    [(1, 4), (9, 9)]
    """
    runs: list[tuple[int, int]] = []
    for line in sorted(set(lines)):
        if runs and runs[-1][1] == line - 1:
            runs[-1] = (runs[-1][0], line)
        else:
            runs.append((line, line))
    return runs
