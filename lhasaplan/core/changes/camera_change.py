"""One change of one camera: add, remove, move, turn, tilt, lens, range, mask, mount, status, or what is on record beside them.

A change states the values that the camera has afterwards, every value of its kind; ``None`` means not recorded, as in
:class:`~lhasaplan.core.model.camera.Camera`. Each field of a camera belongs to exactly one kind of change, so that the changes of
different kinds can be taken or left one by one.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, make_dataclass, replace
from typing import TYPE_CHECKING, Any, Self, TypeAlias

from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.model.camera import Camera, Kind, Mount, Status
from lhasaplan.core.model.camera_fields import LENS, keys_where
from lhasaplan.errors import Fault, InputError

MaskPolygons: TypeAlias = tuple[tuple[tuple[float, float], ...], ...]
Sectors: TypeAlias = tuple[tuple[float, float], ...]


def values_changed(kind: "type[_ValueChange]") -> tuple[str, ...]:
    """Return the fields of a camera that a kind of change sets."""
    return tuple(each.name for each in fields(kind) if each.name != "camera_id")


@dataclass(frozen=True, slots=True)
class _ValueChange:
    """A change of a camera that stands: its fields are named as the camera's."""

    camera_id: str

    @classmethod
    def to_match(cls, camera: Camera) -> Self:
        """Return the change after which a camera has the values of this one."""
        return cls(camera.camera_id, **{name: getattr(camera, name) for name in values_changed(cls)})

    def applied(self, camera: Camera | None) -> Camera:
        """Return the camera as the change leaves it; InputError where there is none."""
        values = {name: getattr(self, name) for name in values_changed(type(self))}
        return replace_kept(standing(camera, self.camera_id), **values)

    def inverse(self, camera: Camera | None) -> Self:
        """Return the change that takes this one back, asked before it is made."""
        return self.to_match(standing(camera, self.camera_id))


@dataclass(frozen=True, slots=True)
class AddCamera:
    """A camera comes; ``position`` is its place in the list of cameras, None behind all others."""

    camera: Camera
    position: int | None = None

    @property
    def camera_id(self) -> str:
        """Return the id of the camera that comes."""
        return self.camera.camera_id

    def applied(self, camera: Camera | None) -> Camera:
        """Return the new camera; InputError where one with its id stands."""
        if camera is not None:
            raise InputError(Fault("There is already a camera {camera}", params={"camera": self.camera_id}))
        return self.camera

    def inverse(self, camera: Camera | None) -> "RemoveCamera":
        """Return the change that takes this one back."""
        self.applied(camera)
        return RemoveCamera(self.camera_id)


@dataclass(frozen=True, slots=True)
class RemoveCamera:
    """A camera leaves the list, as a planned one does; an existing one stays on record by :class:`ChangeStatus`."""

    camera_id: str

    def applied(self, camera: Camera | None) -> None:
        """Return nothing: no camera is left; InputError where there was none."""
        standing(camera, self.camera_id)

    def inverse(self, camera: Camera | None) -> AddCamera:
        """Return the change that takes this one back, but for the camera's place in a list."""
        return AddCamera(standing(camera, self.camera_id))


@dataclass(frozen=True, slots=True)
class MoveCamera(_ValueChange):
    """A camera stands elsewhere, in metres of the project's system."""

    x_m: float
    y_m: float


@dataclass(frozen=True, slots=True)
class TurnCamera(_ValueChange):
    """A camera looks another way, clockwise from true north."""

    azimuth_deg: float | None


@dataclass(frozen=True, slots=True)
class TiltCamera(_ValueChange):
    """A camera looks higher or lower, in degrees below the horizon."""

    tilt_deg: float | None


@dataclass(frozen=True, slots=True)
class ChangeRange(_ValueChange):
    """A camera sees farther or less far, by day and by night."""

    range_m: float | None
    night_range_m: float | None


@dataclass(frozen=True, slots=True)
class ChangeMask(_ValueChange):
    """A camera has these masks and no other: polygons of the picture in pixels, pairs of true azimuths."""

    mask_px: MaskPolygons = ()
    mask_sector_deg: Sectors = ()


@dataclass(frozen=True, slots=True)
class ChangeMount(_ValueChange):
    """A camera hangs otherwise: on something else, higher or lower, on another floor."""

    mount: Mount | None = None
    mount_height_m: float | None = None
    lens_z_m: float | None = None
    level: str = ""


@dataclass(frozen=True, slots=True)
class ChangeStatus(_ValueChange):
    """A planned camera operates, or one that operated is taken away and stays on record."""

    status: Status


if TYPE_CHECKING:

    class ChangeLens(_ValueChange):
        """A camera has another lens, sensor or picture: every field that the table of fields has in this group."""

        hfov_deg: float | None

    class ChangeRecord(_ValueChange):
        """What is on record of a camera besides what it sees: every field that no other kind of change sets."""

