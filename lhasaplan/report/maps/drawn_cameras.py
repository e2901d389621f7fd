"""Work out once what maps draw of a camera: its fields, their ground, and the seen frontage at that ground and beyond it.

Seven drafts draw the same cameras; cutting frontage at the edge of the ground cost more than writing any of them.
"""

from functools import cached_property
from weakref import WeakKeyDictionary

from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.kept_shapes import as_kept, read_shape
from lhasaplan.core.coverage.drawn_fields import DrawnField, drawn_fields, drawn_ground, split_frontage
from lhasaplan.core.results.assessment import CameraResult, Sighting
from lhasaplan.report.maps.frontage import joined

Split = tuple[BaseGeometry, BaseGeometry]


class Drawn:
    """What maps draw of one camera; each part is worked out when a draft first asks."""

    def __init__(self, result: CameraResult) -> None:
        # Not the camera itself: what is kept for it must not keep it.
        self._views, self._sightings = (result.certain, result.possible), result.sightings
        self._not_mapped = as_kept(result, "not_mapped")

    @cached_property
    def fields(self) -> tuple[DrawnField, ...]:
        """The fields, far ones first."""
        bare = None if self._not_mapped is None else read_shape(self._not_mapped)
        return drawn_fields(*self._views, bare)

    @cached_property
    def ground(self) -> BaseGeometry:
        """All ground that is drawn."""
        return drawn_ground(self.fields)

    @cached_property
    def frontages(self) -> tuple[tuple[Sighting, Split], ...]:
        """Each sighting with its frontage at the ground that is drawn, and beyond it."""
        return tuple((one, split_frontage(one.outline(), self.ground)) for one in self._sightings)

    @cached_property
    def ribbons(self) -> tuple[tuple[Sighting, BaseGeometry | None], ...]:
        """Each sighting with the ribbon that its frontage at the ground is drawn as."""
        return tuple((one, joined(at)) for one, (at, _) in self.frontages)


_drawn: WeakKeyDictionary[CameraResult, Drawn] = WeakKeyDictionary()


def drawn(result: CameraResult) -> Drawn:
    """Return what maps draw of a camera; it is forgotten with the camera's results."""
    found = _drawn.get(result)
    if found is None:
        found = _drawn[result] = Drawn(result)
    return found
