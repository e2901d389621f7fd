"""Open a project, or a shipped sample, for a Python program."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from os import PathLike

from lhasaplan import workflow
from lhasaplan.bootstrap import open_services
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault
from lhasaplan.ports import Services

StrPath = str | PathLike[str]


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class OpenProject:
    """A project that is open: what :func:`audit`, :func:`check`, :func:`sight` and :func:`evaluate` take.

    ``remarks`` are what its user should know, as the command line prints them (drawn protected places that are closed, or lie
    open in the file). What was imported is no output, and stays inside.
    """

    name: str
    crs: str  # metric, as an authority string; lengths and areas of all answers are in it
    packs: tuple[str, ...]
    cameras: tuple[str, ...]  # identifiers
    remarks: tuple[Fault, ...]
    _project: Project
    _services: Services

    def __repr__(self) -> str:
        packs = ", ".join(self.packs)
        return f"<OpenProject: {self.name}; {len(self.cameras)} cameras; {self.crs or 'no CRS'}; packs {packs}>"


def open_project(address: StrPath, *, passphrase: str = "") -> OpenProject:
    """Return the project that is kept at an address: the path of its file (as ``new`` and the window write it), or a URL.

    Parameters
    ----------
    passphrase : opens the protected places that users drew; without it they are missing, and nothing may be planned.

    Raises
    ------
    InputError
        No such file, not a project, newer than this program, a CRS that is not metric, another passphrase, or a URL of a
        kind that no project is kept at.
    """
    services = services_of_process()
    opened = workflow.open_project(services, address)
    if passphrase:
        opened = workflow.open_places(services, opened, passphrase)
    return _opened(services, opened.project)


def open_sample(city: str = "helsinki") -> OpenProject:
    """Return a shipped sample (``helsinki``: real cameras of an open map; ``hilltown``: made up, with an open gate).

    Raises
    ------
    InputError
        There is no such sample; the message names those there are.
    """
    services = services_of_process()
    return _opened(services, workflow.open_sample(services, services.read_sample(city)))


def _opened(services: Services, project: Project) -> OpenProject:
    names = tuple(camera.camera_id for camera in project.cameras)
    remarks: Sequence[Fault] = workflow.remarks_on_drawn(project)
    return OpenProject(project.name, project.crs, project.packs, names, tuple(remarks), project, services)


@cache
def services_of_process() -> Services:
    """Return the services of this process: the store remembers what it loaded."""
    return open_services()


def inside(project: OpenProject) -> tuple[Services, Project]:
    """Return what the use cases take; for this package alone."""
    return project._services, project._project
