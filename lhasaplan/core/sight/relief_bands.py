"""Density bands of a field over relief, cut when somebody asks, as those on level land are."""

from collections.abc import Iterator, Sequence
from typing import overload

from shapely.geometry.base import BaseGeometry

from lhasaplan.core.assessment import DENSITY_BANDS_PX_M
from lhasaplan.core.camera import View
from lhasaplan.core.sight.bands import Band, bands_within
from lhasaplan.core.sight.over_relief import bands_over_relief
from lhasaplan.core.sight.relief import Relief


class ReliefBands(Sequence[Band]):
    """The bands of what a view sees above uneven ground: (lower density, ground) from coarse to fine, disjoint, none empty.

    A value like the tuple that it stands for; it goes to other processes as that tuple, without the ground of the city.
    """

    __slots__ = ("_cut", "_ground", "_relief", "_target_height_m", "_view")

    def __init__(self, view: View, target_height_m: float, ground: BaseGeometry, relief: Relief) -> None:
        self._view, self._target_height_m, self._ground, self._relief = view, target_height_m, ground, relief
        self._cut: tuple[Band, ...] | None = None

    def __reduce__(self) -> tuple[type[tuple[Band, ...]], tuple[tuple[Band, ...]]]:
        return tuple, (self._read(),)

    def __iter__(self) -> Iterator[Band]:
        return iter(self._read())

    def __len__(self) -> int:
        return len(self._read())

    @overload
    def __getitem__(self, k: int) -> Band: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[Band, ...]: ...
    def __getitem__(self, k: int | slice) -> Band | tuple[Band, ...]:
        return self._read()[k]

    def _read(self) -> tuple[Band, ...]:
        if self._cut is None:
            whole = bands_over_relief(self._view, self._relief, self._target_height_m, DENSITY_BANDS_PX_M)
            self._cut = bands_within(self._ground, whole)
        return self._cut
