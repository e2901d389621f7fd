"""The panel where a person decides which candidates are demand."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QPushButton, QSplitter

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.language import Language
from lhasaplan.app.map.shapes import places_at
from lhasaplan.app.panels.listing import ListingPanel
from lhasaplan.app.state.preferences import Preferences
from lhasaplan.app.tools.candidates.model import GROUPS, STATES, CandidatesSheet
from lhasaplan.app.tools.candidates.place_picture import PlacePicture
from lhasaplan.core.base.wording import marked

if TYPE_CHECKING:
    from lhasaplan.workflow import Listing
    from lhasaplan.workflow.listing import Listed

SEARCH_PX = 110
HINT = marked("Candidates are what the packs' duties could ask for. None is demand until a person confirms it by name.")
MANY = marked("{count} candidates chosen; what you decide holds for all of them, in one step.")
_ALL = marked("all states")


class CandidatesPanel(ListingPanel["Listed"]):
    """A sheet, the small map of what is chosen, and the two decisions."""

    sheet: CandidatesSheet

    picked = Signal(object)  # Part
    picture_wished = Signal(object)  # Part that was chosen on the map, which shows it already
    confirm_wished = Signal(tuple)  # ids
    excuse_wished = Signal(tuple)

    def __init__(self, language: Language, names: Names, preferences: Preferences) -> None:
        self.state = QComboBox(sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToContents)
        sheet = CandidatesSheet(language, names)
        super().__init__("candidates", sheet, language, preferences, marked("Search candidates"), GROUPS, (self.state,))
        self.search.setMinimumWidth(SEARCH_PX)
        self.confirm, self.excuse, self.picture = QPushButton(), QPushButton(), PlacePicture(language)
        self.lay_out((self.confirm, self.excuse), self._table_and_picture())
        self._connect(language, names)
        self._reword()

    def _table_and_picture(self) -> QSplitter:
        beside = QSplitter()
        beside.addWidget(self.table)
        beside.addWidget(self.picture)
        beside.setStretchFactor(0, 1)
        beside.setCollapsible(0, False)
        return beside

    def _connect(self, language: Language, names: Names) -> None:
        language.bind(self.list.setText, marked("Find candidates"))
        language.bind(self.confirm.setText, marked("Confirm…"))
        language.bind(self.excuse.setText, marked("Excuse…"))
        language.changed.connect(self._reword)
        names.changed.connect(self.tell_chosen)
        self.connect_list()
        self.state.currentIndexChanged.connect(self._keep_state)
        self.confirm.clicked.connect(lambda: self.confirm_wished.emit(self.chosen))
        self.excuse.clicked.connect(lambda: self.excuse_wished.emit(self.chosen))

    def show_listing(self, listing: "Listing | None") -> None:
        """List these candidates, keeping what was chosen; None takes the list away."""
        self.sheet.show(listing.rows if listing else (), listing.terms if listing else {})
        if not listing:
            self.picture.show_png(b"")
        self.tell_chosen()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the ids of the chosen candidates."""
        return tuple(row.part.part_id for row in self.chosen_rows)

    def choose_at(self, x_m: float, y_m: float) -> None:
        """Choose the candidates at a spot of the map, if there are any."""
        rows = self.sheet.shown_rows if self.isVisible() else []
        found = [rows[place] for place in places_at([row.part.geometry for row in rows], x_m, y_m)]
        if found:
            self.choose([self.sheet.key_of(row) for row in found])
            self.picture_wished.emit(found[-1].part)

    def pick(self, row: "Listed") -> None:
        """Go to the part of a candidate."""
        self.picked.emit(row.part)

    def enable_for(self, chosen: "tuple[Listed, ...]") -> None:
        """Enable the decisions that may be taken on all of the chosen candidates."""
        states = {row.state for row in chosen}
        self.confirm.setEnabled(bool(states) and states <= {"open", "asked"})  # what is confirmed is confirmed once
        self.excuse.setEnabled(bool(states) and states <= {"confirmed", "excused"})

    def sentence(self, chosen: "tuple[Listed, ...]") -> str:
        """Return what is told of the chosen candidates."""
        if len(chosen) > 1:
            return self._say(MANY, count=len(chosen))
        return self.sheet.sentence(chosen[0]) if chosen else self._say(HINT)

    def _keep_state(self) -> None:
        wanted = self.state.currentData() or ""
        self.sheet.keep((lambda row: row.state == wanted) if wanted else None)

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
