"""Density bands of a field over relief, cut when somebody asks, as those on level land are."""

from lhasaplan.core.base.kept_shapes import Shape
from lhasaplan.core.model.camera import View
from lhasaplan.core.results.assessment import DENSITY_BANDS_PX_M
from lhasaplan.core.sight.obstacles.relief import Relief
from lhasaplan.core.sight.visibility.density_bands import Band, BandsOnDemand, bands_within
from lhasaplan.core.sight.visibility.over_relief import bands_over_relief


class ReliefBands(BandsOnDemand):
    """The bands above uneven ground, ``plane_m`` being the height above it that is looked at.

    It goes to other processes as the tuple that it stands for, without the ground of the city.
    """

    __slots__ = ("_relief",)

    def __init__(self, view: View, plane_m: float, ground: Shape, relief: Relief) -> None:
        super().__init__(view, plane_m, ground)
        self._relief = relief

    def __reduce__(self) -> tuple[type[tuple[Band, ...]], tuple[tuple[Band, ...]]]:
        return tuple, (self._read(),)

    def over(self, ground: Shape) -> "ReliefBands":
        """Return the same bands over ground that is kept elsewhere."""
        return ReliefBands(self._view, self._plane_m, ground, self._relief)

    def _cut(self) -> tuple[Band, ...]:
        return bands_within(self._ground, bands_over_relief(self._view, self._relief, self._plane_m, DENSITY_BANDS_PX_M))
