"""Cameras as recorded, and the fully specified views that sight is computed from."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.base.kept_shapes import may_be_kept, replace_kept
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass, horizontal_angle_deg, horizontal_of_vertical_deg

if TYPE_CHECKING:  # a start that asks nothing of geometry loads none
    from shapely.geometry.base import BaseGeometry

WATCHES = "watches"  # in ``Camera.extra``: "nature" where the record says that a camera watches animals or the weather


class Kind(StrEnum):
    """Generic kinds of camera; no brands."""

    FIXED = "fixed"
    DOME = "dome"
    FISHEYE = "fisheye"
    PANORAMA = "panorama"
    PAN_TILT = "pan_tilt"
    PLATE_READER = "plate_reader"


class Mount(StrEnum):
    """Where the lens is fixed (docs/glossary.md: wall mount, roof mount)."""

    POLE = "pole"
    WALL = "wall"
    ROOF = "roof"
    INDOOR = "indoor"


class Status(StrEnum):
    """Whether a camera works today, is only planned, or was taken away."""

    OPERATING = "operating"
    PLANNED = "planned"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Correction:
    """One field that a person corrected by hand: what it was, who says so, and when."""

    field: str
    before: str
    source: str
    date: str


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera as its source records it; ``None`` means not recorded, never a default.

    ``azimuth_deg`` is clockwise from true north, ``tilt_deg`` below the horizon. ``mask_px`` are polygons in image
    pixels (origin top left); ``mask_sector_deg`` pairs of true azimuths, clockwise from the first to the second.
    ``extra`` keeps unknown columns by name; ``input_file`` is the file that it was imported from. ``approved_on`` is the date
    of the approval that this record states, empty for a record of what stands.
    """

    camera_id: str
    x_m: float
    y_m: float
    name: str = ""
    mount_height_m: float | None = None
    lens_z_m: float | None = None
    azimuth_deg: float | None = None
    tilt_deg: float | None = None
    hfov_deg: float | None = None
    sensor_width_mm: float | None = None
    focal_length_mm: float | None = None
    vfov_deg: float | None = None
    lens_class: LensClass | None = None
    image_width_px: int | None = None
    image_height_px: int | None = None
    range_m: float | None = None
    night_range_m: float | None = None
    kind: Kind | None = None
    mount: Mount | None = None
    status: Status = Status.OPERATING
    owner: str = ""
    purpose: str = ""
    installed_on: str = ""
    retention_days: float | None = None
    sign: str = ""
    mask_px: tuple[tuple[tuple[float, float], ...], ...] = ()
    mask_sector_deg: tuple[tuple[float, float], ...] = ()
    source: str = ""
    source_date: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()
    input_file: str = ""
    level: str = ""  # of an indoor camera, as floor plans count: 0 is the ground floor
    approved_on: str = ""

    @property
    def recorded_hfov_deg(self) -> float | None:
        """Return the recorded horizontal angle: a data sheet's, else that of sensor and lens.

        Else it follows from the vertical angle and the pixels of the picture, which are square.
        """
        if self.hfov_deg is not None:
            return self.hfov_deg
        if self.sensor_width_mm is not None and self.focal_length_mm is not None:
            return horizontal_angle_deg(self.sensor_width_mm, self.focal_length_mm)
        if self.vfov_deg is None or self.image_width_px is None or self.image_height_px is None or not self.is_taken_as_straight:
            return None
        angle = horizontal_of_vertical_deg(self.vfov_deg, self.image_width_px, self.image_height_px)
        return angle if angle <= RECTILINEAR_LIMIT_DEG else None

    @property
    def is_taken_as_straight(self) -> bool:
        """Tell whether the lens is rectilinear as recorded, or of a kind that usually is."""
        bent = self.lens_class is LensClass.EQUIDISTANT or self.kind in {Kind.FISHEYE, Kind.PANORAMA}
        return self.lens_class is LensClass.RECTILINEAR or not bent


@dataclass(frozen=True, slots=True)
class Span:
    """The limits within which an unrecorded value lies, and what such a camera typically has.

    *Narrow* is the end that gives the higher pixel density, *wide* the one that sees more ground.
    """

    narrow: float
    typical: float
    wide: float


@dataclass(frozen=True, slots=True)
class ModelUse:
    """By which model of a catalogue values were assumed, of how many rows, and between which limits lens and picture lie."""

    maker: str
    model: str
    rows: int
    kind: Kind | None
    hfov_deg: tuple[float, float]
    image_width_px: tuple[int, int]


@dataclass(frozen=True, slots=True)
class CameraClass:
    """Between which limits a value of a generic class of camera lies that is not recorded; every use is counted.

    ``data/cameras/classes.toml`` has them. ``range_m`` is how far such cameras usually reach, which sight does not use.
    """

    kind: Kind
    lens_class: LensClass
    hfov_deg: Span
    image_width_px: Span
    image_height_px: Span
    tilt_deg: Span
    mount_height_m: Span
    range_m: Span
    source: str = ""
    range_limit_m: float = math.inf  # of a range that is not recorded
    model: ModelUse | None = None  # of a camera whose model a catalogue has


