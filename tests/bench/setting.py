"""How long and where the jobs run."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """A temporary folder for the workloads, whether time is short, how many turns and seconds of a search (0: as usual).

    ``cities`` are files that walls are looked at in, ``cameras`` how many look at them (0: as usual).
    """

    folder: Path
    quick: bool = False
    turns: int = 0
    seconds: float = 0.0
    cities: tuple[Path, ...] = ()
    cameras: int = 0

    @property
    def rounds(self) -> int:
        """How often each side has its turn."""
        return self.turns or (3 if self.quick else 7)

    def count(self, full: int, quick: int) -> int:
        """Return the size that this run has time for."""
        return quick if self.quick else full
