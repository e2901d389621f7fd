"""What a map of two plans shows: the town as maps show it, and of each plan what its cameras can see, as outputs tell it."""

from collections.abc import Mapping
from dataclasses import dataclass

from lhasaplan.core.model.layer import InputRecord, Layer
from lhasaplan.core.results.assessment import CameraResult


@dataclass(frozen=True, eq=False, slots=True)
class PlanSheet:
    """Two plans side by side, each with its name; ``differing`` are the cameras that are ringed."""

    layers: Mapping[str, Layer]
    crs: str
    plans: tuple[tuple[str, tuple[CameraResult, ...]], tuple[str, tuple[CameraResult, ...]]]
    differing: frozenset[str]
    inputs: tuple[InputRecord, ...] = ()
    synthetic: bool = False
