"""The tool with which a person decides which candidates are demand: its panel, and what it does to the project."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QComboBox, QLabel, QSizePolicy, QSplitter

from lhasaplan import workflow
from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.analysing import Decided, decide
from lhasaplan.app.commands.workbench import DO_MISSING, MANDATE_PANEL, Panel, Side, Tool, Workbench
from lhasaplan.app.jobs import Report
from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import Language, fill_choices, ink, push_button
from lhasaplan.app.map.shapes import places_at
from lhasaplan.app.models import Sheet, SheetColumn
from lhasaplan.app.panels import ListingPanel
from lhasaplan.app.panels.fields import ChoiceField
from lhasaplan.app.state.selection import Preferences, Tone
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.project import Project
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import number_text, short_number

if TYPE_CHECKING:
    from lhasaplan.report.formats.papers import SheetPictures
    from lhasaplan.workflow import Listing
    from lhasaplan.workflow.decisions import Listed

# Candidates as a sheet: what could be demand, what it is called, and what was decided about it.
STATES = {
    "open": marked("not requested"),
    "confirmed": marked("confirmed"),
    "excused": marked("excused"),
    "asked": marked("data missing, asked"),
    "refused": marked("refused"),
}
SENTENCE = marked("{part} ({category}), needs {density} px/m: {state}")
GROUPS = ("state", "category", "street")
DEGREES_DIGITS = 5  # a metre
_INK = {"confirmed": "good", "refused": "error", "asked": "note"}


class CandidatesSheet(Sheet["Listed"]):
    """A row a candidate."""

    def __init__(self, language: Language, names: Names) -> None:
        self._names = names
        self._terms: Mapping[str, Mapping[str, str]] = {}
        super().__init__(language, self._make_columns(), lambda row: row.part.part_id)
        names.changed.connect(self.reword)

    def show(self, rows: "tuple[Listed, ...]", terms: Mapping[str, Mapping[str, str]]) -> None:
        """Show another list."""
        self._terms = terms
        self.set_rows(tuple(sorted(rows, key=lambda each: (each.part.category, each.part.part_id))))

    def _make_columns(self) -> "list[SheetColumn[Listed]]":
        return [
            SheetColumn("called", marked("Part"), self.called, width_px=230, tip=_ident),
            SheetColumn(
                "state",
                marked("State"),
                self._state,
                width_px=130,
                colour=lambda row: ink(_INK[row.state]) if row.state in _INK else None,
            ),
            SheetColumn("category", marked("Category"), self._category, width_px=150),
            SheetColumn("density", marked("Needed"), self._density, _required, 110, is_number=True, unit="px/m"),
            SheetColumn("street", marked("Street"), lambda row: row.street, width_px=130),
            SheetColumn("lon", marked("Longitude"), self._degrees(0), _at(0), 84, is_number=True),
            SheetColumn("lat", marked("Latitude"), self._degrees(1), _at(1), 84, is_number=True),
            SheetColumn("part_id", marked("Identifier"), _ident, width_px=230, is_shown=False),
        ]

    def called(self, row: "Listed") -> str:
        """Return what a candidate is called."""
        return self._names.part(row.part.part_id) or row.part.name or _ident(row)

    def sentence(self, row: "Listed") -> str:
        """Return what is asked of a candidate, and what was decided or why it may not be demand."""
        called = self.called(row)
        state = self._say(row.text, **{**row.params, **({"part": called} if "part" in row.params else {})})
        return self._say(SENTENCE, part=called, category=self._category(row), density=self._density(row), state=state)

    def _category(self, row: "Listed") -> str:
        category = row.part.category
        return words.term(self._terms, f"category:{category}", self._say.translations) or category

    def _state(self, row: "Listed") -> str:
        return self._say(STATES[row.state])

    def _density(self, row: "Listed") -> str:
        return short_number(_required(row), self._say.translations)

    def _degrees(self, axis: int) -> "Callable[[Listed], str]":
        def read(row: "Listed") -> str:
            return "" if row.lonlat is None else number_text(row.lonlat[axis], self._say.translations, DEGREES_DIGITS)

        return read


def _ident(row: "Listed") -> str:
    return row.part.part_id


def _required(row: "Listed") -> float:
    return row.part.required.density_px_m


def _at(axis: int) -> "Callable[[Listed], object]":
    return lambda row: None if row.lonlat is None else row.lonlat[axis]


# The small map of the candidate that is chosen, beside the list.
NONE_CHOSEN = marked("Choose a candidate to see a small map of its place.")
WIDTH_PX, LEAST_PX = 220, 120


def _are_open(rows: "tuple[Listed, ...]") -> bool:
    """Say whether all of some candidates may be confirmed: what is confirmed is confirmed once."""
    return bool(rows) and {row.state for row in rows} <= {"open", "asked"}


def _are_alike(rows: "tuple[Listed, ...]") -> bool:
    return len({row.part.alike for row in rows}) == 1


class PlacePicture(QLabel):
    """Shows a picture as large as there is room; without one it says what would be here."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say, self._picture = language, QPixmap()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setMinimumSize(LEAST_PX, LEAST_PX)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        language.changed.connect(self._draw)
        self._draw()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the size that a picture is read at."""
        return QSize(WIDTH_PX, WIDTH_PX)

    def show_png(self, png: bytes) -> None:
        """Show another picture; nothing takes it away."""
        self._picture = QPixmap()
        if png:
            self._picture.loadFromData(png)
        self._draw()

    @property
    def is_empty(self) -> bool:
        """Say whether there is no picture."""
        return self._picture.isNull()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fit the picture into the room that there is now."""
        super().resizeEvent(event)
        self._draw()

    def _draw(self) -> None:
        if self._picture.isNull():
            self.setText(self._say(NONE_CHOSEN))
            return
        ratio = self.devicePixelRatioF()
        aspect, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        shown = self._picture.scaled(self.size() * ratio, aspect, smooth)
        shown.setDevicePixelRatio(ratio)
        self.setPixmap(shown)


