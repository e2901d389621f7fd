"""What the layers of results and of a project look like in a GIS: the colours, classes and words of the drafts."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Protocol

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.demand.ground_in_view import REACH_OF, Reach
from lhasaplan.core.model.layer import COVER, COVER_LINES, DAYLIGHT
from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M
from lhasaplan.qgis.symbols import Condition, Filling, LayerLook, LayerSymbols, Shape, Stroke, SymbolClass, all_of, equals
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import short_number
from lhasaplan.report.text.style import band_colour, map_colour
from lhasaplan.report.text.words import in_language

SEEN, MUST_NOT, PLAN = marked("Cameras and what they see"), marked("Must not be seen"), marked("Plan")
TABLES, CITY = marked("Tables"), marked("City")
CAMERA_LABEL = """nullif("name", '')"""
NUMBER_LABEL = """"number" || coalesce(' · ' || nullif("name", ''), '')"""
STREET_LABEL = """nullif("name", '')"""
FRONTAGE_MM = 0.6
STROKES = {"protected": Stroke.DASHED, "dwelling_likely": Stroke.DOTTED}  # of walls in view, for grey print
FIELD_OPACITY = 0.75  # as on printed maps
TITLES = {
    "night": marked("Seen at night, by infrared"),
    "seen_frontage": marked("Views of protected places"),
    "findings": marked("Findings"),
    "parts": marked("Confirmed parts"),
    "gaps": marked("Gaps"),
    "gaps_with_plan": marked("Gaps with the plan"),
    "overlaps": marked("Overlaps"),
    "service": marked("What would serve the parts that are not met"),
    "assumptions": marked("Assumptions"),
    "summary": marked("Summary"),
    "metadata": marked("Data"),
    "cameras": marked("Cameras"),
    "fields": marked("What cameras can see"),
    "not_mapped": words.NO_BUILDING_NEAR,
    "roads": marked("Streets"),
}
GROUPS = {
    MUST_NOT: ("findings", "seen_frontage"),
    PLAN: ("service", "parts", "gaps", "gaps_with_plan", "overlaps"),
    TABLES: ("assumptions", "summary", "metadata"),
    CITY: ("not_mapped", "roads"),
}
HIDDEN = frozenset(("findings", "overlaps", "night", "service"))


def result_symbols(translations: Translations) -> tuple[LayerSymbols, ...]:
    """Return the symbols of every layer of an exported GeoPackage, from the topmost down."""
    far = SymbolClass(_kind(Reach.FAR, translations), (_far(),), equals("reach", str(Reach.FAR)))
    fields = (far, *(_band(reach, low, translations) for reach in (Reach.NEAR, Reach.CERTAIN) for low in DENSITY_BANDS_PX_M))
    classes = {
        "cameras": camera_classes(translations),
        "findings": finding_classes(translations),
        "seen_frontage": _frontage(translations),
        "service": (SymbolClass(translations(TITLES["service"]), (_ring(map_colour("candidate")),)),),
        "parts": (SymbolClass(translations(TITLES["parts"]), _outlines("#000000", Stroke.DASHED)),),
        "gaps": (SymbolClass(translations(TITLES["gaps"]), (_tint(map_colour("gap"), 0.45),)),),
        "gaps_with_plan": (SymbolClass(translations(TITLES["gaps_with_plan"]), (_tint(map_colour("gap"), 0.7),)),),
        "overlaps": (SymbolClass(translations(TITLES["overlaps"]), (_tint(map_colour("overlap"), 0.3),)),),
        "fields": fields,
        "night": (
            SymbolClass(translations(TITLES["night"]), (replace(_tint(map_colour("night"), 0.12), stroke=Stroke.DASHED),)),
        ),
    }
    ground = _ground_looks()
    classes |= {name: (SymbolClass(translations(TITLES[name]), ground[name]),) for name in GROUPS[CITY]}
    order = (*classes, *GROUPS[TABLES])
    return tuple(_layer(name, classes.get(name, ()), translations) for name in order)


def _layer(name: str, classes: tuple[SymbolClass, ...], translations: Translations) -> LayerSymbols:
    group = next((group for group, names in GROUPS.items() if name in names), SEEN)
    label = {"cameras": NUMBER_LABEL, "roads": STREET_LABEL}.get(name, "")
    opacity = FIELD_OPACITY if name == "fields" else 1.0
    return LayerSymbols(name, translations(TITLES[name]), translations(group), classes, label, name not in HIDDEN, opacity)


def camera_classes(translations: Translations) -> tuple[SymbolClass, ...]:
    """Return the classes of cameras by their state: a planned one is a ring, since it is only wished for."""
    there = LayerLook(Shape.POINT, map_colour("camera"), line="#ffffff")
    looks = {
        "operating": there,
        "planned": replace(there, fill="#ffffff", line=map_colour("camera")),
        "removed": replace(there, filling=Filling.NONE, line=map_colour("note"), stroke=Stroke.DASHED),
    }
    return tuple(
        SymbolClass(words.word(words.STATUSES, key, translations), (look,), equals("status", key)) for key, look in looks.items()
    )


def finding_classes(translations: Translations) -> tuple[SymbolClass, ...]:
    """Return the classes of findings by severity; those that rest on an assumption are dashed. The gravest lie on top."""
    kinds = [(key, certainty) for key in reversed(words.SEVERITIES) for certainty in reversed(words.CERTAINTIES)]
    return tuple(_finding(key, certainty, translations) for key, certainty in kinds)


def _finding(severity: str, certainty: str, translations: Translations) -> SymbolClass:
    label = ", ".join(
        (words.word(words.SEVERITIES, severity, translations), words.word(words.CERTAINTIES, certainty, translations))
    )
    stroke = Stroke.SOLID if certainty == "certain" else Stroke.DASHED
    condition = all_of(equals("severity", severity), equals("certainty", certainty))
    return SymbolClass(label, _outlines(map_colour(severity), stroke), condition)


def _frontage(translations: Translations) -> tuple[SymbolClass, ...]:
    """Return thin lines by class of what is protected, homes on top."""
    return tuple(
        SymbolClass(
            translations(marked("frontage in view: {what}"), what=words.word(words.CLASSES, key, translations)),
            (LayerLook(Shape.LINE, line=map_colour(key), line_mm=FRONTAGE_MM, stroke=STROKES.get(key, Stroke.SOLID)),),
            equals("class", key),
        )
        for key in reversed(words.CLASSES)
    )


def _band(reach: Reach, low: float, translations: Translations) -> SymbolClass:
    label = f"{_kind(reach, translations)}: {translations(marked('from {low} px/m'), low=short_number(low, translations))}"
    look = LayerLook(Shape.AREA, band_colour(low), stroke=Stroke.NONE)
    if reach is Reach.NEAR:
        look = replace(look, filling=Filling.HATCHED)
    return SymbolClass(label, (look,), all_of(equals("reach", str(reach)), equals("from_px_m", low)))


def _far() -> LayerLook:
    """Return one tint, opaque and without an edge: many would add up to a density, and their outlines to a tangle."""
    return LayerLook(Shape.AREA, map_colour("far_ground"), stroke=Stroke.NONE)


def view_classes(translations: Translations) -> tuple[SymbolClass, ...]:
    """Return the ground that a project's last answers keep, which is whole: by how sure it is, and near or far."""
    certain = replace(_tint(map_colour("certain"), 1.0), fill=band_colour(62.5))
    near = replace(_tint(map_colour("possible"), 1.0), filling=Filling.HATCHED, stroke=Stroke.NONE)
    looks = ((Reach.FAR, _far()), (Reach.NEAR, near), (Reach.CERTAIN, certain))
    return tuple(SymbolClass(_kind(reach, translations), (look,), equals("basis", *_bases(reach))) for reach, look in looks)


