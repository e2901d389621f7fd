"""Colours and widths of the map: quiet ground, blue sight, warm colours for what must not be seen."""

from dataclasses import dataclass

from PySide6.QtGui import QColor

from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.finding import Severity


def _colour(text: str, alpha: int = 255) -> QColor:
    colour = QColor(text)
    colour.setAlpha(alpha)
    return colour


PAPER = _colour("#f4f3ef")
BUILDING_FILL, BUILDING_LINE = _colour("#d9d4cb"), _colour("#b3aca0")
FLOOR_LINE = _colour("#6d6459", 200)
AREA_LINE = _colour("#8b7fa8")
TREE_FILL = _colour("#a9c79c", 170)
SIGN_FILL, SIGN_LINE, SIGN_PX = _colour("#ffffff"), _colour("#0b7285"), 4.5  # half a side
CAMERA_FILL, CAMERA_LINE = _colour("#1f2d3d"), _colour("#ffffff")
PLANNED_FILL, REMOVED_LINE = _colour("#12805c"), _colour("#8a8a8a")
SELECTED = _colour("#ff7a00")
POINT_PX = 6.0  # radius of the ring round a point of a finding
CERTAIN_BASE, CERTAIN_LINE = _colour("#5aa0dc", 40), _colour("#1c5fa8", 210)
POSSIBLE_FILL, POSSIBLE_HATCH, POSSIBLE_LINE = _colour("#7a6fb0", 16), _colour("#7a6fb0", 60), _colour("#6a5fa5", 150)
FAR_FILL, FAR_LINE = _colour("#7a6fb0", 10), _colour("#4a3f95", 190)
# Lower density of the band, px/m: the sharper, the darker.
BANDS = {
    25.0: _colour("#8cc3ee", 110),
    62.5: _colour("#4f9bd9", 125),
    125.0: _colour("#2a6fb5", 140),
    250.0: _colour("#123f7a", 155),
}
GRADES: dict[Severity | None, QColor] = {
    None: _colour("#b9a24a"),
    Severity.NOTE: _colour("#e6b400"),
    Severity.DUE: _colour("#e8590c"),
    Severity.ERROR: _colour("#a8071a"),
}
NIGHT_FILL, NIGHT_LINE = _colour("#2b2350", 40), _colour("#2b2350", 200)
UNASKED_FILL = _colour("#a1662f", 100)
GAP_FILL, GAP_LINE = _colour("#d6336c", 120), _colour("#a61e4d")
OVERLAP_FILL, OVERLAP_LINE = _colour("#0ca678", 95), _colour("#087f5b", 170)
PART_LINE = _colour("#0a5a66")
SPOT = _colour("#e8590c")
STREET_NAME, HALO = _colour("#4a4238"), _colour("#ffffff", 215)
MEASURE = _colour("#9c36b5")
INK, PANEL = _colour("#2b2f36"), _colour("#ffffff", 225)


@dataclass(frozen=True, slots=True)
class RoadLook:
    """Width of a road on the ground and on the screen at the least, and the colour of its surface."""

    width_m: float
    least_px: float
    fill: str
    shown_below_m_px: float


_WALK = RoadLook(2.0, 0.7, "#e9e2d6", 3.0)
ROADS = {
    **dict.fromkeys(("motorway", "trunk"), RoadLook(13.0, 2.0, "#f3cf9b", 1e9)),
    **dict.fromkeys(("primary", "motorway_link", "trunk_link"), RoadLook(11.0, 1.6, "#f8e3b0", 1e9)),
    **dict.fromkeys(("secondary", "primary_link"), RoadLook(9.0, 1.3, "#fcf2cc", 60.0)),
    **dict.fromkeys(("tertiary", "secondary_link", "tertiary_link"), RoadLook(8.0, 1.0, "#ffffff", 30.0)),
    **dict.fromkeys(("residential", "unclassified", "living_street", "road", "pedestrian"), RoadLook(6.0, 0.8, "#ffffff", 12.0)),
    **dict.fromkeys(("service", "track"), RoadLook(3.5, 0.6, "#ffffff", 5.0)),
    **dict.fromkeys(("footway", "path", "cycleway", "steps", "bridleway", "corridor"), _WALK),
}
ROAD_EDGE = _colour("#cfc8bb")
RAIL, TRAM = _colour("#8f8f94"), _colour("#b9a7b5")

# Only what is named here is drawn of the places layer. It is ground cover and traffic space, never a kind of place that is
# protected: no such place is drawn as one (docs/protected-places.md).
COVER: dict[tuple[str, str], str] = {
    **dict.fromkeys((("natural", "water"), ("waterway", "riverbank"), ("landuse", "basin"), ("landuse", "reservoir")), "#b8d4e8"),
    **dict.fromkeys(
        (("leisure", "park"), ("leisure", "garden"), ("landuse", "grass"), ("landuse", "recreation_ground")), "#d6e8c6"
    ),
    **dict.fromkeys((("natural", "wood"), ("landuse", "forest"), ("natural", "scrub")), "#c8dfb8"),
    **dict.fromkeys((("natural", "beach"), ("natural", "sand"), ("natural", "bare_rock")), "#efe6cc"),
    **dict.fromkeys((("place", "square"), ("highway", "pedestrian"), ("area:highway", "pedestrian")), "#ece9e3"),
    **dict.fromkeys((("amenity", "parking"), ("railway", "platform"), ("public_transport", "platform")), "#e6e4e8"),
}
COVER_LINES: dict[tuple[str, str], tuple[str, float]] = {
    ("waterway", "river"): ("#b8d4e8", 12.0),
    ("waterway", "stream"): ("#b8d4e8", 3.0),
    ("waterway", "canal"): ("#b8d4e8", 8.0),
}

# What can be switched: key, name, on at the start. The order is the order in the panel.
LAYERS: tuple[tuple[str, str, bool], ...] = (
    ("cameras", marked("Cameras"), True),
    ("certain", marked("Seen for certain"), True),
    ("possible", marked("Possibly seen, near"), True),
    ("far", marked("Possibly seen, far"), True),
    ("night", marked("Seen at night, by infrared"), False),
    ("protected_views", marked("Protected views"), True),
    ("unasked", marked("Unasked area"), False),
    ("parts", marked("Confirmed parts"), True),
    ("gaps", marked("Gaps"), True),
    ("overlaps", marked("Overlaps"), False),
    ("buildings", marked("Buildings"), True),
    ("roads", marked("Roads"), True),
    ("names", marked("Street names"), True),
    ("places", marked("Ground and water"), True),
    ("areas", marked("Areas"), True),
    ("trees", marked("Trees"), True),
    ("signs", marked("Signs that announce cameras"), True),
    ("floor_walls", marked("Walls of floor plans"), True),
)
SHOWN_AT_FIRST = frozenset(key for key, _, on in LAYERS if on)
