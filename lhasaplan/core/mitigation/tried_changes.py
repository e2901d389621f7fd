"""Try changed cameras in the town of an audit: what they would show of protected places and ground, and what they serve."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import IntArray
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext, set_in, with_placed
from lhasaplan.core.context.scenes import reach_m
from lhasaplan.core.demand.columns import UNSEEN, DemandColumn, Needs, columns_of, recorded_ground, share_kept, shown_demand
from lhasaplan.core.demand.ground_in_view import not_mapped, unasked_ground, without
from lhasaplan.core.exposure.grading import Key, grades_of, group_numbers, key_of, read_places, walls_within_reach
from lhasaplan.core.exposure.seen_open_ground import EYE_M
from lhasaplan.core.exposure.seen_walls import SeenWalls, look_at_walls
from lhasaplan.core.model.camera import Camera, Placed
from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.model.place import Demand, ProtectedClass, ProtectedWalls
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import Mitigation, MitigationAction, Severity, SightingBasis, rank
from lhasaplan.core.sight.lens.masks import picture_on_plane

ROUNDING_M2 = 0.5  # by as much the ground of one view differs when it is computed twice


@dataclass(frozen=True, eq=False, slots=True)
class TriedChanges:
    """Evaluates tried cameras in batches; ``demand`` and ``needs`` are None where no confirmed parts are known."""

    context: AuditContext
    demand: Demand | None = None
    needs: Needs | None = None

    @property
    def knows_parts(self) -> bool:
        """Tell whether confirmed parts say what the cameras are for."""
        return self.demand is not None and bool(self.demand.parts)

    def protected(self, tried: AuditContext, progress: Progress) -> SeenWalls:
        """Return what cameras show of all protected places that they may reach."""
        return look_at_walls(tried, walls_within_reach(tried), progress)

    def grounds(self, placed: Sequence[Placed], progress: Progress) -> list[BaseGeometry]:
        """Return the ground that each shows at 25 px/m or better."""
        return recorded_ground(self.context, placed, progress) if placed else []

    def columns(self, placed: Sequence[Placed], progress: Progress) -> list[DemandColumn]:
        """Return what each shows of the demand."""
        if self.demand is None or not self.knows_parts:
            return [UNSEEN for _ in placed]
        return columns_of(shown_demand(with_placed(self.context, tuple(placed)), self.demand.xyz_m, progress))

    def served(self, column: DemandColumn) -> IntArray:
        """Return the demand points that a column serves."""
        return column.points if self.needs is None else column.served(self.needs)

    def unasked_m2(self, ground: BaseGeometry, column: DemandColumn) -> float:
        """Return how much of a ground none of the parts asks for that the same camera serves."""
        parts = [] if self.needs is None or not self.knows_parts else column.parts_served(self.needs).tolist()
        asked = [self.demand.parts[part].geometry for part in parts] if self.demand is not None else []
        return float(unasked_ground(ground, asked, self.context.thresholds.unasked_distance_m).area)

    def mapped(self, ground: BaseGeometry) -> BaseGeometry:
        """Return what of a ground is reported as seen: changes are judged by all of it, mapped or not."""
        (bare,) = not_mapped([ground], self.context.scene.tree)
        return without(ground, bare)

    def adds_no_ground(self, ground: BaseGeometry, column: DemandColumn, before_m2: float) -> bool:
        """Tell whether no unasked ground is added."""
        return self.unasked_m2(ground, column) <= before_m2 + ROUNDING_M2


# Judge mitigations: whether a changed camera still shows what must not be seen, or more than before, and what it keeps serving.

STEP = "cures"
LEFT_M = 0.1  # a change that leaves so much frontage in view, 0.1 m high, does not end it
SMALLEST_M2 = 1.0  # of less ground no share is worked out
Look = Callable[[AuditContext, Progress], SeenWalls]


@dataclass(frozen=True, slots=True)
class Trial:
    """One mitigation on one camera, for one class of protected places seen."""

    key: Key
    mitigation: Mitigation
    camera: Camera


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a trial gave: shares of seen ground and of served demand that are left; ``duty_left`` None where it serves none."""

    ends_it: bool
    area_left: float
    duty_left: float | None


FAILED = Outcome(ends_it=False, area_left=0.0, duty_left=None)


@dataclass(frozen=True, eq=False, slots=True)
class Before:
    """What is known of each camera before any mitigation; index as in the context's placed cameras."""

    sightings: Mapping[Key, Sighting]
    ground: Mapping[int, shapely.Geometry]  # seen at 25 px/m or better
    unasked_m2: Mapping[int, float]
    served: Mapping[int, IntArray]  # demand points that it shows at the density they need, in order


