"""Colours, widths and kinds of the map: blue sight, warm colours for what must not be seen; the rest is quiet."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtGui import QColor

from lhasaplan.app.look import INKS
from lhasaplan.core.base.translations import marked
from lhasaplan.core.results.finding import Severity


def with_alpha(base: QColor, alpha: int) -> QColor:
    """Return a colour at another opacity, 0 to 255."""
    made = QColor(base)
    made.setAlpha(alpha)
    return made


COUNTED = (1, 2, 3, 5, 10)  # from how many cameras on a class of the map of counts begins

# All colours of the map, set beside set: light, dark, print, and what the set for colour-blind people has otherwise (on light
# and on dark ground). Several in a cell go from low to high; #AARRGGBB is translucent. The tests compute that every line
# stands out 3 to 1 from each ground that it lies on, and that lines are told apart in every kind of colour vision.
_TABLE: Mapping[str, tuple[str, ...]] = {
    "paper": ("#f7f6f2", "#181b1f", "#ffffff"),
    "building_fills": ("#e9e4dc #e3ddd3 #dcd6cb #d5cfc4", "#272c32 #2d333a #343b43 #3b434c", "#ebebeb #e4e4e4 #dcdcdc #d4d4d4"),
    "building_line": ("#b8b0a3", "#4d565f", "#a3a3a3"),
    "floor_line": ("#c86d6459", "#c89aa0a8", "#c8555555"),
    "area_line": ("#6f6196", "#9a8fc4", "#666666"),
    "tree_fill": ("#b48fba80", "#be3f6a45", "#b4b7c9ad"),
    "road_edge": ("#cdc6b8", "#0e1013", "#bdbdbd"),
    "rail": ("#8f8f94", "#6a6d73", "#8a8a8a"),
    "coast": ("#7fa9c6", "#3f6f92", "#8f9ba5"),
    "words": ("#403a32", "#d9d6ce", "#1f1f1f"),
    "halo": ("#e1ffffff", "#d7101216", "#f0ffffff"),
    "ink": ("#2b2f36", "#e6e6e6", "#1f2329"),
    "panel": ("#e6ffffff", "#e62b2e33", "#f0ffffff"),
    # What cameras see.
    "possible": ("#265a48f0", "#2a8f80ff", "#225a48f0", "#3a505a78", "#24b4c0e0"),
    "far": ("#145a48f0", "#168f80ff", "#125a48f0", "#1e505a78", "#14b4c0e0"),
    "possible_edge": ("#a05040c0", "#a0a8a0ff", "#8c5040c0", "#b4404858", "#b4c8d2e8"),
    "not_mapped": ("#5f7d8288", "#5f9aa2ac", "#507d8288"),
    "night": ("#5a2b2350", "#78060414", "#5a2b2350"),
    "ramp": (
        "#9b5fb2ee #a84690d8 #b42a68b0 #c8102f68",
        "#a02f7cc8 #a862a9e6 #b49ccbf5 #c8e3f2ff",
        "#8c5fb2ee #9b4690d8 #a52c68b0 #b91c4584",
        "#afe8dc50 #b97fa56f #c33d6c86 #cd0b2a5c",
        "#a0204a8c #af3f7f9a #be8fbf6e #cdfff09a",
    ),
    "counts": (
        "#beffe873 #be7cc79a #be2f93a8 #be2a4f90 #be241052",
        "#be3b2a86 #be2f6fae #be35a7b0 #be9ad6a0 #befdf3b0",
        "#beffe873 #be7cc79a #be2f93a8 #be2a4f90 #be241052",
    ),
    # What they must not see, and what a plan asks: areas, then lines.
    "unasked": ("#78a8561c", "#82d08a3c", "#78a8561c"),
    "gap": ("#78c2185b", "#96d85aa8", "#78c2185b"),
    "overlap": ("#780a9c50", "#8c12906a", "#780a9c50"),
    "note": (*INKS["note"], INKS["note"][0]),
    "due": (*INKS["due"], INKS["due"][0]),
    "severe": (INKS["error"][0], "#ff5a74", INKS["error"][0]),
    "below_note": ("#8a8468", "#7a7050", "#8a8468"),
    "part": ("#0c746c", "#c9e0e8", "#0c746c"),
    "gap_line": ("#4c0a5e", "#cf74cc", "#4c0a5e"),
    "overlap_line": ("#04503a", "#28d8a8", "#04503a"),
    # Marks: of cameras, of what is selected, of what is asked.
    "accent": ("#a400b0", "#ebacff", "#a400b0"),
    "camera": ("#1f2d3d", "#1f2d3d", "#1f2d3d"),
    "planned": ("#12805c", "#12805c", "#12805c"),
    "going": ("#7a4a52", "#7a4a52", "#7a4a52"),
    "removed": ("#7d7d7d", "#9a9a9a", "#7d7d7d"),
    "casing": ("#ffffff", "#ffffff", "#ffffff"),  # round symbols and under lines of marks
    "sign": ("#0b7285", "#3fa9bd", "#0b7285"),
    "sight_line": ("#d21c5fa8", "#d21c5fa8", "#d21c5fa8"),
    "possible_line": ("#c86a5fa5", "#c86a5fa5", "#c86a5fa5"),
    "measure": ("#2b2f36", "#2b2f36", "#2b2f36"),
    # Ground and streets.
    "cover.water": ("#b4d3ea", "#17324a", "#d6e6f2"),
    "cover.green": ("#d5e8c4", "#1f3326", "#e4eedc"),
    "cover.wood": ("#c3ddb2", "#1a2c20", "#d9e6d0"),
    "cover.sand": ("#f0e7cc", "#37342a", "#f3eee0"),
    "cover.square": ("#ebe8e1", "#24282d", "#f2f2f2"),
    "cover.paved": ("#e7e6ea", "#262930", "#f2f2f2"),
    "roads.motorway": ("#f4c98f", "#574325", "#e3cfae"),
    "roads.primary": ("#f9e2a8", "#443b28", "#f0e6cc"),
    "roads.secondary": ("#fdf1c9", "#393630", "#f6f2e4"),
    "roads.street": ("#ffffff", "#2f343a", "#ffffff"),
    "roads.walk": ("#eae3d6", "#272b30", "#e6e6e6"),
}
_SEVERAL = ("building_fills", "ramp", "counts")


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
    not_mapped: QColor
    night: QColor
    unasked: QColor
    gap: QColor
    overlap: QColor
    note: QColor
    due: QColor
    severe: QColor
    below_note: QColor
    part: QColor
    gap_line: QColor
    overlap_line: QColor
    accent: QColor
    camera: QColor
    planned: QColor
    going: QColor
    removed: QColor
    casing: QColor
    sign: QColor
    sight_line: QColor
    possible_line: QColor
    measure: QColor
    ramp: tuple[QColor, ...]
    counts: tuple[QColor, ...]
    cover: Mapping[str, QColor]
    roads: Mapping[str, QColor]

    def of_grade(self, grade: Severity | None) -> QColor:
        """Return the colour of a line of protected frontage."""
        return {Severity.NOTE: self.note, Severity.DUE: self.due, Severity.ERROR: self.severe, None: self.below_note}[grade]


def _palette(column: int, otherwise: int | None = None) -> Palette:
    """Return a column of the table; ``otherwise`` is a column that counts instead where a row has it."""

    def cell(key: str) -> tuple[QColor, ...]:
        row = _TABLE[key]
        found = row[otherwise] if otherwise is not None and otherwise < len(row) else row[column]
        return tuple(QColor(each) for each in found.split())

    def group(name: str) -> dict[str, QColor]:
        return {key.partition(".")[2]: cell(key)[0] for key in _TABLE if key.startswith(f"{name}.")}

    single = {key: cell(key)[0] for key in _TABLE if "." not in key and key not in _SEVERAL}
    return Palette(
        is_dark=column == 1,
        building_fills=cell("building_fills"),
        ramp=cell("ramp"),
        counts=cell("counts"),
        cover=group("cover"),
        roads=group("roads"),
        **single,
    )


LIGHT, DARK, PRINT = (_palette(column) for column in range(3))
LIGHT_CLEAR, DARK_CLEAR = _palette(0, 3), _palette(1, 4)  # for colour-blind people


def palette_for(is_dark: bool, is_clear: bool) -> Palette:
    """Return the colours of the map in a window that is light or dark; clear ones for colour-blind people.

    >>> palette_for(True, False) is DARK
    True
    """
    return (DARK_CLEAR if is_dark else LIGHT_CLEAR) if is_clear else DARK if is_dark else LIGHT


SIGN_PX = 4.5  # half a side
POINT_PX = 6.0  # radius of the ring round a point of a finding
# How wide a line of protected frontage is by its grade, beside that of the map: told apart without colour too.
GRADE_WIDTH: dict[Severity | None, float] = {None: 0.6, Severity.NOTE: 0.8, Severity.DUE: 1.2, Severity.ERROR: 1.7}


@dataclass(frozen=True, slots=True)
class RoadLook:
    """Width of a road on the ground and on the screen at the least, and the kind of its surface in a palette."""

    width_m: float
    least_px: float
    fill: str
    shown_below_m_px: float


_WALK = RoadLook(2.0, 0.7, "walk", 3.0)
BESIDE_STREET = RoadLook(1.6, 0.5, "walk", 0.5)  # pavements and crossings: part of their street until one looks closely
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
    ("protected_views", marked("Views of protected places"), True),
    ("unasked", marked("Ground that nobody asks for"), False),
)
_PLAN: tuple[tuple[str, str, bool], ...] = (
    ("planned", marked("Cameras that are planned"), True),
    ("going", marked("Cameras removed by the plan"), True),
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
    ("surveys", marked("Where nobody looked for cameras"), True),
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
