"""The empty file that slides are put in: our size, colours, fonts and one layout, and nothing of the template's own."""

from typing import Any

import pptx
from lxml import etree
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Cm, Pt

from lhasaplan.report.text.style import load_slide_style, load_style

LAYOUT = "Title Only"
UNWANTED = (RT.PRINTER_SETTINGS, RT.THUMBNAIL, RT.EXTENDED_PROPERTIES)


def empty_presentation() -> Any:
    """Return a presentation without a slide, in our theme."""
    deck = pptx.Presentation()
    page = load_slide_style()["page"]
    deck.slide_width, deck.slide_height = Cm(page["width_cm"]), Cm(page["height_cm"])
    for layout in list(deck.slide_layouts):
        if layout.name != LAYOUT:
            deck.slide_layouts.remove(layout)
    _drop(deck.part)
    _drop(deck.part.package)
    _colour_and_letter(deck.slide_master)
    for shapes in (deck.slide_master.placeholders, deck.slide_layouts[0].placeholders):
        _place(list(shapes))
    return deck


def _drop(owner: Any) -> None:
    """Let go what names the program that made the template, its printer and its picture."""
    rels = owner.rels if hasattr(owner, "rels") else owner._rels
    for name in [name for name, rel in rels.items() if rel.reltype in UNWANTED]:
        rels.pop(name)


def _colour_and_letter(master: Any) -> None:
    part = master.part.part_related_by(RT.THEME)
    theme = etree.fromstring(part.blob)
    theme.set("name", "lhasaplan")
    elements = theme.find(qn("a:themeElements"))
    _set_colours(elements.find(qn("a:clrScheme")))
    _set_fonts(elements.find(qn("a:fontScheme")))
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


def _set_colours(scheme: Any) -> None:
    look, map_colours = load_slide_style()["colours"], load_style()["colours"]
    scheme.set("name", "lhasaplan")
    values = {
        **{"dk1": look["ink"], "lt1": look["paper"], "dk2": look["head"], "lt2": look["band"]},
        **{"accent1": look["accent"], "accent2": map_colours["home"], "accent3": map_colours["protected"]},
        **{"accent4": map_colours["due"], "accent5": map_colours["overlap"], "accent6": map_colours["note"]},
        **{"hlink": look["accent"], "folHlink": look["quiet"]},
    }
    for name, colour in values.items():
        slot = scheme.find(qn(f"a:{name}"))
        for child in list(slot):
            slot.remove(child)
        etree.SubElement(slot, qn("a:srgbClr")).set("val", colour.lstrip("#").upper())


def _set_fonts(scheme: Any) -> None:
    """Name the Latin font, and the East Asian one for Chinese letters in any language."""
    fonts = load_style()["fonts"]
    scheme.set("name", "lhasaplan")
    for group in scheme:
        if group.tag in (qn("a:majorFont"), qn("a:minorFont")):
            for script in group.findall(qn("a:font")):
                group.remove(script)
            group.find(qn("a:latin")).set("typeface", fonts["latin"])
            group.find(qn("a:ea")).set("typeface", fonts["east_asian"])
            etree.SubElement(group, qn("a:font"), script="Hans", typeface=fonts["east_asian"])


def _place(shapes: list[Any]) -> None:
    """Put title, foot and number where our slides have them; there is no date, for no clock is read."""
    page = load_slide_style()["page"]
    left, width = page["margin_cm"], page["width_cm"] - 2 * page["margin_cm"]
    places = {
        "title": (left, page["title_top_cm"], width, page["title_height_cm"]),
        "body": (left, page["content_top_cm"], width, page["content_bottom_cm"] - page["content_top_cm"]),
        "ftr": (left, page["foot_top_cm"], width - 3.0, page["foot_height_cm"]),
        "sldNum": (left + width - 2.8, page["foot_top_cm"], 2.8, page["foot_height_cm"]),
    }
    for shape in shapes:
        place = places.get(shape.element.ph.get("type", "body"))
        if place is None:
            shape.element.getparent().remove(shape.element)
            continue
        shape.left, shape.top, shape.width, shape.height = map(Cm, place)
        _letters(shape)


def _letters(shape: Any) -> None:
    """Set how a placeholder prints: titles to the left and dark, foot and number small."""
    look, frame = load_slide_style(), shape.text_frame
    kind = shape.element.ph.get("type", "body")
    frame.margin_left = frame.margin_right = 0
    frame.margin_top = frame.margin_bottom = 0
    styles = frame._txBody.find(qn("a:lstStyle"))
    for old in list(styles):
        styles.remove(old)
    level = etree.SubElement(styles, qn("a:lvl1pPr"), algn="r" if kind == "sldNum" else "l")
    size = look["points"]["title" if kind == "title" else "foot" if kind in ("ftr", "sldNum") else "body"]
    letters = etree.SubElement(level, qn("a:defRPr"), sz=str(int(Pt(size).pt * 100)), b="1" if kind == "title" else "0")
    fill = etree.SubElement(letters, qn("a:solidFill"))
    colour = look["colours"]["head" if kind == "title" else "ink" if kind == "body" else "quiet"]
    etree.SubElement(fill, qn("a:srgbClr")).set("val", colour.lstrip("#").upper())
