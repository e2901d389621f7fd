"""The tables that go out, are filled in elsewhere and come back: by which headings each is known.

How each is read stands in ``READERS`` of ``io/tables/filled_in_tables.py``, what becomes of its rows in ``USES`` of
``workflow/filled_in.py``, both by its name.
"""

from dataclasses import dataclass
from typing import Generic, TypeVar

from lhasaplan.core.model.file_kinds import ANSWERS, DECISIONS, REASONS
from lhasaplan.core.project.project import Reason
from lhasaplan.core.records.minutes import Minute
from lhasaplan.core.records.schedule import BY, ON, ControllerAnswer, Scheduled

Stated_co = TypeVar("Stated_co", covariant=True)


@dataclass(frozen=True, slots=True)
class FilledInTable(Generic[Stated_co]):
    """One such table: the word that a user says of the file, the headings that no other table has together, and its rows."""

    name: str
    said_as: str
    known_by: tuple[str, ...]
    row: type[Stated_co]


QUESTIONNAIRE = FilledInTable("questionnaire", ANSWERS, ("camera_id", BY, ON), ControllerAnswer)
SCHEDULED = FilledInTable("schedule", DECISIONS, ("camera_id", "phase", "decision"), Scheduled)
MINUTED = FilledInTable("minutes", DECISIONS, ("item", "question", "decision"), Minute)
DIFFERENCES = FilledInTable("differences", REASONS, ("subject", "difference", "reason"), Reason)
FILLED_IN: tuple[FilledInTable[object], ...] = (QUESTIONNAIRE, SCHEDULED, MINUTED, DIFFERENCES)
