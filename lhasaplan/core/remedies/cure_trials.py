"""Judge cures: whether a changed camera still shows what must not be seen, or more than before, and what it keeps serving."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext, with_placed
from lhasaplan.core.context.map_squares import Squares
from lhasaplan.core.context.relevant_range import reach_m
from lhasaplan.core.coverage.columns import Column, share_kept
from lhasaplan.core.exposure.grading import Key, grades_of
from lhasaplan.core.exposure.protected_densities import protected_densities
from lhasaplan.core.exposure.protected_views import hits_of
from lhasaplan.core.exposure.sample_hits import SampleHits
from lhasaplan.core.model.camera import Camera, Placed
from lhasaplan.core.model.protected_place import ProtectedClass, ProtectedSamples
from lhasaplan.core.remedies.tried_changes import TriedChanges
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import Cure, Severity, rank
from lhasaplan.core.results.sighting_basis import SightingBasis

STEP = "cures"
Look = Callable[[AuditContext, Progress], tuple[SampleHits, ProtectedSamples]]


@dataclass(frozen=True, slots=True)
class Trial:
    """One cure on one camera, for one class of protected places seen."""

    key: Key
    cure: Cure
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
    """What is known of each camera before any cure; index as in the context's placed cameras."""

    sightings: Mapping[Key, Sighting]
    ground: Mapping[int, shapely.Geometry]  # seen at 25 px/m or better
    unasked_m2: Mapping[int, float]
    served: Mapping[int, IntArray]  # demand points that it shows at the density they need, in order


@dataclass(frozen=True, eq=False, slots=True)
class CureJudge:
    """Judges trials of cures in batches: what would be seen is asked of ``tried``."""

    tried: TriedChanges
    samples: ProtectedSamples
    directions: FloatArray  # of the samples' walls
    squares: Squares  # that the samples lie in
    before: Before
    seen: Mapping[Key, IntArray] = field(default_factory=dict)  # samples that each view rests on

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
        placed = self.tried.with_cameras(cameras, part_of(progress, 0.0, 0.0)).placed
        progress(0.0, STEP)
        grades = self._grades(trials, placed, part_of(progress, 0.0, 0.6))
        progress(0.6, STEP)
        # Ground and parts are looked at only where the view is gone: most turns fail before.
        good = [t for t, trial in enumerate(trials) if self._ends_view(t, trial, grades)]
        remaining = tuple(placed[t] for t in good)
        grounds = self.tried.grounds(remaining, part_of(progress, 0.6, 0.9))
        columns = self.tried.columns(remaining, part_of(progress, 0.9, 1.0))
        looked = dict(zip(good, zip(grounds, columns, strict=True), strict=True))
        return [self._outcome(trial, *looked[t]) if t in looked else FAILED for t, trial in enumerate(trials)]

    def _grades(self, trials: Sequence[Trial], placed: Sequence[Placed], progress: Progress) -> Mapping[Key, Severity]:
        """Return the grade of what each trial would show, by number of the trial.

        A narrower lens sees farther than anything was sampled for; what it may show is sampled anew.
        """
        is_far = [self._looks_farther(trial.key[0], each) for trial, each in zip(trials, placed, strict=True)]
        near, far = ([t for t, beyond in enumerate(is_far) if beyond is wanted] for wanted in (False, True))
        found = self._graded([placed[t] for t in near], self.hits, part_of(progress, 0.0, 0.7))
        beyond = self._graded([placed[t] for t in far], self.tried.protected, part_of(progress, 0.7, 1.0))
        return {(t[key[0]], *key[1:]): grade for t, graded in ((near, found), (far, beyond)) for key, grade in graded.items()}

    def _looks_farther(self, camera: int, tried: Placed) -> bool:
        """Tell whether a tried camera reaches protected places that were not sampled for it as it is."""
        least = self.context.thresholds.note_px_m
        before = max((reach_m(view, least) for view in self.context.placed[camera].views), default=0.0)
        return any(reach_m(view, least) > before for view in tried.views)

    def _graded(self, placed: Sequence[Placed], look: Look, progress: Progress) -> Mapping[Key, Severity]:
        hits, samples = look(with_placed(self.context, tuple(placed)), progress)
        return grades_of(hits, samples, self.context.thresholds)

    def hits(self, tried: AuditContext, progress: Progress = no_progress) -> tuple[SampleHits, ProtectedSamples]:
        """Return what cameras show of the samples taken, and those that any shows: of a city only these few are copied whole."""
        near = self.squares.near((*tried.view_table.views, *tried.view_table.level_views))
        progress(0.0, STEP)
        xyz_m = np.take(self.samples.xyz_m, near, axis=0)
        density = protected_densities(tried, tried.view_table, xyz_m, progress)
        shown = np.flatnonzero(np.diff(density.indptr))
        samples = self.samples.at(near[shown])
        return hits_of(density[shown], samples, tried), samples

    def _ends_view(self, index: int, trial: Trial, grades: Mapping[Key, Severity]) -> bool:
        """Tell whether the sighting is gone and no other grade of the camera is raised."""
        worse = any(
            rank(grades.get((index, cls, basis))) > _rank(self.before.sightings.get((trial.key[0], cls, basis)))
            for cls in ProtectedClass
            for basis in SightingBasis
        )
        return not worse and (index, *trial.key[1:]) not in grades

    def _outcome(self, trial: Trial, ground: shapely.Geometry, column: Column) -> Outcome:
        camera, needs = trial.key[0], self.tried.needs
        before = self.before.served.get(camera)
        return Outcome(
            ends_it=self.tried.adds_no_ground(ground, column, self.before.unasked_m2.get(camera, 0.0)),
            area_left=float(ground.area / max(self.before.ground[camera].area, 1e-9)),
            duty_left=None if needs is None or before is None else share_kept(before, column.served(needs), needs),
        )


def _rank(sighting: Sighting | None) -> int:
    return rank(sighting.grade if sighting else None)
