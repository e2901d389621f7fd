"""Cameras as a sheet: what is recorded of each, and what the last results say of it."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import Language, ink
from lhasaplan.app.models import Index, Sheet, SheetColumn
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS, FIELD, CameraField
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.finding import GRAVE, rank
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import number_text, short_number

FIELDS = tuple(each for each in CAMERA_FIELDS if each.title)


def heading_of(each: CameraField, translations: Translations) -> str:
    """Return the title of a field with its unit, as a table shows it."""
    return f"{translations(each.title)} ({each.unit})" if each.unit else translations(each.title)


_WRITABLE = (
    Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemNeverHasChildren
)


class CamerasSheet(Sheet[Camera]):
    """A row a camera; cells that a table may set can be written into."""

    def __init__(self, language: Language, names: Names, write: Callable[[str, str, str], bool]) -> None:
        self._names, self._write = names, write
        self._results: Mapping[str, CameraResult] = {}
        self._grave: Counter[str] = Counter()
        self._reported_by: Assessment | None = None  # the results that cells read
        super().__init__(language, self._make_columns(), lambda camera: camera.camera_id)
        self._settable = [self.field_at(place) is not None for place in range(len(self.columns))]
        names.changed.connect(self.reword)

    def show(self, cameras: tuple[Camera, ...], results: Assessment | None) -> None:
        """Show these cameras with what results say of them."""
        if results is self._reported_by:
            self.follow_rows(cameras)
            return
        self._reported_by, reported = results, results.cameras if results is not None else ()
        self._results = {each.placed.camera.camera_id: each for each in reported}
        findings = results.findings if results is not None else ()
        self._grave = Counter(one for each in findings if each.severity in GRAVE for one in each.camera_ids)
        self.set_rows(cameras)

    def _make_columns(self) -> list[SheetColumn[Camera]]:
        called: SheetColumn[Camera] = SheetColumn(
            "called", marked("Camera"), lambda c: self._names.camera(c.camera_id), width_px=210, tip=lambda c: c.camera_id
        )
        reported: list[SheetColumn[Camera]] = [
            SheetColumn(
                "grave", marked("To be ended"), self._grave_text, self._grave_count, 90, is_number=True, colour=self._grave_ink
            ),
            self._figure("area_m2", marked("Sees"), lambda result: result.area_m2, 84, "m²"),
            self._figure("unasked", marked("Of it not asked for"), lambda result: result.necessity.unasked_share, 124, "%"),
            SheetColumn("homes", marked("Homes in view"), self._homes_text, width_px=110),
        ]
        return [called, *reported, *(self._field(each) for each in FIELDS)]

    def _field(self, each: CameraField) -> SheetColumn[Camera]:
        def raw(camera: Camera) -> Any:
            value = getattr(camera, each.key)
            return None if value == "" else value

        def text(camera: Camera) -> str:
            value = raw(camera)
            if value is None:
                return ""
            if isinstance(value, (int, float)):
                return short_number(value, self._say.translations)
            return words.word(each.words, value, self._say.translations) if each.words else str(value)

        by = raw if each.is_number else None
        shown, is_key = (each.width_px, each.is_shown, each.is_number), each.key == "camera_id"
        return SheetColumn(each.key, each.title, text, by, *shown, unit=each.unit, is_key=is_key)

    # What results say

    def _grave_count(self, camera: Camera) -> int | None:
        return self._grave[camera.camera_id] if camera.camera_id in self._results else None

    def _grave_text(self, camera: Camera) -> str:
        return str(self._grave_count(camera) or "")

    def _grave_ink(self, camera: Camera) -> QColor | None:
        return ink("error") if self._grave[camera.camera_id] else None

    def _figure(
        self, key: str, title: str, read: Callable[[CameraResult], float | None], width_px: int, unit: str
    ) -> SheetColumn[Camera]:
        """Return a column with a figure of each camera's result; shares are shown in percent."""

        def value(camera: Camera) -> float | None:
            result = self._results.get(camera.camera_id)
            return None if result is None else read(result)

        def text(camera: Camera) -> str:
            figure, times = value(camera), 100.0 if unit == "%" else 1.0
            return "" if figure is None else number_text(times * figure, self._say.translations)

        return SheetColumn(key, title, text, value, width_px, is_number=True, unit=unit)

    def _homes_text(self, camera: Camera) -> str:
        result = self._results.get(camera.camera_id)
        grades = [each.grade for each in result.sightings if each.cls == "home" and each.grade] if result is not None else []
        return words.word(words.SEVERITIES, max(grades, key=rank), self._say.translations) if grades else ""

    # Writing into cells

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say which cells can be written into."""
        if not self._settable[index.column()]:
            return super().flags(index)
        camera = self.row_at(index)
        return _WRITABLE if camera is not None and camera.status is not Status.REMOVED else super().flags(index)

    def field_at(self, place: int) -> CameraField | None:
        """Return the field of a column that a table may set."""
        key = self.columns[place].key
        return FIELD[key] if key in FIELD and FIELD[key].is_settable else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Begin to write with what stands there."""
        return super().data(index, Qt.ItemDataRole.DisplayRole if role == Qt.ItemDataRole.EditRole else role)

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802
        """Take over what was written into a cell, unless it stood there already."""
        camera, asked = self.row_at(index), self.field_at(index.column())
        if role != Qt.ItemDataRole.EditRole or camera is None or asked is None or str(value) == super().data(index):
            return False
        return self._write(camera.camera_id, asked.key, str(value))

    def look(self, row: Camera, _column: int, role: int) -> object:
        """Write planned cameras leaning, and strike removed ones out."""
        if role != Qt.ItemDataRole.FontRole or row.status is Status.OPERATING:
            return None
        font = QFont()
        font.setItalic(row.status is Status.PLANNED)
        font.setStrikeOut(row.status is Status.REMOVED)
        return font