SEARCH_PX = 110
HINT = marked(
    "Candidates are parts that the duties of the rule packs could ask for. None is demand until a person confirms it by name."
)
UNLIKE = marked("Chosen candidates are of several kinds ({count}). Confirm each kind for itself, with its own reasons.")
MANY = marked("{count} candidates chosen. Your decision holds for all of them, in one step.")
_ALL = marked("all states")


class CandidatesPanel(ListingPanel["Listed"]):
    """A sheet, the small map of what is chosen, and the two decisions."""

    sheet: CandidatesSheet

    picked = Signal(object)  # Part
    picture_wished = Signal(object)  # Part that was chosen on the map, which shows it already
    confirm_wished = Signal(tuple)  # ids
    excuse_wished = Signal(tuple)

    def __init__(self, language: Language, names: Names, preferences: Preferences) -> None:
        self.state = ChoiceField(sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToContents)
        sheet = CandidatesSheet(language, names)
        super().__init__("candidates", sheet, language, preferences, marked("Search candidates"), GROUPS, (self.state,))
        self.search.setMinimumWidth(SEARCH_PX)
        self.confirm, self.excuse = push_button(language, marked("Confirm…")), push_button(language, marked("Excuse…"))
        self.picture = PlacePicture(language)
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
        self.confirm.setEnabled(_are_open(chosen) and _are_alike(chosen))
        self.excuse.setEnabled(bool(states) and states <= {"confirmed", "excused"})

    def sentence(self, chosen: "tuple[Listed, ...]") -> str:
        """Return what is reported of the chosen candidates."""
        if len(chosen) > 1:
            return self._say(UNLIKE if _are_open(chosen) and not _are_alike(chosen) else MANY, count=len(chosen))
        return self.sheet.sentence(chosen[0]) if chosen else self._say(HINT)

    def _keep_state(self) -> None:
        wanted = self.state.currentData() or ""
        self.sheet.keep((lambda row: row.state == wanted) if wanted else None)

    def _reword(self) -> None:
        fill_choices(self.state, {"": self._say(_ALL), **self._say.words(STATES)})
        self.tell_chosen()


# List candidates, confirm and excuse them; the same use cases as on the command line.
NO_MANDATE = marked("Without a mandate nothing can become demand.")
SHUT = marked("While the gate is closed nothing can become demand.")
NO_CANDIDATES = marked(
    "The rule packs of this project have no duties, so there are no candidates. A pack such as municipal-safety has some."
)
LANE = "place"
ASKING = marked("Checking the gate")


