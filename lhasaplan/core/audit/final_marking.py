"""What stands against marking a plan as final: errors on protected places, open questions, an incomplete mandate."""

from collections import Counter
from collections.abc import Iterator, Mapping

from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.place import Verdict
from lhasaplan.core.project.mandate import missing_fields
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.finding import Severity

VIEWS = ("view_home", "view_protected", "view_dwelling_likely")
ERRORS = marked("Views of protected places that are an error, by camera {camera}: {count}; end them first.")
QUESTION = marked("It is not answered for {count} cameras: {questions}.")
PART = marked("Part {part}: the data lack it.")
FIELDS = marked("The mandate does not state: {fields}.")
CLOSED = marked("The planning gate is closed; a plan can be final only where it is open.")

NO_NAMES: Mapping[str, str] = {}
Point = tuple[str, Mapping[str, object]]


def against_final(project: Project, assessment: Assessment, cameras: Mapping[str, str] = NO_NAMES) -> tuple[Point, ...]:
    """Return every point, as (template, params); none where a plan may be marked as final. ``cameras`` are names by id."""
    return (*_gate(project, assessment), *_errors(assessment, cameras), *_questions(assessment))


def _gate(project: Project, assessment: Assessment) -> Iterator[Point]:
    missing = missing_fields(project.mandate)
    if missing:
        yield FIELDS, {"fields": tuple(missing)}
    if not assessment.gate.open or assessment.parts is None:
        yield CLOSED, {}
        yield from assessment.gate.missing


def _errors(assessment: Assessment, cameras: Mapping[str, str]) -> Iterator[Point]:
    grave = [f for f in assessment.findings if f.kind in VIEWS and f.severity is Severity.ERROR]
    for camera, count in sorted(Counter(f.camera_id for f in grave).items()):
        yield ERRORS, {"camera": cameras.get(camera, camera), "count": count}


def _questions(assessment: Assessment) -> Iterator[Point]:
    standing = [result for result in assessment.cameras if result.placed.camera.status is not Status.REMOVED]
    for field, count in sorted(Counter(field for result in standing for field in result.questions).items()):
        yield QUESTION, {"count": count, "questions": (field,)}
    for result in assessment.parts or ():
        if result.verdict is Verdict.ASKED:
            yield PART, {"part": result.part.name or result.part.part_id}
