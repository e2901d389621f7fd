"""Mitigations of views applied one by one and looked at densely: what of the same walls and ground is still shown at 25 px/m."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.results.assessment import CameraResult, Sighting
from lhasaplan.core.results.finding import GRAVE, Mitigation

from ..rivals.wall_rays import USUAL, Shown, Step, by_class, look
from ..wall_towns import WallTown
from .walls import FINER, grade_rank, lens_in

LEFT_M2, LEFT_M = 1.0, 1.0
NOTHING = Shown()


@dataclass(frozen=True, slots=True)
class Applied:
    """One mitigation applied: its kind, the camera before, what the rays still find of its class or graver of another."""

    kind: str
    camera: Camera
    after: Camera
    cls: str
    left_m2: float
    left_m: float
    left_px_m: float
    raised: str

    @property
    def leaves_a_view(self) -> bool:
        """Whether a metre of frontage, a square metre of wall or some ground of its class is still shown."""
        return self.left_m2 >= LEFT_M2 or self.left_m >= LEFT_M or self.left_px_m >= 25.0

    def __str__(self) -> str:
        """Say it in one line."""
        c = self.after
        where = f"({c.x_m:.3f}, {c.y_m:.3f}) height {c.mount_height_m} azimuth {c.azimuth_deg} tilt {c.tilt_deg}"
        lens = f"hfov {c.recorded_hfov_deg} vfov {c.vfov_deg} {c.image_width_px} x {c.image_height_px} px range {c.range_m}"
        masks = f"masks {c.mask_px} {c.mask_sector_deg}"
        left = f"{self.left_m2:.2f} m2, {self.left_m:.2f} m at {self.left_px_m:.1f} px/m"
        return f"{self.kind} of {self.cls}: {c.camera_id} {where} {lens} {masks}: left {left} {self.raised}"


@dataclass(frozen=True, eq=False, slots=True)
class Mitigated:
    """All mitigations that were applied."""

    applied: tuple[Applied, ...]

    @property
    def counts(self) -> Mapping[str, tuple[int, int]]:
        """Number of mitigations that leave a view, and of all, by kind."""
        every, left = Counter(each.kind for each in self.applied), Counter(each.kind for each in self.left)
        return {kind: (left[kind], every[kind]) for kind in sorted(every)}

    @property
    def left(self) -> tuple[Applied, ...]:
        """Those that leave a view."""
        return tuple(each for each in self.applied if each.leaves_a_view)

    @property
    def raised(self) -> tuple[Applied, ...]:
        """Those that make a view of another class graver."""
        return tuple(each for each in self.applied if each.raised)


def apply_mitigations(town: WallTown, cameras: tuple[Camera, ...]) -> Mitigated:
    """Return every mitigation that an audit of recorded cameras tried out, applied and looked at."""
    answers = audit(town.with_cameras(cameras), town.known, known=town.context)
    return Mitigated(tuple(one for result in answers.cameras for one in _of_camera(town, result)))


def _of_camera(town: WallTown, result: CameraResult) -> Iterator[Applied]:
    camera, grave = result.placed.camera, [each for each in result.sightings if each.grade in GRAVE]
    before = _shown(town, camera) if grave else {}
    for sighting in grave:
        for mitigation in _tried(sighting):
            after = camera
            for change in mitigation.changes:
                after = change.applied(after)
            if after.status is not Status.REMOVED:
                yield _applied(town, mitigation, (camera, after), str(sighting.cls), before)


def _tried(sighting: Sighting) -> Iterator[Mitigation]:
    """Give the mitigation that stands first and those that were tried beside it; what is only named changes nothing."""
    if sighting.mitigation is not None:
        yield from (each for each in (sighting.mitigation, *(sighting.mitigation.alternatives or ())) if each.changes)


def _applied(
    town: WallTown, mitigation: Mitigation, cameras: tuple[Camera, Camera], cls: str, before: Mapping[str, Shown]
) -> Applied:
    kind = f"{mitigation.action} {mitigation.figures.form or ''}{_which(mitigation)}".strip()
    found = _compared(kind, cameras, cls, before, _shown(town, cameras[1], USUAL))
    if not found.leaves_a_view and not found.raised:
        return found
    return _compared(kind, cameras, cls, before, _shown(town, cameras[1], USUAL.finer(FINER)))


def _compared(
    kind: str, cameras: tuple[Camera, Camera], cls: str, before: Mapping[str, Shown], after: Mapping[str, Shown]
) -> Applied:
    """Return what is left of a class, and which others are graver than they were."""
    left = after.get(cls, NOTHING)
    raised = [
        f"raised {other} from {before.get(other, NOTHING).px_m[1]:.1f} to {its.px_m[0]:.1f} px/m"
        for other, its in after.items()
        if grade_rank(its.px_m[0], other) > grade_rank(before.get(other, NOTHING).px_m[1], other)
    ]
    metres = left.metres.get(25.0, (0.0, 0.0))[0]
    return Applied(kind, cameras[0], cameras[1], cls, left.area_m2, metres, left.px_m[0], ", ".join(raised))


def _which(mitigation: Mitigation) -> str:
    """Tell turns from tilts and lenses, which are one action."""
    names = [name for name in ("azimuth_deg", "tilt_deg", "hfov_deg") if getattr(mitigation.figures, name) is not None]
    return " ".join(name.removesuffix("_deg") for name in names)


def _shown(town: WallTown, camera: Camera, step: Step = USUAL) -> Mapping[str, Shown]:
    """Return what a camera shows."""
    return by_class(look(lens_in(town, town.placed((camera,))[0]), town.facades, town.prisms, step), town.facades)
