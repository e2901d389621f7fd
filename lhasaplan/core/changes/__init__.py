"""Changes of cameras as values: one change, several as a proposal, the difference of two plans, and the way back."""

from lhasaplan.core.changes.camera_change import (
    AddCamera,
    CameraChange,
    ChangeLens,
    ChangeMask,
    ChangeMount,
    ChangeRange,
    ChangeRecord,
    ChangeStatus,
    MoveCamera,
    RemoveCamera,
    TiltCamera,
    TurnCamera,
    value_changes,
)
from lhasaplan.core.changes.difference import carried_over, changed_ids, difference, replaced, taken_back
from lhasaplan.core.changes.proposal import SCHEMA, Proposal, Source, apply, change_from_json, change_to_json, from_json, to_json
from lhasaplan.core.changes.work import Cost, UnitPrices, Work, WorkLine, cost_of

__all__ = [
    "SCHEMA",
    "AddCamera",
    "CameraChange",
    "ChangeLens",
    "ChangeMask",
    "ChangeMount",
    "ChangeRange",
    "ChangeRecord",
    "ChangeStatus",
    "Cost",
    "MoveCamera",
    "Proposal",
    "RemoveCamera",
    "Source",
    "TiltCamera",
    "TurnCamera",
    "UnitPrices",
    "Work",
    "WorkLine",
    "apply",
    "carried_over",
    "change_from_json",
    "change_to_json",
    "changed_ids",
    "cost_of",
    "difference",
    "from_json",
    "replaced",
    "taken_back",
    "to_json",
    "value_changes",
]
