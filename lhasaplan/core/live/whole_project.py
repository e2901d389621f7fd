"""Make the live answers of a whole project: every camera that stands, and behind the gate parts and planned cameras too."""

from dataclasses import replace

from lhasaplan.core.audit.pipeline import gate_of
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import active_statuses, set_up
from lhasaplan.core.context.reference_data import ReferenceData
from lhasaplan.core.coverage.requested_parts import find_candidates, request
from lhasaplan.core.live.live_answers import Live, make_live, with_cameras
from lhasaplan.core.project.plan import leaving
from lhasaplan.core.project.project import Project


def live_project(project: Project, reference_data: ReferenceData, progress: Progress = no_progress) -> Live:
    """Return what a check of the project says, or an audit where the gate is closed, ready to follow changes."""
    city = set_up(project, reference_data, progress=part_of(progress, 0.0, 0.2))
    candidates = find_candidates(city, part_of(progress, 0.2, 0.3))
    is_open = gate_of(city, candidates).open
    standing = [camera for camera in project.cameras if camera.status in active_statuses(is_open)]
    bare = replace(make_live(city, request(city, candidates) if is_open else None), leaving=leaving(project))
    return with_cameras(bare, standing, progress=part_of(progress, 0.3, 1.0))
