"""What the project of a district knows of the city's plan that it was derived from, and why it differs from it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.core.project.decisions import Confirmation, Declaration, Excuse, Suspended
from lhasaplan.core.project.plan_step import NumberBlock, PlanStep


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a district's plan differs from the city's at one camera or part: in the words of the office, by whom and when."""

    subject: str
    difference: str
    reason: str
    by: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class District:
    """The city's plan as it was handed to a district: what the district's plan is compared with, and merged back by.

    Parameters
    ----------
    area_wkt : the area of the district, in metres of the project's system.
    made_on : day on which the district's project was made, ISO 8601.
    cameras, confirmations, excuses, declarations, hand_made_parts, plan, suspended : as they were then.
    alike : names that several cameras of the city bear.
    blocks : the numbers that the district gives what is new in it, handed to nobody else.
    left_out : digests of the features of a sample that stayed in the city's file; none of a real city.
    """

    city: str
    area: str
    area_wkt: str
    made_on: str = ""
    cameras: tuple[Camera, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    hand_made_parts: tuple[HandMadePart, ...] = ()
    left_out: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    plan: tuple[PlanStep, ...] = ()
    suspended: tuple[Suspended, ...] = ()
    alike: tuple[str, ...] = ()
    blocks: tuple[NumberBlock, ...] = ()


def with_reasons(district: District, stated: Iterable[Reason]) -> District:
    """Return the district with further reasons; one for the same difference of the same thing takes the place of the earlier."""
    known = {(each.subject, each.difference): each for each in (*district.reasons, *stated)}
    return replace(district, reasons=tuple(known.values()))
