"""Three values of what an output says: a value, unknown, or withheld at this level.

What a level of disclosure withholds must never read as if there were none: writers ask :func:`disclosed` before they call
anything absent.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Withheld:
    """In the place of a value that is withheld; it says nothing of whether there is one."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Stands for a value that was not recorded or computed."""


WITHHELD, UNKNOWN = Withheld(), Unknown()
Disclosed: TypeAlias = Value | Withheld | Unknown


class Matter(StrEnum):
    """What a level may withhold, of all cameras and parts together."""

    RECORD = "record"  # of a camera: name, kind, mount, height, direction, lens, range, purpose, retention, sign, dates, prices
    CONTROLLERS = "controllers"  # which controller has which camera
    MASKS = "masks"  # those on record and those to be set
    RESPONSIBLE = "responsible"  # who answers for a confirmed part, and its name
    REASONS = "reasons"  # what a part is asked for, on what evidence, and who confirmed it
    SERVED = "served"  # which camera shows which part, what a part would lose, why a point is not seen
    SERVICE = "service"  # changes that were tried out to serve a part
    OPTIONS = "options"  # what changes or takes down cameras, and which of them can go together
    AREAS = "areas"  # in which area a camera or a part lies
    PEOPLE = "people"  # who decided, confirmed or declared
    SOURCES = "sources"  # where a record comes from, and the journal


# What leads to a camera, a place or a person: cut where positions are coarse (report/redaction.py).
COARSE = frozenset(Matter)


def disclosed(value: Value | None, matter: Matter, withheld: frozenset[Matter]) -> Disclosed[Value]:
    """Return a value as an output may say it; None, an empty text and an empty list are unknown.

    >>> disclosed("City", Matter.CONTROLLERS, frozenset()), disclosed("", Matter.CONTROLLERS, frozenset())
    ('City', Unknown())
    >>> disclosed("", Matter.CONTROLLERS, frozenset({Matter.CONTROLLERS}))
    Withheld()
    """
    if matter in withheld:
        return WITHHELD
    is_there = value is not None and (not hasattr(value, "__len__") or len(value) > 0)
    return value if is_there and value is not None else UNKNOWN
