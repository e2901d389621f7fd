"""Limits on options of parts: none shows more of protected places or leaves the ground that may be planned."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from lhasaplan.core.base.arrays import BoolArray
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.exposure.protected_views import PlaceGrades
from lhasaplan.core.gate.decide import judge_gate
from lhasaplan.core.model.camera import Camera, Placed
from lhasaplan.core.model.place import Part
from lhasaplan.core.remedies.part_option_views import Looked
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import GRAVE, rank

Missing = tuple[str, dict[str, Any]]


def raises_nothing(today: PlaceGrades, look: Looked) -> bool:
    """Tell whether no protected place is seen that is not seen today, nor any at a higher grade.

    Asked of each place: a view that moves from one home to the next would leave the counts of the class as they are.
    """
    return all(rank(grade) <= rank(today.get(key)) for key, grade in look.grades.items())


def stands_on_protected(placed: Placed, context: AuditContext, protected: BoolArray) -> bool:
    """Tell whether a camera stands on protected ground or hangs on such a building, use unknown included.

    ``protected`` says it of each building. Such a camera is never advised for anything: it is to go, not to be put to use.
    """
    view = placed.views[0]
    on_ground = bool(context.ground.covers_points([view.x_m], [view.y_m])[0])
    return on_ground or (view.own_building >= 0 and bool(protected[view.own_building]))


def spares_protected(look: Looked, due_px_m: float) -> bool:
    """Tell whether a new camera can see no protected place at a grade that must be cured, use unknown counted as protected."""
    return not any(must_be_cured(each, due_px_m) for each in look.sightings)


def must_be_cured(sighting: Sighting, due_px_m: float) -> bool:
    """Tell whether no new camera may have such a view, use unknown counted as protected."""
    unknown = not sighting.cls.is_known and sighting.density_px_m[1] > due_px_m
    return unknown or any(sighting.places_by_grade.get(grade, 0) for grade in GRAVE)


class InsideGate:
    """Asks the gate whether cameras may be planned: territory, plan area and building layer must hold them too."""

    def __init__(self, context: AuditContext, parts: Sequence[Part]) -> None:
        self.context, self.parts = context, parts

    @cached_property
    def lacking(self) -> list[Missing]:
        """Return what the gate lacks for the project as it is; a check runs with nothing lacking, a test may force it open."""
        return self._missing(self.context.project.cameras)

    def admits(self, cameras: Sequence[Camera]) -> bool:
        """Tell whether the gate lacks nothing more with all of these planned besides."""
        return not self.lacking_more((*self.context.project.cameras, *cameras))

    def lacking_more(self, cameras: Sequence[Camera]) -> list[Missing]:
        """Return what the gate lacks with these cameras in place of the project's, and does not lack as it is."""
        return [each for each in self._missing(cameras) if each not in self.lacking]

    def _missing(self, cameras: Sequence[Camera]) -> list[Missing]:
        context, reference_data = self.context, self.context.reference_data
        project = replace(context.project, cameras=tuple(cameras))
        packs, buildings, rules = reference_data.packs, context.buildings, reference_data.policy.mandate
        of_town = (project, packs, reference_data.territory, buildings, self.parts, context.crs)
        gate = judge_gate(*of_town, today=reference_data.today, rules=rules)
        return [(template, dict(params)) for template, params in gate.missing]
