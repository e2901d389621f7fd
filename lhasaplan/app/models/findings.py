"""Findings as a table that can be sorted and filtered."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtGui import QFont

from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_tip
from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.finding import Certainty, Finding, rank
from lhasaplan.report.text import words

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE, FINDING_ROLE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
COLUMNS = (marked("Severity"), marked("Certainty"), marked("Camera"), marked("Finding"), marked("Cure"), marked("Article"))


class FindingsModel(QAbstractTableModel):
    """A row a finding."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self._findings: tuple[Finding, ...] = ()
        self._old: frozenset[str] = frozenset()
        language.changed.connect(self._reword)

    def show(self, findings: tuple[Finding, ...]) -> None:
        """Show other findings, the gravest first."""
        self.beginResetModel()
        self._findings = tuple(sorted(findings, key=_gravity))
        self.endResetModel()

    def strike(self, camera_ids: frozenset[str]) -> None:
        """Strike out the findings of these cameras: their records were changed since."""
        if camera_ids != self._old:
            self._old = camera_ids
            self._redraw()

    def first_of(self, camera_id: str) -> Finding | None:
        """Return the gravest finding of a camera."""
        return next((finding for finding in self._findings if camera_id in finding.camera_ids), None)

    def index_of(self, finding: Finding) -> QModelIndex:
        """Return where a finding of the list stands."""
        row = next(row for row, one in enumerate(self._findings) if one is finding)
        return self.index(row, 0)

    def _reword(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        self._redraw()

    def _redraw(self) -> None:
        if self._findings:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._findings) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802
        """Return how many findings there are."""
        return 0 if parent is not None and parent.isValid() else len(self._findings)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        """Return a column's name."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._say(COLUMNS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, colour or sorting value of a cell."""
        finding = self._findings[index.row()]
        if role == FINDING_ROLE:
            return finding
        if role == SORT_ROLE:
            return -rank(finding.severity) if index.column() == 0 else self._text(finding, index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(finding, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._text(finding, index.column()))
        return self._look(finding, index.column(), role)

    def _look(self, finding: Finding, column: int, role: int) -> Any:
        """Return colour or font of a cell."""
        if role == Qt.ItemDataRole.FontRole and self._old.intersection(finding.camera_ids):
            font = QFont()
            font.setStrikeOut(True)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and column == 0:
            return ink(finding.severity.value)
        return None

    def _text(self, finding: Finding, column: int) -> str:
        write = (_severity_text, _certainty_text, _camera_text, finding_text, cure_text, article_text)[column]
        return write(finding, self._say)


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


class FindingsFilter(QSortFilterProxyModel):
    """Shows the findings of some severity that hold a text, in the column's order."""

    def __init__(self) -> None:
        super().__init__()
        self._text, self._severity, self._camera_id = "", "", ""
        self.setSortRole(SORT_ROLE)

    def search(self, text: str, severity: str, camera_id: str = "") -> None:
        """Keep the findings with this text, of this severity and of this camera unless they are empty."""
        self.beginFilterChange()
        self._text, self._severity, self._camera_id = text.casefold(), severity, camera_id
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:  # noqa: N802
        """Say whether a row is kept."""
        model = self.sourceModel()
        finding = model.data(model.index(row, 0, parent), FINDING_ROLE)
        if self._severity and finding.severity != self._severity:
            return False
        if self._camera_id and self._camera_id not in finding.camera_ids:
            return False
        cells = (model.data(model.index(row, column, parent)) for column in range(model.columnCount()))
        return not self._text or any(self._text in str(cell).casefold() for cell in cells)


def finding_text(finding: Finding, say: Language) -> str:
    """Return what a finding states, as a sentence."""
    return words.sentence(finding, say.wording)


def cure_text(finding: Finding, say: Language) -> str:
    """Return what would end a finding; empty when nothing is proposed."""
    return words.cure_text(finding.cure, say.wording)
