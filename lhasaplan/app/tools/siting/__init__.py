"""The tool of proposals: options beside each other, their trade-off, and what of one is taken over."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHeaderView,
    QProgressBar,
    QTabWidget,
    QWidget,
)

from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Panel, Side, Tool, ToolCondition, Workbench
from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import (
    NEAR_PX,
    NONE_PX,
    Language,
    in_column,
    in_row,
    ink,
    listing_table,
    plain_label,
    push_button,
    scrolled,
)
from lhasaplan.app.models import ROW_ROLE
from lhasaplan.app.panels import CameraRow, TickedCameras
from lhasaplan.app.panels.fields import WholeAmount
from lhasaplan.app.panels.parts import ServedShownChart, ServedShownRow
from lhasaplan.app.tools.siting.options import LANE, LOOKING, OptionsSheet, Siting, TradeOffChart, changed_cameras, may_in_words
from lhasaplan.core.base.translations import marked
from lhasaplan.core.siting.option_words import (
    bounds_in_words,
    doubled_in_words,
    hanging_in_words,
    name_in_words,
    weights_in_words,
)
from lhasaplan.report.text.words import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lhasaplan.app.tools.siting.options import FoundOptions, Hanging
    from lhasaplan.core.siting.disclosed_proposals import DisclosedOption
    from lhasaplan.core.siting.options import Option

# The panel of proposals: options with their bounds, the trade-off, and what the chosen option changes.

HEADS = (marked("Camera"), marked("What changes"), marked("Why"))
HINT = marked(
    "With an open gate: which cameras can be removed, what the others could do, and the least that serves the confirmed parts."
)
OLD = marked("The project was changed after these proposals. Propose again.")
BUDGET = marked("New cameras at most:")
NO_DOUBT = marked("Assumed heights, tilts, ranges and lenses make no difference: every part is served as much.")
PROPOSED = marked("{name} (new)")
NOTHING = marked("This option changes nothing.")
HEAD_WIDTHS_PX = 146, 118
ROW_PX, OPTIONS_PX = 21, 190  # heading and five rows, some on two lines
TABS = (marked("What changes"), marked("Trade-off"), marked("How sure"))
FULL, MOST_NEW, USUAL_NEW = 1000, 12, 3


class SitingPanel(QWidget):
    """The options as a table; ``tabs`` tell the chosen one at the right: what it changes, the trade-off, how sure all is."""

    wished = Signal(int)  # new cameras at most
    told = Signal(bool)  # there is an option to be told in full
    shown = Signal(object, object)  # DisclosedOption, ids of cameras that are ticked
    take_wished = Signal(object, object)
    camera_picked = Signal(str)

    def __init__(self, names: Names, language: Language) -> None:
        super().__init__()
        self._names, self._say = names, language
        self._found: FoundOptions | None = None
        self._hanging = dict["Option", "Hanging"]()
        self.is_old = False
        self.propose, self.cancel = push_button(language, marked("Propose")), push_button(language, marked("Cancel"))
        self.take = push_button(language, marked("Take over the ticked items"))
        self.budget = WholeAmount(minimum=0, maximum=MOST_NEW, value=USUAL_NEW)
        self.budget_name, self.reported, self.bounds = plain_label(), plain_label(wordWrap=True), plain_label(wordWrap=True)
        self.bar, self.chart, self.tabs = QProgressBar(maximum=FULL), TradeOffChart(language), QTabWidget()
        self.compared, self.page = ServedShownChart(language), QWidget()  # the page at the right
        self.model = OptionsSheet(language)
        self.options = listing_table(self.model, (), -1)
        self.options.setSortingEnabled(False)
        self.options.setSelectionMode(self.options.SelectionMode.SingleSelection)
        self.options.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.options.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.options.setWordWrap(True)  # names of options are long, and none of the figures is to be cut for them
        self.options.verticalHeader().setMinimumSectionSize(ROW_PX)
        self.options.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.options.setMinimumHeight(OPTIONS_PX)
        self.changes = TickedCameras(len(HEADS), is_wrapped=True)
        self._lay_out()
        self._listen()
        self.show_busy(False)
        self._write()

    def _lay_out(self) -> None:
        order = in_row(self.propose, self.cancel, self.budget_name, self.budget, self.bar, (self.reported, 1))
        change_page = QWidget()
        changed = in_column((self.changes, 1), self.take, of=change_page, margin_px=NONE_PX, gap_px=NEAR_PX)
        changed.setAlignment(self.take, Qt.AlignmentFlag.AlignLeft)
        for page in (change_page, self.chart, scrolled(self.bounds)):
            self.tabs.addTab(page, "")
        self.changes.header().resizeSection(0, HEAD_WIDTHS_PX[0])
        self.changes.header().resizeSection(1, HEAD_WIDTHS_PX[1])
        in_column(self.compared, (self.tabs, 1), of=self.page, margin_px=NONE_PX, gap_px=NEAR_PX)
        in_column(order, (self.options, 1), of=self, margin_px=NEAR_PX, gap_px=NEAR_PX)

    def _listen(self) -> None:
        say = self._say
        for setter, template in (
            (self.budget_name.setText, BUDGET),
            (self.budget.setAccessibleName, BUDGET),
            (self.options.setAccessibleName, marked("Options")),
            (self.changes.setAccessibleName, marked("What the option changes")),
        ):
            say.bind(setter, template)
        say.changed.connect(self._write)
        self._names.changed.connect(self._write)
        self.propose.clicked.connect(lambda: self.wished.emit(self.budget.value()))
        self.take.clicked.connect(lambda: self.take_wished.emit(self.chosen, self.ticked))
        self.options.selectionModel().selectionChanged.connect(lambda *_: self._choose())
        self.changes.ticks_changed.connect(self._show_ticked)
        self.changes.camera_picked.connect(self.camera_picked)

    @property
    def chosen(self) -> "DisclosedOption | None":
        """Return the option that is chosen."""
        rows = self.options.selectionModel().selectedRows()
        return rows[0].data(ROW_ROLE) if rows else None

    @property
    def ticked(self) -> tuple[str, ...]:
        """Return the cameras that are ticked."""
        return self.changes.ticked

    # What the work beside the window tells

    def show_busy(self, busy: bool) -> None:
        """Show that proposals are worked out, and offer to stop it."""
        self.propose.setEnabled(not busy)
        self.cancel.setVisible(busy)
        self.bar.setVisible(busy)
        self.bar.setValue(0)

    def show_progress(self, share: float) -> None:
        """Show how much is done."""
        self.bar.setValue(round(share * FULL))

    def show_found(self, found: "FoundOptions | None") -> None:
        """Show other proposals; None takes them away."""
        self._found = found
        self._hanging.clear()
        self.model.set_rows(found.options if found is not None else ())
        self.chart.show_points(found.proposals.curve if found is not None else ())
        self.changes.clear()
        self._take_age(False)
        self.told.emit(False)

    def show_hanging(self, option: "Option", hanging: "Hanging") -> None:
        """Say what of an option depends on assumptions and weights."""
        self._hanging[option] = hanging
        self._write_bounds()

    def show_age(self, is_old: bool) -> None:
        """Grey what is older than the project, and say so."""
        if is_old != self.is_old:  # asked with every edit, of a drag at each step
            self._take_age(is_old)

    def _take_age(self, is_old: bool) -> None:
        self.is_old = is_old
        for part in (self.options, self.page):
            part.setEnabled(not is_old)
        self._write()

    def _choose(self) -> None:
        self.changes.clear()
        self._write()
        self._show_ticked()
        self.told.emit(self.chosen is not None)

    def _show_ticked(self) -> None:
        """Have the map show what is ticked."""
        chosen = self.chosen
        self._judge()
        if chosen is not None:
            self.shown.emit(chosen, self.ticked)

    # What stands there

    def _write(self) -> None:
        self.changes.setHeaderLabels([self._say(name) for name in HEADS])
        for number, name in enumerate(TABS):
            self.tabs.setTabText(number, self._say(name))
        found, chosen = self._found, self.chosen
        line = may_in_words(found, chosen, self._say) if found is not None and chosen is not None else ""
        self.reported.setText(self._say(OLD) if self.is_old else line if found is not None else self._say(HINT))
        self.reported.setStyleSheet(f"color: {ink('due').name()};" if self.is_old else "")
        self.compared.show_rows(self._compared_rows() if chosen is not None else ())
        self._write_bounds()
        self._write_changes()
        self._judge()

    def _compared_rows(self) -> list[ServedShownRow]:
        """Return all options, so that the chosen one is seen beside what is left undone with the others."""
        options = self._found.options if self._found is not None else ()
        named = [(name_in_words(each.option.allowance, self._say.translations), each) for each in options]
        return [
            ServedShownRow(name, each.figures["reached"], each.figures["unasked_m2"], each is self.chosen) for name, each in named
        ]

    def _write_bounds(self) -> None:
        found, chosen, translations = self._found, self.chosen, self._say.translations
        lines = list[str]()
        if found is not None and chosen is not None:
            lines += bounds_in_words(found.proposals.council, chosen.option, translations, discloses_all=found.discloses_all)
            lines += [] if chosen.option.proposal.changes else [self._say(NOTHING)]
            lines += [self._say.fault(fault) for fault in chosen.option.refused]
            lines += self._hanging_lines(chosen.option)
        self.bounds.setText("\n".join(lines))

    def _hanging_lines(self, option: "Option") -> "Iterator[str]":
        """Give the parts whose share depends on an assumption, what to find out first, and what a doubled weight changes."""
        hanging, say, names = self._hanging.get(option), self._say, self._names
        if hanging is None:
            yield say(LOOKING)
            return
        named = self._camera_name
        lines = list(
            hanging_in_words(
                hanging.doubts,
                say.translations,
                lambda key: names.part(key) or key,
                named,
                lambda name: say(FIELDS.get(name, name)),
            )
        )
        yield from lines or [say(NO_DOUBT)]
        if hanging.by_weight is not None:
            if self._found is not None:
                yield weights_in_words(self._found.proposals.council.rules.weights, say.translations)
            yield from doubled_in_words(hanging.by_weight, say.translations, named)

    def _camera_name(self, camera_id: str) -> str:
        """Return what a camera is called, and whether it is only proposed."""
        name, project = self._names.camera(camera_id), self._found.project if self._found is not None else None
        is_known = project is not None and any(camera.camera_id == camera_id for camera in project.cameras)
        return name if is_known else self._say(PROPOSED, name=name)

    def _write_changes(self) -> None:
        """List what the chosen option changes; what was not ticked stays so."""
        found, chosen = self._found, self.chosen
        changed = changed_cameras(found, chosen, self._names, self._say) if found is not None and chosen is not None else ()
        cells = ((one.camera_id, (one.name, one.what, one.why)) for one in changed)
        self.changes.show_rows((CameraRow(key, texts, tips=texts) for key, texts in cells), has_ticks=True)

    def _judge(self) -> None:
        self.take.setEnabled(not self.is_old and bool(self.ticked))


KEY, OPTION = "siting", "option"  # the table, and the page of the option that is chosen in it


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session, jobs = bench.session, bench.jobs
    siting, panel = Siting(bench, commands.placing), SitingPanel(bench.names, bench.language)
    siting.found.connect(panel.show_found)
    siting.aged.connect(panel.show_age)
    panel.wished.connect(siting.propose)
    panel.cancel.clicked.connect(siting.cancel)
    panel.shown.connect(siting.show)
    panel.told.connect(lambda is_there: session.attention.offer(OPTION) if is_there else None)
    panel.shown.connect(lambda reported, _ticked: siting.look_into(reported))
    siting.hanging.connect(panel.show_hanging)
    panel.take_wished.connect(siting.take_over)
    panel.camera_picked.connect(commands.looking.show_camera)
    jobs.progressed.connect(lambda lane, share, _step: panel.show_progress(share) if lane == LANE else None)
    jobs.idle_changed.connect(lambda lane, idle: panel.show_busy(not idle) if lane == LANE else None)
    has_city = ToolCondition(lambda: bool(session.project.crs), (session.project_changed,))

    def show() -> None:
        """Bring the panel forward."""
        session.attention.bring(KEY)

    return Tool(
        KEY,
        panels=(
            Panel(KEY, marked("Proposals"), panel, Side.BottomDockWidgetArea, behind="findings"),
            Panel(OPTION, marked("Option"), panel.page, within="selected", told=panel.told),
        ),
        entries=((marked("&Analysis"), Entry(KEY, marked("&Proposals of cameras"), show, condition=has_city)),),
        commands=siting,
    )
