"""Say why planned cameras may not be where they were put, by what a person calls them."""

from collections.abc import Sequence

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.errors import Fault

NEW = marked("A camera there would stand on protected ground or hang on such a building; none is put there.")
OF_SEVERAL = marked(
    "Of these cameras {refused} would stand on protected ground or hang on such a building; so none of them is put there."
)


def refused_ground(bench: Workbench, cameras: Sequence[Camera]) -> str:
    """Return why these planned cameras may not stand where they are; empty where they may.

    A camera that was never on the map has no name yet, only an id that nobody gave it: it is told without.
    """
    faults = bench.engine.refused_places(bench.sight.live, cameras)
    if not faults:
        return ""
    fault, key = faults[0], str(faults[0].params.get("camera", ""))
    name = bench.names.camera(key)
    if len(cameras) > 1:
        fault = Fault(OF_SEVERAL, params={"refused": len(faults)})
    elif name == key:
        fault = Fault(NEW)
    else:
        fault = Fault(fault.template, fault.where, {**fault.params, "camera": name})
    return bench.language.fault(fault)
