"""A table of text as its readers give it, and what is said around a file's data of their coordinates."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from lhasaplan.content import content_folder
from lhasaplan.core.base.spelling import unaccented
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.coordinate_systems import System, mentioned, system_of
from lhasaplan.io.parse.toml_file import read_toml
from lhasaplan.io.tables.columns import folded, load_columns

# Gather what is said around a file's data of their coordinates: titles, its name, texts beside it, members of a GeoJSON.

_BESIDE = (".txt", ".md", ".xml", ".qmd", ".json", ".htm", ".html")  # texts of the same name
_AFTER = (".xml", ".txt", "-metadata.json", ".json", ".aux.xml")  # texts of the file's whole name and more
_MOST = 1 << 16  # bytes of a text that are looked at
_STATEMENT = re.compile(r"^\W*(.{1,40}?)\s*[:：=]\s*(.+?)\W*$")
_MEMBER = re.compile(r'"([^"\\]{1,40})"\s*:\s*"([^"\\]{1,80})"')
SPOKEN = marked(
    "{note} speaks of {datum}, whose positions are shifted; "
    "say --datum {datum}, or --datum wgs84 where they were set back already"
)


@dataclass(frozen=True, slots=True)
class Note:
    """A text about a file, and where it stands."""

    origin: str
    text: str
    key: str = ""  # of a member or a cell beside: what the text is the value of


def notes_of(path: Path) -> tuple[Note, ...]:
    """Return the file's name, the texts beside it, and the members of a GeoJSON that are not its features."""
    beside = (*(path.with_suffix(suffix) for suffix in _BESIDE), *(path.with_name(path.name + suffix) for suffix in _AFTER))
    texts = [Note(each.name, _text(each)) for each in dict.fromkeys(beside) if each != path and each.is_file()]
    found = [Note(path.name, path.name), *(note for note in texts if not _is_data(note.text))]
    return (*found, *(_members(path) if path.suffix.casefold() in {".geojson", ".json", ".geojsonl"} else ()))


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(_MOST)
    except OSError:
        return ""
    return content.decode("gb18030" if not _is_utf8(content) else "utf-8", errors="replace")


def _is_utf8(content: bytes) -> bool:
    try:
        content[:-4].decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(content) - 8
    return True


def _is_data(text: str) -> bool:
    """Say whether a text beside is a file of data of its own, as ``city.json`` beside ``city.csv``."""
    return '"features"' in text or '"elements"' in text


def _members(path: Path) -> Iterable[Note]:
    """Return the members of a collection before its features and behind them."""
    try:
        with path.open("rb") as stream:
            head = stream.read(_MOST)
            stream.seek(max(path.stat().st_size - _MOST, 0))
            tail = stream.read()
    except OSError:
        return
    start = head.decode("utf-8", errors="replace").partition('"features"')[0]
    behind = tail.decode("utf-8", errors="replace").rpartition("]")[2]
    for text in (start, behind):
        for key, value in _MEMBER.findall(text):
            yield Note(path.name, _unescaped(value), _unescaped(key))


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text


def stated(notes: Iterable[Note]) -> tuple[System | None, Note | None]:
    """Return the system that one of the notes states (``坐标系：GCJ-02``), with the note; the first one counts."""
    column = load_columns()["coordinate_system"]
    about_systems = {folded(each) for each in (*column.headings, *column.weak)}
    for note in notes:
        found = None if note.key or "\n" in note.text else _STATEMENT.match(note.text.strip())
        key, value = (found[1], found[2]) if found else (note.key, note.text)
        if key and folded(key) in about_systems and (system := system_of(value)) is not None:
            return system, note
    return None, None


def spoken(notes: Iterable[Note], file: str) -> list[Fault]:
    """Return a fault for each note that speaks of a shifted datum in a sentence: whether it still applies cannot be known."""
    faults = []
    for note in notes:
        for datum in mentioned(f"{note.key} {note.text}"):
            faults.append(Fault(SPOKEN, Where(file), {"note": note.origin, "datum": datum}))
    return list({(each.params["note"], each.params["datum"]): each for each in faults}.values())