else:

    def _change_of(name: str, meaning: str, keys: Iterable[str]) -> type[_ValueChange]:
        """Return a kind of change that sets these fields of a camera, with the camera's types and defaults."""
        own: dict[str, Any] = {each.name: each for each in fields(Camera)}
        listed = [(key, own[key].type, field(default=own[key].default, default_factory=own[key].default_factory)) for key in keys]
        named = {"__module__": __name__, "__doc__": meaning}
        return make_dataclass(name, listed, bases=(_ValueChange,), namespace=named, frozen=True, slots=True)

    _of_lens = keys_where(lambda each: each.group == LENS)
    _kind_first = sorted(_of_lens, key=lambda key: key != "kind")  # as proposals list them
    ChangeLens = _change_of("ChangeLens", "A camera has another lens, sensor or picture.", _kind_first)

_OF_SIGHT = (MoveCamera, TurnCamera, TiltCamera, ChangeLens, ChangeRange, ChangeMask, ChangeMount, ChangeStatus)
if not TYPE_CHECKING:
    _ELSEWHERE = {name for kind in _OF_SIGHT for name in ("camera_id", *values_changed(kind))}
    _on_record = [each.name for each in fields(Camera) if each.name not in _ELSEWHERE]
    ChangeRecord = _change_of("ChangeRecord", "What is on record of a camera besides what it sees.", _on_record)

ValueChange: TypeAlias = (
    MoveCamera | TurnCamera | TiltCamera | ChangeLens | ChangeRange | ChangeMask | ChangeMount | ChangeStatus | ChangeRecord
)
CameraChange: TypeAlias = AddCamera | RemoveCamera | ValueChange

VALUE_CHANGES: tuple[type[ValueChange], ...] = (*_OF_SIGHT, ChangeRecord)


def value_changes(before: Camera, after: Camera) -> tuple[ValueChange, ...]:
    """Return the changes that make a camera what it is after, one of each kind at most; both have one id."""
    each = ((kind.to_match(before), kind.to_match(after)) for kind in VALUE_CHANGES)
    return tuple(new for old, new in each if old != new)


def standing(camera: Camera | None, camera_id: str) -> Camera:
    """Return the camera that a change is about; InputError where it is another one or none."""
    if camera is None or camera.camera_id != camera_id:
        raise InputError(Fault("There is no camera {camera} to change", params={"camera": camera_id}))
    return camera


# Usual changes of one camera, each from the camera as it is: turned, tilted, raised, masked, with another lens, taken away.

Changes = tuple[ValueChange, ...]


def turned(camera: Camera, azimuth_deg: float) -> Changes:
    """Return the turn to a true azimuth."""
    return (TurnCamera(camera.camera_id, azimuth_deg),)


def tilted(camera: Camera, tilt_deg: float) -> Changes:
    """Return the tilt to so much below the horizon."""
    return (TiltCamera(camera.camera_id, tilt_deg),)


def raised(camera: Camera, by_m: float) -> Changes:
    """Return a lens that hangs higher on the same mount."""
    height = (camera.mount_height_m or 0.0) + by_m
    lens_z = None if camera.lens_z_m is None else camera.lens_z_m + by_m
    return (ChangeMount.to_match(replace(camera, mount_height_m=height, lens_z_m=lens_z)),)


def with_lens(camera: Camera, hfov_deg: float, vfov_deg: float) -> Changes:
    """Return another lens; its angles say what sensor width and focal length said before."""
    after = replace(camera, hfov_deg=hfov_deg, vfov_deg=vfov_deg, sensor_width_mm=None, focal_length_mm=None)
    return (ChangeLens.to_match(after),)


def with_range(camera: Camera, range_m: float) -> Changes:
    """Return another declared range by day."""
    return (ChangeRange(camera.camera_id, range_m, camera.night_range_m),)


def with_picture(camera: Camera, width_px: int, height_px: int) -> Changes:
    """Return a picture of another size by the same lens."""
    return (ChangeLens.to_match(replace(camera, image_width_px=width_px, image_height_px=height_px)),)


def fixed(camera: Camera) -> Changes:
    """Return a pan-tilt camera fixed at its home view."""
    return (ChangeLens.to_match(replace(camera, kind=Kind.FIXED)),)


def masked(camera: Camera, polygons_px: MaskPolygons = (), sectors_deg: Sectors = ()) -> Changes:
    """Return masks besides those that there are."""
    return (ChangeMask(camera.camera_id, (*camera.mask_px, *polygons_px), (*camera.mask_sector_deg, *sectors_deg)),)


def taken_away(camera: Camera) -> Changes:
    """Return the camera taken away, which stays on record."""
    return (ChangeStatus(camera.camera_id, Status.REMOVED),)


def kept_for(camera: Camera, retention_days: float) -> Changes:
    """Return pictures that are kept for so many days."""
    return (ChangeRecord.to_match(replace(camera, retention_days=retention_days)),)


def off_during_assemblies(camera: Camera) -> Changes:
    """Return the record that a camera is off during assemblies."""
    return (ChangeRecord.to_match(replace(camera, extra={**camera.extra, "assembly_off": "yes"})),)


def changed(camera: Camera, changes: Changes) -> Camera:
    """Return the camera after its changes."""
    for change in changes:
        camera = change.applied(camera)
    return camera
