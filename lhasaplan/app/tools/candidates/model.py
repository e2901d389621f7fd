"""Candidates as a sheet: what could be demand, what it is called, and what was decided about it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QColor

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.language import Language
from lhasaplan.app.models.sheet import Sheet, SheetColumn
from lhasaplan.core.base.wording import marked
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import number_text, short_number

if TYPE_CHECKING:
    from lhasaplan.workflow.listing import Listed

STATES = {
    "open": marked("not requested"),
    "confirmed": marked("confirmed"),
    "excused": marked("excused"),
    "asked": marked("data missing, asked"),
    "refused": marked("refused"),
}
SENTENCE = marked("{part} ({category}), needs {density} px/m: {state}")
GROUPS = ("state", "category", "street")
DEGREES_DIGITS = 5  # a metre
_INK = {"confirmed": "good", "refused": "error", "asked": "note"}


class CandidatesSheet(Sheet["Listed"]):
    """A row a candidate."""

    def __init__(self, language: Language, names: Names) -> None:
        self._names = names
        self._terms: Mapping[str, Mapping[str, str]] = {}
        super().__init__(language, self._make_columns(), lambda row: row.part.part_id)
        names.changed.connect(self.reword)

    def show(self, rows: "tuple[Listed, ...]", terms: Mapping[str, Mapping[str, str]]) -> None:
        """Show another list."""
        self._terms = terms
        self.set_rows(tuple(sorted(rows, key=lambda each: (each.part.category, each.part.part_id))))

    def _make_columns(self) -> "list[SheetColumn[Listed]]":
        return [
            SheetColumn("called", marked("Part"), self.called, width_px=230, tip=_ident),
            SheetColumn("state", marked("State"), self._state, width_px=130, colour=_state_ink),
            SheetColumn("category", marked("Category"), self._category, width_px=150),
            SheetColumn("density", marked("Needed"), self._density, _required, 110, is_number=True, unit="px/m"),
            SheetColumn("street", marked("Street"), lambda row: row.street, width_px=130),
            SheetColumn("lon", marked("Longitude"), self._degrees(0), _at(0), 84, is_number=True),
            SheetColumn("lat", marked("Latitude"), self._degrees(1), _at(1), 84, is_number=True),
            SheetColumn("part_id", marked("Identifier"), _ident, width_px=230, is_shown=False),
        ]

    def called(self, row: "Listed") -> str:
        """Return what a candidate is called."""
        return self._names.part(row.part.part_id) or row.part.name or _ident(row)

    def sentence(self, row: "Listed") -> str:
        """Return what is asked of a candidate, and what was decided or why it may not be demand."""
        called = self.called(row)
        state = self._say(row.text, **{**row.params, **({"part": called} if "part" in row.params else {})})
        return self._say(SENTENCE, part=called, category=self._category(row), density=self._density(row), state=state)

    def _category(self, row: "Listed") -> str:
        category = row.part.category
        return words.term(self._terms, f"category:{category}", self._say.wording) or category

    def _state(self, row: "Listed") -> str:
        return self._say(STATES[row.state])

    def _density(self, row: "Listed") -> str:
        return short_number(_required(row), self._say.wording)

    def _degrees(self, axis: int) -> "Callable[[Listed], str]":
        def read(row: "Listed") -> str:
            return "" if row.lonlat is None else number_text(row.lonlat[axis], self._say.wording, DEGREES_DIGITS)

        return read


def _ident(row: "Listed") -> str:
    return row.part.part_id


def _required(row: "Listed") -> float:
    return row.part.required.density_px_m


def _at(axis: int) -> "Callable[[Listed], Any]":
    return lambda row: None if row.lonlat is None else row.lonlat[axis]


def _state_ink(row: "Listed") -> QColor | None:
    return ink(_INK[row.state]) if row.state in _INK else None
