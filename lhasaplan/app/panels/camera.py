"""The panel with the numbers of the camera at hand; each change is an edit that can be undone."""

from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QLineEdit,
    QListWidget,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from lhasaplan.app.look.fonts import enlarge
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.panels.masks import MaskEditor
from lhasaplan.app.panels.necessity import NecessityBlock
from lhasaplan.app.panels.numbers import NumberField
from lhasaplan.app.state import edits
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Camera, Kind, Mount, Status
from lhasaplan.report import words

# Field, name, lowest, highest, step, unit, decimals.
NUMBERS = (
    ("azimuth_deg", marked("Azimuth"), 0.0, 359.9, 5.0, "°", 1),
    ("tilt_deg", marked("Tilt below horizon"), -90.0, 90.0, 1.0, "°", 1),
    ("hfov_deg", marked("Horizontal angle"), 1.0, 360.0, 1.0, "°", 1),
    ("mount_height_m", marked("Mount height"), 0.0, 300.0, 0.5, "m", 1),
    ("range_m", marked("Range"), 1.0, 2000.0, 5.0, "m", 0),
    ("night_range_m", marked("Range at night"), 1.0, 2000.0, 5.0, "m", 0),
    ("image_width_px", marked("Picture width"), 1, 20000, 10, "px", 0),
    ("image_height_px", marked("Picture height"), 1, 20000, 10, "px", 0),
)
NOT_RECORDED = marked("not recorded")
NONE_CHOSEN = marked("Choose a camera on the map to see and correct its record.")
SOURCE = marked("{state} · source: {source}, {date}")
CORRECTED = marked("{field}: was {before} ({source}, {date})")
STANDS_ON_ASSUMPTIONS = marked("Its sight is possible, not certain. Not recorded: {fields}.")
FIELD_NAMES = {name: template for name, template, *_ in NUMBERS} | {
    "kind": marked("Kind"),
    "mount": marked("Mount"),
    "status": marked("State"),
    "mask_sector_deg": marked("Masked sectors"),
    "x_m": marked("Place, east"),
    "y_m": marked("Place, north"),
}


