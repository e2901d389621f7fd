"""Decisions of people: the mandate to plan, confirmed candidates, excused parts, declared facts, and what each was made about."""

from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from typing import Annotated

from annotated_types import Ge, MinLen

from lhasaplan.core.base.spelling import is_answer, iso_date


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
        return value[:1].isalnum() or any(map(str.isalnum, value))
    if isinstance(value, tuple):
        return any(is_filled(one) for one in value)
    return value is not None


DWELLING, NOT_DWELLING = "dwelling", "not_dwelling"  # facts that a person declares of a building
NOT_AS_NAMED = "not_as_named"  # that it is not what its name says, where its use is known
OF_BUILDINGS = frozenset({DWELLING, NOT_DWELLING, NOT_AS_NAMED})


@dataclass(frozen=True, slots=True)
class Thing:
    """What a decision was made about, as it was then; the decision holds for it alone, whatever bears its id later.

    Parameters
    ----------
    source : the file that it came from; empty when not known.
    kind : of a building its value (``shed``), of a part the pack and category that make it (``municipal-safety:school``).
    ground : its shape as WKT, in metres of the project's system.
    storeys : of a building those that were recorded, else 0.
    """

    source: str = ""
    kind: str = ""
    ground: str = ""
    storeys: float = 0.0


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A candidate part that a named person made demand, with purpose, reason and milder means considered."""

    part_id: str
    purpose: str
    reason: str
    milder_means: str
    by: str
    date: str
    thing: Thing | None = None

    @property
    def is_grounded(self) -> bool:
        """Whether a person gave all grounds; a row written by hand into the project file may lack them."""
        return all(map(is_answer, (self.purpose, self.reason, self.milder_means, self.by)))

    def serves(self, purposes: Collection[str]) -> bool:
        """Return whether it is for one of these purposes, those that a mandate states."""
        return self.purpose.strip() in {purpose.strip() for purpose in purposes}


@dataclass(frozen=True, slots=True)
class Excuse:
    """A confirmed part that need not be served, with reason and name. Protected findings cannot be excused."""

    part_id: str
    reason: str
    by: str
    date: str
    thing: Thing | None = None


@dataclass(frozen=True, slots=True)
class Declaration:
    """A fact that only a person can know.

    ``subject`` is a part id (``declared`` indoor part), a building id (its use: ``dwelling``, ``not_dwelling``,
    ``not_as_named``), or the id of a
    500 m cell without buildings confirmed by name (``cell:<ix>:<iy>``); ``fact`` says what.
    """

    subject: str
    fact: str
    by: str
    date: str
    reason: str = ""
    thing: Thing | None = None


@dataclass(frozen=True, slots=True)
class Suspended:
    """A decision whose thing is not there, or is another one now under its id: kept, told, and counted as not made.

    It holds again as soon as its thing is there again. ``why`` is ``gone`` or ``other``; one of the three decisions is given.
    """

    decision: str  # confirmation, excuse or declaration
    subject: str
    fact: str = ""  # of a declaration
    why: str = ""
    since: str = ""
    confirmation: Confirmation | None = None
    excuse: Excuse | None = None
    declaration: Declaration | None = None

    @classmethod
    def of(cls, made: "Confirmation | Excuse | Declaration", why: str, since: str) -> "Suspended":
        """Return a decision as one whose thing is not there since a day."""
        name = type(made).__name__.lower()
        subject, fact = (made.subject, made.fact) if isinstance(made, Declaration) else (made.part_id, "")
        return cls(name, subject, fact, why, since, **{name: made})  # type: ignore[arg-type]

    @property
    def made(self) -> "Confirmation | Excuse | Declaration":
        """Return the decision itself."""
        found = self.confirmation or self.excuse or self.declaration
        if found is None:
            raise ValueError(self.decision)
        return found

    @property
    def reported(self) -> "Suspended":
        """Return it as outputs may tell it: without the ground of what it was made about, since homes are not listed."""
        return self._with(replace(self.made, thing=None))

    def without_people(self, nobody: str) -> "Suspended":
        """Return it without who decided it and without that person's words, which may name people."""
        return self._with(replace(self.made, by=nobody, reason=""))

    def nameless(self) -> "Suspended":
        """Return it without people, and without the identifier of what it was made about, which leads to where that was."""
        made = self.made
        if isinstance(made, Declaration):
            return replace(self._with(replace(made, subject="", by="", reason="")), subject="")
        if isinstance(made, Confirmation):  # its purpose is in a person's words, and may name the place
            made = replace(made, purpose="", milder_means="")
        return replace(self._with(replace(made, part_id="", by="", reason="")), subject="")

    def _with(self, made: "Confirmation | Excuse | Declaration") -> "Suspended":
        if isinstance(made, Confirmation):
            return replace(self, confirmation=made)
        return replace(self, excuse=made) if isinstance(made, Excuse) else replace(self, declaration=made)

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what tells it from others: files give one id to several things in turn, so the ground belongs to it."""
        return self.decision, self.subject, self.fact, self.made.thing.ground if self.made.thing is not None else ""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a meeting decided on a question that was put to it (``core/records/minutes.py`` has the items).

    ``question`` is the question as it was put, ``decision`` one of approved, changed, refused, open, ``outcome`` what was decided
    in words; ``due_on`` is the day until when it is to be done, ``sheet`` the file and row in which it came.
    """

    item: str
    question: str = ""
    decision: str = ""
    outcome: str = ""
    decided_by: str = ""
    due_on: str = ""
    decided_on: str = ""
    sheet: str = ""


def stands_for(by: str, date: str) -> bool:
    """Return whether a named person stands for something since a day, written YYYY-MM-DD."""
    return is_answer(by) and iso_date(date.strip()) is not None
