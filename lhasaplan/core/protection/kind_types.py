"""A kind of protected place as a value: its class, the tags that show it, and how far it reaches."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Annotated

from annotated_types import Ge, MinLen

from lhasaplan.core.base.spelling import plain, plain_key, plain_values_of
from lhasaplan.core.model.layer import ANY, ConditionIndex, Tags, pairs_of
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.protection.protected_names import NOTHING_ELSE, Elsewhere
from lhasaplan.core.rules.pack import NOT_IN_FILES

# Kinds whose words mean too much else (a union, a studio, a shelter): they show by the whole value of their own keys alone.
MEAN_MUCH_ELSE = frozenset({"press", "civic_office"})
# Columns in which tables say what maps say by several keys; words of such kinds are none there.
COLUMNS = ("fclass", "class", "subclass", "category", "type", "kind", "building_type")
_SAID_IN_COLUMNS = frozenset(("amenity", "building", "healthcare", "landuse", "leisure", "tourism", "historic"))
_NAMING = frozenset(("amenity", "building"))
_SHORTEST_NAME = 4  # letters: a cathedral is a "dom", and so is many a house that is none
NEVER_READ = "religion"
ATTACH_M = 2.0
LIVED_ABOVE, LIVED_ABOVE_STOREYS = frozenset({"retail", "commercial", "office"}), 3
# What strangers walk past all day long protects its own ground, not the station or mall in which it lies.
OWN_SPOT = ("amenity=pharmacy|药店|药房|藥房|pharmacie|apotheke", "healthcare=pharmacy")
SHARED_BUILDINGS = (
    "building=train_station|transportation|station|mall|shopping_centre|shopping_center",
    "railway=station",
    "public_transport=station",
    "amenity=bus_station",
    "aeroway=terminal",
    "shop=mall|department_store",
)
LIKELY_TAGS = ("addr:housenumber=*", "addr:housename=*", "addr:conscriptionnumber=*")
LIKELY_DOORS = ("entrance=yes|main|house|secondary",)
LIKELY_ENTRANCES = 2
LIKELY_NAMES = (
    "residence", "residences", "residenz", "residenza", "villa", "immeuble", "apartments", "flats", "wohnanlage", "wohnhaus",
    "wohnheim", "mansion", "mansions", "cottage", "palazzina", "公寓", "小区", "花园", "住宅", "家园", "新村", "宿舍",
)  # fmt: skip
LIKELY_AGAINST = (
    "shop=*", "office=*", "amenity=*", "tourism=*", "craft=*", "industrial=*", "leisure=*", "man_made=*", "military=*",
    "public_transport=*", "railway=*", "power=*", "healthcare=*", "emergency=*", "aeroway=*", "club=*",
    "building=construction|ruins|collapsed|abandoned",
)  # fmt: skip
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
    ``hides_people`` places are undisclosed: people there hide from somebody, and no output tells of them one by one.
    ``on_building_only`` kinds (an entrance to flats) say something of a building and make no place of their own.
    ``near`` are the tags that show it one letter off, too, where all of them are in ``tags``: of these, not of other languages.
    """

    name: str
    cls: ProtectedClass
    tags: Annotated[tuple[str, ...], MinLen(1)]
    inside: Inside = Inside.BUILDING
    point_m: Annotated[float, Ge(0)] = 5.0
    line_m: Annotated[float, Ge(0)] = LINE_M
    forecourt_m: Annotated[float, Ge(0)] = 0.0
    on_building_only: bool = False
    open_air: bool = False
    hides_people: bool = False
    mark: str = "P"
    near: tuple[str, ...] = field(default=(), metadata=NOT_IN_FILES)

    @property
    def is_plain(self) -> bool:
        """Whether its words mean little else, so that a value of several words or a column of a table may show it."""
        return self.cls is ProtectedClass.PROTECTED and not self.hides_people and self.name not in MEAN_MUCH_ELSE

    def conditions(self) -> tuple[str, ...]:
        """Return the tags that show it, and the columns that tables have in their place."""
        return (*self.tags, *self._as_columns())

    def _as_columns(self) -> Iterator[str]:
        """Yield its conditions as a table says them: ``class=mosque`` for ``building=mosque``."""
        if self.is_plain:
            words = {word for key, word in pairs_of(self.tags) if key in _SAID_IN_COLUMNS and word != ANY}
            yield from (f"{column}={'|'.join(sorted(words))}" for column in COLUMNS if words)


@dataclass(frozen=True, slots=True)
class LikelyEvidence:
    """What makes a building of unknown use a dwelling, likely.

    ``tags`` of the building itself, ``points`` in it that are no more than an address, words of its name (``names``), or as many
    ``doors`` as ``entrances`` says. ``against`` contradicts: on the building itself all of these, on a point in it the doors.
    """

    tags: tuple[str, ...] = LIKELY_TAGS
    points: tuple[str, ...] = LIKELY_TAGS
    names: tuple[str, ...] = LIKELY_NAMES
    doors: tuple[str, ...] = LIKELY_DOORS
    entrances: Annotated[int, Ge(1)] = LIKELY_ENTRANCES
    against: tuple[str, ...] = LIKELY_AGAINST


