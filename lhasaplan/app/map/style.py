"""Colours, widths and kinds of the map: blue sight, warm colours for what must not be seen; the rest is quiet."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.tag_conditions import DAYLIGHT
from lhasaplan.core.results.finding import Severity

# Colours of the map by daylight and on a dark window; data only, chosen by name where something is drawn.


def colour(text: str, alpha: int = 255) -> QColor:
    """Return a colour with its opacity, 0 to 255."""
    made = QColor(text)
    made.setAlpha(alpha)
    return made


def with_alpha(base: QColor, alpha: int) -> QColor:
    """Return a colour at another opacity, 0 to 255."""
    made = QColor(base)
    made.setAlpha(alpha)
    return made


COUNTED = (1, 2, 3, 5, 10)  # from how many cameras on a class of the map of counts begins


@dataclass(frozen=True, eq=False, slots=True)
class Palette:
    """What is drawn in which colour. ``cover`` and ``roads`` are by the kinds that ``style`` sorts map features into.

    ``ramp`` are the colours of certain sight from 25 px/m to 250 px/m and more; sight that is only possible has one tint for
    what a wide lens shows and a fainter one beyond. ``counts`` are the colours of ground that so many cameras see, by
    ``COUNTED``.
    """

    is_dark: bool
    paper: QColor
    building_fills: tuple[QColor, ...]  # from low to high
    building_line: QColor
    floor_line: QColor
    area_line: QColor
    tree_fill: QColor
    road_edge: QColor
    rail: QColor
    coast: QColor
    words: QColor
    halo: QColor
    ink: QColor
    panel: QColor
    possible: QColor
    far: QColor
    possible_edge: QColor
    night: QColor
    unasked: QColor
    not_mapped: QColor
    gap: QColor
    overlap: QColor
    ramp: tuple[QColor, ...]
    counts: tuple[QColor, ...]
    cover: Mapping[str, QColor]
    roads: Mapping[str, QColor]


LIGHT = Palette(
    is_dark=False,
    paper=colour("#f4f3ef"),
    building_fills=tuple(colour(each) for each in ("#d9d4cb", "#cec8bd", "#c2bbae", "#b4ac9e")),
    building_line=colour("#b3aca0"),
    floor_line=colour("#6d6459", 200),
    area_line=colour("#8b7fa8"),
    tree_fill=colour("#a9c79c", 170),
    road_edge=colour("#cfc8bb"),
    rail=colour("#8f8f94"),
    coast=colour("#8fb3cc"),
    words=colour("#4a4238"),
    halo=colour("#ffffff", 215),
    ink=colour("#2b2f36"),
    panel=colour("#ffffff", 225),
    possible=colour("#6f5a8c", 64),
    far=colour("#6f5a8c", 30),
    possible_edge=colour("#5d4880", 130),
    night=colour("#2b2350", 90),
    unasked=colour("#a1662f", 100),
    not_mapped=colour("#5f656d", 150),
    gap=colour("#d6336c", 120),
    overlap=colour("#0ca678", 95),
    ramp=(colour("#8fd0f5", 120), colour("#4f9bd9", 140), colour("#2a6fb5", 165), colour("#123f7a", 190)),
    counts=tuple(colour(each, 190) for each in ("#ffe873", "#7cc79a", "#2f93a8", "#2a4f90", "#241052")),
    cover={kind: colour(text) for kind, text in DAYLIGHT.items()},
    roads={
        "motorway": colour("#f3cf9b"),
        "primary": colour("#f8e3b0"),
        "secondary": colour("#fcf2cc"),
        "street": colour("#ffffff"),
        "walk": colour("#e9e2d6"),
    },
)

DARK = Palette(
    is_dark=True,
    paper=colour("#1f2226"),
    building_fills=tuple(colour(each) for each in ("#34383e", "#3b4047", "#444a52", "#505760")),
    building_line=colour("#4b5058"),
    floor_line=colour("#9aa0a8", 200),
    area_line=colour("#9a8fc4"),
    tree_fill=colour("#3f5a3c", 190),
    road_edge=colour("#16181b"),
    rail=colour("#6a6d73"),
    coast=colour("#3f5f78"),
    words=colour("#d3d0c8"),
    halo=colour("#14161a", 215),
    ink=colour("#e6e6e6"),
    panel=colour("#2b2e33", 230),
    possible=colour("#7c6ba0", 70),
    far=colour("#7c6ba0", 34),
    possible_edge=colour("#b1a8f2", 130),
    night=colour("#060414", 120),
    unasked=colour("#c98a4a", 120),
    not_mapped=colour("#b9c0c8", 150),
    gap=colour("#ff5c93", 140),
    overlap=colour("#087f5b", 120),
    ramp=(colour("#3a86c8", 150), colour("#62a9e6", 165), colour("#9ccbf5", 180), colour("#e3f2ff", 200)),
    counts=tuple(colour(each, 190) for each in ("#3b2a86", "#2f6fae", "#35a7b0", "#9ad6a0", "#fdf3b0")),
    cover={
        "water": colour("#1c3346"),
        "green": colour("#26342a"),
        "wood": colour("#223026"),
        "sand": colour("#37342a"),
        "square": colour("#292c31"),
        "paved": colour("#2a2c32"),
    },
    roads={
        "motorway": colour("#6b5636"),
        "primary": colour("#5e523a"),
        "secondary": colour("#504b3c"),
        "street": colour("#41454c"),
        "walk": colour("#363a40"),
    },
)


SIGN_FILL, SIGN_LINE, SIGN_PX = colour("#ffffff"), colour("#0b7285"), 4.5  # half a side
CAMERA_FILL, CAMERA_LINE = colour("#1f2d3d"), colour("#ffffff")
PLANNED_FILL, GOING_FILL, REMOVED_LINE = colour("#12805c"), colour("#7a4a52"), colour("#8a8a8a")
SELECTED = colour("#ff7a00")
POINT_PX = 6.0  # radius of the ring round a point of a finding
CERTAIN_LINE, POSSIBLE_LINE = colour("#1c5fa8", 210), colour("#6a5fa5", 200)  # lines of sight to a spot
GRADES: dict[Severity | None, QColor] = {
    None: colour("#b9a24a"),
    Severity.NOTE: colour("#f2c200"),
    Severity.DUE: colour("#f76707"),
    Severity.ERROR: colour("#cc1f2f"),
}
GAP_LINE, OVERLAP_LINE = colour("#c2255c"), colour("#0b9468", 190)
PART_LINE = colour("#0f7f90")
SPOT = colour("#e8590c")
MEASURE = colour("#9c36b5")


@dataclass(frozen=True, slots=True)
class RoadLook:
    """Width of a road on the ground and on the screen at the least, and the kind of its surface in a palette."""

    width_m: float
    least_px: float
    fill: str
    shown_below_m_px: float


_WALK = RoadLook(2.0, 0.7, "walk", 3.0)
ROADS = {
    **dict.fromkeys(("motorway", "trunk"), RoadLook(13.0, 2.0, "motorway", 1e9)),
    **dict.fromkeys(("primary", "motorway_link", "trunk_link"), RoadLook(11.0, 1.6, "primary", 1e9)),
    **dict.fromkeys(("secondary", "primary_link"), RoadLook(9.0, 1.3, "secondary", 60.0)),
    **dict.fromkeys(("tertiary", "secondary_link", "tertiary_link"), RoadLook(8.0, 1.0, "street", 30.0)),
    **dict.fromkeys(("residential", "unclassified", "living_street", "road", "pedestrian"), RoadLook(6.0, 0.8, "street", 12.0)),
    **dict.fromkeys(("service", "track"), RoadLook(3.5, 0.6, "street", 5.0)),
    **dict.fromkeys(("footway", "path", "cycleway", "steps", "bridleway", "corridor"), _WALK),
}


# What can be switched, by group: key, name, on at the start. The order is the order in the panel.
_SIGHT: tuple[tuple[str, str, bool], ...] = (
    ("cameras", marked("Cameras"), True),
    ("certain", marked("Seen for certain"), True),
    ("possible", marked("Possibly seen, near"), True),
    ("far", marked("Possibly seen, far"), True),
    ("not_mapped", marked("Not mapped: no building within 100 m"), True),
    ("night", marked("Seen at night, by infrared"), False),
    ("counts", marked("How many cameras see a place"), False),
)
# What is shown of a plan: the layers that are on in each state of the map, of those that differ.
TODAY, WITH_PLAN = frozenset({"going", "gaps"}), frozenset({"planned", "gaps_with_plan"})
BY_DAY = frozenset({"certain", "possible", "far"})
INSTEAD = frozenset({"night", "counts"})  # shown in place of what is seen by day
_MUST_NOT: tuple[tuple[str, str, bool], ...] = (
    ("protected_views", marked("Protected views"), True),
    ("unasked", marked("Unasked area"), False),
)
_PLAN: tuple[tuple[str, str, bool], ...] = (
    ("planned", marked("Cameras that are planned"), True),
    ("going", marked("Cameras that go with the plan"), True),
    ("parts", marked("Confirmed parts"), True),
    ("gaps", marked("Gaps today"), True),
    ("gaps_with_plan", marked("Gaps with the plan"), True),
    ("overlaps", marked("Overlaps"), False),
)
_NAMES: tuple[tuple[str, str, bool], ...] = (
    ("camera_names", marked("Names of cameras"), True),
    ("names", marked("Street names"), True),
    ("place_names", marked("Names of water, parks and squares"), True),
)
_GROUND: tuple[tuple[str, str, bool], ...] = (
    ("buildings", marked("Buildings"), True),
    ("roads", marked("Roads"), True),
    ("places", marked("Ground and water"), True),
    ("areas", marked("Areas"), True),
    ("trees", marked("Trees"), True),
    ("signs", marked("Signs that announce cameras"), True),
    ("floor_walls", marked("Walls of floor plans"), True),
    ("hillshade", marked("Shaded relief"), True),
    ("basemap", marked("Background maps"), True),
)
GROUPS: tuple[tuple[str, tuple[tuple[str, str, bool], ...]], ...] = (
    (marked("Cameras and what they see"), _SIGHT),
    (marked("Must not be seen"), _MUST_NOT),
    (marked("Plan"), _PLAN),
    (marked("Names"), _NAMES),
    (marked("City"), _GROUND),
)
LAYERS = tuple(layer for _, layers in GROUPS for layer in layers)
SHOWN_AT_FIRST = frozenset(key for key, _, on in LAYERS if on)
