"""The panels at the left: the layers of the map with their legend, and the figures of the gate and of what is seen."""

from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from html import escape
from operator import attrgetter

from PySide6.QtCore import Qt
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QSlider, QTextBrowser, QTreeWidget, QTreeWidgetItem, QWidget

from lhasaplan.app.look import Language, in_column, in_row, ink, plain_label
from lhasaplan.app.models.findings import counted
from lhasaplan.app.state import Session
from lhasaplan.app.state.selection import ShownLayers
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.place import ProtectedClass, Verdict
from lhasaplan.core.project.plan import leaving, replacing
from lhasaplan.core.records.register_rows import DecisionRegister
from lhasaplan.core.results.assessment import Assessment, Gate
from lhasaplan.core.results.finding import GRAVEST_FIRST
from lhasaplan.report.facts.basis import AUDIT, CHECK, basis_of
from lhasaplan.report.facts.project_words import suspended_rows
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import area_text

# Show the summary panel: state of the gate, what is seen, unasked ground, sightings and verdicts.

EMPTY = marked("The project is empty. Import city layers and cameras from the File menu.")
NO_RESULTS = marked("No results yet. Run the audit from the Analysis menu.")
STALE = marked("The project was changed after these results. Run the analysis again.")
GATE_OPEN = marked("The gate is open: gaps, overlaps and planned cameras are computed.")
GATE_OPEN_AUDIT = marked("The gate is open, but this is an audit only. Run the check for gaps, overlaps and planned cameras.")
GATE_CLOSED = marked("The gate is closed: this is an audit only. Missing for planning:")
NOT_MAPPED = marked("Also in view, but not mapped: no building within 100 m")
UNASKED = {AUDIT: marked("of it with no purpose stated"), CHECK: marked("of it, asked for by no confirmed part")}
DO_MISSING = marked("Complete what is missing…")
SUSPENDED = marked("Suspended decisions: they count as not made")
SYNTHETIC = marked("Fictitious data: a made-up town")