class Basis(StrEnum):
    """What a view rests on: recorded values, all that unrecorded ones may be, or all that a pan-tilt can turn and zoom to."""

    RECORDED = "recorded"
    POSSIBLE = "possible"
    SWEEP = "sweep"


@dataclass(frozen=True, slots=True)
class View:
    """One lens with every value known, or all the lenses that a camera may have: what sight is computed from.

    Of a set of lenses ``hfov_deg`` and ``vfov_deg`` are the widest picture, ``width_px`` and ``height_px`` the most pixels,
    ``lens_z_m`` the highest lens: together they take in the most. What sight needs of the other ends stands beside them.

    Parameters
    ----------
    azimuth_deg : clockwise from **grid** north.
    swing_deg : half-width of the directions the axis may have; 0 when the direction is recorded, 90 for a wall mount of
        unknown direction, 180 for a free one or a pan-tilt's sweep. A point counts at the best direction allowed.
    tilt_swing_deg : the same for the tilt below the horizon.
    narrowest_hfov_deg, fewest_width_px, lowest_lens_z_m : the other ends of a set; None where the value is known.
    lens_z_m : lens above the height datum; on level ground the datum is the ground.
    own_building : index into the scene's buildings, -1 for none.
    mask_sector_deg : pairs of **grid** azimuths, clockwise.
    levels : of the building on which an indoor lens hangs; empty where it is not recorded.
    """

    camera_id: str
    basis: Basis
    x_m: float
    y_m: float
    lens_z_m: float
    azimuth_deg: float
    swing_deg: float
    tilt_deg: float
    tilt_swing_deg: float
    hfov_deg: float
    vfov_deg: float
    width_px: int
    height_px: int
    lens_class: LensClass
    range_m: float
    mask_px: tuple[tuple[tuple[float, float], ...], ...] = ()
    mask_sector_deg: tuple[tuple[float, float], ...] = ()
    own_building: int = -1
    mount: Mount = Mount.POLE
    levels: frozenset[float] = frozenset()
    narrowest_hfov_deg: float | None = None
    fewest_width_px: int | None = None
    lowest_lens_z_m: float | None = None

    @property
    def narrowest_deg(self) -> float:
        """Return the horizontal angle of the longest lens of the set."""
        return self.hfov_deg if self.narrowest_hfov_deg is None else self.narrowest_hfov_deg

    @property
    def fewest_px(self) -> int:
        """Return the fewest pixels across that the picture may have."""
        return self.width_px if self.fewest_width_px is None else self.fewest_width_px

    @property
    def lowest_z_m(self) -> float:
        """Return the height of the lowest lens of the set."""
        return self.lens_z_m if self.lowest_lens_z_m is None else self.lowest_lens_z_m

    @property
    def is_one_lens(self) -> bool:
        """Return whether direction, tilt, height, angle and pixels are each one value."""
        ends = self.narrowest_hfov_deg, self.fewest_width_px, self.lowest_lens_z_m
        return self.swing_deg == 0.0 and self.tilt_swing_deg == 0.0 and ends == (None, None, None)

    @property
    def lens(self) -> "View":
        """Return the lens alone, as it is tilted: at the origin, looking north, without masks and whatever it hangs on."""
        lowest = None if self.lowest_lens_z_m is None else self.lowest_lens_z_m - self.lens_z_m
        return replace_kept(
            self, camera_id="", basis=Basis.RECORDED, x_m=0.0, y_m=0.0, lens_z_m=0.0, lowest_lens_z_m=lowest, azimuth_deg=0.0,
            mask_px=(), mask_sector_deg=(), own_building=-1, mount=Mount.POLE, levels=frozenset(),
        )  # fmt: skip


# A straight lens five metres up that looks north over level ground: what compiled sight is tried with.
EXAMPLE_VIEW = View(
    "example", Basis.RECORDED, 0.0, 0.0, 5.0, azimuth_deg=0.0, swing_deg=0.0, tilt_deg=10.0, tilt_swing_deg=0.0, hfov_deg=60.0,
    vfov_deg=40.0, width_px=1920, height_px=1080, lens_class=LensClass.RECTILINEAR, range_m=50.0,
)  # fmt: skip


class ViewColumns(NamedTuple):
    """Many views as columns of shape (V,): the fields of :class:`View` with these names, and which building does not block."""

    x_m: FloatArray
    y_m: FloatArray
    lens_z_m: FloatArray
    range_m: FloatArray
    azimuth_deg: FloatArray
    swing_deg: FloatArray
    tilt_deg: FloatArray
    tilt_swing_deg: FloatArray
    hfov_deg: FloatArray
    vfov_deg: FloatArray
    width_px: FloatArray
    height_px: FloatArray
    narrowest_deg: FloatArray
    fewest_px: FloatArray
    lowest_z_m: FloatArray
    is_equidistant: BoolArray
    skipped: IntArray  # an indoor camera's own building; RAISED where decks hide nothing for certain; -1 for all others

    def of(self, number: IntArray) -> "ViewColumns":
        """Return the entries with these numbers."""
        return ViewColumns._make(column[number] for column in self)


