"""Candidates as a table: what could be demand, and what was decided about it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.language import Language
from lhasaplan.app.models.listing import Index, ListingFilter, ListingModel
from lhasaplan.core.base.wording import marked
from lhasaplan.report.text import words

COLUMNS = (
    *(marked("Category"), marked("Part"), marked("Name"), marked("Street"), marked("Longitude"), marked("Latitude")),
    *(marked("px/m"), marked("State")),
)

if TYPE_CHECKING:
    from lhasaplan.workflow.listing import Listed
STATES = {
    "open": marked("not requested"),
    "confirmed": marked("confirmed"),
    "excused": marked("excused"),
    "asked": marked("data missing, asked"),
    "refused": marked("refused"),
}
_INK = {"confirmed": "good", "refused": "error", "asked": "note"}


class CandidatesModel(ListingModel["Listed"]):
    """A row a candidate."""

    def __init__(self, language: Language) -> None:
        super().__init__(language, COLUMNS)
        self._terms: Mapping[str, Mapping[str, str]] = {}

    def show(self, rows: "tuple[Listed, ...]", terms: Mapping[str, Mapping[str, str]]) -> None:
        """Show another list."""
        self._terms = terms
        self.set_rows(tuple(sorted(rows, key=lambda each: (each.part.category, each.part.part_id))))

    def text(self, row: "Listed", index: Index) -> str:
        """Return what a cell reads."""
        return self._texts(row)[index.column()]

    def look(self, row: "Listed", index: Index, role: int) -> Any:
        """Return the colour of a state."""
        is_state = role == Qt.ItemDataRole.ForegroundRole and index.column() == len(COLUMNS) - 1
        meaning = _INK.get(row.state) if is_state else None
        return ink(meaning) if meaning else None

    def _texts(self, listed: "Listed") -> tuple[str, ...]:
        part = listed.part
        category = words.term(self._terms, f"category:{part.category}", self._say.wording) or part.category
        at = ("", "") if listed.lonlat is None else tuple(f"{degrees:.5f}" for degrees in listed.lonlat)
        asked = f"{part.required.density_px_m:g}", self._say(listed.text, **listed.params)
        return category, part.part_id, part.name, listed.street, *at, *asked


class CandidatesFilter(ListingFilter["Listed"]):
    """Shows the candidates of some state that hold a text."""

    def __init__(self) -> None:
        super().__init__()
        self._state = ""

    def search(self, text: str, state: str = "") -> None:
        """Keep the candidates with this text, and in this state unless it is empty."""
        self._state = state
        super().search(text)

    def is_kept(self, row: "Listed") -> bool:
        """Say whether a candidate is in the state that is looked for."""
        return self._state in ("", row.state)
