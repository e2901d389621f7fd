"""Write the style of one layer as other programs read it: OGC Styled Layer Descriptor 1.1 with Symbology Encoding 1.1.

It says less than QGIS's own style: no conditions in QGIS's language, no drawing by the shape of each feature, no labels, and no
opacity of a layer as a whole, which is that of its fills here.
"""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, tostring

from lhasaplan.qgis.symbols import Condition, Equals, Filling, LayerLook, LayerSymbols, Shape, Stroke, SymbolClass

MM_OF_A_PIXEL = 0.28  # Symbology Encoding 1.1, 11.1: sizes are in pixels of this width
NAMESPACES = {
    "xmlns": "http://www.opengis.net/sld",
    "xmlns:se": "http://www.opengis.net/se",
    "xmlns:ogc": "http://www.opengis.net/ogc",
}
_SYMBOLIZER = {Shape.POINT: "se:PointSymbolizer", Shape.LINE: "se:LineSymbolizer", Shape.AREA: "se:PolygonSymbolizer"}
_DASHES = {Stroke.DASHED: "4 2", Stroke.DOTTED: "1 2"}


def sld(symbols: LayerSymbols) -> str:
    """Return the style; empty where SLD cannot say which features a class draws, since half a style would mislead."""
    if not all(map(_can_say, symbols.classes)):
        return ""
    root = Element("StyledLayerDescriptor", NAMESPACES | {"version": "1.1.0"})
    layer = SubElement(root, "NamedLayer")
    SubElement(layer, "se:Name").text = symbols.table
    style = SubElement(layer, "UserStyle")
    SubElement(style, "se:Name").text = symbols.title
    rules = SubElement(style, "se:FeatureTypeStyle")
    for each in symbols.classes:
        _add_rule(rules, each, symbols.opacity)
    return tostring(root, encoding="unicode")


def _can_say(one: SymbolClass) -> bool:
    return len(one.looks) == 1 and all(isinstance(each, Equals) for each in one.condition)


def _add_rule(parent: Element, one: SymbolClass, opacity: float) -> None:
    rule = SubElement(parent, "se:Rule")
    SubElement(rule, "se:Name").text = one.label
    SubElement(SubElement(rule, "se:Description"), "se:Title").text = one.label
    if one.condition:
        _join(SubElement(rule, "ogc:Filter"), "ogc:And", list(_asked(one.condition)))
    (look,) = one.looks
    _add_symbolizer(rule, look, opacity)


def _asked(condition: Condition) -> Iterable[Element]:
    for each in condition:
        if isinstance(each, Equals):
            either = Element("all")
            _join(either, "ogc:Or", [_is(each.column, value) for value in each.values])
            yield either[0]


def _join(parent: Element, word: str, parts: list[Element]) -> None:
    """Put conditions into their parent, several under the word that joins them."""
    (parent if len(parts) == 1 else SubElement(parent, word)).extend(parts)


def _is(column: str, value: str | float) -> Element:
    root = Element("ogc:PropertyIsEqualTo")
    SubElement(root, "ogc:PropertyName").text = column
    SubElement(root, "ogc:Literal").text = value if isinstance(value, str) else f"{value:g}"
    return root


def _add_symbolizer(rule: Element, look: LayerLook, opacity: float) -> None:
    root = SubElement(rule, _SYMBOLIZER[look.shape])
    if look.shape is Shape.POINT:
        graphic = SubElement(root, "se:Graphic")
        mark = SubElement(graphic, "se:Mark")
        SubElement(mark, "se:WellKnownName").text = "circle"
        SubElement(graphic, "se:Size").text = _pixels(look.size_mm)
        root = mark
    if look.shape is not Shape.LINE:
        _add_fill(root, look, opacity)
    if look.stroke is not Stroke.NONE:
        _add_stroke(root, look)


def _add_fill(parent: Element, look: LayerLook, opacity: float) -> None:
    if look.filling is Filling.NONE:
        return
    fill = SubElement(parent, "se:Fill")
    if look.filling is Filling.HATCHED:
        mark = SubElement(SubElement(SubElement(fill, "se:GraphicFill"), "se:Graphic"), "se:Mark")
        SubElement(mark, "se:WellKnownName").text = "slash"
        _say(SubElement(mark, "se:Stroke"), {"stroke": look.fill})
        return
    _say(fill, {"fill": look.fill, "fill-opacity": f"{look.opacity * opacity:g}"})


def _add_stroke(parent: Element, look: LayerLook) -> None:
    dashes = {"stroke-dasharray": _DASHES[look.stroke]} if look.stroke in _DASHES else {}
    _say(SubElement(parent, "se:Stroke"), {"stroke": look.line, "stroke-width": _pixels(look.line_mm), **dashes})


def _say(parent: Element, values: dict[str, str]) -> None:
    for name, value in values.items():
        SubElement(parent, "se:SvgParameter", name=name).text = value


def _pixels(mm: float) -> str:
    return f"{mm / MM_OF_A_PIXEL:.3g}"
