"""Tell by its tags what a user drew as protected: no map says so."""

from functools import lru_cache

from lhasaplan.core.model.layer import Tags
from lhasaplan.core.model.tag_conditions import ConditionIndex

# What no map says and only a user draws (docs/protected-places.md); any value of our own key counts.
_DRAWN = ConditionIndex(
    {"drawn": ("lhasaplan=*", "kind=processional_way|polling_place|protected", "amenity=processional_way|polling_place")}
)


def is_drawn(tags: Tags) -> bool:
    """Say whether a user drew this feature as protected, however key and value are written."""
    return any(_says_drawn(key, tags[key]) for key in tags if may_say_drawn(key))


@lru_cache(maxsize=65536)
def may_say_drawn(key: str) -> bool:
    """Say whether any value of a key says that a user drew a feature as protected."""
    return bool(_DRAWN.told({key: ""}))


@lru_cache(maxsize=65536)
def _says_drawn(key: str, value: str) -> bool:
    return bool(_DRAWN.names({key: value}))
