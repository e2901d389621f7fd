"""The panel with the record of the selected camera; each change is an edit that can be undone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from html import escape
from types import MappingProxyType
from urllib.parse import quote, urlsplit

from PySide6.QtCore import QEvent, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.theme import HAIR_PX, NEAR_PX, NONE_PX, Letters, add_row, ink, plain_label, plain_tip, space, write_as
from lhasaplan.app.panels.fields import MaskEditor, Number, NumberField, Refusal, RemarkSign, WayOut, with_sign
from lhasaplan.app.state.edits import NO_GESTURE, Values
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS, FIELD, FORM_GROUPS, typed
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass
from lhasaplan.core.records.schedule import Author
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.errors import Fault
from lhasaplan.report.facts.basis import worded
from lhasaplan.report.facts.necessity import necessity_table
from lhasaplan.report.facts.tables import part_labels
from lhasaplan.report.text import words

# What the selected camera costs and is needed for: the row of the drafts' table, so that numbers agree.
TITLE = marked("Costs and need")
NOT_ANSWERED = marked("Run the audit to see the costs and the need of this camera.")
BEFORE_CHANGE = marked("The camera was changed after the analysis. Run the analysis again.")
ABOUT = ("area_m2", "unasked_percent", "night_percent", "homes", "protected", "likely", "lost", "milder")

BARS = {"unasked_percent": "due", "night_percent": "quiet"}  # shares that are drawn too, and their colours


class NecessityBlock(QLabel):
    """A small table of the selected camera; a sentence where the analysis has not looked at it."""

    def __init__(self, session: Session, language: Language, names: Names) -> None:
        super().__init__(wordWrap=True)
        self._session, self._say, self._names = session, language, names
        signals = (
            session.selection_changed,
            session.project_changed,
            session.assessment_changed,
            language.changed,
            names.changed,
        )
        for signal in signals:
            signal.connect(self._write)
        self._write()

    def _write(self) -> None:
        self.setVisible(self._session.selected is not None)
        results, result = self._session.assessment, self._result()
        if results is None or result is None:
            self.setText(f"<p>{escape(self._say(NOT_ANSWERED))}</p>" if results is None else "")
            self.setVisible(results is None and self._session.selected is not None)
            return
        is_current = self._session.is_as_assessed(self._session.selected_id)
        note = "" if is_current else f"<p style='color:{ink('due').name()}; margin:2px 0'>{escape(self._say(BEFORE_CHANGE))}</p>"
        self.setText(f"<p style='margin:4px 0 2px 0'><b>{escape(self._say(TITLE))}</b></p>{note}{self._table(results, result)}")

    def _result(self) -> CameraResult | None:
        results, wanted = self._session.assessment, self._session.selected_id
        each = results.cameras if results is not None else ()
        return next((one for one in each if one.placed.camera.camera_id == wanted), None)

    def _table(self, results: Assessment, result: CameraResult) -> str:
        """Return the lines about one camera; what is not known has a dash, as in the drafts."""
        translations = worded(self._say.translations, results)
        labels = {part: self._names.part(part) or label for part, label in part_labels(results, translations).items()}
        table = necessity_table(replace(results, cameras=(result,)), translations, labels)
        cells = zip(table.columns, table.rows[0], strict=True)
        reported = ((c, self._names.camera(raw) if c.key == "milder" else raw) for c, raw in cells if c.key in ABOUT)
        rows = "".join(
            f"<tr><td>{escape(c.heading(translations))}</td><td align='right'>{escape(c.text(raw, translations))}</td></tr>"
            f"{_bar(raw, BARS[c.key]) if c.key in BARS else ''}"
            for c, raw in reported
        )
        return f"<table width='100%' cellpadding='2'>{rows}</table>"


def _bar(share: object, colour: str) -> str:
    """Return a share as a bar across the table, so long a part of it; nothing where it is not known, or not to be told."""
    if not isinstance(share, int | float) or share <= 0.0:
        return ""
    cell = "<tr><td style='font-size:3px'>&nbsp;</td></tr>"
    bar = f"<table width='{min(share, 100.0):.0f}%' bgcolor='{ink(colour).name()}' cellspacing='0' cellpadding='0'>{cell}</table>"
    return f"<tr><td colspan='2'>{bar}</td></tr>"


# What its source tells besides: shown as text. An address is opened by the user's click alone, by the system's browser.
RECORDED_BESIDES = marked("Recorded besides ({source})")
OPEN = marked("Open {key} in the browser")


def address_of(key: str, value: str, forms: Mapping[str, str]) -> str:
    """Return the address that a tag shows in a browser, of a list the first; empty for none, and for any that is not of the web.

    >>> forms = {"image": "{value}", "mapillary": "https://www.mapillary.com/app/?pKey={value}"}
    >>> address_of("mapillary", "12 3;4", forms), address_of("image", "file:///etc/passwd", forms)
    ('https://www.mapillary.com/app/?pKey=12%203', '')
    """
    form, text = forms.get(key, ""), value.strip()
    if form and "://" not in text:
        text = form.format(value=quote(text.partition(";")[0].strip(), safe=":")) if "://" in form else ""
    try:
        parts = urlsplit(text)
    except ValueError:
        return ""
    is_web = bool(form) and parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    return text if is_web and text.isprintable() and " " not in text else ""


class RecordedBesides(QWidget):
    """The tags and columns of a camera that no field has, with a button for each address among them."""

    def __init__(self, session: Session, language: Language, forms: Mapping[str, str]) -> None:
        super().__init__()
        self._session, self._say, self._forms = session, language, forms
        self._shown: tuple[object, ...] = ()
        self.text = plain_label(wordWrap=True, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)
        self.links: list[QPushButton] = []
        column = QVBoxLayout(self)
        space(column, NONE_PX, HAIR_PX)
        column.addWidget(self.text)
        for signal in (session.selection_changed, session.project_changed, language.changed):
            signal.connect(self._write)
        self._write()

    def _write(self) -> None:
        camera = self._session.selected
        rows = () if camera is None else tuple(sorted((key, text) for key, text in camera.extra.items() if text))
        source = "" if camera is None else f"{camera.source} {camera.source_date}".strip()
        shown = (self._say.code, source, *rows)
        if shown == self._shown:  # as with each step of a drag
            return
        self._shown = shown
        self.setVisible(bool(rows))
        heading = self._say(RECORDED_BESIDES, source=source or "–")
        self.text.setText("\n".join((heading, *(f"{key}: {text}" for key, text in rows))))
        for button in self.links:
            button.deleteLater()
        addresses = ((key, address_of(key, text, self._forms)) for key, text in rows)
        self.links = [self._link(key, address) for key, address in addresses if address]

    def _link(self, key: str, address: str) -> QPushButton:
        button = QPushButton(self._say(OPEN, key=key).replace("&", "&&"))
        button.setToolTip(plain_tip(address))
        button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(address)))
        layout = self.layout()
        if layout is not None:
            layout.addWidget(button)
        return button


STANDS_ON_ASSUMPTIONS = marked("Its sight is possible, not certain. Not recorded: {fields}.")


class CameraNotes(QWidget):
    """Sentences that come and go below the fields, so that no field moves under the pointer."""

    def __init__(
        self,
        session: Session,
        language: Language,
        names: Names,
        name_field: Callable[[str], str],
        links: Mapping[str, str],
    ) -> None:
        super().__init__()
        self._say, self._name_field = language, name_field
        self._assumed: tuple[str, ...] = ()
        self._remarks: tuple[Fault, ...] = ()
        self.assumed, self.remarks = plain_label(wordWrap=True), plain_label(wordWrap=True)
        self.necessity = NecessityBlock(session, language, names)
        self.besides = RecordedBesides(session, language, links)
        column = QVBoxLayout(self)
        space(column, NONE_PX, NEAR_PX)
        for widget in (self.remarks, self.assumed, self.necessity, self.besides):
            column.addWidget(widget)
        language.changed.connect(self._write)
        self._write()

    def set_assumed(self, fields: tuple[str, ...]) -> None:
        """Say which values sight had to assume."""
        self._assumed = fields
        self._write()

    def set_remarks(self, remarks: Sequence[Fault]) -> None:
        """Say what is unusual."""
        self._remarks = tuple(remarks)
        self._write()

    def _write(self) -> None:
        names = ", ".join(map(self._name_field, self._assumed))
        self.assumed.setText(self._say(STANDS_ON_ASSUMPTIONS, fields=names) if names else "")
        self.remarks.setText("\n".join(self._say(each.template, **each.params) for each in self._remarks))
        sheet = f"color: {ink('due').name()};"
        if sheet != self.remarks.styleSheet():  # Qt works it out anew, as it is
            self.remarks.setStyleSheet(sheet)
        self.assumed.setVisible(bool(self._assumed))
        self.remarks.setVisible(bool(self._remarks))


Correct = Callable[[Values, int], Fault | None]  # change the selected camera, or return why not

_OFFERED = tuple(each for each in CAMERA_FIELDS if each.form and each.is_settable)
TEXTS = tuple(each.key for each in _OFFERED if each.is_text)
NUMBERS = tuple(
    Number(each.key, each.form, steps.lowest, steps.highest, steps.step, each.unit, steps.decimals)
    for each in _OFFERED
    if (steps := each.steps) is not None
)
CHOICES = tuple(each for each in _OFFERED if each.words)
PLACE = "x_m"  # the column that remarks on the place of a camera are about
# Under which heading the fields of a camera stand; what no heading names comes first, with the name.
GROUPS = {heading: tuple(each.key for each in CAMERA_FIELDS if each.group == heading) for heading in FORM_GROUPS}
CHANGES = marked("Corrections of the record")
NOT_RECORDED = marked("not recorded")
NONE_CHOSEN = marked("Choose a camera on the map to see and correct its record.")
SOURCE = marked("{state} · source: {source}, {date}")
CORRECTED = marked("{field}: was {before} ({source}, {date})")
WIDE = marked("This angle is too wide for a straight lens, which has {limit}° at most.")
FISHEYE, KEEP = marked("It is a fisheye lens (equidistant)"), marked("Keep what is recorded")


class CameraPanel(QWidget):
    """A form over the selected camera, and below it what is to be noted, which so moves no field."""

    remove_wished = Signal()

    def __init__(
        self,
        session: Session,
        language: Language,
        correct: Correct,
        names: Names,
        links: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        super().__init__()
        self._session, self._say, self._correct = session, language, correct
        self._names, self._gesture = names, NO_GESTURE
        names.changed.connect(self._call)
        self.title, self.hint = plain_label(), plain_label(wordWrap=True)
        write_as(self.title, Letters.HEADING)
        self.notes = CameraNotes(session, language, names, self._name, links)
        self.texts = {name: QLineEdit() for name in TEXTS}
        self.name = self.texts["name"]
        self.fields = {each.name: NumberField(each) for each in NUMBERS}
        self.choices = {each.key: QComboBox() for each in CHOICES}
        self.signs = {name: RemarkSign() for name in (*self.fields, *self.choices, PLACE)}
        self._remarks: tuple[Fault, ...] = ()
        self.masks = MaskEditor(language)
        self.by = QLineEdit()
        self.corrections = QListWidget()
        self.remove = QPushButton()
        self.form = QWidget()
        self.refusal = Refusal(self.form)
        self._lay_out()
        self._connect()
        self._reword()

    # Layout

    def _lay_out(self) -> None:
        rows = QFormLayout(self.form)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        fields = {**self.texts, **self.fields, **self.choices, "mask_sector_deg": self.masks}
        for heading, names in grouped(tuple(fields)):
            if heading:
                self._add_heading(rows, heading)
            for name in names:
                sign = self.signs.get(name)
                add_row(rows, self._say, FIELD[name].form, fields[name] if sign is None else with_sign(fields[name], sign))
        self._add_heading(rows, CHANGES)
        add_row(rows, self._say, marked("Source of corrections"), self.by)
        add_row(rows, self._say, marked("Corrections"), self.corrections)
        rows.addRow(self.remove)
        self.corrections.setMaximumHeight(84)
        self._say.bind(self.remove.setText, marked("Remove camera"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._scrolled())

    def _add_heading(self, rows: QFormLayout, title: str) -> None:
        heading = plain_label()
        bold = heading.font()
        bold.setBold(True)
        heading.setFont(bold)
        self._say.bind(heading.setText, title)
        rows.addRow(heading)

    def _scrolled(self) -> QScrollArea:
        body = QWidget()
        column = QVBoxLayout(body)
        space(column, NEAR_PX, HAIR_PX)
        for widget in (with_sign(self.title, self.signs[PLACE]), self.hint, self.form, self.notes):
            column.addWidget(widget)
        column.addStretch(1)
        self.area = _FormArea(self.form)
        self.area.setWidget(body)
        return self.area

    # Changes by hand

    def _connect(self) -> None:
        for name, field in self.fields.items():
            field.changed_by_hand.connect(partial(self._change, name))
            field.editingFinished.connect(self._end_gesture)
        for name, box in self.choices.items():
            box.activated.connect(lambda _row, name=name, box=box: self._change(name, typed(box.currentData() or None, name)))
        for name, line in self.texts.items():
            line.editingFinished.connect(partial(self._write, name))
        self.masks.changed.connect(lambda sectors: self._change("mask_sector_deg", sectors))
        self.by.textChanged.connect(self._take_author)
        self.remove.clicked.connect(self.remove_wished)
        self._session.selection_changed.connect(self._end_gesture)
        self._session.selection_changed.connect(self._show)
        self._session.project_changed.connect(self._show)
        self._say.changed.connect(self._reword)

    def set_assumed(self, fields: tuple[str, ...]) -> None:
        """Say which values sight had to assume for the selected camera."""
        self.notes.set_assumed(fields)

    def set_remarks(self, remarks: Sequence[Fault]) -> None:
        """Say what is unusual about the selected camera: below, and by a sign beside the field that it is about."""
        self._remarks = tuple(remarks)
        self.notes.set_remarks(remarks)
        self._show_signs()

    def _show_signs(self) -> None:
        for name, sign in self.signs.items():
            mine = (each for each in self._remarks if each.where.column == name)
            sign.show_remarks([self._say(each.template, **each.params) for each in mine])

    def _change(self, name: str, value: object) -> None:
        camera = self._session.selected
        if camera is None:
            return
        if self._gesture == NO_GESTURE or name not in self.fields:
            self._gesture = self._session.history.new_gesture()
        if name.startswith("image_") and isinstance(value, float):
            value = int(value)
        fault = self._correct({name: value}, self._gesture)
        if fault is not None:
            self._refuse(name, value, fault)

    def _refuse(self, name: str, value: object, fault: Fault) -> None:
        """Say under the field why its value cannot be; a lens that is too wide may be a fisheye."""
        ways: list[WayOut] = [(self._say(KEEP), self._show)]
        if fault.where.column == "hfov_deg" and name != "lens_class":
            values = {name: value, "lens_class": LensClass.EQUIDISTANT}
            ways.insert(0, (self._say(FISHEYE), partial(self._correct, values, self._gesture)))
        if name in self.fields:
            self.fields[name].mark_refused(True)
        field = self.fields.get(name) or self.choices.get(name) or self.form
        is_wide = fault.where.column == "hfov_deg"
        sentence = self._say(WIDE, limit=f"{RECTILINEAR_LIMIT_DEG:g}") if is_wide else self._say(fault.template, **fault.params)
        self.refusal.show_under(field, sentence, *ways)
        self.area.ensureWidgetVisible(self.refusal)

    def _write(self, name: str) -> None:
        camera, text = self._session.selected, self.texts[name].text().strip()
        if camera is not None and text != getattr(camera, name):
            self._change(name, text)

    def _end_gesture(self) -> None:
        self._gesture = NO_GESTURE

    def _take_author(self, text: str) -> None:
        self._session.author = Author(text.strip(), self._session.author.date)

    # Showing

    def _reword(self) -> None:
        """Write lists and special values again."""
        for field in self.fields.values():
            field.setSpecialValueText(self._say(NOT_RECORDED))
        for each in CHOICES:
            box = self.choices[each.key]
            box.clear()
            box.addItem(self._say(NOT_RECORDED), "")
            for value, template in each.words.items():
                box.addItem(self._say(template), value)
        if not self.by.isModified():
            self.by.setText(self._say(marked("corrected by hand")))
        self._show_signs()
        self._show()

    def _show(self) -> None:
        camera = self._session.selected
        self.refusal.hide()
        for widget in (self.form, self.title, self.notes):
            widget.setVisible(camera is not None)
        self.area.keep_bar(camera is not None)
        if camera is None:
            self.hint.setText(self._say(NONE_CHOSEN))
            return
        self._call()
        self.hint.setText(self._origin(camera))
        self._fill(camera)

    def _call(self) -> None:
        """Write what the camera is called: its name, else what it is and where, as the tables call it; the id is in the tip."""
        camera = self._session.selected
        if camera is not None:
            called = self._names.camera(camera.camera_id)
            self.title.setText(camera.name or called)
            self.title.setToolTip(camera.camera_id)
            self.name.setPlaceholderText(called)

    def _fill(self, camera: Camera) -> None:
        for name, line in self.texts.items():
            if line.text().strip() != getattr(camera, name):
                line.setText(getattr(camera, name))
        for name, field in self.fields.items():
            field.show_value(getattr(camera, name))
        for name, box in self.choices.items():
            box.setCurrentIndex(box.findData(getattr(camera, name) or ""))
        self.masks.show_sectors(camera.mask_sector_deg)
        self.remove.setEnabled(camera.status is not Status.REMOVED)
        self.corrections.clear()
        for one in camera.corrections:
            params = {"field": self._name(one.field), "before": one.before or self._say(NOT_RECORDED)}
            self.corrections.addItem(self._say(CORRECTED, source=one.source, date=one.date, **params))

    def _origin(self, camera: Camera) -> str:
        unknown = self._say(NOT_RECORDED)
        params = {"source": camera.source or unknown, "date": camera.source_date or unknown}
        return self._say(SOURCE, state=words.word(words.STATUSES, camera.status, self._say.translations), **params)

    def _name(self, field: str) -> str:
        return self._say((field in FIELD and FIELD[field].form) or words.FIELDS.get(field, field))


def grouped(names: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield fields group by group; those of no group first, under no heading.

    >>> [(heading, len(names)) for heading, names in grouped(("name", "range_m", "azimuth_deg"))]
    [('', 1), ('Place and direction', 1), ('Range and masks', 1)]
    """
    named = {name for group in GROUPS.values() for name in group}
    yield "", tuple(name for name in names if name not in named)
    for heading, group in GROUPS.items():
        found = tuple(name for name in group if name in names)
        if found:
            yield heading, found


class _FormArea(QScrollArea):
    """A scrolled form that is never narrower than its fields: words are longer in some languages."""

    def __init__(self, form: QWidget) -> None:
        super().__init__()
        self._form = form
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def keep_bar(self, is_kept: bool) -> None:
        """Keep the scroll bar in view while there are fields: its coming and going would move them."""
        policies = Qt.ScrollBarPolicy
        self.setVerticalScrollBarPolicy(policies.ScrollBarAlwaysOn if is_kept else policies.ScrollBarAsNeeded)

    def event(self, event: QEvent) -> bool:
        """Grow with the form rather than cut its fields, also while no camera is selected: the map keeps its width."""
        if event.type() == QEvent.Type.LayoutRequest and self.widget() is not None:
            needed = self._form.minimumSizeHint().width() + 2 * NEAR_PX
            self.setMinimumWidth(needed + self.verticalScrollBar().sizeHint().width() + 4)
        return super().event(event)
