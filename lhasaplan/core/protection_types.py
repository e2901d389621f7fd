"""What a protected kind is: its class, the tags that show it, and how far it reaches."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from lhasaplan.core.conditions import ANY, ConditionIndex, pairs_of, plain
from lhasaplan.core.protected import ProtectedClass

# Columns in which tables say what maps say by several keys; words of discreet kinds mean too much else (a union, a studio).
COLUMNS = ("fclass", "class", "subclass", "category", "type", "kind", "building_type")
_SAID_IN_COLUMNS = frozenset(("amenity", "building", "healthcare", "landuse", "leisure", "tourism", "historic"))
_NAMING = frozenset(("amenity", "building"))
NEVER_READ = "religion"
ATTACH_M = 2.0
LIVED_ABOVE, LIVED_ABOVE_STOREYS = frozenset({"retail", "commercial", "office"}), 3
LINE_M = 5.0  # to each side of a line, where data say no more


class Inside(StrEnum):
    """What a feature within a larger building protects: the whole building, or a spot round itself."""

    BUILDING = "building"
    SPOT = "spot"


@dataclass(frozen=True, slots=True)
class ProtectedKind:
    """One kind: its class, the tags that show it (any one suffices) and how far it reaches.

    ``inside`` says what a point or room within a building protects; ``point_m`` is the ground taken round a point without a
    footprint, ``line_m`` to each side of a line; ``forecourt_m`` adds adjoining squares and ways within that distance.
    Buildings on grounds of a kind belong to it unless they are of another kind, or it is ``open_air``.
    ``discreet`` places are drawn in no output, seen frontage included: only counts and mask sectors speak of them.
    ``on_building_only`` kinds (an entrance to flats) say something of a building and make no place of their own.
    """

    name: str
    cls: ProtectedClass
    tags: tuple[str, ...]
    inside: Inside = Inside.BUILDING
    point_m: float = 5.0
    line_m: float = LINE_M
    forecourt_m: float = 0.0
    on_building_only: bool = False
    open_air: bool = False
    discreet: bool = False
    mark: str = "P"

    def conditions(self) -> tuple[str, ...]:
        """Return the tags that show it, and the columns that tables have in their place."""
        return (*self.tags, *_as_columns(self))


@dataclass(frozen=True, slots=True)
class ProtectedKinds:
    """All kinds, and the ``building=*`` values whose use is known to be no dwelling; every other value is use unknown.

    ``lived_above`` are known uses above which people live in a building of ``lived_above_storeys`` or more.
    """

    kinds: tuple[ProtectedKind, ...]
    known_uses: frozenset[str]
    attach_m: float = ATTACH_M  # a point this close to a wall belongs to the building (drawn at its door)
    sha256: str = ""
    lived_above: frozenset[str] = LIVED_ABOVE
    lived_above_storeys: int = LIVED_ABOVE_STOREYS

    def index(self) -> ConditionIndex:
        """Return the finder of kind names by tags, and by the columns that tables have in their place."""
        return ConditionIndex({kind.name: kind.conditions() for kind in self.kinds})

    def words(self) -> frozenset[str]:
        """Return what buildings of protected kinds are called that are no homes: church, school, clinic, in every language."""
        shown = [kind for kind in self.kinds if kind.cls is ProtectedClass.PROTECTED and kind.inside is Inside.BUILDING]
        return frozenset(plain(word) for kind in shown for key, word in pairs_of(kind.tags) if key in _NAMING and word != ANY)

    def by_name(self) -> Mapping[str, ProtectedKind]:
        """Return the kinds by name."""
        return {kind.name: kind for kind in self.kinds}


def _as_columns(kind: ProtectedKind) -> Iterator[str]:
    """Yield the conditions of a kind as a table says them: ``class=mosque`` for ``building=mosque``."""
    if kind.cls is ProtectedClass.PROTECTED and not kind.discreet:
        words = {word for key, word in pairs_of(kind.tags) if key in _SAID_IN_COLUMNS and word != ANY}
        yield from (f"{column}={word}" for column in COLUMNS for word in sorted(words))
