"""The panel where a person decides which candidates are demand."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QPushButton, QSplitter

from lhasaplan.app.look.language import Language
from lhasaplan.app.models.listing import ROW_ROLE
from lhasaplan.app.panels.listing import ListingPanel
from lhasaplan.app.tools.candidates.model import STATES, CandidatesFilter, CandidatesModel
from lhasaplan.app.tools.candidates.place_picture import PlacePicture
from lhasaplan.core.base.wording import marked

if TYPE_CHECKING:
    from lhasaplan.workflow import Listing
    from lhasaplan.workflow.listing import Listed

SEARCH_PX = 110
WIDTHS_PX = (150, 170, 110, 120, 76, 72, 46, 260)
HINT = marked("Candidates are what the packs' duties could ask for. None is demand until a person confirms it by name.")
_ALL = marked("all states")


class CandidatesPanel(ListingPanel["Listed"]):
    """A table with search, and the two decisions."""

    model: CandidatesModel
    filter: CandidatesFilter

    picked = Signal(object)  # Part
    confirm_wished = Signal(tuple)  # ids
    excuse_wished = Signal(tuple)

    def __init__(self, language: Language) -> None:
        super().__init__(language, CandidatesModel(language), CandidatesFilter(), WIDTHS_PX)
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # ids begin alike
        self.search.setMinimumWidth(SEARCH_PX)
        self.state = QComboBox(sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.confirm, self.excuse, self.picture = QPushButton(), QPushButton(), PlacePicture(language)
        self.lay_out((self.state, self.confirm, self.excuse), self._table_and_picture())
        self._connect(language)
        self._reword()

    def _table_and_picture(self) -> QSplitter:
        beside = QSplitter()
        beside.addWidget(self.table)
        beside.addWidget(self.picture)
        beside.setStretchFactor(0, 1)
        beside.setCollapsible(0, False)
        return beside

    def _connect(self, language: Language) -> None:
        language.bind(self.search.setPlaceholderText, marked("Search candidates"))
        language.bind(self.list.setText, marked("Find candidates"))
        language.bind(self.confirm.setText, marked("Confirm…"))
        language.bind(self.excuse.setText, marked("Excuse…"))
        language.bind(self.hint.setText, HINT)
        language.changed.connect(self._reword)
        self.connect_list()
        self.state.currentIndexChanged.connect(self.narrow)
        self.confirm.clicked.connect(lambda: self.confirm_wished.emit(self.chosen))
        self.excuse.clicked.connect(lambda: self.excuse_wished.emit(self.chosen))

    def show_listing(self, listing: "Listing | None") -> None:
        """List these candidates, keeping what was chosen; None takes the list away."""
        chosen = set(self.chosen)
        self.model.show(listing.rows if listing else (), listing.terms if listing else {})
        if not listing:
            self.picture.show_png(b"")
        self.choose(chosen)
        self.tell_chosen()

    def choose(self, ids: set[str]) -> None:
        """Choose candidates by id."""
        table, mode = self.table, self.table.selectionMode()
        table.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        table.clearSelection()
        for row in range(self.filter.rowCount()):
            if self.filter.index(row, 0).data(ROW_ROLE).part.part_id in ids:
                table.selectRow(row)
        table.setSelectionMode(mode)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the ids of the chosen candidates."""
        return tuple(row.part.part_id for row in self.chosen_rows)

    def pick(self, row: "Listed") -> None:
        """Go to the part of a candidate."""
        self.picked.emit(row.part)

    def keep(self) -> None:
        """Have the filter keep the text and the state that are looked for."""
        self.filter.search(self.search.text(), self.state.currentData() or "")

    def enable_for(self, chosen: "tuple[Listed, ...]") -> None:
        """Enable the decisions that may be taken on all of the chosen candidates."""
        states = {row.state for row in chosen}
        self.confirm.setEnabled(bool(states) and states <= {"open", "asked"})  # what is confirmed is confirmed once
        self.excuse.setEnabled(bool(states) and states <= {"confirmed", "excused"})

    def _reword(self) -> None:
        at = self.state.currentIndex()
        self.state.blockSignals(True)
        self.state.clear()
        self.state.addItem(self._say(_ALL), "")
        for state, template in STATES.items():
            self.state.addItem(self._say(template), state)
        self.state.setCurrentIndex(max(at, 0))
        self.state.blockSignals(False)
        self.tell_chosen()
