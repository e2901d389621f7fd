"""The tool with which a person declares what buildings of unknown use are used for: some of a list, by a table, by an area."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Panel, Side, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.look.language import Language
from lhasaplan.app.map.shapes import places_at
from lhasaplan.app.panels.listing import ListingPanel
from lhasaplan.app.state.preferences import Preferences
from lhasaplan.app.tools.unknown_use.sheet import GROUPS, Declaring, UnknownRow, UnknownUseSheet
from lhasaplan.core.base.translations import marked

if TYPE_CHECKING:
    from lhasaplan.workflow import UnknownListing

HINT = marked(
    "The use of these buildings is unknown. Proposals treat them as protected. In grading they count at most as "
    "a note, likely dwellings at most as due. Declare by name what you know: the building leaves the list, and "
    "you can take the declaration back."
)
MANY = marked("{count} buildings chosen. Your declaration holds for all of them, in one step.")
NAMED_TIP = marked("A building that is protected only because of its name; the one clicked last on the map")
COUNTRY_TIP = marked("In which country the plan lies, where it comes within 300 m of another state")
PASTE, PASTE_TIP = marked("Paste rows"), marked("Rows with id, declaration, reason and by, copied from a spreadsheet (Ctrl+V)")


class UnknownUsePanel(ListingPanel[UnknownRow]):
    """A sheet; what is said of the buildings that are chosen, of a table, of pasted rows, or of an area."""

    sheet: UnknownUseSheet

    picked = Signal(object)  # Row
    declared = Signal(tuple, str)  # ids, dwelling or not_dwelling
    table_wished = Signal()
    area_wished = Signal()
    pasted = Signal(str)  # rows as a spreadsheet copies them
    name_wished = Signal(object, object)  # x, y of the spot that was picked last, None and None before
    country_wished = Signal()

    def __init__(self, language: Language, preferences: Preferences) -> None:
        sheet = UnknownUseSheet(language)
        super().__init__("unknown_use", sheet, language, preferences, marked("Search buildings"), GROUPS)
        self.dwelling, self.not_dwelling = QPushButton(), QPushButton()
        self.by_table, self.by_area, self.by_paste = QPushButton(), QPushButton(), QPushButton()
        self.not_as_named, self.in_country = QPushButton(), QPushButton()
        self._spot: tuple[float | None, float | None] = (None, None)
        said = self.dwelling, self.not_dwelling, self.by_table, self.by_paste, self.by_area
        self.lay_out((*said, self.not_as_named, self.in_country), self.table)
        self._connect(language)
        self.tell_chosen()

    def _connect(self, language: Language) -> None:
        language.bind(self.list.setText, marked("Find buildings"))
        language.bind(self.dwelling.setText, marked("Lived in…"))
        language.bind(self.not_dwelling.setText, marked("Not lived in…"))
        language.bind(self.by_table.setText, marked("By a table…"))
        language.bind(self.by_paste.setText, PASTE)
        language.bind(self.by_paste.setToolTip, PASTE_TIP)
        language.bind(self.by_area.setText, marked("By area…"))
        language.bind(self.not_as_named.setText, marked("Not as named…"))
        language.bind(self.not_as_named.setToolTip, NAMED_TIP)
        language.bind(self.in_country.setText, marked("In a country…"))
        language.bind(self.in_country.setToolTip, COUNTRY_TIP)
        self.connect_list()
        self.not_as_named.clicked.connect(lambda: self.name_wished.emit(*self._spot))
        self.in_country.clicked.connect(self.country_wished)
        self.by_table.clicked.connect(self.table_wished)
        self.by_area.clicked.connect(self.area_wished)
        for wished in (self.by_paste.clicked, self.table.paste_wished):
            wished.connect(lambda *_: self.pasted.emit(QGuiApplication.clipboard().text()))
        self.dwelling.clicked.connect(lambda: self.declared.emit(self.chosen, "dwelling"))
        self.not_dwelling.clicked.connect(lambda: self.declared.emit(self.chosen, "not_dwelling"))

    def show_listing(self, listing: "UnknownListing | None") -> None:
        """List these buildings; None takes the list away."""
        self.sheet.show(listing)
        self.tell_chosen()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the ids of the chosen buildings."""
        return tuple(row.identity for row in self.chosen_rows)

    def choose_at(self, x_m: float, y_m: float) -> None:
        """Choose the building at a spot of the map, if it is in the list."""
        self._spot = x_m, y_m
        rows = self.sheet.shown_rows if self.isVisible() else []
        found = [rows[place] for place in places_at([row.shape for row in rows], x_m, y_m)]
        if found:
            self.choose([self.sheet.key_of(row) for row in found])

    def pick(self, row: UnknownRow) -> None:
        """Go to a building."""
        self.picked.emit(row)

    def enable_for(self, chosen: tuple[UnknownRow, ...]) -> None:
        """Enable what can be said of the chosen buildings."""
        for button in (self.dwelling, self.not_dwelling):
            button.setEnabled(bool(chosen))

    def sentence(self, chosen: tuple[UnknownRow, ...]) -> str:
        """Return what is reported of the chosen buildings."""
        if len(chosen) > 1:
            return self._say(MANY, count=len(chosen))
        return self.sheet.sentence(chosen[0]) if chosen else self._say(HINT)


KEY = "unknown_use"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    panel, declaring = UnknownUsePanel(bench.language, bench.session.preferences), Declaring(bench)
    declaring.listed.connect(panel.show_listing)
    panel.wished.connect(declaring.list_buildings)
    panel.picked.connect(declaring.show)
    panel.declared.connect(declaring.declare)
    panel.table_wished.connect(declaring.declare_table)
    panel.pasted.connect(declaring.declare_pasted)
    bench.canvas.spot_picked.connect(panel.choose_at)
    panel.area_wished.connect(declaring.declare_area)
    panel.name_wished.connect(declaring.declare_name)
    panel.country_wished.connect(declaring.declare_country)
    dock = Panel(KEY, marked("Unknown use"), panel, Side.BottomDockWidgetArea, behind="findings")
    return Tool(KEY, panels=(dock,), commands=declaring)
