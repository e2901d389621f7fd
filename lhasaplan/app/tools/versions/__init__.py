"""The tool of plan versions: keep one, set two side by side under a line that is swiped, take one over in whole or in part."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QWidget,
)

from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Panel, Side, Switch, Tool, ToolCondition, Workbench
from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import (
    GAP_PX,
    NEAR_PX,
    Language,
    as_listing,
    fill_choices,
    in_column,
    in_row,
    plain_label,
    plain_tip,
    push_button,
    scrolled,
    space,
)
from lhasaplan.app.map import ComparedSheet
from lhasaplan.app.map.ground import DrawnGround
from lhasaplan.app.map.painter import MapTool, Modifiers
from lhasaplan.app.panels import CameraRow, TickedCameras
from lhasaplan.app.panels.fields import ChoiceField
from lhasaplan.app.state import Session
from lhasaplan.app.tools.versions.commands import FoundComparison, Versioning
from lhasaplan.core.base.translations import marked
from lhasaplan.report.facts.project_words import differences, effect_lines
from lhasaplan.report.text.numerals import bound

if TYPE_CHECKING:
    from lhasaplan.core.project.plan_step import PlanVersion

# The panel of plan versions: those that are kept, the two that are compared, and what lies between them.

NAMES = (marked("Version"), marked("Day"), marked("Cameras"), marked("Reason"))
CHANGES = (marked("Camera"), marked("What changes"))
EMPTY = marked("Keep the plan as it is now, change it, and compare: the map shows before and after side by side.")
NOW_NAMED, NOTHING = marked("Now"), marked("These two do not differ.")
TAKE, RECORD = marked("Take over the ticked items"), marked("Record the ticked items as carried out")
RECORDS = marked(
    "The gate is not open, so nothing can be planned. This step corrects the records, as if the cameras were already changed."
)
SHARES, LEAST_SIDE_PX = (4, 5, 5), 100  # of the width, and what one share is at first
ID_ROLE, WIDTHS_PX, NAME_PX, LEAST_PANEL_PX, ARROW_PX = Qt.ItemDataRole.UserRole, (120, 84, 60), 170, 40, 44


class VersionsPanel(QWidget):
    """Left the versions, right the comparison; a tick takes a camera over."""

    drop_wished = Signal(str)
    compare_wished = Signal(str, str)
    take_wished = Signal(str, object)  # name of the version, ids of cameras
    camera_picked = Signal(str)

    def __init__(self, session: Session, names: Names, language: Language) -> None:
        super().__init__()
        self._session, self._names, self._say = session, names, language
        self._found: FoundComparison | None = None
        self._shown: tuple[PlanVersion, ...] = ()
        self.versions, self.changes = QTreeWidget(columnCount=len(NAMES)), TickedCameras(len(CHANGES))
        as_listing(self.versions)
        for listed in (self.versions, self.changes):
            listed.setUniformRowHeights(True)
        self.keep, self.drop = push_button(language, marked("Keep this plan…")), push_button(language, marked("Remove version"))
        self.compare, self.take = push_button(language, marked("Compare")), QPushButton()
        self.one, self.other = ChoiceField(), ChoiceField()
        self.hint, self.effect = plain_label(wordWrap=True), plain_label(wordWrap=True)
        self._lay_out()
        language.bind(self.hint.setText, EMPTY)
        self._listen()
        self._write()

    @property
    def chosen(self) -> tuple[str, str]:
        """Return the names of the plans that are chosen, empty for the current cameras."""
        return str(self.one.currentData() or ""), str(self.other.currentData() or "")

    @property
    def ticked(self) -> tuple[str, ...]:
        """Return the cameras that are ticked."""
        return self.changes.ticked

    def _listen(self) -> None:
        self._say.changed.connect(self._write)
        self.drop.clicked.connect(lambda: self.drop_wished.emit(self._selected))
        self.compare.clicked.connect(lambda: self.compare_wished.emit(*self.chosen))
        self.take.clicked.connect(self._wish_taking)
        for combo in (self.one, self.other):
            combo.currentIndexChanged.connect(self._judge)
        self.versions.itemSelectionChanged.connect(self._choose)
        self.versions.itemActivated.connect(lambda _item, _column: self.compare_wished.emit(*self.chosen))
        self.changes.camera_picked.connect(self.camera_picked)
        self.changes.ticks_changed.connect(self._judge)
        self._session.project_changed.connect(self._follow)
        for changed in (self._session.assessment_changed, self._session.gate_changed):
            changed.connect(self._judge)
        self._names.changed.connect(self._write_comparison)

    def _lay_out(self) -> None:
        for combo in (self.one, self.other):
            combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            combo.setMinimumWidth(LEAST_PANEL_PX)
        kept = in_column(self.hint, (self.versions, 1), in_row(self.keep, self.drop, 1))
        choice = in_row(self.one, plain_label("⇄"), self.other, self.compare)
        reported, changed = in_column(choice, (scrolled(self.effect), 1)), in_column((self.changes, 1), self.take)
        changed.setAlignment(self.take, Qt.AlignmentFlag.AlignLeft)
        sides = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        for column in (kept, reported, changed):
            space(column, 0, NEAR_PX)
            side = QWidget()
            side.setLayout(column)
            sides.addWidget(side)
        sides.setHandleWidth(GAP_PX)
        sides.setSizes([share * LEAST_SIDE_PX for share in SHARES])
        in_column(sides, of=self, margin_px=NEAR_PX, gap_px=NEAR_PX)

    def _write(self) -> None:
        self.versions.setHeaderLabels([self._say(name) for name in NAMES])
        self.changes.setHeaderLabels([self._say(name) for name in CHANGES])
        for column, width in enumerate(WIDTHS_PX):
            self.versions.header().resizeSection(column, width)
        self.changes.header().resizeSection(0, NAME_PX)
        words_px = self.one.fontMetrics().horizontalAdvance(self._say(NOW_NAMED)) + ARROW_PX
        for combo in (self.one, self.other):
            combo.setMinimumWidth(max(LEAST_PANEL_PX, words_px))  # the plan of now is named whole
        self._list()
        self._write_comparison()

    @property
    def _selected(self) -> str:
        items = self.versions.selectedItems()
        return str(items[0].data(0, ID_ROLE)) if items else ""

    def _follow(self) -> None:
        """List the versions anew where they are others; most edits, and each step of a drag, leave them."""
        if self._session.project.versions is self._shown:
            self._judge()
        else:
            self._list()

    def _list(self) -> None:
        """List the versions, and keep what is chosen."""
        versions, chosen, selected = self._session.project.versions, self.chosen, self._selected
        self._shown = versions
        self.versions.blockSignals(True)
        self.versions.clear()
        for version in versions:
            item = QTreeWidgetItem([version.name, version.when, str(len(version.cameras)), version.reason])
            item.setData(0, ID_ROLE, version.name)
            item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(3, plain_tip(" · ".join(filter(None, (version.reason, version.who)))))
            self.versions.addTopLevelItem(item)
            item.setSelected(version.name == selected)
        self.versions.blockSignals(False)
        names = {"": self._say(NOW_NAMED), **{version.name: version.name for version in versions}}
        fill_choices(self.one, names, chosen[0])
        fill_choices(self.other, names, chosen[1] or (versions[-1].name if versions else ""))
        self.hint.setVisible(not versions)
        self._judge()

    def _choose(self) -> None:
        """Compare now with the version that was selected in the list, when asked."""
        if self._selected:
            self.one.setCurrentIndex(0)
            self.other.setCurrentIndex(max(self.other.findData(self._selected), 0))
        self._judge()

    def show_comparison(self, found: "FoundComparison | None") -> None:
        """Show what lies between two plans; None when they are not compared any more."""
        self._found = found
        self.changes.clear()
        self._write_comparison()

    def _write_comparison(self) -> None:
        found = self._found
        rows = (
            CameraRow(one.camera_id, (one.name, self._say(marked("; ")).join(one.changes)), ("", "\n".join(one.changes)))
            for one in (differences(found.comparison, self._names.camera, self._say.translations) if found is not None else ())
        )
        self.changes.show_rows(rows, has_ticks=found is not None and bool(found.version))
        is_same = found is not None and not found.comparison.changes.changes
        lines: tuple[str, ...] = ()
        if found is not None:
            lines = effect_lines(found.comparison, self._names.part, self._say.translations)
        if is_same:
            lines = (self._say(NOTHING),)
        self.effect.setText(bound("\n\n".join(lines)))
        self._judge()

    def _judge(self) -> None:
        has_city = bool(self._session.project.crs)
        self.keep.setEnabled(has_city)
        self.compare.setEnabled(has_city and self.chosen[0] != self.chosen[1])
        self.drop.setEnabled(bool(self._selected))
        plans = self._session.may_plan
        self.take.setText(self._say(TAKE if plans else RECORD))
        self.take.setToolTip("" if plans else plain_tip(self._say(RECORDS)))
        self.take.setEnabled(self._found is not None and bool(self._found.version) and bool(self.ticked))

    def _wish_taking(self) -> None:
        if self._found is not None:
            self.take_wished.emit(self._found.version, self.ticked)


# Two plans on one map: the first left of a line, the other right of it, and the line is swiped over the map.
GRAB_PX, STEP_PX, LEAST_PX = 12.0, 24.0, 40.0


class ComparedMap(QObject, MapTool):
    """Lays two sheets over the map while a comparison is shown, and takes the mouse at the line between them."""

    def __init__(self, bench: Workbench, versioning: Versioning, mode: str) -> None:
        QObject.__init__(self)
        self._bench, self._versioning, self._mode = bench, versioning, mode
        self._ground = DrawnGround()
        self.sheets: tuple[ComparedSheet, ComparedSheet] | None = None
        self.share = 0.5  # of the map's width, left of the line
        self._before = 0.5
        canvas = bench.canvas
        canvas.add_map_tool(self)
        canvas.installEventFilter(self)
        canvas.viewport_changed.connect(self._place)
        bench.city.drawn.connect(self._take_ground)
        bench.session.shown.changed.connect(self._follow_layers)
        versioning.found.connect(self._show)

    @property
    def line_px(self) -> float:
        """Return where the line is, from the map's left edge."""
        return round(self.share * self._bench.canvas.width())

    def _take_ground(self, ground: DrawnGround, _is_first: bool) -> None:
        self._ground = ground
        for sheet in self.sheets or ():
            sheet.set_ground(ground)

    def _follow_layers(self) -> None:
        self._bench.canvas.explained_too = frozenset()
        for sheet in self.sheets or ():
            sheet.show_layers_of(self._bench.canvas)
            self._bench.canvas.explained_too |= sheet.contents

    def _show(self, found: FoundComparison | None) -> None:
        """Lay the sheets over the map, or take them away."""
        for sheet in self.sheets or ():
            sheet.stop()
            sheet.hide()
            sheet.deleteLater()
        self.sheets = None
        canvas = self._bench.canvas
        canvas.explained_too = frozenset()
        if found is None:
            return
        self.share = 0.5
        self.sheets = (
            ComparedSheet(canvas, self._bench.language, is_left=True),
            ComparedSheet(canvas, self._bench.language, is_left=False),
        )
        for sheet, name, overlays in zip(self.sheets, found.names, found.overlays, strict=True):
            sheet.name = name
            sheet.set_ground(self._ground)
            sheet.set_overlays(overlays)
            sheet.show_layers_of(canvas)
            sheet.show()
            canvas.explained_too |= sheet.contents
        self._place()

    def _place(self) -> None:
        if self.sheets is None:
            return
        canvas, line = self._bench.canvas, self.line_px
        top, height = canvas.top_px, canvas.height() - canvas.top_px
        left, right = self.sheets
        left.lay(QRectF(0, top, line, height), canvas.viewport)
        right.lay(QRectF(line, top, canvas.width() - line, height), canvas.viewport)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keep the line where it is when the map becomes wider or narrower."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    # Mouse and keys, before the map

    def _is_at(self, at: QPointF) -> bool:
        return self.sheets is not None and abs(at.x() - self.line_px) <= GRAB_PX

    def hover(self, at: QPointF, modifiers: Modifiers) -> Qt.CursorShape | None:
        """Show that the line can be swiped."""
        return Qt.CursorShape.SplitHCursor if self._is_at(at) else None

    def press(self, at: QPointF, modifiers: Modifiers) -> bool:
        """Take the line."""
        self._before = self.share
        return self._is_at(at)

    def drag(self, at: QPointF, modifiers: Modifiers) -> None:
        """Swipe."""
        self._move_to(at.x())

    def cancel(self) -> None:
        """Put the line back."""
        self._move_to(self._before * self._bench.canvas.width())

    def key(self, event: QKeyEvent) -> bool:
        """Swipe by comma and full stop, which lie beside each other on every keyboard."""
        ways = {Qt.Key.Key_Comma: -1.0, Qt.Key.Key_Less: -1.0, Qt.Key.Key_Period: 1.0, Qt.Key.Key_Greater: 1.0}
        way = ways.get(Qt.Key(event.key()))
        if self.sheets is None or way is None:
            return False
        self._move_to(self.line_px + way * STEP_PX)
        return True

    def _move_to(self, x_px: float) -> None:
        width = max(self._bench.canvas.width(), 1)
        self.share = min(max(x_px, LEAST_PX), width - LEAST_PX) / width
        self._place()


