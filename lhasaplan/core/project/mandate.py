"""The mandate: who may plan, on what basis, under whose oversight; and what it lacks."""

from dataclasses import dataclass, fields
from typing import Annotated

from annotated_types import Ge, MinLen


@dataclass(frozen=True, slots=True)
class Mandate:
    """The mandatory facts of who may plan; an empty field is missing. It stands on page one of every draft."""

    controller: str = ""
    legal_basis: str = ""
    purposes: tuple[Annotated[str, MinLen(1)], ...] = ()
    supervisory_authority: str = ""
    complaint_route: str = ""
    impact_assessment_officer: str = ""
    impact_assessment_date: str = ""
    retention_days: Annotated[float, Ge(0)] | None = None
    public_register: str = ""
    # Not mandatory: where the plan area lies (a WKT polygon in longitude and latitude) and since when.
    plan_area_wkt: str = ""
    building_extent_wkt: str = ""  # declared extent of the building layer
    date: str = ""


REQUIRED_FIELDS = tuple(f.name for f in fields(Mandate) if f.name not in ("plan_area_wkt", "building_extent_wkt", "date"))


def missing_fields(mandate: Mandate | None) -> tuple[str, ...]:
    """Return the mandatory fields that say nothing, in order; all of them without a mandate.

    >>> "controller" in missing_fields(Mandate(controller="...")), "controller" in missing_fields(Mandate(controller="Town"))
    (True, False)
    """
    if mandate is None:
        return REQUIRED_FIELDS
    return tuple(name for name in REQUIRED_FIELDS if not is_filled(getattr(mandate, name)))


def is_filled(value: object) -> bool:
    """Return whether a field says anything: a letter or a digit, in one of its texts, or a number."""
    if isinstance(value, str):
        return any(letter.isalnum() for letter in value)
    if isinstance(value, tuple):
        return any(is_filled(one) for one in value)
    return value is not None
