"""What drafts tell at each level of disclosure: values lose what a level does not tell before any writer gets them."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated

from annotated_types import Interval

from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.camera_fields import keys_where, unrecorded
from lhasaplan.core.model.place import Verdict
from lhasaplan.core.project.decisions import Resolution, missing_fields
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.schedule import DECIDED_IN, PRICED_IN, STATED
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.finding import Matter, Severity

# What stands against marking a plan as final: errors on protected places, open questions, an incomplete mandate.

VIEWS = ("view_home", "view_protected", "view_dwelling_likely")
ERRORS = marked("Severe views of protected places, by camera {camera}: {count}. End them first.")
QUESTION = marked("No answer yet for {count} cameras: {questions}.")
PART = marked("Part {part} is missing in the data.")
FIELDS = marked("The mandate does not state: {fields}.")
CLOSED = marked("The planning gate is closed. Only with an open gate can a plan be final.")

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


DATES = ("review_date", "end_date", "authorisation_expires")  # of a record: they tell nothing of where it comes from
INTERNAL, PUBLIC = "internal", "public"
LEVELS = (INTERNAL, "authority", "council", PUBLIC)
SOURCES, PEOPLE = Matter.SOURCES.value, Matter.PEOPLE.value
OF_SOURCES = keys_where(lambda each: each.matter == SOURCES)
NOBODY = "–"  # in the place of a name that is not disclosed


@dataclass(frozen=True, slots=True)
class Level:
    """What a level drops, and how coarse its positions are in degrees; None leaves them exact."""

    drops: frozenset[str] = frozenset()
    precision_deg: Annotated[float, Interval(gt=0, le=1)] | None = None


# What data may tighten, never loosen.
LEAST: Mapping[str, Level] = {
    INTERNAL: Level(),
    "authority": Level(),
    "council": Level(frozenset({SOURCES})),
    PUBLIC: Level(frozenset({SOURCES, PEOPLE}), 0.001),
}


def tightened(name: str, level: Level) -> Level:
    """Return a level with all that the program drops at it.

    >>> tightened("public", Level(precision_deg=0.01)).precision_deg, tightened("public", Level()).precision_deg
    (0.01, 0.001)
    """
    least = LEAST[name]
    known = [each for each in (level.precision_deg, least.precision_deg) if each is not None]
    return Level(level.drops | least.drops, max(known) if known else None)


def at_level(project: Project, assessment: Assessment, level: Level) -> tuple[Project, Assessment]:
    """Return project and answers without what the level drops, those that outputs tell in their place, too."""
    disclosed = None if assessment.disclosed is None else _answers(assessment.disclosed, level)
    return _project(project, level), replace(_answers(assessment, level), disclosed=disclosed)


def _answers(assessment: Assessment, level: Level) -> Assessment:
    known = [each for each in (assessment.public_precision_deg, level.precision_deg) if each is not None]
    cameras = tuple(_result(result, level) for result in assessment.cameras)
    plan = (
        assessment.plan if PEOPLE not in level.drops else tuple(replace(each, by=NOBODY, reason="") for each in assessment.plan)
    )
    suspended = assessment.suspended
    if PEOPLE in level.drops:
        suspended = tuple(each.without_people(NOBODY) for each in suspended)
    precision = max(known) if known else None
    withheld = assessment.withheld | {Matter(each) for each in level.drops}
    disclosed = replace(assessment, cameras=cameras, plan=plan, suspended=suspended, withheld=withheld)
    return replace(disclosed, public_precision_deg=precision)


def _result(result: CameraResult, level: Level) -> CameraResult:
    camera = _camera(result.placed.camera, level)
    return result if camera is result.placed.camera else replace(result, placed=replace(result.placed, camera=camera))


def _project(project: Project, level: Level) -> Project:
    cameras = tuple(_camera(camera, level) for camera in project.cameras)
    project = replace(project, cameras=cameras)
    if SOURCES in level.drops:
        project = replace(project, journal=())
    if PEOPLE not in level.drops:
        return project
    return replace(
        project,
        confirmations=tuple(replace(each, by=NOBODY) for each in project.confirmations),
        excuses=tuple(replace(each, by=NOBODY) for each in project.excuses),
        declarations=tuple(replace(each, by=NOBODY) for each in project.declarations),
        resolutions=tuple(map(without_people, project.resolutions)),
        plan=tuple(replace(each, by=NOBODY, reason="") for each in project.plan),
        suspended=tuple(each.without_people(NOBODY) for each in project.suspended),
    )


def without_people(resolution: Resolution) -> Resolution:
    """Return what was decided and until when, without who decided and without words of a meeting, which may name people."""
    return replace(resolution, question="", outcome="", decided_by=NOBODY, sheet="")


def _camera(camera: Camera, level: Level) -> Camera:
    if SOURCES in level.drops:
        kept = {name: text for name, text in camera.extra.items() if name in (*STATED, *DATES)}
        camera = replace_kept(camera, **{key: unrecorded(key) for key in OF_SOURCES}, extra=kept)
    if PEOPLE in level.drops and camera.extra.get("decided_by"):
        kept = {name: text for name, text in camera.extra.items() if name not in (DECIDED_IN, PRICED_IN)}
        camera = replace(camera, extra={**kept, "decided_by": NOBODY, "outcome": ""})
    return camera