@dataclass(frozen=True, slots=True)
class ProtectedKinds:
    """All kinds, and the ``building=*`` values whose use is known to be no dwelling; every other value is use unknown.

    ``lived_above`` are known uses above which people live in a building of ``lived_above_storeys`` or more.
    What shows its kind by conditions of ``own_spot`` alone protects its own spot within a building of ``shared_buildings``.
    """

    kinds: tuple[ProtectedKind, ...]
    known_uses: frozenset[str]
    attach_m: Annotated[float, Ge(0)] = ATTACH_M  # a point this close to a wall belongs to the building (drawn at its door)
    sha256: str = field(default="", metadata=NOT_IN_FILES)
    lived_above: frozenset[str] = LIVED_ABOVE
    lived_above_storeys: Annotated[int, Ge(1)] = LIVED_ABOVE_STOREYS
    own_spot: tuple[str, ...] = OWN_SPOT
    shared_buildings: tuple[str, ...] = SHARED_BUILDINGS
    likely: LikelyEvidence = LikelyEvidence()
    elsewhere: Elsewhere = field(default=NOTHING_ELSE, metadata=NOT_IN_FILES)

    def index(self) -> ConditionIndex:
        """Return the finder of kind names by tags, and by the columns that tables have in their place."""
        return index_of(self.kinds, self.elsewhere)

    def own_spots(self) -> "OwnSpots":
        """Return the finder of what protects its own spot within a shared building."""
        return OwnSpots(self)

    def words(self) -> frozenset[str]:
        """Return what buildings of protected kinds are called but for dwellings: church, school, clinic, in every language."""
        return _words_of(self.kinds)

    def by_name(self) -> Mapping[str, ProtectedKind]:
        """Return the kinds by name."""
        return {kind.name: kind for kind in self.kinds}


@lru_cache(maxsize=8)
def _words_of(kinds: tuple[ProtectedKind, ...]) -> frozenset[str]:
    shown = [kind for kind in kinds if kind.name != "dwelling" and kind.inside is Inside.BUILDING]
    words = {plain(word) for kind in shown for key, word in pairs_of(kind.tags) if key in _NAMING and word != ANY}
    return frozenset(word for word in words if len(word) >= _SHORTEST_NAME or not word.isascii())


@lru_cache(maxsize=8)
def index_of(kinds: tuple[ProtectedKind, ...], elsewhere: Elsewhere = NOTHING_ELSE, more: tuple[str, ...] = ()) -> ConditionIndex:
    """Return the finder of kinds; what is reported one by one shows by the first or last words of a value, too.

    Words of homes mean too much else, too: a power house. In scripts without spaces a word counts anywhere in a value. ``more``
    are conditions of no kind of these.
    """
    reported = {kind.name: kind.conditions() for kind in kinds}
    return ConditionIndex(
        {**reported, "": more} if more else reported,
        [kind.name for kind in kinds if kind.is_plain],
        elsewhere.others,
        near=misspelt(kinds),
        within=[kind.name for kind in kinds if kind.name not in MEAN_MUCH_ELSE],
        never=elsewhere.equipment,
        alike=dict.fromkeys(elsewhere.columns, COLUMNS[1]),
        says=elsewhere.says,
    )


def misspelt(kinds: Iterable[ProtectedKind]) -> Mapping[str, tuple[str, ...]]:
    """Return the conditions of each kind that show it one letter off, too.

    Homes are buildings, and of a building a word that nobody knows is unknown use and protected as it is.
    """
    reported = [kind for kind in kinds if kind.cls is ProtectedClass.PROTECTED]
    return {kind.name: tuple(tag for tag in kind.near if not tag.startswith("building")) for kind in reported}


class OwnSpots:
    """Finds what protects its own spot within a building that many share: a pharmacy in a station."""

    def __init__(self, kinds: ProtectedKinds) -> None:
        self._kinds = kinds.index()
        self._spots = {(plain_key(key), plain(word)) for key, word in pairs_of(kinds.own_spot)}
        self._shared = ConditionIndex({"shared": kinds.shared_buildings})

    def is_spot(self, tags: Tags) -> bool:
        """Say whether nothing but an own spot makes a feature protected: one that is a clinic, too, is more than that."""
        rest = {key: text for key, text in tags.items() if not self._is_spot(key, text)}
        return len(rest) < len(tags) and not self._kinds.names(rest)

    def _is_spot(self, key: str, text: str) -> bool:
        return all((plain_key(key), value) in self._spots for value in plain_values_of(text))

    def is_shared(self, tags: Tags) -> bool:
        """Say whether a building is one that many share."""
        return bool(self._shared.names(tags))
