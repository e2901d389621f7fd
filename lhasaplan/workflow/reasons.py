"""Import the reasons for which a district's plan differs from the city's; they are kept with the district's project."""

from dataclasses import replace
from pathlib import Path

from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.layer import InputRecord
from lhasaplan.core.model.said_of_files import REASONS
from lhasaplan.core.project.district import with_reasons
from lhasaplan.core.project.journal import FileImported
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import Services
from lhasaplan.workflow.projects import note

NO_CITY = marked("this project was derived from no city's, so there is nothing that it differs from")
TAKEN = marked("reasons taken: {count}")


def take_reasons(services: Services, project: Project, path: Path) -> tuple[Project, InputRecord, tuple[Fault, ...]]:
    """Return a district's project with the reasons that a table states, the record of the file, and how many were taken.

    InputError with every fault of the table, and for a project that is no district's; then nothing is taken.
    """
    if project.district is None:
        raise InputError(Fault(NO_CITY, Where(path.name)))
    stated = services.read_reasons(path)
    record = InputRecord(path.name, services.digest(path), len(stated), services.today(), kind=REASONS)
    inputs = (*(each for each in project.inputs if each.path != record.path), record)
    changed = replace(project, district=with_reasons(project.district, stated), inputs=inputs)
    event = FileImported(record.path, REASONS, record.sha256, {REASONS: len(stated)})
    return note(changed, services, event), record, (Fault(TAKEN, Where(path.name), {"count": len(stated)}),)
