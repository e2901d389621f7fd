"""Which column of a camera table means what: headings in four languages, limits and words, all from data/columns.toml."""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

import shapely

from lhasaplan.content import content_folder
from lhasaplan.core.base.spelling import plain, unaccented
from lhasaplan.core.base.translations import LANGUAGES, marked
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS, CameraField
from lhasaplan.errors import Fault, Where
from lhasaplan.io.parse.cell_values import compass_deg, in_thousands, iso_date, mask_rings, mask_sectors, number, word
from lhasaplan.io.parse.coordinate_systems import System, axis_of, heading_system, system_of
from lhasaplan.io.parse.tags import is_never_read
from lhasaplan.io.parse.toml_file import TomlTable, read_toml

AXES = ("lon", "lat", "x_m", "y_m")
_BRACKETS = re.compile(r"[(\[（【].*?[)\]）】]")


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One canonical column: how its cells are read and which headings mean it."""

    name: str
    type: str  # text number whole azimuth word date mask sector wkt system
    headings: tuple[str, ...]
    weak: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    above: float | None = None
    units: tuple[str, ...] = ()
    others: Mapping[str, float] = field(default_factory=dict)  # other units -> what one of them is in the first of ``units``
    unit: str = ""  # the one of them that the heading names
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    is_record: bool = False  # stands in the record of a camera under its canonical name; sight has no use for it


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the headings of one table mean: canonical name -> index, and the indexes of unknown and never-read columns."""

    known: Mapping[str, int]
    unknown: tuple[int, ...]
    never_read: tuple[int, ...]
    not_taken: tuple[tuple[int, str], ...] = ()  # weak headings whose values do not fit: (index, canonical name)
    also: Mapping[str, tuple[int, ...]] = field(default_factory=dict)  # all columns that say a position, by canonical name


@cache
def load_columns() -> Mapping[str, TableColumn]:
    """Return the canonical columns of a camera table by name: what a field of cameras is says the table of fields."""
    fields = {each.column or each.key: _cells_of(each) for each in CAMERA_FIELDS}
    return {name: _column(name, fields.get(name, {}) | entry) for name, entry in _content()["columns"].items()}


def _cells_of(each: CameraField) -> dict[str, object]:
    return {"type": each.type, "low": each.low, "high": each.high, "above": each.above, "is_record": each.is_extra}


@cache
def load_baseline_columns() -> Mapping[str, TableColumn]:
    """Return the columns of a table of approvals: those of a camera table, the date, and more words for the status."""
    baseline = _content()["baseline"]
    own = {name: _column(name, entry) for name, entry in baseline["columns"].items()}
    status = load_columns()["status"]
    more = baseline["status_words"]
    words = {word: (*also, *more.get(word, ())) for word, also in status.words.items()}
    return {**own, **load_columns(), "status": replace(status, words=words)}


@cache
def load_sign_columns() -> Mapping[str, TableColumn]:
    """Return the columns of a table of signs; those of the position are a camera table's."""
    signs = _content()["signs"]
    answers = {word: tuple(also) for word, also in signs["yes_no"].items()}
    own = {name: _column(name, entry) for name, entry in signs["columns"].items()}
    return {name: replace(column, words=answers) if column.type == "word" else column for name, column in own.items()}


@cache
def load_model_columns() -> Mapping[str, TableColumn]:
    """Return the columns of a catalogue of camera models."""
    return {name: _column(name, entry) for name, entry in _content()["models"]["columns"].items()}


@cache
def load_model_words() -> tuple[Mapping[str, str], Mapping[str, float]]:
    """Return the kind that each word of a catalogue means, ``several`` of several lenses in one, and widths of sensors in mm."""
    models = _content()["models"]
    return {plain(word): kind for kind, words in models["kinds"].items() for word in words}, models["sensors_mm"]


@cache
def load_declaration_columns() -> Mapping[str, TableColumn]:
    """Return the columns of a table of what people declare."""
    return {name: _column(name, entry) for name, entry in _content()["declarations"]["columns"].items()}


@cache
def load_point_columns() -> Mapping[str, TableColumn]:
    """Return the columns of a table of points that is asked about; those of the position are a camera table's."""
    own = {name: _column(name, entry) for name, entry in _content()["points"]["columns"].items()}
    return {**own, **{name: load_columns()[name] for name in (*AXES, "coordinate_system")}}


def _content() -> TomlTable:
    content, _ = read_toml(content_folder("data") / "columns.toml")
    return content


@cache
def unknown_words() -> frozenset[str]:
    """Return what a cell holds where the value is unknown."""
    return frozenset(_content()["unknown"]["words"])


def is_filled(text: str, column: TableColumn) -> bool:
    """Say whether a cell has a value: a dash or ``n/a`` means unknown, unless the column is text."""
    return bool(text) and (column.type == "text" or text.strip().casefold() not in unknown_words())


