"""One line of the table: a job, its size, what ours and the rival took, and what must be said beside it."""

from dataclasses import asdict, dataclass, replace

MEASURED, ABSENT, NOT_OFFERED = "measured", "rival absent", "not offered"


@dataclass(frozen=True, slots=True)
class Row:
    """A measured pair, or a word why there is none.

    ``ours``, ``rival`` and ``floor`` are in ``unit``; ``ratio`` is rival over ours, or None. ``target`` is what the job is to
    reach. ``floor`` is what a part of the job takes that no answer does without, measured in the same
    run, and ``least`` says which.
    """

    job: str
    size: str
    ours: float | None
    rival: float | None
    ratio: float | None
    unit: str
    note: str
    against: str = ""
    target: str = ""
    status: str = MEASURED
    floor: float | None = None
    least: str = ""

    def as_json(self) -> dict:
        """Return the row as plain values."""
        return asdict(self)

    def over(self, floor: float, least: str) -> "Row":
        """Return the row with its floor and the work that was timed for it."""
        return replace(self, floor=floor, least=least)


def measured(job: str, size: str, ours: float, rival: float, unit: str, note: str, against: str, target: str = "") -> Row:
    """Return a row of two figures of one alternating run."""
    return Row(job, size, ours, rival, rival / ours, unit, note, against, target)


def absent(job: str, size: str, ours: float | None, unit: str, reason: str, against: str, target: str = "") -> Row:
    """Return a row whose rival is not on this machine."""
    return Row(job, size, ours, None, None, unit, reason, against, target, ABSENT)


def not_offered(job: str, size: str, reason: str, unit: str = "", target: str = "") -> Row:
    """Return a row for what the engine does not do yet."""
    return Row(job, size, None, None, None, unit, reason, "", target, NOT_OFFERED)
