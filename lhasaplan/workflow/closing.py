"""Close the protected places that users draw with a passphrase, and open them for one start."""

from collections.abc import Collection
from dataclasses import replace

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.blank_answers import is_answer
from lhasaplan.core.project.journal import PlacesClosed, PlacesTakenOut
from lhasaplan.core.project.losses import TAKEN_OUT
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.drawn_places import count_drawn, without_drawn
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import OpenProject, Services
from lhasaplan.workflow.new_states import with_losses
from lhasaplan.workflow.projects import note

LIE_OPEN = marked(
    "{count} protected places that were drawn lie open in the project file; close them with a passphrase: protect PROJECT"
)
ARE_CLOSED = marked(
    "{count} drawn protected places are closed: without their passphrase they are missing here, and nothing may be planned."
)

BY_NAME = marked("Say by name who takes drawn protected places out")
PRIVATE = marked(
    "Written with --private, this leads to protected places near {count} cameras that no other output tells of: keep it to "
    "whoever answers for these cameras"
)


def close_places(services: Services, opened: OpenProject, passphrase: str) -> OpenProject:
    """Return the project with a new lock, and its key: from the next saving on its drawn places are closed, later ones too.

    Raises InputError for a short passphrase, where nothing is drawn, and where places are closed under another one.
    """
    project = opened.project
    if project.is_closed:
        raise InputError(Fault("Open the closed places with their passphrase before you choose another one"))
    count = count_drawn(project)
    if not count:
        raise InputError(Fault("Nothing is drawn here that could be closed"))
    lock, key = services.stores.new_lock(passphrase)
    closed = note(replace(project, closed=replace(lock, count=count)), services, PlacesClosed(count))
    return replace(opened, project=closed, key=key)


def open_places(services: Services, opened: OpenProject, passphrase: str) -> OpenProject:
    """Return the project with its closed places in the layers, and their key; each saving closes them again.

    Raises InputError when the passphrase is another one.
    """
    if not opened.project.is_closed:
        return opened
    project, key = services.stores.open_box(opened.project, passphrase)
    return replace(opened, project=project, key=key)


def drop_drawn(services: Services, project: Project, by: str, files: Collection[str] | None = None) -> Project:
    """Return the project without drawn places that lie open in it, of some files or of all; every later audit counts them.

    Raises InputError where nobody stands for it, where places are closed, and where nothing is drawn.
    """
    if not is_answer(by):
        raise InputError(Fault(BY_NAME))
    if project.is_closed:
        raise InputError(Fault("Open the closed places with their passphrase before you take any out"))
    bare, gone = without_drawn(project, files)
    if not len(gone):
        raise InputError(Fault("Nothing is drawn here that could be taken out"))
    return with_losses(services, [project], note(bare, services, PlacesTakenOut(len(gone)), by), TAKEN_OUT)[0]


def remarks_on_drawn(project: Project) -> tuple[Fault, ...]:
    """Return what a user should know: drawn places are closed, or open to every reader of the file."""
    if project.is_closed:
        return (*_lie_open(project), Fault(ARE_CLOSED, params={"count": project.closed_count}))
    return () if project.closed is not None else _lie_open(project)


def remarks_on_outputs(assessment: Assessment, private: bool) -> tuple[Fault, ...]:
    """Return what a user should know before outputs are passed on: private ones lead to places that no other output tells of."""
    reported = assessment.disclosed.cameras if private and assessment.disclosed else ()
    count = sum(result.undisclosed_px_m is not None for result in reported)
    return (Fault(PRIVATE, params={"count": count}),) if count else ()


def remarks_on_brought(before: Project, after: Project) -> tuple[Fault, ...]:
    """Return what a user should know of drawn places that an import brought."""
    brings = count_drawn(after) > count_drawn(before) and (after.closed is None or after.is_closed)
    return _lie_open(after) if brings else ()


def _lie_open(project: Project) -> tuple[Fault, ...]:
    count = count_drawn(project)
    return (Fault(LIE_OPEN, params={"count": count}),) if count and not project.synthetic else ()
