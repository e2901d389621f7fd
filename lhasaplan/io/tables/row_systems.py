"""Tell in which coordinate system each row of a table stands, where the file says so: a column, a heading, a note."""

from collections.abc import Sequence

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault
from lhasaplan.io.coordinates.systems import WGS84, System, content, mentioned
from lhasaplan.io.tables.cells import read_cell
from lhasaplan.io.tables.columns import Meaning, is_filled, load_columns
from lhasaplan.io.tables.coordinate_notes import spoken, stated
from lhasaplan.io.tables.table_rows import Row, Table

COLUMN = "coordinate_system"
UNREADABLE = System("")  # stands in for what a cell says that cannot be read
UNSAID = marked("the coordinate system of this row is missing, while other rows stand in {crs}")
CONTRADICTS = marked("this row is said to be in {said}, but {other} is said too; leave only the one that is right")
SPEAKS = marked(
    "this row speaks of {datum}, whose positions are shifted; "
    "say --datum {datum}, or --datum wgs84 where they were set back already"
)


def name_of(system: System) -> str:
    """Return what a system is called in a sentence."""
    return system.shift or system.crs


def systems_of_rows(
    table: Table, meaning: Meaning, headed: Sequence[System | None], datum: str, faults: list[Fault]
) -> list[System | None]:
    """Return the system that the file says of each row, None where it says nothing.

    A row's own word counts before a heading's and a note's; ``datum`` is what the caller says, empty for nothing. Two words
    that differ are a fault, and so is a sentence about a shifted datum while nobody says whether it still applies.

    Parameters
    ----------
    headed : the system that the headings of a row's position name.
    """
    told, _ = stated(table.notes)
    if told is None and not datum:
        faults.extend(spoken(table.notes, table.file))
    column = meaning.known.get(COLUMN)
    own: list[System | None] = (
        [None] * len(table.rows) if column is None else [_own(table, row, column, faults) for row in table.rows]
    )
    given = System(shift="" if datum == WGS84 else datum) if datum else None
    if column is None and told is None and not any(headed):  # most files: nothing but the caller says anything
        found = [given] * len(table.rows)
    else:
        words = zip(table.rows, own, headed, strict=True)
        found = [_settled(table, row, (said, head, told, given), faults) for row, said, head in words]
    if not datum:
        faults.extend(_spoken(table, meaning, found))
    return found if column is None else _said_by_all(table, column, found, faults)


def _own(table: Table, row: Row, column: int, faults: list[Fault]) -> System | None:
    """Return what a row's cell says; a cell that says nothing readable is a fault."""
    text = row.cells[column]
    if not is_filled(text, load_columns()[COLUMN]):
        return None
    value = read_cell(text, load_columns()[COLUMN], table.where(row, column))
    if isinstance(value, Fault):
        faults.append(value)
        return UNREADABLE
    return value if isinstance(value, System) else None


def _settled(table: Table, row: Row, words: Sequence[System | None], faults: list[Fault]) -> System | None:
    """Return the first word that is said; one that shifts otherwise than a later word is a fault."""
    if words[0] == UNREADABLE:
        return UNREADABLE
    said = [word for word in words if word is not None]
    other = next((word for word in said[1:] if word.shift != said[0].shift), None)
    if other is not None:
        params = {"said": said[0].shift or WGS84, "other": other.shift or WGS84}
        faults.append(Fault(CONTRADICTS, table.where(row), params))
    return said[0] if said else None


def _spoken(table: Table, meaning: Meaning, found: Sequence[System | None]) -> list[Fault]:
    """Return a fault for each cell of a row that speaks of a shifted datum which nothing states."""
    skipped = {*meaning.never_read, *(meaning.known[name] for name in content()["mentions"]["not_in"] if name in meaning.known)}
    columns = (index for index in range(len(table.headings)) if index not in skipped)
    speaking = [index for index in columns if mentioned("\n".join({row.cells[index] for row in table.rows}))]
    if not speaking:
        return []
    return [
        Fault(SPEAKS, table.where(row, index), {"datum": datum})
        for row, system in zip(table.rows, found, strict=True)
        if system is None
        for index in speaking
        for datum in mentioned(row.cells[index])
    ]


def _said_by_all(table: Table, column: int, found: Sequence[System | None], faults: list[Fault]) -> list[System | None]:
    """Return the systems; of a row that says none, while others stand elsewhere than in plain degrees, nobody can know it."""
    strange = next((system for system in found if system not in {None, System(), UNREADABLE}), None)
    if strange is None:
        return list(found)
    silent = [row for row, system in zip(table.rows, found, strict=True) if system is None]
    faults.extend(Fault(UNSAID, table.where(row, column), {"crs": name_of(strange)}) for row in silent)
    return [UNREADABLE if system is None else system for system in found]
