"""Named views of the map, kept with the project."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A place on the map under a name; with ``width_m`` of ground across and, if named, one camera selected."""

    name: str
    x_m: float
    y_m: float
    width_m: float
    camera_id: str = ""
