"""Find which cameras see which samples of protected places, and how sharply.

An audit, the live answers, cures and options of parts ask here, each of the cameras that it needs.
"""

from collections.abc import Mapping

from scipy import sparse

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.context.relevant_range import relevant_ground
from lhasaplan.core.exposure.grading import grade_of, hits_on_samples
from lhasaplan.core.exposure.protected_densities import protected_densities
from lhasaplan.core.exposure.sample_hits import SampleHits, read_places
from lhasaplan.core.model.protected_place import ProtectedSamples
from lhasaplan.core.protection.near_places import NearPlaces
from lhasaplan.core.protection.places import sample_protected
from lhasaplan.core.results.finding import Severity

PlaceGrades = Mapping[tuple[int, int], Severity]  # by place (index into the context's) and case


def samples_within_reach(
    context: AuditContext, progress: Progress = no_progress, near: NearPlaces | None = None
) -> ProtectedSamples:
    """Return the samples of protected places, taken as far as any view of the context reaches.

    Parameters
    ----------
    near : a tree of the context's places, for few cameras of a large city: samples then have those alone that come near.
    """
    view_table = context.view_table
    ground = relevant_ground((*view_table.views, *view_table.level_views), context.thresholds.note_px_m)
    progress(0.0, "protected")
    places = context.protected if near is None else near.around(ground)
    return sample_protected(places, ground, context.terrain, context.buildings, progress)


def sample_hits(context: AuditContext, samples: ProtectedSamples, progress: Progress = no_progress) -> SampleHits:
    """Return which camera of a context can see which sample, and how sharply."""
    density = protected_densities(context, context.view_table, samples.xyz_m, progress)  # of a city it is large: nothing keeps it
    return hits_of(density, samples, context, part_of(progress, 1.0, 1.0))


def hits_of(
    density_px_m: sparse.csr_array, samples: ProtectedSamples, context: AuditContext, progress: Progress = no_progress
) -> SampleHits:
    """Return the same where the densities are known; shape (samples, views)."""
    view_table, limits, walls = context.view_table, context.thresholds, samples.direction
    return hits_on_samples(
        density_px_m, samples, walls, view_table, buildings=context.buildings, thresholds=limits, progress=progress
    )


def place_grades(hits: SampleHits, samples: ProtectedSamples, context: AuditContext) -> list[PlaceGrades]:
    """Return the grade of each place that each camera shows: other figures are told by class alone."""
    grades: list[dict[tuple[int, int], Severity]] = [{} for _ in context.placed]
    read = read_places(hits, samples, context.thresholds.frontage_m)
    rows = zip(*(each.tolist() for each in (read.camera, read.place, read.case, read.density_px_m)), strict=True)
    for camera, place, case, density in rows:
        grade = grade_of(density, context.thresholds, samples.places[place].cls)
        if grade is not None:
            grades[camera][place, case] = grade
    return list(grades)