class SummaryPanel(QTextBrowser):
    """A short text with tables; it is written anew when results or language change."""

    def __init__(self, session: Session, language: Language) -> None:
        super().__init__()
        self._session, self._say, self._written = session, language, ""
        self.setOpenLinks(False)
        self.anchorClicked.connect(lambda link: session.attention.bring(link.toString()))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for signal in (session.project_settled, session.assessment_changed, language.changed):
            signal.connect(self._write)
        self._write()

    def _write(self) -> None:
        text = "".join(self._blocks())
        if text == self._written:  # as after most edits
            return
        self._written, place = text, self.verticalScrollBar().value()
        self.setHtml(text)
        self.verticalScrollBar().setValue(place)

    def _blocks(self) -> list[str]:
        project, results = self._session.project, self._session.assessment
        blocks = [_paragraph(self._say(SYNTHETIC), "note")] if project.synthetic else []
        if not project.crs:
            return [*blocks, _paragraph(self._say(EMPTY))]
        if self._session.is_stale:
            blocks.append(_paragraph(self._say(STALE), "due"))
        blocks += [self._project_block(), *self._suspended_blocks()]
        return [*blocks, *(self._result_blocks(results) if results is not None else [_paragraph(self._say(NO_RESULTS))])]

    def _project_block(self) -> str:
        project = self._session.project
        count = Counter(map(attrgetter("status"), project.cameras))
        states = replacing(project)  # planned rows that say how a camera is to be are no cameras of their own
        stand, come = count[Status.OPERATING], count[Status.PLANNED] - len(states)
        go = len(leaving(project) - set(states.values()))
        with_plan = [(marked("Cameras with the plan"), f"{stand + come - go}")] if come or go or states else []
        rows = [
            (marked("Cameras operating"), f"{stand}"),
            (marked("Cameras planned"), f"{come}"),
            (marked("Cameras that the plan changes"), f"{len(states)}"),
            (marked("Cameras to be removed"), f"{go}"),
            *with_plan,
            (marked("Cameras removed"), f"{count[Status.REMOVED]}"),
            (marked("Buildings known"), f"{len(project.layers.get('buildings', ()))}"),
            (marked("Rule packs"), ", ".join(project.packs)),
        ]
        # No count of what is not there is told, but that a plan leaves no camera is.
        return self._table(marked("Project"), [row for row in rows if row[1] != "0" or row in with_plan])

    def _suspended_blocks(self) -> list[str]:
        """Return the decisions that count as not made, each with why and what to do."""
        found = self._session.project.suspended
        if not found:
            return []
        rows = suspended_rows(DecisionRegister(self._session.project).suspended, self._say.translations)
        texts = (f"{what}, {subject}: {answer}. {why}. {to_do}" for _no, what, subject, answer, _by, _on, why, to_do in rows)
        items = "".join(f"<li>{escape(text)}</li>" for text in texts)
        return [_paragraph(self._say(SUSPENDED), "due"), f"<ul style='margin-left:-20px'>{items}</ul>"]

    def _result_blocks(self, results: Assessment) -> list[str]:
        reported = words.data_banners(results.data, self._say.translations)
        blocks = [
            *map(_paragraph, reported),
            self._gate_block(results),
            self._sight_block(results),
            self._sightings_block(results),
        ]
        if results.parts is not None:
            verdicts = Counter(part.verdict for part in results.parts)
            after = Counter(part.verdict_after for part in results.parts)
            rows = [
                (words.VERDICTS[v], f"{verdicts[v]} → {after[v]}")
                for v in map(Verdict, words.VERDICTS)
                if verdicts[v] or after[v]
            ]
            blocks.append(self._table(marked("Confirmed parts: before → after planned cameras"), rows))
        if results.overlaps is not None:
            removable = sum(bool(camera.removable) for camera in results.cameras)
            rows = [
                (marked("Pairs that see the same ground"), f"{len(results.overlaps)}"),
                (marked("Cameras that can be removed"), f"{removable}"),
            ]
            blocks.append(self._table(marked("Overlap"), rows))
        return [*blocks, *(_paragraph(words.said(note, self._say.translations), "quiet") for note in results.notes)]

    def _gate_block(self, results: Assessment) -> str:
        if results.gate.open:
            return _paragraph(self._say(GATE_OPEN if results.parts is not None else GATE_OPEN_AUDIT), "good")
        items = "".join(f"<li>{escape(text)}</li>" for text in missing_texts(results.gate, self._say))
        to_do = f"<p><a href='mandate'>{escape(self._say(DO_MISSING))}</a></p>"
        return f"{_paragraph(self._say(GATE_CLOSED))}<ul style='margin-left:-20px'>{items}</ul>{to_do}"

    def _sight_block(self, results: Assessment) -> str:
        totals, area = results.totals, partial(area_text, translations=self._say.translations)
        unasked = UNASKED[basis_of(results)]
        rows = [
            (marked("Cameras with certain sight"), f"{totals.get('certain', 0)}"),
            (marked("Area they can see"), area(totals.get("area_seen_certain_m2", 0.0))),
            (unasked, area(totals.get("unasked_certain_m2", 0.0))),
            (marked("Cameras with possible sight only"), f"{totals.get('possible', 0)}"),
            (marked("Area they might see"), area(totals.get("area_seen_possible_m2", 0.0))),
            (unasked, area(totals.get("unasked_possible_m2", 0.0))),
        ]
        if blank_m2 := float(totals.get("area_not_mapped_m2", 0.0)):
            rows.append((NOT_MAPPED, area(blank_m2)))
        return self._table(marked("What operating cameras see, each spot counted once"), rows)

    def _sightings_block(self, results: Assessment) -> str:
        """Return a table of cameras that can see each class, by grade."""
        count = counted(results).views
        head = "".join(f"<th align='right'>{escape(self._say(words.SEVERITIES[s]))}</th>" for s in GRAVEST_FIRST)
        lines = [f"<tr><th align='left'>{escape(self._say(_CAMERAS_SEEING))}</th>{head}</tr>"]
        for cls, template in words.CLASSES.items():
            cells = "".join(f"<td align='right'>{count.get((ProtectedClass(cls), s), 0)}</td>" for s in GRAVEST_FIRST)
            lines.append(f"<tr><td>{escape(self._say(template))}</td>{cells}</tr>")
        return f"<table width='100%' cellpadding='2'>{''.join(lines)}</table>"

    def _table(self, title: str, rows: list[tuple[str, str]]) -> str:
        cells = (f"<td>{escape(self._say(name))}</td><td align='right'>{escape(text)}</td>" for name, text in rows)
        lines = "".join(f"<tr>{cell}</tr>" for cell in cells)
        head = f"<p style='margin:8px 0 2px 0'><b>{escape(self._say(title))}</b></p>"
        return f"{head}<table width='100%' cellpadding='2'>{lines}</table>"


_CAMERAS_SEEING = marked("Cameras that can see")


def missing_texts(gate: Gate, say: Language) -> list[str]:
    """Return what the gate misses, as sentences."""
    return [words.said(pair, say.translations) for pair in gate.missing]


def _paragraph(text: str, meaning: str = "") -> str:
    colour = f"color:{ink(meaning).name()}; " if meaning else ""
    return f"<p style='{colour}margin:4px 0'>{escape(text)}</p>"


# The layers of the map and their legend as one tree: groups, swatches, ticks, opacity.

KEY = Qt.ItemDataRole.UserRole
Group = tuple[str, tuple[tuple[str, str, bool], ...]]  # title; key, name, on at the start
Legend = Callable[[str], list[tuple[str, QIcon]]]  # what a layer draws: sentence and swatch, of one layer several


