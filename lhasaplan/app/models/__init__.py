"""A list as a sheet: columns that are chosen, rows that are searched, filtered by value, sorted and grouped, fast for thousands.

What a cell reads and sorts by is asked once a row and kept; the order of rows is made here and not by Qt, which would ask for
every comparison.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import compress, count
from operator import is_not
from typing import Any, Generic, TypeVar, cast

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from lhasaplan.app.look import Language, plain_tip
from lhasaplan.core.base.translations import marked

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
ROW_ROLE, HEADING_ROLE = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2  # of a row its thing; of a group its heading
GROUP = marked("{name}   ({count})")
_LEFT, _RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
_HEADING_FLAGS = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemNeverHasChildren
_ROW_FLAGS = _HEADING_FLAGS | Qt.ItemFlag.ItemIsSelectable
FEW = 16  # things that are exchanged one by one
_DIGITS = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class SheetColumn(Generic[Row]):
    """A column: what its cells read, and how they sort, by their text unless told otherwise."""

    key: str
    title: str
    text: Callable[[Row], str]
    sort: Callable[[Row], Any] | None = None
    width_px: int = 110
    is_shown: bool = True  # before a person chose
    is_number: bool = False
    colour: Callable[[Row], QColor | None] | None = None
    unit: str = ""
    tip: Callable[[Row], str] | None = None
    is_key: bool = False  # tells rows apart: copied also while it is hidden, so that they can be pasted back


@dataclass(frozen=True, slots=True)
class SheetHeading:
    """The heading of a group of rows."""

    name: str
    count: int
    is_open: bool


class Sheet(QAbstractTableModel, Generic[Row]):
    """Rows as they are shown now; ``all_rows`` are those that there are."""

    def __init__(self, language: Language, columns: Sequence[SheetColumn[Row]], key: Callable[[Row], Hashable]) -> None:
        super().__init__()
        self._say, self.columns, self._key = language, tuple(columns), key
        self.all_rows: tuple[Row, ...] = ()
        self._texts: dict[int, list[str | None]] = {}
        self._sorts: dict[int, list[Any]] = {}
        self._haystacks: list[str] = []
        self._shown: list[int | SheetHeading] = []
        self._places: dict[Hashable, int] | None = None  # made when one is asked for first: of a city they are thousands
        self._search, self._values, self._order = "", dict[str, frozenset[str]](), (-1, False)
        self._group, self._closed, self.kept_count = "", set[str](), 0
        self._keeps: Callable[[Row], bool] | None = None
        self._is_held, self._late = False, tuple[tuple[Row, ...] | None, ...]()
        language.changed.connect(self.reword)

    # What is shown

    def set_rows(self, rows: Sequence[Row]) -> None:
        """List other things."""
        self._arrange(tuple(rows))

    def follow_rows(self, rows: Sequence[Row]) -> None:
        """List other things, of which the very same values still read the same; few that were exchanged move no other row."""
        others = tuple(rows)
        exchanged = self._exchanged(others)
        if exchanged is None:
            self._arrange(others)
        else:
            self._exchange(others, exchanged)

    def _exchanged(self, rows: tuple[Row, ...]) -> list[int] | None:
        """Return where another value of the same thing stands; None where things came, went, moved or may be ordered anew."""
        is_plain = not (self._is_held or self._search or self._values or self._group or self._keeps) and self._order[0] < 0
        if not is_plain or len(rows) != len(self.all_rows):
            return None
        found = list(compress(count(), map(is_not, self.all_rows, rows)))
        are_same = all(self._key(self.all_rows[row]) == self._key(rows[row]) for row in found)
        return found if are_same and len(found) <= FEW else None

    def _exchange(self, rows: tuple[Row, ...], exchanged: Sequence[int]) -> None:
        """List other values of a few things where these stand, which leaves all others as they are."""
        self.all_rows, self._haystacks, self._sorts = rows, [], {}
        for texts in self._texts.values():
            for row in exchanged:
                texts[row] = None
        for line in (self.line_of(self._key(rows[row])) for row in exchanged):
            self.dataChanged.emit(self.index(line, 0), self.index(line, len(self.columns) - 1))

    def reword(self) -> None:
        """Read all cells again."""
        self._arrange(self.all_rows)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self.columns) - 1)

    def redraw(self) -> None:
        """Have the look of all cells read again; texts and order stay."""
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, len(self.columns) - 1))

    def search(self, text: str) -> None:
        """Keep the rows with this text in any column or tip."""
        self._search = text.casefold().strip()
        self._arrange()

    def keep(self, keeps: Callable[[Row], bool] | None) -> None:
        """Keep only rows of which this is true, besides what is searched for."""
        self._keeps = keeps
        self._arrange()

    def keep_values(self, column: str, values: Set[str] | None) -> None:
        """Keep only rows that read one of these in a column; None for all."""
        if values is None:
            self._values.pop(column, None)
        else:
            self._values[column] = frozenset(values)
        self._arrange()

    @property
    def kept_values(self) -> Mapping[str, frozenset[str]]:
        """Return what is kept by value, by column."""
        return self._values

    def values_of(self, column: str) -> list[str]:
        """Return what the cells of a column read, each once, in order."""
        place = self.place(column)
        pairs = dict(zip(self._text_of(place), self._sort_of(place), strict=True))
        return sorted(pairs, key=lambda text: _comparable(pairs[text]))

    def group_by(self, column: str) -> None:
        """Put rows that read the same in a column under a heading; empty for none."""
        self._group, self._closed = column, set()
        self._arrange()

    @property
    def grouped_by(self) -> str:
        """Return the column that rows are grouped by."""
        return self._group

    def toggle_group(self, name: str) -> None:
        """Close a group, or open it."""
        self._closed ^= {name}
        self._arrange()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column; those that are alike keep the order in which they were listed."""
        self._order = (column, order == Qt.SortOrder.DescendingOrder)
        self._arrange()

    def _arrange(self, rows: tuple[Row, ...] | None = None) -> None:
        """Put rows in order; with ``rows`` other ones, of which all is asked anew. Later, while a cell is written into."""
        if self._is_held:
            self._late = (rows if rows is not None or not self._late else self._late[0],)
            return
        self.beginResetModel()
        if rows is not None:
            self.all_rows = rows
            self._texts, self._sorts, self._haystacks = {}, {}, []
        kept = self._kept()
        self.kept_count = len(kept)
        self._shown = self._grouped(self._sorted(kept))
        self._places = None
        self.endResetModel()

    def hold(self, is_held: bool) -> None:
        """Leave the rows as they are while a cell is written into; what came meanwhile is shown after that."""
        self._is_held = is_held
        if not is_held and self._late:
            rows, self._late = self._late[0], ()
            self._arrange(rows)

    def _kept(self) -> list[int]:
        kept = list(range(len(self.all_rows)))
        if self._keeps is not None:
            kept = [row for row in kept if self._keeps(self.all_rows[row])]
        for column, values in self._values.items():
            texts = self._text_of(self.place(column))
            kept = [row for row in kept if texts[row] in values]
        if self._search:
            self._haystacks = self._haystacks or self._all_texts()
            kept = [row for row in kept if self._search in self._haystacks[row]]
        return kept

    def _all_texts(self) -> list[str]:
        columns = [self._text_of(place) for place in range(len(self.columns))]
        columns += [list(map(column.tip, self.all_rows)) for column in self.columns if column.tip is not None]
        return ["\n".join(texts).casefold() for texts in zip(*columns, strict=True)]

    def _sorted(self, rows: list[int]) -> list[int]:
        column, is_down = self._order
        if not 0 <= column < len(self.columns):
            return rows
        values = self._sort_of(column)
        return sorted(rows, key=lambda row: _comparable(values[row]), reverse=is_down)

    def _grouped(self, rows: list[int]) -> list[int | SheetHeading]:
        if not self._group:
            return list(rows)
        texts, groups = self._text_of(self.place(self._group)), dict[str, list[int]]()
        for row in rows:
            groups.setdefault(texts[row], []).append(row)
        shown: list[int | SheetHeading] = []
        for name, members in groups.items():
            shown.append(SheetHeading(name, len(members), name not in self._closed))
            shown += members if name not in self._closed else []
        return shown

    # Where things are

    def place(self, column: str) -> int:
        """Return where a column stands."""
        return next(place for place, each in enumerate(self.columns) if each.key == column)

    def row_at(self, index: Index) -> Row | None:
        """Return the thing of a cell; None for a heading."""
        return self.thing_at(index.row())

    def thing_at(self, line: int) -> Row | None:
        """Return the thing of a row; None for a heading."""
        entry = self._shown[line]
        return self.all_rows[entry] if isinstance(entry, int) else None

    def heading_at(self, row: int) -> SheetHeading | None:
        """Return the heading in a row; None where a thing stands."""
        entry = self._shown[row]
        return entry if isinstance(entry, SheetHeading) else None

    def line_of(self, key: Hashable) -> int:
        """Return in which row a thing is shown; -1 where it is not."""
        if self._places is None:
            self._places = {self._key(self.all_rows[each]): n for n, each in enumerate(self._shown) if isinstance(each, int)}
        return self._places.get(key, -1)

    def key_of(self, row: Row) -> Hashable:
        """Return the key of a thing."""
        return self._key(row)

    @property
    def shown_rows(self) -> list[Row]:
        """Return the things that are shown, in order."""
        return [self.all_rows[each] for each in self._shown if isinstance(each, int)]

    def headings(self) -> list[tuple[int, SheetHeading]]:
        """Return the headings with their rows; none where nothing is grouped."""
        if not self._group:
            return []
        return [(row, each) for row, each in enumerate(self._shown) if isinstance(each, SheetHeading)]

    # Cells

    def _text_of(self, place: int) -> list[str]:
        """Return what all cells of a column read."""
        kept, read = self._column_kept(place), self.columns[place].text
        for row, text in enumerate(kept):
            if text is None:
                kept[row] = read(self.all_rows[row])
        return cast("list[str]", kept)

    def _text_at(self, place: int, row: int) -> str:
        """Return what one cell reads: of thousands of rows a screen is asked for some dozens."""
        kept = self._column_kept(place)
        text = kept[row] = self.columns[place].text(self.all_rows[row]) if kept[row] is None else kept[row]
        return cast("str", text)

    def _column_kept(self, place: int) -> list[str | None]:
        if place not in self._texts:
            self._texts[place] = [None] * len(self.all_rows)
        return self._texts[place]

    def _sort_of(self, place: int) -> list[object]:
        if place not in self._sorts:
            by = self.columns[place].sort
            texts = None if by is not None else self._text_of(place)
            self._sorts[place] = [by(row) for row in self.all_rows] if by is not None else [natural(t) for t in texts or ()]
        return self._sorts[place]

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802
        """Return how many rows are shown, headings among them."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802
        """Return how many columns there are, hidden ones among them."""
        return 0 if parent is not None and parent.isValid() else len(self.columns)

    def heading(self, place: int) -> str:
        """Return a column's name with its unit."""
        column = self.columns[place]
        title = self._say(column.title)
        return f"{title} ({column.unit})" if column.unit else title

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: N802
        """Return a column's name."""
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.FontRole and self.columns[section].key in self._values:
            return _bold()
        return self.heading(section) if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text or look of a cell, or the thing itself."""
        entry = self._shown[index.row()]
        if isinstance(entry, SheetHeading):
            return self._heading_data(entry, index.column(), role)
        row, column = self.all_rows[entry], self.columns[index.column()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text_at(index.column(), entry)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(column.tip(row) if column.tip is not None else self._text_at(index.column(), entry))
        return self._look(row, index.column(), role)

    def _look(self, row: Row, place: int, role: int) -> object:
        column = self.columns[place]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return (_RIGHT if column.is_number else _LEFT) | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and column.colour is not None:
            return column.colour(row)
        return self.look(row, place, role)

    def look(self, _row: Row, _column: int, _role: int) -> object:
        """Return a further look of a cell; None for the usual one."""
        return None

    def _heading_data(self, heading: SheetHeading, column: int, role: int) -> object:
        if role == HEADING_ROLE:
            return heading
        if role == Qt.ItemDataRole.FontRole:
            return _bold()
        if role == Qt.ItemDataRole.DisplayRole and column == self.first_shown:
            return ("▾ " if heading.is_open else "▸ ") + self._say(GROUP, name=heading.name, count=heading.count)
        return None

    first_shown = 0  # the column in which headings are written; the view sets it

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say that headings are no things to choose."""
        return _HEADING_FLAGS if isinstance(self._shown[index.row()], SheetHeading) else _ROW_FLAGS


def natural(text: str) -> tuple[tuple[bool, int, str], ...]:
    """Return what texts are sorted by, so that 10 comes after 9.

    >>> sorted(["Gate (10)", "Gate (9)", "bridge"], key=natural)
    ['bridge', 'Gate (9)', 'Gate (10)']
    """
    parts = (part for part in _DIGITS.split(text.casefold()) if part)
    return tuple((not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)


def _comparable(value: object) -> tuple[bool, object]:
    """Return a value that can be compared, what is not known last."""
    return (True, 0) if value is None else (False, value)


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font
