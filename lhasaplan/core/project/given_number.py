"""The number by which a camera or a part is called on maps and in lists: given once, kept with the project, never given again."""

from dataclasses import dataclass
from enum import StrEnum


class Series(StrEnum):
    """What is counted by itself: cameras that stand, planned ones, and confirmed parts."""

    STANDING = "standing"
    PLANNED = "planned"
    PART = "part"


@dataclass(frozen=True, slots=True)
class NumberBlock:
    """Numbers of one series that a district alone gives, from the first to the last: its city and other districts leave them."""

    series: Series
    first: int
    last: int

    def holds(self, number: int) -> bool:
        """Say whether a number is one of these."""
        return self.first <= number <= self.last


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """One number of a series and what it was given to, which may be gone; ``camera_id`` is a part's id where it is a part's."""

    series: Series
    camera_id: str
    number: int