class CameraPanel(QScrollArea):
    """A form over the camera at hand; empty when none is."""

    def __init__(self, session: Session, language: Language) -> None:
        super().__init__()
        self._session, self._say = session, language
        self._assumed: tuple[str, ...] = ()
        self._gesture = -1
        self.title, self.hint, self.note = plain_label(), plain_label(wordWrap=True), plain_label(wordWrap=True)
        enlarge(self.title)
        self.necessity = NecessityBlock(session, language)
        self.fields = {name: NumberField(*rest) for name, _, *rest in NUMBERS}
        self.kind, self.mount = QComboBox(), QComboBox()
        self.masks = MaskEditor(language)
        self.by = QLineEdit()
        self.corrections = QListWidget()
        self.remove = QPushButton()
        self.form = QWidget()
        self._lay_out()
        self._connect()
        self._reword()

    def _lay_out(self) -> None:
        rows = QFormLayout(self.form)
        rows.setContentsMargins(0, 4, 0, 0)
        rows.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        for name, field in (*self.fields.items(), ("kind", self.kind), ("mount", self.mount), ("mask_sector_deg", self.masks)):
            self._row(rows, FIELD_NAMES[name], field)
        self._row(rows, marked("Source of corrections"), self.by)
        self._row(rows, marked("Corrections"), self.corrections)
        rows.addRow(self.remove)
        self.corrections.setMaximumHeight(84)
        self._say.bind(self.remove.setText, marked("Remove camera"))
        body = QWidget()
        column = QVBoxLayout(body)
        for widget in (self.title, self.hint, self.note, self.necessity, self.form):
            column.addWidget(widget)
        column.addStretch(1)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def _row(self, rows: QFormLayout, template: str, field: QWidget) -> None:
        label = plain_label()
        self._say.bind(label.setText, template)
        rows.addRow(label, field)

    def _connect(self) -> None:
        for name, field in self.fields.items():
            field.changed_by_hand.connect(partial(self._change, name))
            field.editingFinished.connect(self._end_gesture)
        self.kind.activated.connect(lambda _: self._change("kind", _chosen(Kind, self.kind)))
        self.mount.activated.connect(lambda _: self._change("mount", _chosen(Mount, self.mount)))
        self.masks.changed.connect(lambda sectors: self._change("mask_sector_deg", sectors))
        self.by.textChanged.connect(self._take_author)
        self.remove.clicked.connect(self.remove_camera)
        self._session.selection_changed.connect(self._end_gesture)
        self._session.selection_changed.connect(self._show)
        self._session.project_changed.connect(self._show)
        self._say.changed.connect(self._reword)

    def set_assumed(self, fields: tuple[str, ...]) -> None:
        """Say which values sight had to assume for the camera at hand."""
        if fields != self._assumed:
            self._assumed = fields
            self._show()

    def remove_camera(self) -> None:
        """Take the camera at hand away."""
        camera = self._session.selected
        if camera is not None and camera.status is not Status.REMOVED:
            self._session.edit(marked("Remove camera"), edits.removed(camera.camera_id, self._session.author))

    def _change(self, name: str, value: object) -> None:
        camera = self._session.selected
        if camera is None:
            return
        if self._gesture < 0 or name not in self.fields:
            self._gesture = self._session.new_gesture()
        if name.startswith("image_") and isinstance(value, float):
            value = int(value)
        edit = edits.changed(camera.camera_id, {name: value}, self._session.author)
        self._session.edit(marked("Change camera"), edit, self._gesture)

    def _end_gesture(self) -> None:
        self._gesture = -1

    def _take_author(self, text: str) -> None:
        self._session.author = edits.Author(text.strip(), self._session.author.date)

    def _reword(self) -> None:
        """Write lists and special values again."""
        for field in self.fields.values():
            field.setSpecialValueText(self._say(NOT_RECORDED))
        for box, names in ((self.kind, words.KINDS), (self.mount, words.MOUNTS)):
            box.clear()
            box.addItem(self._say(NOT_RECORDED), "")
            for value, template in names.items():
                box.addItem(self._say(template), value)
        if not self.by.isModified():
            self.by.setText(self._say(marked("corrected by hand")))
        self._show()

    def event(self, event: QEvent) -> bool:
        """Grow with the form rather than cut its fields: words are longer in some languages."""
        body = self.widget()
        if event.type() == QEvent.Type.LayoutRequest and body is not None:
            self.setMinimumWidth(body.minimumSizeHint().width() + self.verticalScrollBar().sizeHint().width() + 4)
        return super().event(event)

    def _show(self) -> None:
        camera = self._session.selected
        self.form.setVisible(camera is not None)
        self.title.setVisible(camera is not None)
        self.note.setVisible(camera is not None and bool(self._assumed))
        if camera is None:
            self.hint.setText(self._say(NONE_CHOSEN))
            return
        self.title.setText(camera.name or camera.camera_id)
        self.hint.setText(self._origin(camera))
        self.note.setText(self._say(STANDS_ON_ASSUMPTIONS, fields=", ".join(self._name(f) for f in self._assumed)))
        self._fill(camera)

    def _fill(self, camera: Camera) -> None:
        for name, field in self.fields.items():
            field.show_value(getattr(camera, name))
        self.kind.setCurrentIndex(self.kind.findData(camera.kind or ""))
        self.mount.setCurrentIndex(self.mount.findData(camera.mount or ""))
        self.masks.show_sectors(camera.mask_sector_deg)
        self.remove.setEnabled(camera.status is not Status.REMOVED)
        self.corrections.clear()
        for one in camera.corrections:
            params = {"field": self._name(one.field), "before": one.before or self._say(NOT_RECORDED)}
            self.corrections.addItem(self._say(CORRECTED, source=one.source, date=one.date, **params))

    def _origin(self, camera: Camera) -> str:
        unknown = self._say(NOT_RECORDED)
        params = {"source": camera.source or unknown, "date": camera.source_date or unknown}
        return self._say(SOURCE, state=words.word(words.STATUSES, camera.status, self._say.wording), **params)

    def _name(self, field: str) -> str:
        return self._say(FIELD_NAMES.get(field) or words.FIELDS.get(field, field))


def _chosen(kinds: type[Kind] | type[Mount], box: QComboBox) -> Kind | Mount | None:
    """Return the value behind a chosen word; Qt keeps enumerations as bare strings."""
    return kinds(box.currentData()) if box.currentData() else None
