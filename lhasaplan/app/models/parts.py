"""Confirmed parts as a sheet: the words and numbers of the drafts, with names first and shares in per cent."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtGui import QColor

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.theme import ink
from lhasaplan.app.models.sheet import Sheet, SheetColumn
from lhasaplan.core.base.translations import marked
from lhasaplan.core.results.assessment import Assessment, PartResult
from lhasaplan.report.facts.part_options import blockers_text
from lhasaplan.report.facts.tables import part_table
from lhasaplan.report.text.columns import Column
from lhasaplan.report.text.numerals import number_text

_INK = {"met": "good", "gap": "error", "weak": "due", "partial": "due"}
NOT_AT_FIRST = frozenset({"best_px_m_after", "gap_m2", "responsible", "part_id", "areas"})
NUMBERS = frozenset({"best_px_m", "best_px_m_after", "required_px_m", "gap_m2"})
# Key of the drafts' table, heading, width.
DRAFTED = (
    ("category", marked("Category"), 150),
    ("verdict", marked("Today"), 110),
    ("verdict_after", marked("With planned"), 120),
    ("best_px_m", marked("Sharpness"), 90),
    ("required_px_m", marked("Needed"), 84),
    ("cameras", marked("Cameras"), 150),
    ("blockers", marked("Not seen because"), 200),
    ("best_px_m_after", marked("How sharp with planned"), 110),
    ("gap_m2", marked("Gap"), 80),
    ("responsible", marked("Responsible"), 150),
    ("areas", marked("Areas"), 130),
    ("part_id", marked("Identifier"), 230),
)
SHARES: tuple[tuple[str, str, Callable[[PartResult], float]], ...] = (
    ("share_served", marked("Served today"), lambda result: result.measured.share_served),
    ("share_served_after", marked("Served with planned"), lambda result: result.measured_after.share_served),
)


class PartsSheet(Sheet[PartResult]):
    """A row a part."""

    def __init__(self, language: Language, names: Names) -> None:
        self._names = names
        self._results: Assessment | None = None
        self._drafted: Mapping[str, tuple[Column, Mapping[str, Any]]] = {}
        super().__init__(language, self._make_columns(), lambda result: result.part.part_id)
        names.changed.connect(self.reword)

    def show(self, results: Assessment | None) -> None:
        """Show the parts of these results; none without results."""
        self._results = results
        self._read_drafts()
        self.set_rows(results.parts or () if results is not None else ())

    def reword(self) -> None:
        """Write the words of the drafts anew too."""
        self._read_drafts()
        super().reword()

    def _read_drafts(self) -> None:
        """Take columns and cells over from the table of the drafts, so that numbers agree."""
        if self._results is None:
            self._drafted = {}
            return
        table = part_table(self._results, self._say.translations)
        ids = table.column("part_id")
        self._drafted = {column.key: (column, dict(zip(ids, table.column(column.key), strict=True))) for column in table.columns}

    def label(self, result: PartResult) -> str:
        """Return what a part is called."""
        return self._names.part(result.part.part_id) or self._text("label")(result)

    def _make_columns(self) -> list[SheetColumn[PartResult]]:
        first = SheetColumn("label", marked("Part"), self.label, width_px=230)
        shares = [
            SheetColumn(key, title, self._percent(share), share, 100, is_number=True, unit="%") for key, title, share in SHARES
        ]
        drafted = {key: self._column(key, title, width) for key, title, width in DRAFTED}
        head = [drafted.pop(key) for key in ("category", "verdict", "verdict_after")]
        return [first, *head, *shares, *drafted.values()]

    def _column(self, key: str, title: str, width_px: int) -> SheetColumn[PartResult]:
        is_number = key in NUMBERS
        return SheetColumn(
            key,
            title,
            {"cameras": self._cameras_text, "blockers": self._blockers_text}.get(key) or self._text(key),
            self._raw(key) if is_number else None,
            width_px,
            is_shown=key not in NOT_AT_FIRST,
            is_number=is_number,
            colour=self._colour(key) if key.startswith("verdict") else None,
            tip=self._text(key) if key in ("cameras", "blockers") else None,
            unit={"gap_m2": "m²"}.get(key, "px/m" if is_number else ""),
        )

    def _cameras_text(self, result: PartResult) -> str:
        return self._say(marked(", ")).join(map(self._names.camera, result.cameras))

    def _blockers_text(self, result: PartResult) -> str:
        return blockers_text(result, self._say.translations, self._names.thing)

    def _text(self, key: str) -> Callable[[PartResult], str]:
        def read(result: PartResult) -> str:
            column, cells = self._drafted[key]
            return column.text(cells[result.part.part_id], self._say.translations)

        return read

    def _raw(self, key: str) -> Callable[[PartResult], Any]:
        return lambda result: self._drafted[key][1][result.part.part_id]

    def _colour(self, key: str) -> Callable[[PartResult], QColor | None]:
        def of(result: PartResult) -> QColor | None:
            meaning = _INK.get(self._raw(key)(result))
            return ink(meaning) if meaning else None

        return of

    def _percent(self, share: Callable[[PartResult], float]) -> Callable[[PartResult], str]:
        return lambda result: percent_text(share(result), self._say)


def percent_text(share: float, say: Language) -> str:
    """Return a share in per cent; all of it and nothing of it are never rounded to."""
    percent = 100.0 * share
    digits = 1 if 0.0 < percent < 1.0 or 99.0 < percent < 100.0 else 0
    return number_text(min(percent, 99.9) if share < 1.0 else percent, say.translations, digits)
