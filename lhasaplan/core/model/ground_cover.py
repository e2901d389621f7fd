"""What maps draw of the places layer: ground cover and traffic space, and its colours by daylight."""

from collections.abc import Mapping

# Only what is named here is drawn of the places layer. It is ground cover and traffic space, never a kind of place that is
# protected: no such place is drawn as one (docs/protected-places.md).
COVER: dict[tuple[str, str], str] = {
    **dict.fromkeys((("natural", "water"), ("waterway", "riverbank"), ("landuse", "basin"), ("landuse", "reservoir")), "water"),
    **dict.fromkeys(
        (("leisure", "park"), ("leisure", "garden"), ("landuse", "grass"), ("landuse", "recreation_ground")), "green"
    ),
    **dict.fromkeys((("natural", "wood"), ("landuse", "forest"), ("natural", "scrub")), "wood"),
    **dict.fromkeys((("natural", "beach"), ("natural", "sand"), ("natural", "bare_rock")), "sand"),
    **dict.fromkeys((("place", "square"), ("highway", "pedestrian"), ("area:highway", "pedestrian")), "square"),
    **dict.fromkeys((("amenity", "parking"), ("railway", "platform"), ("public_transport", "platform")), "paved"),
}
COVER_LINES: dict[tuple[str, str], tuple[str, float]] = {
    ("waterway", "river"): ("water", 12.0),
    ("waterway", "stream"): ("water", 3.0),
    ("waterway", "canal"): ("water", 8.0),
}

DAYLIGHT: Mapping[str, str] = {
    "water": "#b8d4e8",
    "green": "#d6e8c6",
    "wood": "#c8dfb8",
    "sand": "#efe6cc",
    "square": "#ece9e3",
    "paved": "#e6e4e8",
}
