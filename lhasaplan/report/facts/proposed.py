"""What the cameras of proposals are called: what they are, and the street where they would stand."""

from collections.abc import Iterable

from lhasaplan.core.base.wording import Wording
from lhasaplan.core.changes.camera_change import AddCamera
from lhasaplan.core.city.human_names import camera_names, told_apart
from lhasaplan.core.city.nearest_street import NearestStreet
from lhasaplan.core.project.project import Project
from lhasaplan.core.siting.options import Option


def new_camera_names(project: Project, options: Iterable[Option], wording: Wording) -> dict[str, str]:
    """Return what the new cameras of options are called, by their ids; those alike by number."""
    new = {
        change.camera_id: change.camera for each in options for change in each.proposal.changes if isinstance(change, AddCamera)
    }
    called = camera_names(list(new.values()), NearestStreet(project.layers.get("roads"), None), wording)
    return told_apart(called.items(), wording)
