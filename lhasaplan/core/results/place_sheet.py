"""What pictures of candidates show: the town as maps show it, and each candidate with its street; nothing of protected places."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.data_state import AS_SHIPPED, DataState
from lhasaplan.core.model.layer import InputRecord, Layer


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