KEY, MODE = "versions", "compare"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session = bench.session
    versioning = Versioning(bench, commands.looking, MODE)
    panel = VersionsPanel(session, bench.names, bench.language)
    compared = ComparedMap(bench, versioning, MODE)
    panel.keep.clicked.connect(versioning.keep)
    panel.drop_wished.connect(versioning.drop)
    panel.compare_wished.connect(versioning.compare)
    panel.take_wished.connect(versioning.take_over)
    panel.camera_picked.connect(commands.looking.show_camera)
    versioning.found.connect(panel.show_comparison)
    bench.proposals.beside_wished.connect(versioning.lay_beside)
    has_city = ToolCondition(lambda: bool(session.project.crs), (session.project_changed,))
    switch = Switch(partial(_turn, versioning, panel), versioning.is_on, session.mode.changed)
    mitigation = ToolCondition(
        lambda: versioning.chosen_mitigation is not None, (commands.looking.finding_shown, session.project_changed)
    )
    analysis = marked("&Analysis")

    def show() -> None:
        """Bring the panel forward."""
        session.attention.bring(KEY)

    return Tool(
        KEY,
        panels=(Panel(KEY, marked("Versions"), panel, Side.BottomDockWidgetArea, behind="findings"),),
        entries=(
            (analysis, Entry("versions", marked("&Versions of the plan"), show, "Ctrl+Shift+V")),
            (analysis, Entry("keep_version", marked("&Keep this plan as a version…"), versioning.keep, condition=has_city)),
            (analysis, Entry("compare", marked("Compare &two plans"), switch, "Ctrl+Shift+D", has_city)),
            (
                analysis,
                Entry(
                    "compare_mitigation",
                    marked("&Before and after the remedy"),
                    versioning.compare_mitigation,
                    condition=mitigation,
                ),
            ),
        ),
        commands=(versioning, compared),
    )


def _turn(versioning: Versioning, panel: VersionsPanel, on: bool) -> None:
    """Compare the plans that are chosen in the panel, or end it."""
    if on:
        versioning.compare(*panel.chosen)
    else:
        versioning.end()
