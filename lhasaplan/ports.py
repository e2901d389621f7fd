"""What the use cases need from outside, as protocols; rooms on the same floor never import each other."""

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from lhasaplan.core.assessment import Assessment
from lhasaplan.core.project import Project
from lhasaplan.core.wording import Wording


class Progress(Protocol):
    """Called between steps; raises :class:`lhasaplan.errors.Cancelled` when the user cancelled."""

    def __call__(self, share: float, step: str) -> None:
        """Say how far the work is (0 to 1) and which step runs."""


class ProjectStore(Protocol):
    """Loads and saves a whole project, atomically."""

    def load(self, path: Path) -> Project:
        """Return the project that the file holds."""

    def save(self, project: Project, path: Path, assessment: Assessment | None = None) -> None:
        """Write the project, and results if given; on failure the old file is untouched."""


class ReportWriter(Protocol):
    """Writes one format of the drafts; returns the files it made."""

    def __call__(self, project: Project, assessment: Assessment, folder: Path, wording: Wording) -> Iterable[Path]:
        """Write into the folder, in the wording's language."""


def no_progress(share: float, step: str) -> None:
    """Progress that nobody watches."""
