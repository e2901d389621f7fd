"""What maps beside an assessment show: the candidates of a town, and two plans in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.data_state import AS_SHIPPED, DataState
from lhasaplan.core.model.layer import InputRecord, Layer
from lhasaplan.core.results.assessment import CameraResult

# What a map of two plans shows: the town as maps show it, and of each plan what its cameras can see, as outputs tell it.


@dataclass(frozen=True, eq=False, slots=True)
class PlanSheet:
    """Two plans side by side, each with its name; ``differing`` are the cameras that are ringed."""

    layers: Mapping[str, Layer]
    crs: str
    plans: tuple[tuple[str, tuple[CameraResult, ...]], tuple[str, tuple[CameraResult, ...]]]
    differing: frozenset[str]
    inputs: tuple[InputRecord, ...] = ()
    synthetic: bool = False


# What pictures of candidates show: the town as maps show it, and each candidate with its street; nothing of protected places.


@dataclass(frozen=True, eq=False, slots=True)
class PictureRow:
    """One candidate: ``state`` is a template of what was decided about it, never of what the guard says."""

    part_id: str
    category: str
    name: str
    street: str
    lonlat: tuple[float, float] | None
    density_px_m: float
    state: str
    shape: BaseGeometry


@dataclass(frozen=True, eq=False, slots=True)
class PlaceSheet:
    """Candidates with the layers of which a picture of their surroundings is drawn, and what every page must say."""

    project: str
    layers: Mapping[str, Layer]
    rows: tuple[PictureRow, ...]
    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    inputs: tuple[InputRecord, ...] = ()
    synthetic: bool = False
    closed_places: int | None = None
    data: DataState = AS_SHIPPED
