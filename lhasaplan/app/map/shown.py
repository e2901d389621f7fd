"""What of the map is shown, how strongly, in which colours, and which camera is left out because it is drawn live."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lhasaplan.app.map.palette import LIGHT, Palette


@dataclass(frozen=True, slots=True)
class Shown:
    """Keys of the layers that are on; ``opacity`` is 0 to 1 by key, 1 where nothing is said."""

    visible: frozenset[str]
    lifted_id: str = ""
    palette: Palette = LIGHT
    opacity: Mapping[str, float] = field(default_factory=dict)

    def strength(self, key: str) -> float:
        """Return how opaque a layer is, 0 for one that is off."""
        return self.opacity.get(key, 1.0) if key in self.visible else 0.0
