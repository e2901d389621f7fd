"""Cameras as a sheet: what is recorded of each, and what the last results say of it."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.language import Language
from lhasaplan.app.models.listing import Index
from lhasaplan.app.models.sheet import Sheet, SheetColumn
from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.finding import GRAVE, rank
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import grouped_text, short_number


@dataclass(frozen=True, slots=True)
class RecordField:
    """One field of the record: how it is called, its unit, the words of its values, and whether a table may set it."""

    name: str
    title: str
    unit: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    width_px: int = 96
    is_shown: bool = True
    is_settable: bool = True
    is_number: bool = False

    def heading(self, wording: Wording) -> str:
        """Return the title with its unit, as a table shows it."""
        return f"{wording(self.title)} ({self.unit})" if self.unit else wording(self.title)


def _number(name: str, title: str, unit: str, width_px: int = 84, is_shown: bool = True) -> RecordField:
    return RecordField(name, title, unit, width_px=width_px, is_shown=is_shown, is_number=True)


FIELDS = (
    RecordField("name", marked("Name"), width_px=150, is_shown=False),
    RecordField("status", marked("State"), words=words.STATUSES, is_settable=False),
    RecordField("kind", marked("Kind"), words=words.KINDS, width_px=84),
    RecordField("mount", marked("Mount"), words=words.MOUNTS, width_px=76),
    _number("azimuth_deg", marked("Azimuth"), "°"),
    _number("tilt_deg", marked("Tilt"), "°", 70),
    _number("hfov_deg", marked("Angle"), "°", 70),
    _number("mount_height_m", marked("Height"), "m", 80),
    _number("range_m", marked("Range"), "m", 76),
    _number("night_range_m", marked("Range at night"), "m", 110, is_shown=False),
    _number("image_width_px", marked("Picture width"), "px", 110),
    _number("image_height_px", marked("Picture height"), "px", 110, is_shown=False),
    RecordField("lens_class", marked("Lens"), words=words.LENSES, width_px=120, is_shown=False),
    RecordField("owner", marked("Owner"), width_px=130),
    RecordField("purpose", marked("Purpose"), width_px=150),
    _number("retention_days", marked("Days kept"), "", 84),
    RecordField("sign", marked("Sign"), width_px=90),
    RecordField("installed_on", marked("Installed on"), is_shown=False),
    RecordField("source", marked("Source"), width_px=130, is_shown=False),
    RecordField("source_date", marked("Date of the source"), width_px=110, is_shown=False),
    RecordField("camera_id", marked("Camera id"), width_px=150, is_settable=False, is_shown=False),
)
GROUPS = ("status", "kind", "mount", "owner", "purpose", "homes")
_WRITABLE = (
    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemNeverHasChildren
)


class CamerasSheet(Sheet[Camera]):
    """A row a camera; cells that a table may set can be written into."""

    def __init__(self, language: Language, names: Names, write: Callable[[str, str, str], bool]) -> None:
        self._names, self._write = names, write
        self._results: Mapping[str, CameraResult] = {}
        self._grave: Counter[str] = Counter()
        self._told_by: Assessment | None = None  # the results that cells read
        super().__init__(language, self._make_columns(), lambda camera: camera.camera_id)
        self._settable = [self.field_at(place) is not None for place in range(len(self.columns))]
        names.changed.connect(self.reword)

    def show(self, cameras: tuple[Camera, ...], results: Assessment | None) -> None:
        """Show these cameras with what results say of them."""
        if results is self._told_by:
            self.follow_rows(cameras)
            return
        self._told_by, told = results, results.cameras if results is not None else ()
        self._results = {each.placed.camera.camera_id: each for each in told}
        findings = results.findings if results is not None else ()
        self._grave = Counter(one for each in findings if each.severity in GRAVE for one in each.camera_ids)
        self.set_rows(cameras)

    def _make_columns(self) -> list[SheetColumn[Camera]]:
        called: SheetColumn[Camera] = SheetColumn(
            "called", marked("Camera"), lambda c: self._names.camera(c.camera_id), width_px=210, tip=lambda c: c.camera_id
        )
        told: list[SheetColumn[Camera]] = [
            SheetColumn(
                "grave", marked("To be ended"), self._grave_text, self._grave_count, 90, is_number=True, colour=self._grave_ink
            ),
            SheetColumn("area_m2", marked("Sees"), self._area_text, self._area_m2, 84, is_number=True, unit="m²"),
            SheetColumn("unasked", marked("Of it unasked"), self._unasked_text, self._unasked, 124, is_number=True, unit="%"),
            SheetColumn("homes", marked("Homes in view"), self._homes_text, width_px=110),
        ]
        return [called, *told, *(self._field(each) for each in FIELDS)]

    def _field(self, each: RecordField) -> SheetColumn[Camera]:
        def raw(camera: Camera) -> Any:
            value = getattr(camera, each.name)
            return None if value == "" else value

        def text(camera: Camera) -> str:
            value = raw(camera)
            if value is None:
                return ""
            if isinstance(value, (int, float)):
                return short_number(value, self._say.wording)
            return words.word(each.words, value, self._say.wording) if each.words else str(value)

        by = raw if each.is_number else None
        shown, is_key = (each.width_px, each.is_shown, each.is_number), each.name == "camera_id"
        return SheetColumn(each.name, each.title, text, by, *shown, unit=each.unit, is_key=is_key)

    # What results say

    def _grave_count(self, camera: Camera) -> int | None:
        return self._grave[camera.camera_id] if camera.camera_id in self._results else None

    def _grave_text(self, camera: Camera) -> str:
        return str(self._grave_count(camera) or "")

    def _grave_ink(self, camera: Camera) -> QColor | None:
        return ink("error") if self._grave[camera.camera_id] else None

    def _area_m2(self, camera: Camera) -> float | None:
        result = self._results.get(camera.camera_id)
        return None if result is None else result.area_m2

    def _area_text(self, camera: Camera) -> str:
        area_m2 = self._area_m2(camera)
        return "" if area_m2 is None else grouped_text(area_m2, self._say.wording)

    def _unasked(self, camera: Camera) -> float | None:
        result = self._results.get(camera.camera_id)
        return None if result is None else result.necessity.unasked_share

    def _unasked_text(self, camera: Camera) -> str:
        share = self._unasked(camera)
        return "" if share is None else grouped_text(100.0 * share, self._say.wording)

    def _homes_text(self, camera: Camera) -> str:
        result = self._results.get(camera.camera_id)
        grades = [each.grade for each in result.sightings if each.cls == "home" and each.grade] if result is not None else []
        return words.word(words.SEVERITIES, max(grades, key=rank), self._say.wording) if grades else ""

    # Writing into cells

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say which cells can be written into."""
        if not self._settable[index.column()]:
            return super().flags(index)
        camera = self.row_at(index)
        return _WRITABLE if camera is not None and camera.status is not Status.REMOVED else super().flags(index)

    def field_at(self, place: int) -> RecordField | None:
        """Return the field of a column that a table may set."""
        key = self.columns[place].key
        return next((each for each in FIELDS if each.name == key and each.is_settable), None)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Begin to write with what stands there."""
        return super().data(index, Qt.ItemDataRole.DisplayRole if role == Qt.ItemDataRole.EditRole else role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Take over what was written into a cell, unless it stood there already."""
        camera, asked = self.row_at(index), self.field_at(index.column())
        if role != Qt.ItemDataRole.EditRole or camera is None or asked is None or str(value) == super().data(index):
            return False
        return self._write(camera.camera_id, asked.name, str(value))

    def look(self, row: Camera, _column: int, role: int) -> Any:
        """Write planned cameras leaning, and strike removed ones out."""
        if role != Qt.ItemDataRole.FontRole or row.status is Status.OPERATING:
            return None
        font = QFont()
        font.setItalic(row.status is Status.PLANNED)
        font.setStrikeOut(row.status is Status.REMOVED)
        return font
