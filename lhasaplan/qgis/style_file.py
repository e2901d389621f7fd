"""Write the style of one layer as QGIS reads it (QML)."""

from xml.etree.ElementTree import Element, tostring

from lhasaplan.qgis.renderer import add_look
from lhasaplan.qgis.symbols import LayerSymbols

WRITTEN_FOR = "3.40.0"
DOCTYPE = "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n"


def qml(symbols: LayerSymbols) -> str:
    """Return the style. It does not say for which kind of geometry it is: a table with several is shown as a layer each."""
    said = {"styleCategories": "Symbology|Labeling|Fields", "labelsEnabled": "1" if symbols.label else "0"}
    root = Element("qgis", {"version": WRITTEN_FOR, **said})
    add_look(root, symbols)
    return DOCTYPE + tostring(root, encoding="unicode")
