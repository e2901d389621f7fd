"""What drafts tell at each level of disclosure: values lose what a level does not tell before any writer gets them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.decisions import Resolution
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.schedule import DECIDED_IN, PRICED_IN, STATED
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.withheld import Matter

DATES = ("review_date", "end_date", "authorisation_expires")  # of a record: they tell nothing of where it comes from
INTERNAL, PUBLIC = "internal", "public"
LEVELS = (INTERNAL, "authority", "council", PUBLIC)
SOURCES, PEOPLE = Matter.SOURCES.value, Matter.PEOPLE.value
NOBODY = "–"  # in the place of a name that is not disclosed


@dataclass(frozen=True, slots=True)
class Level:
    """What a level drops, and how coarse its positions are in degrees; None leaves them exact."""

    drops: frozenset[str] = frozenset()
    precision_deg: float | None = None


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
    """Return what was decided and until when, without who decided and without words of a meeting, which may name anybody."""
    return replace(resolution, question="", outcome="", decided_by=NOBODY, sheet="")


def _camera(camera: Camera, level: Level) -> Camera:
    if SOURCES in level.drops:
        kept = {name: text for name, text in camera.extra.items() if name in (*STATED, *DATES)}
        camera = replace(camera, source="", source_date="", input_file="", corrections=(), extra=kept)
    if PEOPLE in level.drops and camera.extra.get("decided_by"):
        kept = {name: text for name, text in camera.extra.items() if name not in (DECIDED_IN, PRICED_IN)}
        camera = replace(camera, extra={**kept, "decided_by": NOBODY, "outcome": ""})
    return camera
