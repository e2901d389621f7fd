"""What the tables of a project file look like in a GIS: the city quiet below, cameras and the last answers above it."""

from collections.abc import Iterable, Mapping
from typing import Protocol

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.model.ground_cover import COVER, COVER_LINES, DAYLIGHT
from lhasaplan.qgis.symbols import Condition, Filling, LayerSymbols, Look, Shape, Stroke, SymbolClass
from lhasaplan.report.maps.result_symbols import (
    CAMERA_LABEL,
    FIELD_OPACITY,
    MUST_NOT,
    SEEN,
    TITLES,
    camera_classes,
    colour,
    finding_classes,
    view_classes,
)
from lhasaplan.report.text.words import in_language

CITY, BASELINE = marked("City"), marked("Approved cameras")
COVER_WORDS = {
    "water": marked("Water"),
    "green": marked("Parks and lawns"),
    "wood": marked("Woods"),
    "sand": marked("Sand and rock"),
    "square": marked("Squares"),
    "paved": marked("Platforms and car parks"),
}
# As in the window and in drafts, what a user drew as protected is on no map (``core/model/drawn_tags.py``).
NOT_DRAWN = ("""NOT regexp_match("tags", '"lhasaplan"|processional_way|polling_place|"kind"\\\\s*:\\\\s*"protected"')""",)
CITY_ORDER = ("areas", "poles", "trees", "floor_walls", "buildings", "roads", "places")


class Legend(Protocol):
    """What ``layers/specs`` says of a layer."""

    @property
    def colour(self) -> str:
        """The colour of its areas and points, as #rrggbb."""

    @property
    def line(self) -> str:
        """The colour of its lines."""

    @property
    def term(self) -> Mapping[str, str]:
        """What it is called, by language."""


def project_symbols(wording: Wording, legends: Mapping[str, Legend]) -> tuple[LayerSymbols, ...]:
    """Return the symbols of every table of a project that has a place, from the topmost down."""
    seen, must_not, city = wording(SEEN), wording(MUST_NOT), wording(CITY)
    ground = (_ground(name, legends[name], wording, city) for name in CITY_ORDER if name in legends)
    return (
        LayerSymbols("cameras", in_language(legends["cameras"].term, wording), seen, camera_classes(wording), CAMERA_LABEL),
        LayerSymbols("result_views", wording(TITLES["fields"]), seen, view_classes(wording), opacity=FIELD_OPACITY),
        LayerSymbols("baseline", wording(BASELINE), seen, camera_classes(wording), is_shown=False),
        LayerSymbols("result_findings", wording(TITLES["findings"]), must_not, finding_classes(wording), is_shown=False),
        *ground,
    )


def _ground(name: str, legend: Legend, wording: Wording, group: str) -> LayerSymbols:
    title = in_language(legend.term, wording)
    classes = tuple(_covers(wording)) if name == "places" else (SymbolClass(title, *_looks(name, legend)),)
    return LayerSymbols(name, title, group, classes)


def _looks(name: str, legend: Legend) -> tuple[tuple[Look, ...], Condition]:
    """Return the looks of a layer by shape, and which of its features are drawn; colours that drafts have are theirs."""
    building, edge, road = colour("building"), colour("building_edge"), colour("road")
    area, line, point = _area(legend.colour, legend.line), Look(Shape.LINE, line=legend.line, line_mm=0.3), _dot(legend)
    return {
        "buildings": ((_area(building, edge),), ()),
        "floor_walls": ((Look(Shape.LINE, line=edge, line_mm=0.4), Look(Shape.AREA, line=edge, filling=Filling.NONE)), ()),
        "roads": ((Look(Shape.LINE, line=road, line_mm=0.5), _area(road, road)), NOT_DRAWN),
        "areas": ((Look(Shape.AREA, line=legend.line, filling=Filling.NONE, stroke=Stroke.DASHED),), NOT_DRAWN),
    }.get(name, ((point, line, area), NOT_DRAWN))


def _area(fill: str, line: str) -> Look:
    return Look(Shape.AREA, fill, line=line, line_mm=0.15)


def _dot(legend: Legend) -> Look:
    return Look(Shape.POINT, legend.colour, line=legend.line, line_mm=0.1, size_mm=1.2)


def _covers(wording: Wording) -> Iterable[SymbolClass]:
    """Return what is drawn of places: ground cover, never a kind of place that is protected."""
    for kind, text in COVER_WORDS.items():
        fill = DAYLIGHT[kind]
        area = Look(Shape.AREA, fill, stroke=Stroke.NONE)
        tags = [item for item, its in COVER.items() if its == kind]
        yield SymbolClass(wording(text), (area,), ("geometry_type(@geometry) = 'Polygon'", _tagged(tags), *NOT_DRAWN))
        lines = [item for item, (its, _) in COVER_LINES.items() if its == kind]
        if lines:
            on_line = ("geometry_type(@geometry) = 'Line'", _tagged(lines), *NOT_DRAWN)
            yield SymbolClass(wording(text), (Look(Shape.LINE, line=fill, line_mm=0.6),), on_line)


def _tagged(items: Iterable[tuple[str, str]]) -> str:
    """Return the condition that a feature has one of these tags, which a project keeps as JSON."""
    told = "|".join(f'"{key}"\\\\s*:\\\\s*"{value}"' for key, value in items)
    return f"regexp_match(\"tags\", '{told}')"
