"""Say what a project knows better of its cameras than OpenStreetMap, for a person to look at and upload; nothing is sent."""

import re
from dataclasses import dataclass
from pathlib import Path

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.osm_changes import OsmChange, change_of
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import Services
from lhasaplan.workflow.answers import asks_for_coarse, require_city

NOT_READ = marked(
    "this is not the imported file; its versions are not those you corrected. Name the extract that the cameras came from"
)
NO_EXACT = marked("A rule pack of this project asks for coarse positions, so nothing is written for OpenStreetMap")
_NODE = re.compile(r"node/(\d+)")


@dataclass(frozen=True, slots=True)
class OsmChanges:
    """The nodes whose tags change, and how many of the cameras cannot be written back (no version, several directions)."""

    changes: tuple[OsmChange, ...]
    left: int


def osm_changes(services: Services, project: Project, extract: Path) -> OsmChanges:
    """Return the tags of aim, height, kind and mount that the project has otherwise than the extract that it was imported from.

    Cameras that operate count; one that was added, moved or removed is left to a person. Each change is one of the version that
    was read: OpenStreetMap refuses it where somebody changed the node since.

    Raises
    ------
    InputError
        Another file than was imported, or a pack that asks for coarse positions.
    """
    require_city(project)
    if asks_for_coarse(services, project):
        raise InputError(Fault(NO_EXACT))
    if services.files.digest(extract) not in {record.sha256 for record in project.inputs}:
        raise InputError(Fault(NOT_READ, Where(extract.name)))
    working = [camera for camera in project.cameras if camera.status is Status.OPERATING]
    by_id = {int(found[1]): camera for camera in working if (found := _NODE.fullmatch(camera.camera_id))}
    nodes = services.files.read_camera_nodes(extract, frozenset(by_id))
    words = services.content.load_camera_words()
    found_changes = (change_of(by_id[node.node_id], node, words) for node in nodes)
    return OsmChanges(tuple(each for each in found_changes if each is not None), len(by_id) - len(nodes))