def nobody_knows(text: str) -> bool:
    """Say whether a cell, of text too, says that its answer is not known."""
    return text.strip().casefold() in unknown_words()


@cache
def _unread_headings() -> frozenset[str]:
    return frozenset(folded(heading) for heading in _content()["never_read"]["headings"])


def _column(name: str, entry: TomlTable) -> TableColumn:
    values: TomlTable = {key: value for key, value in entry.items() if key not in LANGUAGES}
    headings = [name, *(heading for language in LANGUAGES for heading in entry.get(language, ()))]
    for key in ("weak", "units"):
        values[key] = tuple(values.get(key, ()))
    values["others"] = _content()["other_units"].get(next(iter(values["units"]), ""), {})
    values["words"] = {word: tuple(also) for word, also in values.get("words", {}).items()}
    return TableColumn(name=name, headings=tuple(headings), **values)


def folded(heading: str) -> str:
    """Return a heading without case, accents, spaces, signs and a unit in brackets.

    >>> folded("Hauteur de pose (m)"), folded("Camera-ID")
    ('hauteurdepose', 'cameraid')
    """
    text = unaccented(heading)
    short = "".join(letter for letter in _BRACKETS.sub("", text) if letter.isalnum())
    return short or "".join(letter for letter in text if letter.isalnum())


@cache
def _other_units() -> frozenset[str]:
    return frozenset(unit for units in _content()["other_units"].values() for unit in units)


@lru_cache(maxsize=4096)
def unit_of(heading: str) -> str:
    """Return the unit other than the usual one that a heading names, in brackets or as its last word; empty for none.

    >>> unit_of("Height (ft)"), unit_of("MOUNT_HEIGHT_FT"), unit_of("Hauteur (m)")
    ('ft', 'ft', '')
    """
    last = [found[1:-1] for found in _BRACKETS.findall(heading)] or re.split(r"[\s_]+", heading)
    unit = last[-1].strip(" .").casefold()
    return unit if unit in _other_units() else ""


def without_unit(heading: str) -> str:
    """Return a heading, folded, without the unit that is its last word.

    >>> without_unit("MOUNT_HEIGHT_FT"), without_unit("Height (ft)")
    ('mountheight', 'height')
    """
    text = folded(heading)
    return text.removesuffix(folded(unit_of(heading))) if unit_of(heading) else text


def with_units(columns: Mapping[str, TableColumn], headings: Sequence[str], meaning: Meaning) -> Mapping[str, TableColumn]:
    """Return the columns with the units that the headings of a table name."""
    units = {name: unit_of(headings[index]) for name, index in meaning.known.items()}
    named = {name: replace(columns[name], unit=unit) for name, unit in units.items() if unit in columns[name].others}
    return {**columns, **named}


def is_unread(heading: str) -> bool:
    """Say whether a column hides the faith of a place, under any heading."""
    return is_never_read(heading) or folded(heading) in _unread_headings()


def understand(
    headings: Sequence[str],
    columns: Mapping[str, TableColumn],
    fits: Callable[[int, TableColumn], bool] = lambda _index, _column: True,
) -> Meaning:
    """Return what the headings mean.

    The earliest synonym of a column wins; a weak heading only where nothing stronger is there and ``fits`` says that every
    value of the column at that index can be read.
    """
    unread = {index for index, heading in enumerate(headings) if is_unread(heading)}
    names = {folded(each) for column in columns.values() for each in (*column.headings, *column.weak)}
    reported = {index: heading for index, heading in enumerate(headings) if heading.strip() and index not in unread}
    free = {index: _key(heading, names, columns) for index, heading in reported.items()}
    also = {name: _all(columns[name], free) for name in AXES if name in columns}
    known: dict[str, int] = {}
    for column in columns.values():
        _take(column.name, column.headings, free, known)
    not_taken = []
    for column in (column for column in columns.values() if column.name not in known):
        for index in [index for index, text in free.items() if text in {folded(each) for each in column.weak}]:
            if fits(index, column):
                known[column.name] = index
                del free[index]
                break
            not_taken.append((index, column.name))
    rest = tuple(pair for pair in not_taken if pair[0] in free)
    return Meaning(known, tuple(sorted(free)), tuple(sorted(unread)), rest, also)


def _key(heading: str, names: Set[str], columns: Mapping[str, TableColumn]) -> str:
    """Return what a heading is compared by: the axis that it names, else its words without unit or coordinate system."""
    axis = axis_of(heading)
    if axis in columns:
        return folded(str(axis))
    if folded(heading) in names:
        return folded(heading)
    system, rest = heading_system(heading)
    if system is not None and (axis_of(rest) or rest) in {
        folded(each) for name in AXES if name in columns for each in columns[name].headings
    } | set(AXES):
        return folded(axis_of(rest) or rest)
    return without_unit(heading)


def _all(column: TableColumn, free: Mapping[int, str]) -> tuple[int, ...]:
    """Return all indexes whose headings mean a column, in the order of its synonyms."""
    return tuple(
        index for synonym in dict.fromkeys(map(folded, column.headings)) for index, text in free.items() if text == synonym
    )


