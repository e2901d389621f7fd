"""Rules for options of parts: which changes of the nearest cameras and which new mounts are evaluated."""

from dataclasses import dataclass, field

TURNS_DEG = (2.0, 5.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 75.0, 90.0, 120.0, 150.0, 180.0)


@dataclass(frozen=True, slots=True)
class NewCameraRules:
    """Where a new camera may stand and what it is: a fixed one, on a pole along public ground or on a facade.

    ``reach_m`` and ``away_m`` bound its distance from the part, ``hfov_deg`` are the lenses, the narrowest first.
    ``corners`` adds the corners of buildings to the places along their walls.
    """

    reach_m: float = 40.0
    away_m: float = 4.0
    spacing_m: float = 6.0
    positions: int = 60
    pole_height_m: float = 4.5
    wall_height_m: float = 4.0
    hfov_deg: tuple[float, ...] = (30.0, 45.0, 68.0, 90.0, 105.0)
    image_width_px: int = 1920
    image_height_px: int = 1080
    corners: bool = False


@dataclass(frozen=True, slots=True)
class ServiceRules:
    """Steps and limits of what is tried (``data/service.toml``); these are the shipped ones.

    Turns and tilts are tried either way; ``lens_factors`` multiply the angle of the lens; a raised lens hangs at most
    ``most_height_m`` above its ground. ``nearest_cameras`` within ``reach_m`` of a part are asked.
    """

    most_parts: int = 200
    nearest_cameras: int = 4
    reach_m: float = 120.0
    turns_deg: tuple[float, ...] = TURNS_DEG
    tilts_deg: tuple[float, ...] = (3.0, 6.0, 10.0, 15.0, 20.0)
    most_height_m: float = 8.0
    height_step_m: float = 1.0
    lens_factors: tuple[float, ...] = (0.85, 0.7, 0.55, 0.4, 1.2, 1.4, 1.7)
    least_hfov_deg: float = 10.0
    most_hfov_deg: float = 110.0
    new: NewCameraRules = field(default_factory=NewCameraRules)
