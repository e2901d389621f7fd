"""What a change may never do, whatever it serves: show more of protected places, or leave the ground that may be planned."""

from dataclasses import replace

from lhasaplan.core.answers.judged_parts import Coverage
from lhasaplan.core.answers.service_effects import Looked
from lhasaplan.core.answers.setting import Setting
from lhasaplan.core.assessment import CameraResult
from lhasaplan.core.camera import Camera
from lhasaplan.core.finding import Severity
from lhasaplan.core.gate import judge_gate
from lhasaplan.core.protected import ProtectedClass

_GRAVE = (str(Severity.DUE), str(Severity.ERROR))
_RANK = {None: 0, Severity.NOTE: 1, Severity.DUE: 2, Severity.ERROR: 3}


def raises_nothing(before: CameraResult, look: Looked) -> bool:
    """Tell whether no class is seen at a higher grade than today, nor more places of it at a grade that must be cured."""
    today = {(each.cls, each.basis): each for each in before.sightings}
    for each in look.sightings:
        known = today.get((each.cls, each.basis))
        if _RANK[each.grade] > _RANK[known.grade if known else None]:
            return False
        for least in (0, 1):
            after, now = (sum(s.places_by_grade.get(g, 0) for g in _GRAVE[least:]) if s else 0 for s in (each, known))
            if after > now:
                return False
    return True


def spares_protected(look: Looked, due_px_m: float) -> bool:
    """Tell whether a new camera can see no protected place at a grade that must be cured, use unknown counted as protected."""
    for each in look.sightings:
        unknown = each.cls is ProtectedClass.USE_UNKNOWN and each.density_px_m[1] >= due_px_m
        if unknown or any(each.places_by_grade.get(grade, 0) for grade in _GRAVE):
            return False
    return True


def stays_inside(setting: Setting, coverage: Coverage, camera: Camera) -> bool:
    """Tell whether the gate lacks nothing more with this camera planned: territory, plan area and building layer hold it too."""
    before, after = _missing(setting, coverage, ()), _missing(setting, coverage, (camera,))
    return all(each in before for each in after)


def _missing(setting: Setting, coverage: Coverage, planned: tuple[Camera, ...]) -> list[object]:
    project, knowledge = setting.project, setting.knowledge
    with_it = replace(project, cameras=(*project.cameras, *planned))
    gate = judge_gate(
        with_it,
        knowledge.packs,
        knowledge.territory,
        setting.buildings,
        coverage.demand.parts,
        setting.crs,
        today=knowledge.today,
    )
    return [(template, dict(params)) for template, params in gate.missing]
