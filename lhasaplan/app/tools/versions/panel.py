"""The panel of plan versions: those that are kept, the two that are compared, and what lies between them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.theme import GAP_PX, NEAR_PX, space
from lhasaplan.app.look.widgets import as_listing, plain_label, plain_tip, scrolled
from lhasaplan.app.panels.listing import CameraRow, TickedCameras
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.wording import marked
from lhasaplan.report.facts.plan_differences import differences, effect_lines

if TYPE_CHECKING:
    from lhasaplan.app.tools.versions.commands import Found
    from lhasaplan.core.project.plan_version import PlanVersion

NAMES = (marked("Version"), marked("Day"), marked("Cameras"), marked("Reason"))
CHANGES = (marked("Camera"), marked("What changes"))
EMPTY = marked("Keep the plan as it is now, change it, and compare: before and after lie side by side on the map.")
NOW_NAMED, NOTHING = marked("Now"), marked("Between these two nothing changes.")
TAKE, RECORD = marked("Take over what is ticked"), marked("Record what is ticked as carried out")
RECORDS = marked("The gate is not open, so nothing is planned: this corrects the record, as if the cameras stood so today.")
SHARES, LEAST_SIDE_PX = (4, 5, 5), 100  # of the width, and what one share is at first
ID_ROLE, WIDTHS_PX, NAME_PX, LEAST_PX = Qt.ItemDataRole.UserRole, (120, 84, 60), 170, 40


class VersionsPanel(QWidget):
    """Left the versions, right the comparison; a tick takes a camera over."""

    keep_wished = Signal()
    drop_wished = Signal(str)
    compare_wished = Signal(str, str)
    take_wished = Signal(str, object)  # name of the version, ids of cameras
    camera_picked = Signal(str)

    def __init__(self, session: Session, names: Names, language: Language) -> None:
        super().__init__()
        self._session, self._names, self._say = session, names, language
        self._found: Found | None = None
        self._shown: tuple[PlanVersion, ...] = ()
        self.versions, self.changes = QTreeWidget(columnCount=len(NAMES)), TickedCameras(len(CHANGES))
        as_listing(self.versions)
        for listed in (self.versions, self.changes):
            listed.setUniformRowHeights(True)
        self.keep, self.drop, self.compare, self.take = (QPushButton() for _ in range(4))
        self.one, self.other = QComboBox(), QComboBox()
        self.hint, self.effect = plain_label(wordWrap=True), plain_label(wordWrap=True)
        self._lay_out()
        self._bind(language)
        self._listen()
        self._write()

    @property
    def chosen(self) -> tuple[str, str]:
        """Return the names of the plans that are chosen, empty for the cameras of now."""
        return str(self.one.currentData() or ""), str(self.other.currentData() or "")

    @property
    def ticked(self) -> tuple[str, ...]:
        """Return the cameras that are ticked."""
        return self.changes.ticked

    def _bind(self, language: Language) -> None:
        for button, template in (
            (self.keep, marked("Keep this plan…")),
            (self.drop, marked("Remove version")),
            (self.compare, marked("Compare")),
        ):
            language.bind(button.setText, template)
        language.bind(self.hint.setText, EMPTY)
        language.changed.connect(self._write)

    def _listen(self) -> None:
        self.keep.clicked.connect(self.keep_wished)
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
        kept, told, changed, buttons, choice = QVBoxLayout(), QVBoxLayout(), QVBoxLayout(), QHBoxLayout(), QHBoxLayout()
        for button in (self.keep, self.drop):
            buttons.addWidget(button)
        buttons.addStretch(1)
        kept.addWidget(self.hint)
        kept.addWidget(self.versions, 1)
        kept.addLayout(buttons)
        for combo in (self.one, self.other):
            combo.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            combo.setMinimumWidth(LEAST_PX)
        for widget in (self.one, plain_label("⇄"), self.other, self.compare):
            choice.addWidget(widget)
        told.addLayout(choice)
        told.addWidget(scrolled(self.effect), 1)
        changed.addWidget(self.changes, 1)
        changed.addWidget(self.take, 0, Qt.AlignmentFlag.AlignLeft)
        sides = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        for column in (kept, told, changed):
            space(column, 0, NEAR_PX)
            side = QWidget()
            side.setLayout(column)
            sides.addWidget(side)
        sides.setHandleWidth(GAP_PX)
        sides.setSizes([share * LEAST_SIDE_PX for share in SHARES])
        whole = QVBoxLayout(self)
        space(whole)
        whole.addWidget(sides)

    def _write(self) -> None:
        self.versions.setHeaderLabels([self._say(name) for name in NAMES])
        self.changes.setHeaderLabels([self._say(name) for name in CHANGES])
        for column, width in enumerate(WIDTHS_PX):
            self.versions.header().resizeSection(column, width)
        self.changes.header().resizeSection(0, NAME_PX)
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
        self._fill(self.one, chosen[0], [version.name for version in versions])
        self._fill(self.other, chosen[1] or (versions[-1].name if versions else ""), [version.name for version in versions])
        self.hint.setVisible(not versions)
        self._judge()

    def _fill(self, combo: QComboBox, chosen: str, names: Iterable[str]) -> None:
        combo.blockSignals(True)
        combo.clear()
        combo.addItem(self._say(NOW_NAMED), "")
        for name in names:
            combo.addItem(name, name)
        combo.setCurrentIndex(max(combo.findData(chosen), 0))
        combo.blockSignals(False)

    def _choose(self) -> None:
        """Compare now with the version that was selected in the list, when asked."""
        if self._selected:
            self.one.setCurrentIndex(0)
            self.other.setCurrentIndex(max(self.other.findData(self._selected), 0))
        self._judge()

    def show_comparison(self, found: "Found | None") -> None:
        """Show what lies between two plans; None when they are not compared any more."""
        self._found = found
        self.changes.clear()
        self._write_comparison()

    def _write_comparison(self) -> None:
        found = self._found
        rows = (
            CameraRow(one.camera_id, (one.name, self._say(marked("; ")).join(one.changes)), ("", "\n".join(one.changes)))
            for one in (differences(found.comparison, self._names.camera, self._say.wording) if found is not None else ())
        )
        self.changes.show_rows(rows, has_ticks=found is not None and bool(found.version))
        is_same = found is not None and not found.comparison.changes.changes
        lines: tuple[str, ...] = ()
        if found is not None:
            lines = effect_lines(found.comparison, self._names.part, self._say.wording)
        if is_same:
            lines = (self._say(NOTHING),)
        self.effect.setText("\n\n".join(lines))
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
