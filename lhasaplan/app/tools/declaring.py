"""The tools with which a person declares the use of buildings, and makes suspended decisions anew."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from lhasaplan import workflow
from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.analysing import Decided, decide
from lhasaplan.app.commands.workbench import Entry, Panel, Side, Tool, ToolCondition, Workbench
from lhasaplan.app.dialogs.decisions import Decision
from lhasaplan.app.jobs import Report
from lhasaplan.app.look import Language, push_button
from lhasaplan.app.map.shapes import places_at
from lhasaplan.app.models import Sheet, SheetColumn
from lhasaplan.app.panels import ListingPanel
from lhasaplan.app.state.selection import Preferences
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.human_names import building_names
from lhasaplan.core.gate.planning_ground import IN_COUNTRY
from lhasaplan.core.project.decisions import NOT_AS_NAMED
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.register_rows import suspended_reported
from lhasaplan.errors import Fault
from lhasaplan.report.facts.project_words import suspended_rows
from lhasaplan.report.text.numerals import number_text

if TYPE_CHECKING:
    from lhasaplan.workflow import UnknownListing

# The tool by which a person makes suspended decisions anew or drops them, one at a time; each can be taken back.

SUSPENDED_KEY = "suspended"
RENEWING, DROPPING = marked("Renew a suspended decision"), marked("Drop a suspended decision")


class Suspending:
    """Asks which, what becomes of it, why and who; the step can be taken back as any other."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def ask(self) -> None:
        """Ask what becomes of one of the suspended decisions, then do that."""
        project, services = self._bench.session.project, self._bench.services
        rows = suspended_rows(suspended_reported(project.suspended), self._bench.language.translations)
        texts = {number: f"{what}, {subject}: {answer}. {why}." for number, what, subject, answer, _by, _on, why, _to_do in rows}
        wish = self._bench.dialogs.ask_suspended(texts)
        if wish is None:
            return
        step = DROPPING if wish.to is None else RENEWING
        said = workflow.Ending(wish.why.by, wish.why.reason)

        def decided() -> Decided:
            if wish.to is None:
                return workflow.drop_suspended(services, project, wish.which, said), ()
            return workflow.renew_suspended(services, project, wish.which, said, wish.to), ()

        decide(self._bench, project, step, step, decided)


