"""Run the main job on a shipped sample, and time its steps.

Its use cases are asked of the package, which imports them when they are first used: while the sample is read.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from lhasaplan import workflow
from lhasaplan.core.base.progress import BackgroundJob, Progress, no_progress, part_of
from lhasaplan.core.model.file_kinds import FORMATS, LAYER_FORMATS, PLAN_FORMATS
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.errors import DraftsError, Fault
from lhasaplan.ports import PROJECT_ENDING, Services
from lhasaplan.workflow.samples import open_sample


@dataclass(frozen=True, eq=False, slots=True)
class Demo:
    """What a run on a sample gave: project, assessment, files, the seconds of each step, and why files are missing."""

    project: Project
    assessment: Assessment
    files: tuple[Path, ...]
    timings_s: tuple[tuple[str, float], ...]
    faults: tuple[Fault, ...] = ()


def demo(
    services: Services, city: str, folder: Path, language: str, *, formats: tuple[str, ...] = (), progress: Progress = no_progress
) -> Demo:
    """Audit, and where the gate is open check and propose for, a shipped city; write its project and all drafts."""
    clock = StepClock(progress)
    clock(0.0, "read the sample")
    with BackgroundJob(lambda reported: _load(services, reported)) as job:
        project = open_sample(services, services.content.read_sample(city))
        job.answer(lambda _, step: clock(0.0, step), "read the sample")
    assessment = workflow.check(services, project, clock)
    drafts = formats or tuple(name for name in services.writers if name in FORMATS and name not in LAYER_FORMATS)
    proposals = None
    if assessment.gate.open and set(drafts) & set(PLAN_FORMATS):
        clock(0.5, "work out proposals")
        proposals = workflow.disclosed_proposals(workflow.propose(services, project), private=False)
    clock(0.9, "write the drafts")
    faults: tuple[Fault, ...] = ()
    late = part_of(clock, 0.9, 0.99)
    try:
        files = tuple(
            workflow.export(services, project, assessment, drafts, folder, language=language, proposals=proposals, progress=late)
        )
    except DraftsError as error:  # the project is saved all the same
        files, faults = tuple(map(Path, error.files)), error.faults
    clock(0.99, "save the project")
    project_file = folder / f"{city}-project{PROJECT_ENDING}"
    services.stores.open(project_file).save(project, assessment)
    return Demo(project, assessment, (*files, project_file), clock.timings_s(), faults)


def _load(services: Services, progress: Progress) -> None:
    """Import what the audit and the drafts need, a second's work, while the sample is read in a process of its own.

    It ends between two imports where the demo was given up.
    """
    needed: tuple[Callable[[], object], ...] = (
        lambda: workflow.check,
        lambda: workflow.export,
        lambda: services.compute.open_sight,
        lambda: services.drafts.template_faults,  # Word and what draws maps
        services.content.load_protected_kinds,  # read again at once, from what is kept
        services.content.load_dossiers,
    )
    for each in needed:
        progress(0.0, "read the sample")
        each()


class StepClock:
    """A progress callback that passes on its calls and counts the seconds of each step."""

    def __init__(self, progress: Progress = no_progress) -> None:
        self._progress = progress
        self._marks: list[tuple[str, float]] = []

    def __call__(self, share: float, step: str) -> None:
        """Note when a step begins."""
        if not self._marks or self._marks[-1][0] != step:
            self._marks.append((step, perf_counter()))
        self._progress(share, step)

    def timings_s(self) -> tuple[tuple[str, float], ...]:
        """Return the seconds of each step in the order of their first start, and of all."""
        now = perf_counter()
        ends = [start for _, start in self._marks[1:]] + [now]
        seconds: dict[str, float] = {}
        for (step, start), end in zip(self._marks, ends, strict=True):
            seconds[step] = seconds.get(step, 0.0) + end - start
        return (*seconds.items(), ("all steps", now - self._marks[0][1]))
