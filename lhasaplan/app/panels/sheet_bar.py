"""The line over a sheet: search, groups, columns, and how many rows are shown; filters by value can be taken off there."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QToolButton, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.panels.sheet_view import COLUMNS, SheetView
from lhasaplan.core.base.wording import marked

COUNT, CHOSEN = marked("{shown} of {all}"), marked("{shown} of {all}, {chosen} chosen")
NO_GROUPS, GROUPED, ALL_ROWS = marked("not grouped"), marked("by {column}"), marked("Show all rows")


class SheetBar(QWidget):
    """Search and switches of one sheet; ``widgets`` of its panel stand between search and columns."""

    def __init__(
        self, view: SheetView[Any], language: Language, searched: str, groups: Sequence[str] = (), widgets: Sequence[QWidget] = ()
    ) -> None:
        super().__init__()
        self._view, self._say, self._groups = view, language, tuple(groups)
        self.search, self.count = QLineEdit(clearButtonEnabled=True), plain_label()
        self.group, self.columns, self.all_rows = QComboBox(), QToolButton(), QPushButton()
        self.group.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.columns.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.search, 1)
        for widget in (*widgets, self.group, self.columns, self.all_rows, self.count):
            line.addWidget(widget)
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
        sheet, chosen = self._view.sheet, self._view.sheet.grouped_by
        self.group.clear()
        self.group.addItem(self._say(NO_GROUPS), "")
        for key in self._groups:
            self.group.addItem(self._say(GROUPED, column=self._say(sheet.columns[sheet.place(key)].title)), key)
        self.group.setCurrentIndex(max(self.group.findData(chosen), 0))
        self.tell()

    def tell(self) -> None:
        """Say how many rows are shown and chosen."""
        sheet, chosen = self._view.sheet, self._view.chosen_count
        counts = {"shown": sheet.kept_count, "all": len(sheet.all_rows)}
        self.count.setText(self._say(CHOSEN, **counts, chosen=chosen) if chosen > 1 else self._say(COUNT, **counts))
        self.all_rows.setVisible(bool(sheet.kept_values))
