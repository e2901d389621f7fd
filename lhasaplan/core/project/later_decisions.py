"""Leave out of a project what people decided on a day that is still to come: nobody has decided it yet."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol, TypeVar

from lhasaplan.core.base.plain_values import iso_date
from lhasaplan.core.project.project import Project


class _Dated(Protocol):
    @property
    def date(self) -> str: ...


_D = TypeVar("_D", bound=_Dated)


def without_later(project: Project, today: str) -> Project:
    """Return a project without decisions of a later day, itself where there is none; today is an ISO date, or not known."""
    now = iso_date(today)
    if now is None:
        return project
    lists = (project.confirmations, project.excuses, project.declarations, project.hand_made_parts)
    if not any(_is_later(each, now) for some in lists for each in some):
        return project
    return replace(
        project,
        confirmations=_kept(project.confirmations, now),
        excuses=_kept(project.excuses, now),
        declarations=_kept(project.declarations, now),
        hand_made_parts=_kept(project.hand_made_parts, now),
    )


def _kept(some: Sequence[_D], now: date) -> tuple[_D, ...]:
    return tuple(each for each in some if not _is_later(each, now))


def _is_later(each: _Dated, now: date) -> bool:
    day = iso_date(each.date.strip())
    return day is not None and day > now
