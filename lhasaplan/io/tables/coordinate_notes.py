"""Gather what is said around a file's data of their coordinates: titles, its name, texts beside it, members of a GeoJSON."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.io.coordinates.systems import System, mentioned, system_of
from lhasaplan.io.tables.columns import folded, load_columns

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
    for note in notes:
        key, value = (note.key, note.text) if note.key else _statement(note.text)
        if _is_about_systems(key) and (system := system_of(value)) is not None:
            return system, note
    return None, None


def _statement(text: str) -> tuple[str, str]:
    found = _STATEMENT.match(text.strip()) if "\n" not in text else None
    return (found[1], found[2]) if found else ("", "")


def _is_about_systems(key: str) -> bool:
    column = load_columns()["coordinate_system"]
    return bool(key) and folded(key) in {folded(each) for each in (*column.headings, *column.weak)}


def spoken(notes: Iterable[Note], file: str) -> list[Fault]:
    """Return a fault for each note that speaks of a shifted datum in a sentence: whether it still applies cannot be known."""
    faults = []
    for note in notes:
        for datum in mentioned(f"{note.key} {note.text}"):
            faults.append(Fault(SPOKEN, Where(file), {"note": note.origin, "datum": datum}))
    return list({(each.params["note"], each.params["datum"]): each for each in faults}.values())
