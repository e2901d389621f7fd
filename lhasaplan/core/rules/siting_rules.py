"""Rules of siting: where cameras may be proposed, what they may be, and what weighs how much."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated

from annotated_types import Interval

from lhasaplan.core.rules.audit_policy import TagValues

_Pixels = Annotated[int, Interval(ge=16, le=20_000)]  # limits are those of the file, which its reader holds
_Weight = Annotated[float, Interval(ge=0, le=1e6)]


@dataclass(frozen=True, slots=True)
class GenericClass:
    """A class of fixed camera that is proposed."""

    name: str
    hfov_deg: Annotated[float, Interval(gt=1, le=120)]
    image_width_px: _Pixels = 1920
    image_height_px: _Pixels = 1080


@dataclass(frozen=True, slots=True)
class Weights:
    """What weighs how much in the cost of a choice; one unit is one m2 of unasked ground."""

    unasked_m2: _Weight = 1.0
    frontage_m: _Weight = 20.0
    camera: Annotated[float, Interval(gt=0, le=1e6)] = 50.0  # it weighs something
    change: _Weight = 5.0


def least_frontage(weights: Weights) -> float:
    """Return the least that a metre of protected frontage weighs beside other weights: as shipped, or more.

    Whoever makes cameras or ground weigh more makes frontage weigh as much more; else it would be free.

    >>> least_frontage(Weights()), least_frontage(Weights(unasked_m2=10.0, frontage_m=20.0))
    (20.0, 200.0)
    """
    shipped = Weights()
    beside = ("unasked_m2", "camera", "change")
    return shipped.frontage_m * max(1.0, *(float(getattr(weights, name) / getattr(shipped, name)) for name in beside))


POLES: TagValues = {
    "highway": frozenset({"street_lamp"}),
    "man_made": frozenset({"mast", "utility_pole"}),
    "power": frozenset({"pole"}),
}
FORBIDDEN: TagValues = {"lhasaplan:camera": frozenset({"no"})}
EFFORT: Mapping[str, float] = MappingProxyType({"mount_height_m": 1.0, "tilt_deg": 1.0, "range_m": 2.0, "hfov_deg": 2.0})
CLASSES = (GenericClass("narrow", 35.0), GenericClass("usual", 68.0), GenericClass("wide", 95.0))


@dataclass(frozen=True, slots=True)
class SitingRules:
    """Steps and limits (``data/siting.toml``); these are the shipped ones.

    ``heights_m`` are pairs of heights that are tried: of a lens on a pole, and on a wall.
    """

    reach_m: float = 45.0
    spacing_m: float = 10.0
    positions: int = 60
    corners: bool = True
    heights_m: tuple[tuple[float, float], ...] = ((4.5, 4.0),)
    azimuth_step_deg: float = 30.0
    headroom_deg: float = 2.0
    most_new: int = 400
    most_masked: int = 120
    most_changes: int = 8
    options: int = 12
    poles: TagValues = field(default_factory=lambda: POLES)
    forbidden: TagValues = field(default_factory=lambda: FORBIDDEN)
    classes: tuple[GenericClass, ...] = CLASSES
    weights: Weights = field(default_factory=Weights)
    effort: Mapping[str, float] = field(default_factory=lambda: EFFORT)
