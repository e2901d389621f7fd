"""What a report of a conflict may say: each side by column, but of drawn places only that they differ."""

from collections.abc import Callable, Iterator, Mapping

from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.plain_values import to_plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.tag_conditions import is_drawn
from lhasaplan.core.project.decisions import Thing
from lhasaplan.core.project.projects import MergedFeature, unlike_columns
from lhasaplan.core.project.three_ways import MINE, THEIRS, Conflict

HIDDEN, GONE = "…", "–"
SIDES = {MINE: marked("mine"), THEIRS: marked("theirs")}
_LONGEST = 60
Columns = Iterator[tuple[str, str, str]]


def plain_text(value: object) -> str:
    """Return what stands in a column as the file has it, a long one shortened."""
    if value is None or value == "":
        return GONE
    if isinstance(value, BaseGeometry):
        return f"{value.geom_type} ({len(value.wkb)} B)"
    if isinstance(value, Thing):
        return value.kind  # where it is, is no word
    if isinstance(value, bytes):
        return f"{len(value)} B"
    if isinstance(value, Mapping):
        return short(", ".join(f"{key}={each}" for key, each in value.items()))
    return short(str(to_plain(value)))


def short(text: str) -> str:
    """Return a text, a long one cut."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + HIDDEN


def reported_columns(conflict: Conflict, text: Callable[[str, object], str] = lambda _name, value: plain_text(value)) -> Columns:
    """Give column, what mine has and what theirs has; of a row that one side took out a single line without a column.

    ``text`` says what stands in a column, by its name and value; of drawn places it is not asked.
    """
    mine, theirs = conflict.sides.get(MINE), conflict.sides.get(THEIRS)
    hides = any(isinstance(each, MergedFeature) and is_drawn(each.tags) for each in (mine, theirs))
    if mine is None or theirs is None:
        yield "", GONE if mine is None else HIDDEN, GONE if theirs is None else HIDDEN
        return
    for name, one, other in unlike_columns(mine, theirs):
        yield (name, HIDDEN, HIDDEN) if hides else (name, text(name, one), text(name, other))
