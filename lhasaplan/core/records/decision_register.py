"""The register of decisions: all that people decided about a town, each with subject, answer, reason, name, day and sheet.

Its rows are those that a project file keeps (:mod:`lhasaplan.core.records.register_rows`), and the approvals of cameras. Pages
read the register alone.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.decisions import Resolution, Suspended
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.minutes import APPROVED, CAMERA, CHANGED, OPEN, Item, resolution_of
from lhasaplan.core.records.register_rows import Decided, Decides, Kept, on_record, row_of


class DecisionRegister:
    """The decisions of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def entries(self) -> tuple[Decided, ...]:
        """All decisions: those that hold kind by kind, then those that are suspended."""
        project = self._project
        made: tuple[Kept, ...] = (*project.confirmations, *project.excuses, *project.declarations, *self.resolutions.values())
        return (*map(row_of, made), *_scheduled(project), *_approved(project), *self.suspended)

    @cached_property
    def suspended(self) -> tuple[Decided, ...]:
        """The decisions that count as not made, since what they were made about is not there or is another thing now."""
        return suspended_reported(self._project.suspended)

    @cached_property
    def resolutions(self) -> dict[str, Resolution]:
        """What was decided by item: on questions, and on cameras, those among them that are no longer in the project."""
        found = {each.item: each for each in self._project.resolutions}
        of_cameras = (resolution_of(camera) for camera in self._project.cameras if camera.extra.get("decision"))
        return {**found, **{each.item: each for each in of_cameras if each is not None}}

    def on(self, item: str) -> Resolution | None:
        """Return what was decided on a question or a camera; None where nothing was."""
        return self.resolutions.get(item)

    def is_open(self, item: str) -> bool:
        """Say whether a question or a camera is still to be decided."""
        return not is_decided(self.on(item))

    def chosen_option(self) -> Resolution | None:
        """Return the resolution by which an option was chosen, whose outcome names it; None where none was."""
        found = self.on(Item.OPTION)
        return found if found is not None and found.decision in (APPROVED, CHANGED) and found.outcome else None

    def approving(self, items: Collection[str]) -> tuple[Resolution, ...]:
        """Return the resolutions that approve any of these, as they stand or with changes."""
        found = (self.on(item) for item in items)
        return tuple(each for each in found if each is not None and each.decision in (APPROVED, CHANGED))


def suspended_reported(suspended: Iterable[Suspended]) -> tuple[Decided, ...]:
    """Return suspended decisions as the register has them."""
    return tuple(map(row_of, suspended))


def is_decided(resolution: Resolution | None) -> bool:
    """Say whether a question was decided, whatever was decided on it."""
    return resolution is not None and resolution.decision not in ("", OPEN)


def _scheduled(project: Project) -> Iterator[Decided]:
    rows = (row_of(each) for each in on_record(project.cameras) if each.decides is Decides.SCHEDULE)
    return (row for row in rows if row.answer)


def _approved(project: Project) -> Iterator[Decided]:
    for camera in project.baseline:
        yield Decided(_approval(camera), f"{CAMERA}{camera.camera_id}", "", on=camera.approved_on, sheet=camera.input_file)


def _approval(camera: Camera) -> Decides:
    return Decides.WITHDRAWAL if camera.status is Status.REMOVED else Decides.APPROVAL
