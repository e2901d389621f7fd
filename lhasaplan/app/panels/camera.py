"""The panel with the record of the selected camera; each change is an edit that can be undone."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from types import MappingProxyType

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QFormLayout,
    QFrame,
    QLineEdit,
    QListWidget,
    QScrollArea,
    QWidget,
)

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import (
    HAIR_PX,
    NEAR_PX,
    Language,
    Letters,
    add_row,
    fill_choices,
    in_column,
    plain_label,
    push_button,
    write_as,
)
from lhasaplan.app.panels.fields import ChoiceField, MaskEditor, NumberField, Refusal, RemarkSign, WayOut, number_of, with_sign
from lhasaplan.app.panels.selected import CameraNotes
from lhasaplan.app.state import Session
from lhasaplan.app.state.edits import NO_GESTURE, Values
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS, FIELD, FORM_GROUPS, typed
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass
from lhasaplan.core.records.schedule import Author
from lhasaplan.errors import Fault
from lhasaplan.report.text import words

Correct = Callable[[Values, int], Fault | None]  # change the selected camera, or return why not

_OFFERED = tuple(each for each in CAMERA_FIELDS if each.form and each.is_settable)
TEXTS = tuple(each.key for each in _OFFERED if each.is_text)
NUMBERS = tuple(number_of(each) for each in _OFFERED if each.steps is not None)
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
        self.choices = {each.key: ChoiceField() for each in CHOICES}
        self.signs = {name: RemarkSign() for name in (*self.fields, *self.choices, PLACE)}
        self._remarks: tuple[Fault, ...] = ()
        self.masks = MaskEditor(language)
        self.by = QLineEdit()
        self.corrections = QListWidget()
        self.remove = push_button(language, marked("Remove camera"))
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
        rows.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)  # few rows are long, and the map needs the width
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
        in_column(self._scrolled(), of=self, margin_px=0)

    def _add_heading(self, rows: QFormLayout, title: str) -> None:
        heading = plain_label()
        bold = heading.font()
        bold.setBold(True)
        heading.setFont(bold)
        self._say.bind(heading.setText, title)
        rows.addRow(heading)

    def _scrolled(self) -> QScrollArea:
        body = QWidget()
        title = with_sign(self.title, self.signs[PLACE])
        in_column(title, self.hint, self.form, self.notes, 1, of=body, margin_px=NEAR_PX, gap_px=HAIR_PX)
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
        self._session.selection_changed.connect(self._end_gesture)
        self._session.selection_changed.connect(self._show)
        self._session.project_settled.connect(self._show)
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
            fill_choices(self.choices[each.key], {"": self._say(NOT_RECORDED), **self._say.words(each.words)})
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
