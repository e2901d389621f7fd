"""Rules for what is unusual about a camera as it is recorded: thresholds over the usual, and what is water."""

from collections.abc import Mapping
from dataclasses import dataclass

from lhasaplan.core.model.layer import Tags

ANY, NO = "*", "no"
TagValues = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class UnusualValues:
    """What is above the highest or farthest usual value times its factor is remarked (``data/cameras/unusual.toml``).

    ``inside_m`` is how far inside a building a camera may be drawn that hangs on its wall.
    """

    mount_height_times: float
    mount_height_least_m: float
    range_times: float
    night_range_times: float
    inside_m: float


@dataclass(frozen=True, eq=False, slots=True)
class WaterRules:
    """What is mapped water, by tags, and how close to a building or a crossing a camera stands on it and not in the water."""

    building_m: float
    crossing_m: float
    areas: TagValues
    line_width_m: Mapping[str, Mapping[str, float]]
    crossings: TagValues

    def width_m(self, tags: Tags) -> float | None:
        """Return how wide a line of water is; None where the tags are of none."""
        widths = (by_value.get(tags.get(key, "")) for key, by_value in self.line_width_m.items())
        return next((width for width in widths if width is not None), None)


@dataclass(frozen=True, eq=False, slots=True)
class UnusualRules:
    """All that is remarked of a recorded camera."""

    values: UnusualValues
    water: WaterRules


def has_any(tags: Tags, wanted: TagValues) -> bool:
    """Say whether a feature has one of the tags; ``*`` is any value but no.

    Examples
    --------
    >>> has_any({"bridge": "viaduct"}, {"bridge": frozenset({"*"})}), has_any({"bridge": "no"}, {"bridge": frozenset({"*"})})
    (True, False)
    """
    return any(tags[key] in values or (ANY in values and tags[key] != NO) for key, values in wanted.items() if key in tags)