class Deciding(QObject):
    """Keeps the list up to date with what is decided, after an edit or its undoing."""

    listed = Signal(object)  # the candidates with what was decided, None when there is no list
    drawn = Signal(bytes)  # the picture of the candidate that was asked for last

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        self.listing: Listing | None = None
        self._pictures: tuple[object, Translations, SheetPictures] | None = None  # of which layers, and in which language
        bench.session.decisions_changed.connect(self._follow_decisions)
        bench.session.layers_changed.connect(self._forget)

    def list_candidates(self) -> None:
        """Find the candidates and list them."""
        project = self._bench.session.project

        def work(report: Report) -> "Listing":
            report(0.1, marked("Finding candidates"))
            return workflow.list_candidates(self._bench.services, project)

        self._bench.notices.start("file", work, self._take)

    def _take(self, listing: "Listing") -> None:
        self.listing = listing
        self._bench.names.name_too(tuple(row.part for row in listing.rows), listing.terms)
        self.listed.emit(listing)
        if not listing.rows:
            self._bench.notices.note(NO_CANDIDATES, tone=Tone.NOTE)

    def _follow_decisions(self) -> None:
        if self.listing is not None:
            self.listed.emit(workflow.with_decisions(self.listing, self._bench.session.project))

    def _forget(self) -> None:
        """Take the list away: it is of another city."""
        self.listing = None
        self._bench.names.name_too((), {})
        self.listed.emit(None)

    def draw(self, part: Part) -> None:
        """Draw where a candidate lies, as reports do; protected ground is marked in no picture."""
        project, translations = self._bench.session.project, self._bench.language.translations

        def work(_report: Report) -> bytes:
            return self._pictures_of(project, translations).png(part.geometry)

        self._bench.jobs.start(LANE, work, self.drawn.emit, self._bench.notices.tell_once, follow=True)

    def _pictures_of(self, project: Project, translations: Translations) -> "SheetPictures":
        """Return what draws places of a project; what is drawn round them is made ready once for layers and language."""
        from lhasaplan.report.formats.papers import SheetPictures

        kept = self._pictures
        if kept is None or kept[0] is not project.layers or kept[1] is not translations:
            made = SheetPictures(workflow.sheet_of(self._bench.services, project), translations)
            self._pictures = kept = project.layers, translations, made
        return kept[2]

    def confirm(self, ids: tuple[str, ...]) -> None:
        """Ask for purpose, reasons and name, then make the candidates demand; one undo step reverts it."""
        project, services = self._bench.session.project, self._bench.services
        gate = self._bench.session.gate
        if project.mandate is None or (gate is not None and not gate.open):  # before reasons are written in vain
            to_do = (DO_MISSING, lambda: self._bench.session.attention.bring(MANDATE_PANEL))
            self._bench.notices.note(NO_MANDATE if project.mandate is None else SHUT, tone=Tone.NOTE, actions=(to_do,))
            return
        wish = self._bench.dialogs.ask_confirmation(project.mandate.purposes, len(ids))
        if wish is None:
            return
        why = {"purpose": wish.purpose, "reason": wish.reason, "milder": wish.milder, "by": wish.by}

        def make() -> Decided:
            return workflow.confirm(services, project, workflow.CandidateSelection(ids), **why)[0], ()

        decide(self._bench, project, marked("Confirm candidates"), ASKING, make)

    def excuse(self, ids: tuple[str, ...]) -> None:
        """Ask for reason and name, then excuse the parts."""
        project, services = self._bench.session.project, self._bench.services
        wish = self._bench.dialogs.ask_excuse(len(ids))
        if wish is None:
            return

        def make() -> Decided:
            changed = project
            for part_id in ids:
                changed = workflow.excuse(services, changed, part_id, reason=wish.reason, by=wish.by)
            return changed, ()

        decide(self._bench, project, marked("Excuse parts"), ASKING, make)


KEY = "candidates"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    panel, deciding = CandidatesPanel(bench.language, bench.names, bench.session.preferences), Deciding(bench)
    deciding.listed.connect(panel.show_listing)
    panel.wished.connect(deciding.list_candidates)
    panel.picked.connect(commands.looking.show_part)
    panel.picked.connect(deciding.draw)
    panel.picture_wished.connect(deciding.draw)
    deciding.drawn.connect(panel.picture.show_png)
    bench.canvas.spot_picked.connect(panel.choose_at)
    panel.confirm_wished.connect(deciding.confirm)
    panel.excuse_wished.connect(deciding.excuse)
    dock = Panel(KEY, marked("Candidates"), panel, Side.BottomDockWidgetArea, behind="findings")
    return Tool(KEY, panels=(dock,), commands=deciding)
