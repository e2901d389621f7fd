"""What a plan does to one camera: it comes, is changed or goes; how far that has come, and who stands behind it."""

from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What a plan does to a camera."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


class Stage(StrEnum):
    """How far a step of a plan has come; only what is done has changed the inventory."""

    DRAFTED = "drafted"
    DECIDED = "decided"
    ORDERED = "ordered"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of the plan upon what stands.

    Parameters
    ----------
    camera_id : of the camera that comes, is changed or goes.
    as_planned : of a change, the id of the planned camera that says how it is to be; empty else, and once it is done.
    by, on : who put it into the plan, or said how far it has come, and on which day (ISO 8601).
    plan : what it comes from: the name of an option or a version; empty where somebody drew it.
    """

    camera_id: str
    action: Action
    as_planned: str = ""
    stage: Stage = Stage.DRAFTED
    by: str = ""
    on: str = ""
    reason: str = ""
    plan: str = ""

    @property
    def is_open(self) -> bool:
        """Say whether it is still to be done."""
        return self.stage is not Stage.DONE
