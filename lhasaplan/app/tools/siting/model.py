"""The options as a table, and what one of them changes: camera, what, why."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.language import Language
from lhasaplan.app.models.listing import Index, ListingModel
from lhasaplan.core.base.wording import marked
from lhasaplan.core.changes.change_words import in_words
from lhasaplan.core.siting.option_words import FREED, name_in_words, others_in_words
from lhasaplan.report.text.numerals import grouped_text, number_text

if TYPE_CHECKING:
    from lhasaplan.app.tools.siting.commands import Found
    from lhasaplan.core.rules.siting_rules import Weights
    from lhasaplan.core.siting.disclosed_proposals import DisclosedOption
    from lhasaplan.core.siting.reasons import Reason

COLUMNS = (
    *(marked("Option"), marked("Cameras"), marked("Parts met"), marked("Reached, %")),
    *(marked("Unasked, m²"), marked("Frontage, m")),
)
EXPLAINED = {
    3: marked("Reached of what is asked, %"),
    4: marked("Unasked ground, m²"),
    5: marked("Protected frontage in view, m"),
}
NOT_DISCLOSED = "–"
SERVES = marked("serves {parts}")
SERVES_NONE = marked("serves no part")
SHOWS = marked("shows {unasked} m² that nobody asks for")
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class OptionsModel(ListingModel["DisclosedOption"]):
    """A row an option, in the order of the command line."""

    def __init__(self, language: Language) -> None:
        super().__init__(language, COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        """Return a column's name, on two lines so that figures take little room, and in its tip the whole of it."""
        if role == Qt.ItemDataRole.ToolTipRole and orientation == Qt.Orientation.Horizontal and section in EXPLAINED:
            return self._say(EXPLAINED[section])
        name = super().headerData(section, orientation, role)
        is_name = role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal
        return "\n".join(str(name).rsplit(" ", 1)) if is_name else name

    def text(self, row: "DisclosedOption", index: Index) -> str:
        """Return what a cell reads."""
        return self._texts(row)[index.column()]

    def look(self, row: "DisclosedOption", index: Index, role: int) -> Any:
        """Set figures right."""
        return RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and index.column() else None

    def _texts(self, told: "DisclosedOption") -> tuple[str, ...]:
        figures, wording = told.figures, self._say.wording
        met = f"{int(figures['parts_met'])}/{int(figures['parts'])}"
        areas = (grouped_text(figures[key], wording) if key in figures else NOT_DISCLOSED for key in ("unasked_m2", "frontage_m"))
        name = name_in_words(told.option.leave, wording)
        return name, str(int(figures["cameras"])), met, number_text(100.0 * figures["reached"], wording, 1), *areas


@dataclass(frozen=True, slots=True)
class Changed:
    """One camera that an option changes: what it is called, what changes, and why."""

    camera_id: str
    name: str
    what: str
    why: str


def changed_cameras(found: "Found", told: "DisclosedOption", names: Names, say: Language) -> Iterator[Changed]:
    """Give the cameras of an option in the order of its changes."""
    known, weights = {camera.camera_id: camera for camera in found.project.cameras}, found.proposals.council.rules.weights
    said: dict[str, list[str]] = {}
    for change in told.option.proposal.changes:
        said.setdefault(change.camera_id, []).append(in_words(change, known.get(change.camera_id), say.wording))
    for key, words in said.items():
        reason = told.reasons.get(key)
        why = say(FREED) if reason is None else _why(reason, weights, names, say, discloses_all=found.discloses_all)
        own = known[key].name if key in known else ""
        yield Changed(key, own or names.camera(key), "; ".join(words), why)


def _why(reason: "Reason", weights: "Weights", names: Names, say: Language, *, discloses_all: bool) -> str:
    parts = ", ".join(names.part(one) or one for one in reason.serves)
    said = [say(SERVES, parts=parts) if parts else say(SERVES_NONE)]
    said.append(say(SHOWS, unasked=grouped_text(reason.state.unasked_m2, say.wording)))
    said.append(others_in_words(reason, weights, say.wording, discloses_all=discloses_all))
    return "; ".join(said)
