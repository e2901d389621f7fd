"""Whether the data that the program came with are as shipped, and which of its files are not."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DataState:
    """Changed, added and missing files, by their paths; ``own_build`` tells that the program is no release."""

    changed: tuple[str, ...] = ()
    own_build: bool = False

    def with_other(self, other: "DataState") -> "DataState":
        """Return what is changed here and there, each file once."""
        return DataState(tuple(dict.fromkeys((*self.changed, *other.changed))), self.own_build or other.own_build)


AS_SHIPPED = DataState()
