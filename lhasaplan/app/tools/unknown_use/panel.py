"""The panel where a person declares what buildings of unknown use are used for."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QPushButton

from lhasaplan.app.look.language import Language
from lhasaplan.app.models.listing import ListingFilter
from lhasaplan.app.panels.listing import ListingPanel
from lhasaplan.app.tools.unknown_use.model import Row, UnknownUseModel, rows_of
from lhasaplan.core.base.wording import marked

STREET = 2  # the column that the list is sorted by
WIDTHS_PX = (200, 160, 220, 90)
HINT = marked(
    "Nobody knows the use of these buildings: they count as protected for proposals, and in grading at most as a note, likely "
    "dwellings as due. Say by name what you know; what you say leaves the list and can be taken back."
)

if TYPE_CHECKING:
    from lhasaplan.workflow import UnknownListing


class UnknownUsePanel(ListingPanel[Row]):
    """A table with search; what is said of the buildings that are chosen, of a table, or of an area."""

    picked = Signal(object)  # Row
    declared = Signal(tuple, str)  # ids, dwelling or not_dwelling
    table_wished = Signal()
    area_wished = Signal()

    def __init__(self, language: Language) -> None:
        super().__init__(language, UnknownUseModel(language), ListingFilter(), WIDTHS_PX)
        self.table.sortByColumn(STREET, Qt.SortOrder.AscendingOrder)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.dwelling, self.not_dwelling = QPushButton(), QPushButton()
        self.by_table, self.by_area = QPushButton(), QPushButton()
        self.lay_out((self.dwelling, self.not_dwelling, self.by_table, self.by_area), self.table)
        self._connect(language)
        self.tell_chosen()

    def _connect(self, language: Language) -> None:
        language.bind(self.search.setPlaceholderText, marked("Search buildings"))
        language.bind(self.list.setText, marked("Find buildings"))
        language.bind(self.dwelling.setText, marked("Lived in…"))
        language.bind(self.not_dwelling.setText, marked("Not lived in…"))
        language.bind(self.by_table.setText, marked("By a table…"))
        language.bind(self.by_area.setText, marked("By area…"))
        language.bind(self.hint.setText, HINT)
        language.changed.connect(self.tell_chosen)
        self.connect_list()
        self.by_table.clicked.connect(self.table_wished)
        self.by_area.clicked.connect(self.area_wished)
        self.dwelling.clicked.connect(lambda: self.declared.emit(self.chosen, "dwelling"))
        self.not_dwelling.clicked.connect(lambda: self.declared.emit(self.chosen, "not_dwelling"))

    def show_listing(self, listing: "UnknownListing | None") -> None:
        """List these buildings; None takes the list away."""
        self.model.set_rows(rows_of(listing) if listing is not None else ())
        self.tell_chosen()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the ids of the chosen buildings."""
        return tuple(row.identity for row in self.chosen_rows)

    def pick(self, row: Row) -> None:
        """Go to a building."""
        self.picked.emit(row)

    def enable_for(self, chosen: tuple[Row, ...]) -> None:
        """Enable what can be said of the chosen buildings."""
        for button in (self.dwelling, self.not_dwelling):
            button.setEnabled(bool(chosen))
