"""One checked statement: what, how severe, how certain, which article, and what would end it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from shapely.geometry.base import BaseGeometry


class Severity(StrEnum):
    """Grades of a finding, from the mildest to the gravest: the one order that they have."""

    NOTE = "note"
    DUE = "due"
    ERROR = "error"


GRAVEST_FIRST = tuple(reversed(Severity))
GRAVE = (Severity.DUE, Severity.ERROR)  # must be ended, and make the exit code of a shell 1
_RANKS: Mapping[str | None, int] = {None: 0, "": 0, **{grade: number for number, grade in enumerate(Severity, 1)}}


def rank(grade: Severity | str | None) -> int:
    """Return how grave a grade is, 0 where there is none; text is a grade as it is stored.

    Compare by this alone: as text a note would stand above an error.

    >>> [rank(grade) for grade in (None, Severity.NOTE, "due", Severity.ERROR)]
    [0, 1, 2, 3]
    """
    return _RANKS[grade]


class Certainty(StrEnum):
    """Whether recorded optics and direction carry the statement, or assumptions do."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class CureAction(StrEnum):
    """What ends a finding, in the order in which cures are tried (RULES.md, protected places)."""

    END_NEED = "end_need"
    REMOVE = "remove"
    MOVE = "move"
    TURN = "turn"
    SHORTEN = "shorten"
    LOWER_RESOLUTION = "lower_resolution"
    MASK = "mask"
    HOURS = "hours"
    RETENTION = "retention"  # keep the pictures for fewer days
    SIGN = "sign"  # put signs before the ways into the view
    ASK = "ask"  # the controller must be asked before anything can be cured


@dataclass(frozen=True, slots=True)
class Cure:
    """A cure with its figures: mask sectors are pairs of true azimuths, clockwise."""

    action: CureAction
    mask_sector_deg: tuple[tuple[float, float], ...] = ()
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class Finding:
    """A finding. ``kind`` keys its sentence in the wording; ``params`` fill it. Intervals are (low, high) pairs.

    A note on what the records of one controller's cameras lack has them in ``cameras``, and a ``camera_id`` only of one alone.
    """

    finding_id: str
    kind: str
    severity: Severity
    certainty: Certainty
    pack: str
    article: str
    camera_id: str
    measured: float | tuple[float, float] | None
    required: float | None
    unit: str
    cure: Cure | None
    geometry: BaseGeometry | None
    params: Mapping[str, Any] = field(default_factory=dict)
    cameras: tuple[str, ...] = ()

    @property
    def camera_ids(self) -> tuple[str, ...]:
        """Return every camera that the finding is about; none of one about a part alone."""
        return self.cameras or ((self.camera_id,) if self.camera_id else ())
