"""Open a shipped sample; what audits one stands apart (``demo.py``), since it loads the core."""

from dataclasses import replace

from lhasaplan.core.project.project import Project
from lhasaplan.ports import Sample, Services
from lhasaplan.workflow.imports import import_file
from lhasaplan.workflow.new_states import with_decided_things
from lhasaplan.workflow.projects import new_project


def open_sample(services: Services, sample: Sample) -> Project:
    """Return the sample as a project with its mandate and what people decided."""
    project = replace(new_project(services, sample.packs, sample.crs, sample.title), synthetic=sample.synthetic)
    mandate = None if sample.mandate is None else services.read_mandate(sample.mandate)
    project = replace(project, mandate=mandate)
    for path, kind in sample.files:  # under the mandate: outside the gate no file may plan a camera
        project, _ = import_file(services, project, path, kind=kind)
    decided = replace(project, confirmations=sample.confirmations, declarations=sample.declarations)
    project = with_decided_things(services, decided)
    return replace(project, inputs=tuple(replace(one, licence=sample.licence or one.licence) for one in project.inputs))