class LayersPanel(QWidget):
    """A tree with ticks; below it how opaque the layer is that is at hand."""

    def __init__(self, shown: ShownLayers, language: Language, groups: Iterable[Group], legend: Legend) -> None:
        super().__init__()
        self._shown, self._say, self._legend = shown, language, legend
        self.tree, self.slider, self.opacity = QTreeWidget(), QSlider(Qt.Orientation.Horizontal), plain_label()
        self._items: dict[str, QTreeWidgetItem] = {}
        self._groups: list[QTreeWidgetItem] = []
        self._is_following = False
        self.tree.setHeaderHidden(True)
        self.tree.setIndentation(14)
        self.slider.setRange(0, 100)
        for title, layers in groups:
            self._add_group(title, layers)
        self._lay_out()
        language.bind(self.tree.setAccessibleName, marked("Layers"))
        language.bind(self.slider.setAccessibleName, marked("Opacity"))
        self._follow()
        self.draw_swatches()
        self.tree.itemChanged.connect(self._switch)
        self.tree.currentItemChanged.connect(lambda *_items: self._follow_opacity())
        self.slider.valueChanged.connect(self._set_opacity)
        shown.changed.connect(self._follow)
        language.changed.connect(self.draw_swatches)
        language.changed.connect(self._follow_opacity)

    def _lay_out(self) -> None:
        row = in_row(self.opacity, (self.slider, 1))
        row.setContentsMargins(8, 0, 8, 0)
        in_column((self.tree, 1), row, of=self).setContentsMargins(0, 0, 0, 4)

    def _add_group(self, title: str, layers: Iterable[tuple[str, str, bool]]) -> None:
        group = QTreeWidgetItem(self.tree)
        self._groups.append(group)
        group.setFlags(group.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        self._say.bind(partial(self._name, group), title)
        for key, template, _ in layers:
            item = self._items[key] = QTreeWidgetItem(group)
            item.setData(0, KEY, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(0, Qt.CheckState.Unchecked)
            self._say.bind(partial(self._name, item), template)
        group.setExpanded(True)

    def _name(self, item: QTreeWidgetItem, text: str) -> None:
        """Write a name; that is no tick of a person, though the tree tells of both alike."""
        was, self._is_following = self._is_following, True
        item.setText(0, text)
        self._is_following = was

    def draw_swatches(self) -> None:
        """Draw what each layer looks like; of a layer that draws several things each has a line of its own below it."""
        self._is_following = True
        for key, item in self._items.items():
            rows = self._legend(key)
            item.takeChildren()
            item.setIcon(0, rows[0][1] if len(rows) == 1 else QIcon())
            for text, swatch in rows if len(rows) > 1 else ():
                line = QTreeWidgetItem(item, [text])
                line.setFlags(Qt.ItemFlag.ItemIsEnabled)
                line.setIcon(0, swatch)
            for text, _swatch in rows if len(rows) == 1 else ():
                item.setToolTip(0, text)
        self._is_following = False

    def set_on(self, key: str, on: bool) -> None:
        """Tick a layer, as a click would."""
        self._items[key].setCheckState(0, _tick(on))

    def choose(self, key: str) -> None:
        """Take a layer in hand, as a click on its name would."""
        self.tree.setCurrentItem(self._items[key])

    def _switch(self, item: QTreeWidgetItem) -> None:
        """Show what was ticked: a layer, or all layers of a group in one step."""
        is_partly = item.checkState(0) == Qt.CheckState.PartiallyChecked  # nobody ticks that: the group's name was written anew
        if not self._is_following and not is_partly:
            keys = [key for key, each in self._items.items() if item in (each, each.parent())]
            self._shown.switch_all(keys, item.checkState(0) == Qt.CheckState.Checked)

    def _set_opacity(self, percent: int) -> None:
        key = self._key_at_hand()
        if key and not self._is_following:
            self._shown.set_strength(key, percent / 100.0)

    def _key_at_hand(self) -> str:
        item = self.tree.currentItem()
        return str(item.data(0, KEY) or "") if item is not None else ""

    def _follow(self) -> None:
        """Tick what is shown."""
        self._is_following = True
        for key, item in self._items.items():
            item.setCheckState(0, _tick(key in self._shown.keys))
        for group in self._groups:
            ticks = {item.checkState(0) for item in self._items.values() if item.parent() is group}
            group.setCheckState(0, ticks.pop() if len(ticks) == 1 else Qt.CheckState.PartiallyChecked)
        self._is_following = False
        self._follow_opacity()

    def _follow_opacity(self) -> None:
        key = self._key_at_hand()
        percent = round(100 * self._shown.strength(key))
        self._is_following = True
        self.slider.setEnabled(bool(key))
        self.slider.setValue(percent)
        self._is_following = False
        self.opacity.setText(self._say(marked("Opacity {percent} %"), percent=percent))


def _tick(on: bool) -> Qt.CheckState:
    return Qt.CheckState.Checked if on else Qt.CheckState.Unchecked