@dataclass(frozen=True, slots=True)
class Placed:
    """A camera set into the city: its views, what was assumed for them, and whether it was moved to a facade.

    ``views`` holds one RECORDED view, or one POSSIBLE when anything that sight needs was not recorded; a pan-tilt has
    a SWEEP view, besides its home view where that is certain. ``certain`` is true only when direction, angle, pixels across,
    tilt and height are recorded. ``level_views`` are the
    same on level ground, where coarse terrain may end no view of a protected place; empty elsewhere. ``model`` is that by
    which angle or pixels were assumed, None where the kind alone says them.
    """

    camera: Camera
    views: tuple[View, ...]
    assumed: tuple[str, ...]
    mount: Mount
    certain: bool
    moved_m: float = 0.0
    level_views: tuple[View, ...] = ()
    model: ModelUse | None = None

    @property
    def questions(self) -> tuple[str, ...]:
        """Return the fields to ask the controller for before a possible view can be judged."""
        sweep = ("sweep",) if any(view.basis is Basis.SWEEP for view in self.views) else ()
        return (*self.assumed, *sweep, "mask") if self.assumed or sweep else ()


@may_be_kept("geometry")
@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Field:
    """What one view of a camera can see: its visibility polygon at target height and its density bands.

    ``bands`` are (lower density px/m, geometry) from coarse to fine, disjoint.
    """

    basis: Basis
    geometry: "BaseGeometry"
    bands: "Sequence[tuple[float, BaseGeometry]]"
    area_m2: float


# A direction that a source records as a range: the sides of the picture, or limits of an unknown bearing.
#
# OpenStreetMap writes ``direction=239-284`` for what a camera shows from one side to the other. Others write so what they are
# not sure of. The first is taken where an ordinary lens can be so wide and no other angle is recorded; the limits are kept
# either way, and the controller is asked which it is.

DIRECTION_RANGE = "direction_range_deg"  # in ``Camera.extra``: first and last true azimuth, clockwise, as 239-284
WIDE_KINDS = (Kind.FISHEYE, Kind.PANORAMA)  # their lenses are equidistant
SAME_DEG = 1e-6


def apart_deg(one_deg: float, other_deg: float) -> float:
    """Return the angle between two directions, at most half a turn.

    >>> apart_deg(350.0, 10.0)
    20.0
    """
    return abs((one_deg - other_deg + 180.0) % 360.0 - 180.0)


class BearingRange(NamedTuple):
    """True azimuths from the first clockwise to the last."""

    first_deg: float
    last_deg: float

    @property
    def width_deg(self) -> float:
        """Return the clockwise angle between the two; equal ones are the whole circle."""
        return (self.last_deg - self.first_deg) % 360.0 or 360.0

    @property
    def middle_deg(self) -> float:
        """Return the azimuth in the middle.

        >>> BearingRange(239, 284).middle_deg, BearingRange(350, 30).middle_deg
        (261.5, 10.0)
        """
        return (self.first_deg + self.width_deg / 2.0) % 360.0

    def as_text(self) -> str:
        """Return the range as ``Camera.extra`` keeps it."""
        return f"{self.first_deg:g}-{self.last_deg:g}"


def optics_of_range(found: BearingRange, hfov_deg: float | None, kind: Kind | None) -> tuple[float | None, float | None]:
    """Return direction and horizontal angle that a range stands for; no direction where it is not the sides of the picture.

    >>> optics_of_range(BearingRange(239, 284), None, None)
    (261.5, 45.0)
    >>> optics_of_range(BearingRange(239, 284), 90.0, None), optics_of_range(BearingRange(0, 180), None, None)
    ((None, 90.0), (None, None))
    """
    is_possible = found.width_deg <= RECTILINEAR_LIMIT_DEG or kind in WIDE_KINDS
    if hfov_deg is None and is_possible:
        return found.middle_deg, found.width_deg
    is_same = hfov_deg is not None and abs(hfov_deg - found.width_deg) < SAME_DEG
    return (found.middle_deg if is_same else None), hfov_deg


def recorded_range(extra: Mapping[str, str]) -> BearingRange | None:
    """Return the range that a record keeps, None where its direction is no range."""
    first, _, last = extra.get(DIRECTION_RANGE, "").partition("-")
    try:
        return BearingRange(float(first), float(last))
    except ValueError:
        return None


def is_reading_open(camera: Camera) -> bool:
    """Return whether direction and angle of a camera rest on the reading of a range, and no correction replaced it."""
    found = recorded_range(camera.extra)
    if (
        found is None
        or camera.azimuth_deg is None
        or any(each.field in {"azimuth_deg", "hfov_deg"} for each in camera.corrections)
    ):
        return False
    return abs(camera.azimuth_deg - found.middle_deg) < SAME_DEG
