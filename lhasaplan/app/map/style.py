"""Widths, kinds and lasting colours of the map: blue sight, warm colours for what must not be seen; the rest is in palettes."""

from dataclasses import dataclass

from PySide6.QtGui import QColor

from lhasaplan.app.map.palette import colour as _colour
from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.finding import Severity

SIGN_FILL, SIGN_LINE, SIGN_PX = _colour("#ffffff"), _colour("#0b7285"), 4.5  # half a side
CAMERA_FILL, CAMERA_LINE = _colour("#1f2d3d"), _colour("#ffffff")
PLANNED_FILL, REMOVED_LINE = _colour("#12805c"), _colour("#8a8a8a")
SELECTED = _colour("#ff7a00")
POINT_PX = 6.0  # radius of the ring round a point of a finding
CERTAIN_LINE, POSSIBLE_LINE = _colour("#1c5fa8", 210), _colour("#6a5fa5", 200)  # lines of sight to a spot
GRADES: dict[Severity | None, QColor] = {
    None: _colour("#b9a24a"),
    Severity.NOTE: _colour("#f2c200"),
    Severity.DUE: _colour("#f76707"),
    Severity.ERROR: _colour("#cc1f2f"),
}
GAP_LINE, OVERLAP_LINE = _colour("#c2255c"), _colour("#0b9468", 190)
PART_LINE = _colour("#0f7f90")
SPOT = _colour("#e8590c")
MEASURE = _colour("#9c36b5")


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
BY_DAY = frozenset({"certain", "possible", "far"})
INSTEAD = frozenset({"night", "counts"})  # shown in place of what is seen by day
_MUST_NOT: tuple[tuple[str, str, bool], ...] = (
    ("protected_views", marked("Protected views"), True),
    ("unasked", marked("Unasked area"), False),
)
_PLAN: tuple[tuple[str, str, bool], ...] = (
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
    ("underlay", marked("Background maps"), True),
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
