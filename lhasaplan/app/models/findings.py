"""Findings as a table that can be sorted and filtered."""

from typing import Any

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QFont

from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.language import Language
from lhasaplan.app.models.listing import SORT_ROLE, Index, ListingFilter, ListingModel
from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.finding import Certainty, Finding, rank
from lhasaplan.report.text import words

COLUMNS = (marked("Severity"), marked("Certainty"), marked("Camera"), marked("Finding"), marked("Cure"), marked("Article"))


class FindingsModel(ListingModel[Finding]):
    """A row a finding."""

    def __init__(self, language: Language) -> None:
        super().__init__(language, COLUMNS)
        self._old: frozenset[str] = frozenset()

    def show(self, findings: tuple[Finding, ...]) -> None:
        """Show other findings, the gravest first."""
        self.set_rows(tuple(sorted(findings, key=_gravity)))

    def strike(self, camera_ids: frozenset[str]) -> None:
        """Strike out the findings of these cameras: their records were changed since."""
        if camera_ids != self._old:
            self._old = camera_ids
            self.redraw()

    def first_of(self, camera_id: str) -> Finding | None:
        """Return the gravest finding of a camera."""
        return next((finding for finding in self._rows if camera_id in finding.camera_ids), None)

    def index_of(self, finding: Finding) -> QModelIndex:
        """Return where a finding of the list stands."""
        row = next(row for row, one in enumerate(self._rows) if one is finding)
        return self.index(row, 0)

    def text(self, row: Finding, index: Index) -> str:
        """Return what a cell reads."""
        write = (_severity_text, _certainty_text, _camera_text, finding_text, cure_text, article_text)[index.column()]
        return write(row, self._say)

    def look(self, row: Finding, index: Index, role: int) -> Any:
        """Return colour, font or sorting value of a cell."""
        if role == SORT_ROLE:
            return -rank(row.severity) if index.column() == 0 else self.text(row, index)
        if role == Qt.ItemDataRole.FontRole and self._old.intersection(row.camera_ids):
            font = QFont()
            font.setStrikeOut(True)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 0:
            return ink(row.severity.value)
        return None


def _gravity(finding: Finding) -> tuple[int, bool, bool, bool, float]:
    """Order by severity; views come before questions about the record, and those with a cure, certain and sharp first."""
    measured = finding.measured if isinstance(finding.measured, tuple) else (finding.measured or 0.0,)
    is_view, is_possible = finding.unit == "px/m", finding.certainty is Certainty.POSSIBLE
    return -rank(finding.severity), not is_view, finding.cure is None, is_possible, -max(measured)


def _severity_text(finding: Finding, say: Language) -> str:
    return words.word(words.SEVERITIES, finding.severity, say.wording)


def _certainty_text(finding: Finding, say: Language) -> str:
    return words.word(words.CERTAINTIES, finding.certainty, say.wording)


def _camera_text(finding: Finding, _say: Language) -> str:
    return words.cameras_text(finding)


def article_text(finding: Finding, say: Language) -> str:
    """Return the article that a finding rests on, or that it is our own policy."""
    return words.article_text(finding.pack, finding.article, say.wording)


class FindingsFilter(ListingFilter[Finding]):
    """Shows the findings of some severity that hold a text, in the column's order."""

    def __init__(self) -> None:
        super().__init__()
        self._severity, self._camera_id = "", ""
        self.setSortRole(SORT_ROLE)

    def search(self, text: str, severity: str = "", camera_id: str = "") -> None:
        """Keep the findings with this text, of this severity and of this camera unless they are empty."""
        self._severity, self._camera_id = severity, camera_id
        super().search(text)

    def is_kept(self, row: Finding) -> bool:
        """Say whether a finding is of the severity and the camera that are looked for."""
        return self._severity in ("", row.severity) and (not self._camera_id or self._camera_id in row.camera_ids)


def finding_text(finding: Finding, say: Language) -> str:
    """Return what a finding states, as a sentence."""
    return words.sentence(finding, say.wording)


def cure_text(finding: Finding, say: Language) -> str:
    """Return what would end a finding; empty when nothing is proposed."""
    return words.cure_text(finding.cure, say.wording)
