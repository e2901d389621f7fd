"""What drafts with coarse positions do not tell, said as not told: it must never read as if there were none of it."""

from collections.abc import Callable
from typing import Any, TypeVar

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.withheld import WITHHELD, Disclosed, Matter, Unknown, Withheld, disclosed
from lhasaplan.report.text.words import NOT_TOLD

Value = TypeVar("Value")
IN_REGISTERS = "withheld"  # in every language, as all values of a register
MASKS = marked("Masks, those on record and those to be set, are not told in this version.")
OWNERS = marked("Which controller has how many cameras is not told in this version.")
BODIES = marked("Which body answers for which parts is not told in this version.")
SERVING = marked("{part}: what was tried out to serve it is not told in this version.")
SHOWN_BY = marked("By which camera each of these parts is shown, and what hides the rest, is not told in this version.")
WHY_ASKED = marked("For what purpose, on what evidence and by whom each part was confirmed is not told in this version.")
LONGER = marked("Which cameras are on record as kept longer is not told in this version.")
ASSESSED = marked(
    "The impact assessment bears the date {date}; by whom it was made is not told in this version. It has to cover this plan as "
    "it is drafted. A draft of it in chapters, with the risks to people, is a paper of its own: {file}."
)
OPTIONS = marked(
    "Here no camera, today and the planned cameras are compared; options that take down, move or change cameras are not told in "
    "this version."
)
PURPOSES = marked("Which purposes the records of the cameras state is not told in this version.")
KEPT = marked("Cameras beyond a limit of retention: {over}. How long each keeps its pictures is not told in this version.")
TURNING = marked("Which cameras can turn or zoom is not told in this version.")
TOGETHER = marked(
    "No confirmed part loses anything when one of these cameras goes; which of them can go together is not told in this version."
)


def withholds(assessment: Assessment, matter: Matter) -> bool:
    """Return whether this version does not tell a matter."""
    return matter in assessment.withheld


def cell(assessment: Assessment, matter: Matter, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return how a cell of a table reads a value: as it is, or that it is not told."""
    return (lambda _thing: WITHHELD) if withholds(assessment, matter) else read


def told(
    value: Value | None,
    matter: Matter,
    assessment: Assessment,
    wording: Wording,
    *,
    text: Callable[[Value], str],
    unknown: str,
) -> str:
    """Return a value in words: what it is, what stands where nobody knows it, or that it is not told."""
    found: Disclosed[Value] = disclosed(value, matter, assessment.withheld)
    if isinstance(found, Withheld):
        return wording(NOT_TOLD)
    return unknown if isinstance(found, Unknown) else text(found)