@dataclass(frozen=True, eq=False, slots=True)
class MitigationJudge:
    """Judges trials of mitigations in batches: what would be seen is asked of ``tried``."""

    tried: TriedChanges
    walls: ProtectedWalls
    before: Before
    seen: Mapping[Key, SeenWalls] = field(default_factory=dict)  # what each view rests on

    @property
    def context(self) -> AuditContext:
        """Return the town that all is tried in."""
        return self.tried.context

    def serves_nothing(self, camera: int) -> bool:
        """Tell whether confirmed parts are known and the camera serves none of them."""
        return self.tried.knows_parts and not len(self.before.served.get(camera, ()))

    def judge(self, trials: Sequence[Trial], progress: Progress = no_progress) -> list[Outcome]:
        """Return what each trial would give."""
        cameras = [trial.camera for trial in trials]
        placed = set_in(self.context, cameras, part_of(progress, 0.0, 0.0)).placed
        progress(0.0, STEP)
        shown = self._shown(trials, placed, part_of(progress, 0.0, 0.6))
        progress(0.6, STEP)
        # Ground and parts are looked at only where the view is gone: most turns fail before.
        good = [t for t, trial in enumerate(trials) if self._ends_view(t, trial, shown)]
        remaining = tuple(placed[t] for t in good)
        grounds = self.tried.grounds(remaining, part_of(progress, 0.6, 0.9))
        columns = self.tried.columns(remaining, part_of(progress, 0.9, 1.0))
        looked = dict(zip(good, zip(grounds, columns, strict=True), strict=True))
        return [self._outcome(trial, *looked[t]) if t in looked else FAILED for t, trial in enumerate(trials)]

    def _shown(self, trials: Sequence[Trial], placed: Sequence[Placed], progress: Progress) -> "_StillShown":
        """Return what each trial would still show, by number of the trial.

        A narrower lens sees farther than any wall was taken for; what it may show is asked anew.
        """
        is_far = [self._looks_farther(trial.key[0], each) for trial, each in zip(trials, placed, strict=True)]
        near, far = ([t for t, beyond in enumerate(is_far) if beyond is wanted] for wanted in (False, True))
        found = self._looked([placed[t] for t in near], self.look, part_of(progress, 0.0, 0.7))
        beyond = self._looked([placed[t] for t in far], self.tried.protected, part_of(progress, 0.7, 1.0))
        grades: dict[Key, Severity] = {}
        left: set[Key] = set()
        for numbers, some in ((near, found), (far, beyond)):
            grades |= {(numbers[key[0]], *key[1:]): grade for key, grade in some.grades.items()}
            left |= {(numbers[key[0]], *key[1:]) for key in some.left}
        return _StillShown(grades, frozenset(left))

    def _looks_farther(self, camera: int, tried: Placed) -> bool:
        """Tell whether a tried camera reaches protected places that were not taken for it as it is."""
        least = self.context.thresholds.note_px_m
        before = max((reach_m(view, least) for view in self.context.placed[camera].views), default=0.0)
        return any(reach_m(view, least) > before for view in tried.views)

    def _looked(self, placed: Sequence[Placed], look: Look, progress: Progress) -> "_StillShown":
        if not placed:
            return _StillShown({}, frozenset())
        seen, limits = look(with_placed(self.context, tuple(placed)), progress), self.context.thresholds
        read = read_places(seen, min(LEFT_M, limits.frontage_m), limits.note_px_m)
        number = group_numbers(read.camera, seen.walls.class_numbers[read.place], read.case)
        return _StillShown(grades_of(seen, limits), frozenset(key_of(value) for value in np.unique(number).tolist()))

    def look(self, tried: AuditContext, progress: Progress = no_progress) -> SeenWalls:
        """Return what cameras show of the walls that were taken for the cameras as they are."""
        return look_at_walls(tried, self.walls, progress)

    def _ends_view(self, index: int, trial: Trial, shown: "_StillShown") -> bool:
        """Tell whether nothing of the sighting is left in view and no other grade of the camera is raised."""
        worse = any(
            rank(shown.grades.get((index, cls, basis))) > _rank(self.before.sightings.get((trial.key[0], cls, basis)))
            for cls in ProtectedClass
            for basis in SightingBasis
        )
        return not worse and (index, *trial.key[1:]) not in shown.left

    def _outcome(self, trial: Trial, ground: shapely.Geometry, column: DemandColumn) -> Outcome:
        camera, needs = trial.key[0], self.tried.needs
        before = self.before.served.get(camera)
        return Outcome(
            ends_it=self.tried.adds_no_ground(ground, column, self.before.unasked_m2.get(camera, 0.0)),
            area_left=self._area_left(trial, ground),
            duty_left=None if needs is None or before is None else share_kept(before, column.served(needs), needs),
        )

    def _area_left(self, trial: Trial, ground: shapely.Geometry) -> float:
        """Return the share of the seen ground that is left; of a mask, what the picture itself has of both.

        Polygons of ground begin with a circle (docs/adr/0009). Before a wall that fills the picture all that a mask leaves would
        be what lies between this circle and the lower edge of the picture, which nobody can see.
        """
        before = self.before.ground[trial.key[0]]
        picture = self._picture(trial.key[0]) if trial.mitigation.action is MitigationAction.MASK else None
        if picture is not None:
            ground, before = shapely.intersection(ground, picture), shapely.intersection(before, picture)
        return _share_left(ground.area, before.area)

    def _picture(self, camera: int) -> shapely.Geometry | None:
        """Return where the picture of a camera falls on level ground, at the height of heads; None of what has no one picture."""
        view = self.context.placed[camera].views[0]
        if view.lens_class is not LensClass.RECTILINEAR or not view.is_one_lens or not self.context.scene.relief.is_level:
            return None
        return picture_on_plane(view, view.lens_z_m - EYE_M)


@dataclass(frozen=True, slots=True)
class _StillShown:
    """What trials would still show: the grade of each view, and which views have any frontage or ground left in view."""

    grades: Mapping[Key, Severity]
    left: frozenset[Key]


def _share_left(after_m2: float, before_m2: float) -> float:
    """Return the share of the seen ground that is left; of next to none it is all or nothing."""
    if before_m2 < SMALLEST_M2:
        return float(after_m2 >= SMALLEST_M2)
    return float(after_m2 / before_m2)


def _rank(sighting: Sighting | None) -> int:
    return rank(sighting.grade if sighting else None)
