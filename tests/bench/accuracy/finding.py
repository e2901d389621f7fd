"""One statement of the accuracy report: what was compared, the figures, and whether they reach what is asked."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

import numpy as np

OFFERED, NOT_OFFERED = "compared", "not offered"


@dataclass(frozen=True, slots=True)
class Finding:
    """``figures`` by name; ``is_met`` is None where nothing is asked; ``worst`` names cameras to look at first."""

    what: str
    size: str
    figures: Mapping[str, float]
    asked: str = ""
    is_met: bool | None = None
    note: str = ""
    worst: tuple[str, ...] = field(default=())
    status: str = OFFERED

    def as_json(self) -> dict:
        """Return the finding as plain values."""
        return asdict(self)


def not_offered(what: str, reason: str) -> Finding:
    """Return a finding for what the engine does not do yet."""
    return Finding(what, "", {}, note=reason, status=NOT_OFFERED)


def spread(values: np.ndarray) -> dict[str, float]:
    """Return least, 5th percentile and median."""
    low, fifth, middle = np.percentile(values, (0.0, 5.0, 50.0))
    return {"min": float(low), "p5": float(fifth), "median": float(middle)}
