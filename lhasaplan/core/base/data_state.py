"""Whether the data that the program came with are as shipped, and which of its files are not."""

from dataclasses import dataclass

TERRITORY = "data/territory/"
SEAL, REPORTS_SEAL = "data/seal.toml", "reports/seal.toml"


@dataclass(frozen=True, slots=True)
class DataState:
    """Changed, added and missing files, by their paths; ``own_build`` tells that somebody else sealed the data.

    >>> DataState(("data/territory/supplement.toml",)).has_territory
    False
    """

    changed: tuple[str, ...] = ()
    own_build: bool = False

    @property
    def has_territory(self) -> bool:
        """Whether the outlines of countries are those that were sealed; without them no pack may plan."""
        return not any(path.startswith((TERRITORY, SEAL)) for path in self.changed)

    def with_other(self, other: "DataState") -> "DataState":
        """Return what is changed here and there, each file once."""
        return DataState(tuple(dict.fromkeys((*self.changed, *other.changed))), self.own_build or other.own_build)


AS_SHIPPED = DataState()