def _take(name: str, synonyms: Sequence[str], free: dict[int, str], known: dict[str, int]) -> None:
    for synonym in synonyms:
        index = next((index for index, text in free.items() if text == folded(synonym)), None)
        if index is not None:
            known[name] = index
            del free[index]
            return


# Read the cells of a camera table by their column's type; every cell that cannot be read is a fault.

NO_SYSTEM = marked("{value} is no coordinate system that is known here; write EPSG:n, WGS84, GCJ-02 or BD-09")


def read_cell(text: str, column: TableColumn, where: Where) -> Any:
    """Return the value of a cell that is not blank, or the :class:`Fault` that tells what is wrong with it."""
    value = _READERS[column.type](text.strip(), column)
    if isinstance(value, Fault):
        return Fault(value.template, where, {"value": text.strip(), **value.params})
    return value


def _number(text: str, column: TableColumn) -> float | Fault:
    value = measured(text, column)
    found = Fault("{value} is no number") if value is None else _within(value, column)
    return _in_thousands(text, column, found) if isinstance(found, Fault) else found


def _in_thousands(text: str, column: TableColumn, fault: Fault) -> float | Fault:
    """Return 1,920 as a thousand and more where 1.92 cannot be meant; the fault where the thousands do not fit either."""
    value = measured(in_thousands(text), column)
    within = fault if value is None else _within(value, column)
    return fault if isinstance(within, Fault) else within


def measured(text: str, column: TableColumn) -> float | None:
    """Return a number in the column's own unit; one behind the number counts before the one in the heading."""
    if (plain := number(text)) is not None:
        return plain * column.others.get(column.unit, 1.0)
    if (own := number(text, column.units)) is not None:
        return own
    found = ((number(text, (unit,)), factor) for unit, factor in column.others.items())
    return next((value * factor for value, factor in found if value is not None), None)


def _within(value: float, column: TableColumn) -> float | Fault:
    if column.above is not None and column.high is not None and not column.above < value <= column.high:
        return Fault("{value} must be above {low} and at most {high}", params=_limits(column.above, column.high))
    if column.low is not None and column.high is not None and not column.low <= value <= column.high:
        return Fault("{value} is outside {low} to {high}", params=_limits(column.low, column.high))
    return value


def _limits(low: float, high: float) -> dict[str, str]:
    return {"low": f"{low:g}", "high": f"{high:g}"}


def _whole(text: str, column: TableColumn) -> int | Fault:
    value = _number(in_thousands(text), column)  # 1,920 pixels are no decimal
    if isinstance(value, Fault):
        return value
    return int(value) if value.is_integer() else Fault("{value} is no whole number")


def signed_deg(text: str, column: TableColumn) -> float | None:
    """Return the azimuth that an angle of -180 to 0 stands for, counted anticlockwise from north; None for any other cell."""
    value = measured(text, column)
    return value + 360.0 if value is not None and -180.0 <= value < 0.0 else None


def _azimuth(text: str, column: TableColumn) -> float | Fault:
    if measured(text, column) is not None:
        signed = signed_deg(text, column)
        return _number(text, column) if signed is None else signed
    wind = compass_deg(text)
    return Fault("{value} is no azimuth; write degrees from true north or a compass point such as NNE") if wind is None else wind


def _word(text: str, column: TableColumn) -> str | Fault:
    known = word(text, column.words)
    return known or Fault("{value} is not known here; write one of {words}", params={"words": ", ".join(column.words)})


def _date(text: str, column: TableColumn) -> str | Fault:
    return iso_date(text) or Fault("{value} is no date that can be read one way only; write it as 2026-05-31")


def _mask(text: str, column: TableColumn) -> object:
    rings = mask_rings(text)
    return rings or Fault(
        "{value} is no polygon in image pixels; write POLYGON((x y, x y, x y, x y)) without holes or negative pixels"
    )


def _sector(text: str, column: TableColumn) -> object:
    return mask_sectors(text) or Fault("{value} is no pair of azimuths; write az1,az2 with values of 0 to 360")


def _wkt(text: str, column: TableColumn) -> shapely.Point | Fault:
    try:
        shape = shapely.from_wkt(text)
    except shapely.errors.GEOSException:
        shape = None
    if shape is None or shape.is_empty or shape.geom_type != "Point":
        return Fault("{value} is no point; write POINT(x y)")
    return shape


def _system(text: str, column: TableColumn) -> System | Fault:
    said = system_of(text)
    return said or Fault(NO_SYSTEM)


_READERS = {
    "text": lambda text, column: text,
    "number": _number,
    "whole": _whole,
    "azimuth": _azimuth,
    "word": _word,
    "date": _date,
    "mask": _mask,
    "sector": _sector,
    "wkt": _wkt,
    "system": _system,
}
