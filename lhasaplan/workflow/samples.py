"""Run the main job on a shipped sample, and time its steps."""

from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from lhasaplan.core.assessment import Assessment
from lhasaplan.core.project import Project
from lhasaplan.ports import Progress, Rooms, Sample, no_progress
from lhasaplan.workflow.answers import check, export
from lhasaplan.workflow.imports import import_file
from lhasaplan.workflow.projects import new_project


@dataclass(frozen=True, eq=False, slots=True)
class Demo:
    """What a run on a sample gave: the project, its assessment, the files and the seconds of each step."""

    project: Project
    assessment: Assessment
    files: tuple[Path, ...]
    timings_s: tuple[tuple[str, float], ...]


def open_sample(rooms: Rooms, sample: Sample) -> Project:
    """Return the sample as a project with its mandate and what people decided."""
    project = replace(new_project(rooms, sample.packs, sample.crs, sample.title), synthetic=sample.synthetic)
    for path, kind in sample.files:
        project, _ = import_file(rooms, project, path, kind=kind)
    mandate = None if sample.mandate is None else rooms.read_mandate(sample.mandate)
    return replace(project, mandate=mandate, confirmations=sample.confirmations, declarations=sample.declarations)


def demo(
    rooms: Rooms, city: str, folder: Path, language: str, *, formats: tuple[str, ...] = (), progress: Progress = no_progress
) -> Demo:
    """Audit, and where the gate is open check, a shipped city; write its project and all drafts into ``folder``."""
    started = perf_counter()
    progress(0.0, "read the sample")
    sample = rooms.read_sample(city)
    project = open_sample(rooms, sample)
    read = perf_counter()
    assessment = check(rooms, project, progress)
    checked = perf_counter()
    progress(0.9, "write the drafts")
    files = export(rooms, project, assessment, formats or tuple(rooms.writers), folder, language=language)
    written = perf_counter()
    project_file = folder / f"{city}-project.gpkg"
    rooms.store.save(project, project_file, assessment)
    steps = (
        ("read the sample", read - started),
        *assessment.timings_s.items(),
        ("all answers", checked - read),
        ("write the drafts", written - checked),
        ("save the project", perf_counter() - written),
        ("all steps", perf_counter() - started),
    )
    return Demo(project, assessment, (*files, project_file), steps)