# A table of text as its readers give it: headings and rows, numbered as a person counts them, its angles in one column each.


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row: its number (the headings are row 1) or the feature's number, and its cells in the order of the headings."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of text. ``counts`` says what a row is called in faults: ``row`` or ``feature``."""

    file: str
    headings: tuple[str, ...]
    rows: tuple[TextRow, ...]
    counts: str = "row"
    remarks: tuple[Fault, ...] = ()
    heading_row: int = 1
    faults: tuple[Fault, ...] = ()  # rows that are too long and headings that come twice, to be told with those of the cells
    notes: tuple[Note, ...] = ()  # what is said around the table: titles, other sheets, the file's name, texts beside it

    def where(self, row: TextRow, column: int | None = None) -> Where:
        """Return the place of a row, or of one of its cells."""
        heading = None if column is None else self.headings[column].strip() or str(column + 1)
        if self.counts == "row":
            return Where(self.file, row.number, heading)
        return Where(self.file, None, heading, f"{self.counts} {row.number}")


@contextmanager
def reported_with(faults: Sequence[Fault]) -> Iterator[None]:
    """Read the cells of a table inside this block; its faults and those of the table are raised together, by row."""
    try:
        yield
    except InputError as error:
        raise InputError(*sorted((*faults, *error.faults), key=lambda fault: fault.where.row or 0)) from error
    if faults:
        raise InputError(*faults)


# Join degrees, minutes and seconds that stand in columns of their own: lat_deg, lat_min, lat_sec are one latitude.
PIECES = ("degrees", "minutes", "seconds", "side")
SIGNS = {"degrees": "°", "minutes": "'", "seconds": '"', "side": ""}
JOINED = marked("the columns {columns} are read together as degrees, minutes and seconds")
_WORDS = re.compile(r"[^\W\d_]+")
_Arc = Mapping[str, int]  # piece -> index of its column


@cache
def _words() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return word -> axis and word -> piece of an arc."""
    content = read_toml(content_folder("data") / "columns.toml")[0]
    axes = {unaccented(word): axis for axis in ("lon", "lat") for word in content["axes"][axis]}
    return axes, {unaccented(word): piece for piece in PIECES for word in content["arcs"][piece]}


def with_arcs_joined(table: TextTable) -> TextTable:
    """Return the table with one column for each axis whose degrees and minutes stand apart; any other table as it is."""
    arcs = {axis: arc for axis, arc in _arcs(table.headings).items() if {"degrees", "minutes"} <= arc.keys()}
    if not arcs:
        return table
    gone = {index for arc in arcs.values() for piece, index in arc.items() if piece != "degrees"}
    kept = [index for index in range(len(table.headings)) if index not in gone]
    first = {arc["degrees"]: (axis, arc) for axis, arc in arcs.items()}
    headings = tuple(first[i][0] if i in first else table.headings[i] for i in kept)
    rows = tuple(replace(row, cells=tuple(_cell(row, i, first) for i in kept)) for row in table.rows)
    names = ", ".join(table.headings[i] for arc in arcs.values() for i in sorted(arc.values()))
    remark = Fault(JOINED, Where(table.file, table.heading_row), {"columns": names})
    return replace(table, headings=headings, rows=rows, remarks=(*table.remarks, remark))


def _arcs(headings: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return the columns that a heading names as a piece of an axis; the first one of each counts.

    >>> _arcs(["id", "lat_deg", "lat_min", "Longitude (degrees)", "Longitude minutes", "lon_dir"])
    {'lat': {'degrees': 1, 'minutes': 2}, 'lon': {'degrees': 3, 'minutes': 4, 'side': 5}}
    """
    found: dict[str, dict[str, int]] = {}
    for index, heading in enumerate(headings):
        named = _piece_of(heading)
        if named is not None:
            found.setdefault(named[0], {}).setdefault(named[1], index)
    return found


def _piece_of(heading: str) -> tuple[str, str] | None:
    """Return axis and piece of a heading of nothing but these two; Chinese writes them as one word."""
    axes, pieces = _words()
    words = [word for run in _WORDS.findall(unaccented(heading)) for word in _apart(run)]
    if len(words) != 2 or words[0] not in axes or words[1] not in pieces:
        return None
    return axes[words[0]], pieces[words[1]]


def _apart(run: str) -> list[str]:
    axes, pieces = _words()
    start = next((axis for axis in axes if run.startswith(axis) and run[len(axis) :] in pieces), "")
    return [start, run[len(start) :]] if start else [run]


def _cell(row: TextRow, index: int, first: Mapping[int, tuple[str, _Arc]]) -> str:
    """Return a cell, that of an axis as degrees, minutes, seconds and side in one text."""
    if index not in first:
        return row.cells[index]
    reported = ((piece, row.cells[first[index][1][piece]].strip()) for piece in PIECES if piece in first[index][1])
    return "".join(f"{text.rstrip(SIGNS[piece] or None)}{SIGNS[piece]}" for piece, text in reported if text)