def _kind(reach: Reach, translations: Translations) -> str:
    return translations(marked("can see, certain")) if reach is Reach.CERTAIN else words.word(words.REACHES, reach, translations)


def _bases(reach: Reach) -> Iterable[str]:
    return [str(basis) for basis, its in REACH_OF.items() if its is reach]


def _tint(of: str, opacity: float) -> LayerLook:
    return LayerLook(Shape.AREA, of, opacity=opacity, line=of)


def _ring(of: str) -> LayerLook:
    return LayerLook(Shape.POINT, filling=Filling.NONE, line=of, line_mm=0.5, size_mm=4.0)


def _outlines(of: str, stroke: Stroke) -> tuple[LayerLook, ...]:
    """Return a ring, a line and an outline of one colour, for a layer that has all kinds of geometry."""
    area = LayerLook(Shape.AREA, of, opacity=0.1, line=of, stroke=stroke, line_mm=0.5)
    return replace(_ring(of), stroke=stroke), LayerLook(Shape.LINE, line=of, stroke=stroke, line_mm=0.5), area


# What the tables of a project file look like in a GIS: the city quiet below, cameras and the last answers above it.

BASELINE = marked("Approved cameras")
COVER_WORDS = {
    "water": marked("Water"),
    "green": marked("Parks and lawns"),
    "wood": marked("Woods"),
    "sand": marked("Sand and rock"),
    "square": marked("Squares"),
    "paved": marked("Platforms and car parks"),
}
# As in the window and in drafts, what a user drew as protected is on no map (``core/model/layer.py``).
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


def project_symbols(translations: Translations, legends: Mapping[str, Legend]) -> tuple[LayerSymbols, ...]:
    """Return the symbols of every table of a project that has a place, from the topmost down."""
    seen, must_not, city = translations(SEEN), translations(MUST_NOT), translations(CITY)
    ground = (_ground(name, legends[name], translations, city) for name in CITY_ORDER if name in legends)
    return (
        LayerSymbols(
            "cameras", in_language(legends["cameras"].term, translations), seen, camera_classes(translations), CAMERA_LABEL
        ),
        LayerSymbols("result_views", translations(TITLES["fields"]), seen, view_classes(translations), opacity=FIELD_OPACITY),
        LayerSymbols("baseline", translations(BASELINE), seen, camera_classes(translations), is_shown=False),
        LayerSymbols(
            "result_findings", translations(TITLES["findings"]), must_not, finding_classes(translations), is_shown=False
        ),
        *ground,
    )


