"""How long and where the jobs run."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """A temporary folder for the workloads, and whether time is short."""

    folder: Path
    quick: bool = False

    @property
    def rounds(self) -> int:
        """How often each side has its turn."""
        return 3 if self.quick else 7

    def count(self, full: int, quick: int) -> int:
        """Return the size that this run has time for."""
        return quick if self.quick else full
