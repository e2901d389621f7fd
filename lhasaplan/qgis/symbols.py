"""What a layer looks like, as values: classes with their colours, what it is called, and where it hangs in the list of layers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain
from xml.etree.ElementTree import Element, SubElement, tostring


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
        name, reported = (
            self.column.replace('"', '""'),
            ["'" + value.replace("'", "''") + "'" if isinstance(value, str) else f"{value:g}" for value in self.values],
        )
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


# Write classes of symbols as QGIS keeps them: a renderer by rules, labels, and names of columns.

LABEL_PT, LABEL_COLOUR, HALO_MM = 8.0, "#1b1b1b", 0.7
_GEOMETRY = {Shape.POINT: "Point", Shape.LINE: "Line", Shape.AREA: "Polygon"}
_LAYER = {Shape.POINT: "SimpleMarker", Shape.LINE: "SimpleLine", Shape.AREA: "SimpleFill"}


def add_look(parent: Element, symbols: LayerSymbols) -> None:
    """Add renderer, labels and aliases to the element of a style or a layer."""
    if symbols.classes:
        parent.append(renderer(symbols.classes))
        parent.append(labeling(symbols.label))
        SubElement(parent, "layerOpacity").text = f"{symbols.opacity:g}"
    aliases = SubElement(parent, "aliases")
    for index, (column, title) in enumerate(symbols.aliases.items()):
        SubElement(aliases, "alias", field=column, name=title, index=str(index))


def renderer(classes: Iterable[SymbolClass]) -> Element:
    """Return a renderer by rules, one a class and shape; features that meet none are not drawn."""
    root = Element("renderer-v2", type="RuleRenderer", symbollevels="1", forceraster="0", enableorderby="0")
    rules, drawn = SubElement(root, "rules", key="root"), SubElement(root, "symbols")
    for number, (one, look) in enumerate((each, look) for each in classes for look in each.looks):
        condition = _condition(one, look)
        rule = SubElement(rules, "rule", key=f"rule-{number}", symbol=str(number), label=one.label)
        if condition:
            rule.set("filter", condition)
        drawn.append(_symbol(str(number), look, number))
    return root


def _condition(one: SymbolClass, look: LayerLook) -> str:
    """Return which features a rule draws: those of the class, and of its shape where the class has several."""
    if len(one.looks) == 1:
        return expression(one.condition)
    whole = (f"({expression(one.condition)})",) if one.condition else ()
    return expression((*whole, f"geometry_type(@geometry) = '{_GEOMETRY[look.shape]}'"))


def _symbol(name: str, look: LayerLook, level: int) -> Element:
    root = Element("symbol", type=str(look.shape), name=name, alpha="1", clip_to_extent="1", force_rhr="0")
    layer = SubElement(root, "layer", {"class": _LAYER[look.shape], "enabled": "1", "pass": str(level), "locked": "0"})
    add_options(layer, _options(look))
    return root


def add_options(parent: Element, options: Mapping[str, str]) -> None:
    """Add a map of texts as QGIS writes them."""
    reported = SubElement(parent, "Option", type="Map")
    for name, value in options.items():
        SubElement(reported, "Option", type="QString", name=name, value=value)


def _options(look: LayerLook) -> dict[str, str]:
    fill = _rgba(look.fill, 0.0 if look.filling is Filling.NONE else look.opacity)
    line, width = _rgba(look.line), f"{look.line_mm:g}"
    if look.shape is Shape.LINE:
        options = {"line_color": line, "line_style": str(look.stroke), "line_width": width, "line_width_unit": "MM"}
        return options | {"capstyle": "flat", "joinstyle": "round"}
    options = {"color": fill, "outline_color": line, "outline_style": str(look.stroke), "outline_width": width}
    options |= {"outline_width_unit": "MM", "joinstyle": "round"}
    if look.shape is Shape.POINT:
        return options | {"name": "circle", "size": f"{look.size_mm:g}", "size_unit": "MM", "angle": "0"}
    return options | {"style": str(look.filling)}


def _rgba(colour: str, opacity: float = 1.0) -> str:
    """Return a colour in QGIS's writing.

    >>> _rgba("#1f6fb2", 0.5)
    '31,111,178,128'
    """
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},{round(255 * opacity)}"


def labeling(expression: str) -> Element:
    """Return what is written beside the features of a layer, with a halo; nothing for an empty expression."""
    root = Element("labeling", type="simple")
    if not expression:
        return root
    settings = SubElement(root, "settings", calloutType="simple")
    text = {"fieldName": expression, "isExpression": "1", "fontSize": f"{LABEL_PT:g}", "fontSizeUnit": "Point"}
    style = SubElement(settings, "text-style", text | {"textColor": _rgba(LABEL_COLOUR), "textOpacity": "1"})
    halo = {"bufferDraw": "1", "bufferSize": f"{HALO_MM:g}", "bufferSizeUnits": "MM", "bufferColor": _rgba("#ffffff", 0.85)}
    SubElement(style, "text-buffer", halo | {"bufferOpacity": "1", "bufferNoFill": "1"})
    SubElement(settings, "placement", placement="6", dist="1", distUnits="MM", priority="5")
    SubElement(settings, "rendering", drawLabels="1", obstacle="1", limitNumLabels="0", scaleVisibility="0", displayAll="0")
    return root


# Write the style of one layer as QGIS reads it (QML).
WRITTEN_FOR = "3.40.0"
DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def qml(symbols: LayerSymbols) -> str:
    """Return the style. It does not say for which kind of geometry it is: a table with several is shown as a layer each."""
    said = {"styleCategories": "Symbology|Labeling|Fields", "labelsEnabled": "1" if symbols.label else "0"}
    root = Element("qgis", {"version": WRITTEN_FOR, **said})
    add_look(root, symbols)
    return DOCTYPE + tostring(root, encoding="unicode")
