"""The number by which a camera is called on maps and in lists: given once, kept with the project, never given again."""

from dataclasses import dataclass
from enum import StrEnum


class Series(StrEnum):
    """What is counted by itself: what stands, and what is planned."""

    STANDING = "standing"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """One number of a series and the camera that it was given to, which may be gone."""

    series: Series
    camera_id: str
    number: int
