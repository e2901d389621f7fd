"""A finding before its article is looked up."""

from dataclasses import dataclass

import shapely

from lhasaplan.core.base.kept_shapes import may_be_kept
from lhasaplan.core.results.finding import Certainty, Cure, Severity


@may_be_kept("geometry")
@dataclass(frozen=True, eq=False, slots=True)
class Draft:
    """A finding before its article is looked up; ``subject`` makes its id stable beside kind and camera."""

    kind: str
    severity: Severity
    camera_id: str
    certainty: Certainty = Certainty.CERTAIN
    measured: float | tuple[float, float] | None = None
    required: float | None = None
    unit: str = ""
    cure: Cure | None = None
    geometry: shapely.Geometry | None = None
    subject: str = ""
    params: tuple[tuple[str, object], ...] = ()

    def at(self, geometry: shapely.Geometry) -> "Draft":
        """Return the finding drawn there; a city has tens of thousands, and ``replace`` is slow."""
        return Draft(
            self.kind,
            self.severity,
            self.camera_id,
            self.certainty,
            self.measured,
            self.required,
            self.unit,
            self.cure,
            geometry,
            self.subject,
            self.params,
        )