def _ground(name: str, legend: Legend, translations: Translations, group: str) -> LayerSymbols:
    title = in_language(legend.term, translations)
    classes = tuple(_covers(translations)) if name == "places" else (SymbolClass(title, *_looks(name, legend)),)
    return LayerSymbols(name, title, group, classes)


def _looks(name: str, legend: Legend) -> tuple[tuple[LayerLook, ...], Condition]:
    """Return the looks of a layer by shape, and which of its features are drawn; colours that drafts have are theirs."""
    ground = _ground_looks()
    dot = LayerLook(Shape.POINT, legend.colour, line=legend.line, line_mm=0.1, size_mm=1.2)
    area, line, point = _area(legend.colour, legend.line), LayerLook(Shape.LINE, line=legend.line, line_mm=0.3), dot
    return {
        "buildings": (ground["buildings"], ()),
        "floor_walls": (
            (
                replace(line, line=map_colour("building_edge"), line_mm=0.4),
                replace(area, line=map_colour("building_edge"), filling=Filling.NONE),
            ),
            (),
        ),
        "roads": (ground["roads"], NOT_DRAWN),
        "areas": ((LayerLook(Shape.AREA, line=legend.line, filling=Filling.NONE, stroke=Stroke.DASHED),), NOT_DRAWN),
    }.get(name, ((point, line, area), NOT_DRAWN))


def _ground_looks() -> Mapping[str, tuple[LayerLook, ...]]:
    """Return the looks of buildings and streets, quiet beneath what cameras see."""
    road = map_colour("road")
    return {
        "not_mapped": (LayerLook(Shape.AREA, road, filling=Filling.HATCHED, stroke=Stroke.NONE),),
        "buildings": (_area(map_colour("building"), map_colour("building_edge")),),
        "roads": (LayerLook(Shape.LINE, line=road, line_mm=0.5), _area(road, road)),
    }


def _area(fill: str, line: str) -> LayerLook:
    return LayerLook(Shape.AREA, fill, line=line, line_mm=0.15)


def _covers(translations: Translations) -> Iterable[SymbolClass]:
    """Return what is drawn of places: ground cover, never a kind of place that is protected."""
    for kind, text in COVER_WORDS.items():
        fill = DAYLIGHT[kind]
        area = LayerLook(Shape.AREA, fill, stroke=Stroke.NONE)
        tags = [item for item, its in COVER.items() if its == kind]
        yield SymbolClass(translations(text), (area,), ("geometry_type(@geometry) = 'Polygon'", _tagged(tags), *NOT_DRAWN))
        lines = [item for item, (its, _) in COVER_LINES.items() if its == kind]
        if lines:
            on_line = ("geometry_type(@geometry) = 'Line'", _tagged(lines), *NOT_DRAWN)
            yield SymbolClass(translations(text), (LayerLook(Shape.LINE, line=fill, line_mm=0.6),), on_line)


def _tagged(items: Iterable[tuple[str, str]]) -> str:
    """Return the condition that a feature has one of these tags, which a project keeps as JSON."""
    reported = "|".join(f'"{key}"\\\\s*:\\\\s*"{value}"' for key, value in items)
    return f"regexp_match(\"tags\", '{reported}')"


# Streets by the share that cameras can see, certain and possible views together, and areas beneath them.

MAP_TITLE = marked("What cameras can see of each street")
SHARES = (0.0, 0.25, 0.5, 0.75)
RAMPS = {"certain": ("#a9cbe8", "#6ea8d8", "#3c7fb9", "#123f73"), "possible": ("#cfc9e8", "#a79dd4", "#7a6fb5", "#4b3f8f")}
SHARE_TITLES = {"areas": marked("Streets by area"), "streets": marked("Share in view, certain or possible")}
SHARE = '("share_certain" + "share_possible")'


def share_symbols(translations: Translations) -> list[LayerSymbols]:
    """Return the symbols of the tables ``streets`` and ``areas``: a class for each quarter of the share, grey without any."""
    kinds = {"areas": Shape.AREA, "streets": Shape.LINE}
    return [LayerSymbols(table, translations(SHARE_TITLES[table]), classes=_share_classes(kinds[table])) for table in kinds]


def _share_classes(shape: Shape) -> tuple[SymbolClass, ...]:
    found = [SymbolClass("0 %", (_share_look(shape, map_colour("road")),), (f"{SHARE} <= 0",))]
    for low, ramp in zip(SHARES, RAMPS["possible"], strict=True):
        below = f" AND {SHARE} <= {low + 0.25:g}" if low < SHARES[-1] else ""  # the sum of rounded shares may be above 1
        asked = f"{SHARE} > {low:g}{below}"
        found.append(SymbolClass(f"{low:.0%} – {low + 0.25:.0%}", (_share_look(shape, ramp),), (asked,)))
    return tuple(found)


def _share_look(shape: Shape, ink: str) -> LayerLook:
    return LayerLook(shape, ink, opacity=0.5 if shape is Shape.AREA else 1.0, line=ink, line_mm=0.8)
