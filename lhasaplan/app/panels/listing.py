"""A panel with a sheet that is asked for; below it the sentence of what is chosen, and what can be done with it."""

from collections.abc import Hashable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.look.spacing import space
from lhasaplan.app.models.sheet import Sheet
from lhasaplan.app.panels.sheet_bar import SheetBar
from lhasaplan.app.panels.sheet_view import SheetView
from lhasaplan.app.state.preferences import Preferences

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
        self.search, self.list, self.told = self.bar.search, QPushButton(), plain_label(wordWrap=True)
        self.told.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.told.setMinimumHeight(TOLD_LINES * self.told.fontMetrics().lineSpacing())

    def lay_out(self, acts: Sequence[QWidget], body: QWidget) -> None:
        """Lay out the list's button and the bar, the body, and below it what is told beside what can be done."""
        top, below, column = QHBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        top.addWidget(self.list)
        top.addWidget(self.bar, 1)
        below.addWidget(self.told, 1)
        for act in acts:
            below.addWidget(act, 0, Qt.AlignmentFlag.AlignTop)
        space(column)
        column.addLayout(top)
        column.addWidget(body, 1)
        column.addLayout(below)

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
        """Choose things by what they are told apart by."""
        self.table.choose_rows(keys)
        self.tell_chosen()

    def pick(self, row: Row) -> None:
        """Go to a row."""
        raise NotImplementedError

    def enable_for(self, chosen: tuple[Row, ...]) -> None:
        """Enable what can be done with the chosen rows."""
        raise NotImplementedError

    def sentence(self, chosen: tuple[Row, ...]) -> str:
        """Return what is told of the chosen rows, or of the list while none is chosen."""
        raise NotImplementedError

    def tell_chosen(self) -> None:
        """Tell what is chosen, and enable what can be done with it."""
        chosen = self.chosen_rows
        self.enable_for(chosen)
        self.told.setText(self.sentence(chosen))
        self.bar.tell()

    def _take_chosen(self) -> None:
        self.tell_chosen()
        chosen = self.chosen_rows
        if len(chosen) == 1:
            self.pick(chosen[0])
