"""What a layer looks like, as values: classes with their colours, what it is called, and where it hangs in the list of layers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain


class Shape(StrEnum):
    """What kind of geometry a look draws, in QGIS's word for symbols."""

    POINT = "marker"
    LINE = "line"
    AREA = "fill"


class Stroke(StrEnum):
    """How a line is drawn."""

    NONE = "no"
    SOLID = "solid"
    DASHED = "dash"
    DOTTED = "dot"


class Filling(StrEnum):
    """How an area is filled."""

    NONE = "no"
    SOLID = "solid"
    HATCHED = "b_diagonal"


@dataclass(frozen=True, slots=True)
class LayerLook:
    """One symbol.

    Parameters
    ----------
    fill, line : colours as #rrggbb; of a hatched area ``fill`` is the colour of the hatching.
    opacity : of the fill, 0 to 1.
    line_mm, size_mm : width of the line, and diameter of a point.
    """

    shape: Shape
    fill: str = "#ffffff"
    filling: Filling = Filling.SOLID
    opacity: float = 1.0
    line: str = "#000000"
    stroke: Stroke = Stroke.SOLID
    line_mm: float = 0.26
    size_mm: float = 2.4


@dataclass(frozen=True, slots=True)
class Equals:
    """That a column holds one of these values; as text in QGIS's language of expressions."""

    column: str
    values: tuple[str | float, ...]

    def __str__(self) -> str:
        name, reported = self.column.replace('"', '""'), [_literal(value) for value in self.values]
        return f'"{name}" = {reported[0]}' if len(reported) == 1 else f'"{name}" IN ({", ".join(reported)})'


# All of these hold; a text is in QGIS's language of expressions, and no other knows what it asks.
Condition = tuple[Equals | str, ...]


@dataclass(frozen=True, slots=True)
class SymbolClass:
    """The features that have one look: all that meet a condition; none for every feature.

    A class with looks of several shapes is drawn by the shape of each feature.
    """

    label: str
    looks: tuple[LayerLook, ...]
    condition: Condition = ()


@dataclass(frozen=True, slots=True)
class LayerSymbols:
    """How one table is drawn; a table without geometry has no classes.

    Parameters
    ----------
    table, title : its name in the file, and what readers call it.
    group : title of the group in which it hangs; empty for none.
    classes : from the lowest drawn to the topmost.
    label : what is written beside each feature, as an expression; empty for nothing.
    is_shown : whether it is switched on at first.
    opacity : of the layer as a whole, 0 to 1, so that no tint adds up where features lie over each other.
    aliases : what readers call its columns, by name.
    """

    table: str
    title: str
    group: str = ""
    classes: tuple[SymbolClass, ...] = ()
    label: str = ""
    is_shown: bool = True
    opacity: float = 1.0
    aliases: Mapping[str, str] = field(default_factory=dict)


def equals(column: str, *values: str | float) -> Condition:
    """Return the condition that a column holds one of these values."""
    return (Equals(column, values),)


def all_of(*conditions: Condition) -> Condition:
    """Return the condition that all of these hold; empty ones ask nothing."""
    return tuple(chain.from_iterable(conditions))


def expression(condition: Condition) -> str:
    r"""Return a condition in QGIS's language of expressions.

    >>> expression(all_of(equals("basis", "wide", "sweep"), equals("from_px_m", 62.5)))
    '"basis" IN (\'wide\', \'sweep\') AND "from_px_m" = 62.5'
    """
    return " AND ".join(map(str, condition))


def _literal(value: str | float) -> str:
    return "'" + value.replace("'", "''") + "'" if isinstance(value, str) else f"{value:g}"