def suspended_tool(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    suspending, session = Suspending(bench), bench.session
    are_there = ToolCondition(lambda: bool(session.project.suspended), (session.project_changed,))
    entry = Entry(SUSPENDED_KEY, marked("Suspended decisions…"), suspending.ask, condition=are_there)
    return Tool(SUSPENDED_KEY, entries=((marked("&Edit"), entry),), commands=suspending)


# Buildings of unknown use as a sheet: what each is called and where it lies, and whether it is a dwelling, likely.
UNKNOWN, LIKELY = marked("of unknown use"), marked("dwelling, likely")
GROUPS = ("street", "told")
SENTENCE = marked("{building}: {reported}, {area} m² of ground")
DEGREES_DIGITS = 5  # a metre


@dataclass(frozen=True, eq=False, slots=True)
class UnknownRow:
    """One building."""

    identity: str
    is_likely: bool
    address: str
    street: str
    lonlat: tuple[float, float] | None
    shape: Any


def rows_of(listing: "UnknownListing") -> tuple[UnknownRow, ...]:
    """Return a row for each building."""
    found = listing.buildings
    where = listing.addresses, listing.streets, listing.lonlat
    return tuple(UnknownRow(*part) for part in zip(found.ids, found.likely.tolist(), *where, found.shapes.tolist(), strict=True))


class UnknownUseSheet(Sheet[UnknownRow]):
    """A row a building."""

    def __init__(self, language: Language) -> None:
        self._called: Mapping[str, str] = {}
        super().__init__(language, self._make_columns(), lambda row: row.identity)

    def show(self, listing: "UnknownListing | None") -> None:
        """Show other buildings, street by street unless a heading was clicked."""
        rows = tuple(sorted(rows_of(listing), key=lambda row: (row.street, row.address))) if listing is not None else ()
        self._name(rows)
        self.set_rows(rows)

    def reword(self) -> None:
        """Name the buildings in another language."""
        self._name(self.all_rows)
        super().reword()

    def _name(self, rows: tuple[UnknownRow, ...]) -> None:
        ids, addresses, streets = ([row.identity for row in rows], [row.address for row in rows], [row.street for row in rows])
        self._called = building_names(ids, addresses, streets, self._say.translations)

    def _make_columns(self) -> list[SheetColumn[UnknownRow]]:
        return [
            SheetColumn("called", marked("Name"), self.called, width_px=240, tip=lambda row: row.identity),
            SheetColumn("told", marked("Shown as"), self._reported, width_px=150),
            SheetColumn("street", marked("Street"), lambda row: row.street, width_px=180),
            SheetColumn("area_m2", marked("Ground"), self._area, _area_m2, 100, is_number=True, unit="m²"),
            SheetColumn("lon", marked("Longitude"), self._degrees(0), _at(0), 84, is_number=True),
            SheetColumn("lat", marked("Latitude"), self._degrees(1), _at(1), 84, is_number=True),
            SheetColumn("identity", marked("Identifier"), lambda row: row.identity, width_px=150, is_shown=False, is_key=True),
        ]

    def called(self, row: UnknownRow) -> str:
        """Return what a building is called."""
        return self._called[row.identity]

    def sentence(self, row: UnknownRow) -> str:
        """Return what is known of a building."""
        return self._say(SENTENCE, building=self.called(row), reported=self._reported(row), area=self._area(row))

    def _reported(self, row: UnknownRow) -> str:
        return self._say(LIKELY if row.is_likely else UNKNOWN)

    def _area(self, row: UnknownRow) -> str:
        return number_text(_area_m2(row), self._say.translations)

    def _degrees(self, axis: int) -> Callable[[UnknownRow], str]:
        def read(row: UnknownRow) -> str:
            return "" if row.lonlat is None else number_text(row.lonlat[axis], self._say.translations, DEGREES_DIGITS)

        return read


def _area_m2(row: UnknownRow) -> float:
    return float(row.shape.area)


def _at(axis: int) -> Callable[[UnknownRow], object]:
    return lambda row: None if row.lonlat is None else row.lonlat[axis]


# List buildings of unknown use and declare what they are used for; the same use cases as on the command line.
NO_BUILDINGS = marked("The use of every building here is known.")
EMPTY = marked("The project is empty: import city layers and cameras first")
NO_BORDER = marked("The plan comes within 300 m of no other state: there is nothing to declare.")
REMARKED = marked("Declared. Please note:")
STEP = marked("Declaring the use")


class Declaring(QObject):
    """Keeps the list up to date: what is declared leaves it, and comes back when that is taken back."""

    listed = Signal(object)  # UnknownListing, None when there is no list

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self._is_listed, self._of = False, bench.session.project.declarations
        bench.session.project_changed.connect(self._follow)
        bench.session.layers_changed.connect(self._forget)

    def list_buildings(self) -> None:
        """Find the buildings of unknown use and list them."""
        project, services = self._bench.session.project, self._bench.services
        self._of = project.declarations
        if not project.crs:
            self._bench.notices.tell(EMPTY)
            return

        def work(report: Report) -> "UnknownListing":
            report(0.1, marked("Finding buildings of unknown use"))
            return workflow.list_unknown(services, project)

        self._bench.notices.start("unknown_use", work, self._take)

    def _take(self, listing: "UnknownListing") -> None:
        if not (self._is_listed or len(listing.buildings)):
            self._bench.notices.note(NO_BUILDINGS)
        self._is_listed = True
        self.listed.emit(listing)

    def _follow(self) -> None:
        if self._is_listed and self._bench.session.project.declarations is not self._of:
            self.list_buildings()

    def _forget(self) -> None:
        """Take the list away: it is of another city."""
        self._is_listed = False
        self._bench.jobs.cancel("unknown_use")
        self.listed.emit(None)

    def show(self, row: UnknownRow) -> None:
        """Go to where a building is."""
        self._bench.canvas.set_highlight(row.shape)
        self._bench.canvas.show_finding(row.shape, None)

    def declare(self, ids: tuple[str, ...], use: str) -> None:
        """Ask for reason and name, then declare these buildings; one undo step reverts it."""
        project = self._bench.session.project
        why = self._bench.dialogs.ask_declaration(use, len(ids))
        if why is not None:
            self._declare(project, ids, use, why)

    def declare_table(self) -> None:
        """Take a table of declarations in, all of it or nothing."""
        path = self._bench.dialogs.ask_declaration_table()
        if path is not None:
            project, services = self._bench.session.project, self._bench.services
            self._decide(project, lambda: _without_count(workflow.declare_table(services, project, path)))

    def declare_pasted(self, text: str) -> None:
        """Take rows that were copied from a spreadsheet, all of them or nothing."""
        project, services = self._bench.session.project, self._bench.services
        self._decide(project, lambda: _without_count(workflow.declare_pasted(services, project, text)))

    def declare_area(self) -> None:
        """Declare all buildings of unknown use in an area."""
        project, services = self._bench.session.project, self._bench.services
        wish = self._bench.dialogs.ask_area_declaration(
            tuple(workflow.areas_by_name(project, services.content.load_protected_kinds()))
        )
        if wish is not None:
            said = workflow.Said(wish.use, wish.why.reason, wish.why.by)
            self._decide(project, lambda: _without_count(workflow.declare_area(services, project, wish.area, said)))

    def declare_name(self, x_m: float | None, y_m: float | None) -> None:
        """Declare that one building, that at the spot if there is one, is not what its name says."""
        project = self._bench.session.project
        said = self._bench.dialogs.ask_name_declaration(_building_at(project, x_m, y_m))
        if said is not None:
            self._declare(project, (said.subject,), NOT_AS_NAMED, said.why)

    def declare_country(self) -> None:
        """Find out near which borders the plan comes, and declare in which country it lies."""
        project, services = self._bench.session.project, self._bench.services

        def work(report: Report) -> tuple[tuple[str, str], ...]:
            report(0.1, marked("Looking for borders"))
            return workflow.borders_to_declare(services, project)

        self._bench.notices.start("unknown_use", work, lambda countries: self._ask_country(project, countries))

    def _ask_country(self, project: Project, countries: tuple[tuple[str, str], ...]) -> None:
        if not countries:
            self._bench.notices.note(NO_BORDER)
            return
        said = self._bench.dialogs.ask_border_declaration(countries)
        if said is not None:
            self._declare(project, (said.subject,), IN_COUNTRY, said.why)

    def _declare(self, project: Project, ids: Sequence[str], use: str, why: Decision) -> None:
        services, said = self._bench.services, workflow.Said(use, why.reason, why.by)
        self._decide(project, lambda: (workflow.declare(services, project, ids, said), ()))

    def _decide(self, before: Project, decided: Callable[[], Decided]) -> None:
        decide(self._bench, before, marked("Declare the use"), STEP, decided, remarked=REMARKED)


def _building_at(project: Project, x_m: float | None, y_m: float | None) -> str:
    """Return the id of the building at a spot, empty where there is none."""
    layer = project.layers.get("buildings")
    if layer is None or x_m is None or y_m is None:
        return ""
    found = places_at(list(layer.geometry), x_m, y_m)
    return str(layer.ids[found[0]]) if found else ""


def _without_count(declared: tuple[Project, int, tuple[Fault, ...]]) -> Decided:
    project, _, remarks = declared
    return project, remarks


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
    pasted = Signal(str)  # rows as a spreadsheet copies them
    name_wished = Signal(object, object)  # x, y of the spot that was picked last, None and None before

    def __init__(self, language: Language, preferences: Preferences) -> None:
        sheet = UnknownUseSheet(language)
        super().__init__("unknown_use", sheet, language, preferences, marked("Search buildings"), GROUPS)
        self.dwelling = push_button(language, marked("Lived in…"))
        self.not_dwelling = push_button(language, marked("Not lived in…"))
        self.by_table, self.by_area = push_button(language, marked("By a table…")), push_button(language, marked("By area…"))
        self.by_paste = push_button(language, PASTE, PASTE_TIP)
        self.not_as_named = push_button(language, marked("Not as named…"), NAMED_TIP)
        self.in_country = push_button(language, marked("In a country…"), COUNTRY_TIP)
        self._spot: tuple[float | None, float | None] = (None, None)
        said = self.dwelling, self.not_dwelling, self.by_table, self.by_paste, self.by_area
        self.lay_out((*said, self.not_as_named, self.in_country), self.table)
        self._connect(language)
        self.tell_chosen()

    def _connect(self, language: Language) -> None:
        language.bind(self.list.setText, marked("Find buildings"))
        self.connect_list()
        self.not_as_named.clicked.connect(lambda: self.name_wished.emit(*self._spot))
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


def unknown_use_tool(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    panel, declaring = UnknownUsePanel(bench.language, bench.session.preferences), Declaring(bench)
    declaring.listed.connect(panel.show_listing)
    panel.wished.connect(declaring.list_buildings)
    panel.picked.connect(declaring.show)
    panel.declared.connect(declaring.declare)
    panel.by_table.clicked.connect(declaring.declare_table)
    panel.pasted.connect(declaring.declare_pasted)
    bench.canvas.spot_picked.connect(panel.choose_at)
    panel.by_area.clicked.connect(declaring.declare_area)
    panel.name_wished.connect(declaring.declare_name)
    panel.in_country.clicked.connect(declaring.declare_country)
    dock = Panel(KEY, marked("Unknown use"), panel, Side.BottomDockWidgetArea, behind="findings")
    return Tool(KEY, panels=(dock,), commands=declaring)
