"""What a person does with a suspended decision: make it anew about the thing that is there now, or drop it."""

from dataclasses import dataclass, replace

from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.blank_answers import is_answer
from lhasaplan.core.project.decisions import Confirmation, Declaration, Excuse, Suspended
from lhasaplan.core.project.given_number import Series
from lhasaplan.core.project.journal import SuspendedEnded
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import Services
from lhasaplan.workflow.decisions import Selection, confirm, excuse, require_day
from lhasaplan.workflow.declarations import declare
from lhasaplan.workflow.projects import note

NONE_SUCH = marked(
    "No suspended decision is {which}; name one by its number in the list of decisions --suspended, or by what it is about"
)
SEVERAL = marked("Several suspended decisions are about {which}; name one by its number: {numbers}")
NEEDS = marked("A suspended decision is dropped or made anew with {field}; it stands in the journal")
SAY_WHAT = marked("Nothing is called {id} here now; say what the decision is about with --to and an id")


@dataclass(frozen=True, slots=True)
class Ending:
    """Who ends a suspended decision, and why; ``day`` is empty for today."""

    by: str
    reason: str
    day: str = ""


def suspended_called(project: Project, which: str) -> Suspended:
    """Return the suspended decision about a subject, or that of a number, counted from 1 as they are listed.

    InputError where there is none, or where several are about the subject.
    """
    about = [(number, each) for number, each in enumerate(project.suspended, 1) if each.subject == which]
    if len(about) > 1:
        raise InputError(Fault(SEVERAL, params={"which": which, "numbers": ", ".join(str(number) for number, _ in about)}))
    if about:
        return about[0][1]
    if which.isdecimal() and 0 < int(which) <= len(project.suspended):
        return project.suspended[int(which) - 1]
    raise InputError(Fault(NONE_SUCH, params={"which": which}))


def drop_suspended(services: Services, project: Project, which: str, said: Ending) -> Project:
    """Return the project without a suspended decision; name, day and reason are in its journal."""
    _require(services, said)
    return _ended(services, project, suspended_called(project, which), "", said)


def renew_suspended(services: Services, project: Project, which: str, said: Ending, to: str = "") -> Project:
    """Return the project with a suspended decision made anew about what is called ``to`` now: empty where the id stayed the same.

    It is as if the person made it today: gate, guard and checks are asked, and InputError, GateError or GuardError say what is
    against it. A confirmation keeps purpose and milder means, and its part its number.
    """
    _require(services, said)
    ended = suspended_called(project, which)
    subject, made = to or ended.subject, ended.made
    try:
        after = _made_anew(services, project, made, subject, said)
    except InputError as error:
        if to or ended.why != "gone":
            raise
        raise InputError(Fault(SAY_WHAT, params={"id": subject}), *error.faults) from error
    return _ended(services, after, ended, subject, said)


def _made_anew(
    services: Services, project: Project, made: Confirmation | Excuse | Declaration, subject: str, said: Ending
) -> Project:
    if isinstance(made, Declaration):
        return declare(services, project, subject, made.fact, by=said.by, date=said.day, reason=said.reason)
    if isinstance(made, Excuse):
        return excuse(services, project, subject, reason=said.reason, by=said.by, date=said.day)
    chosen, grounds = Selection(ids=(subject,)), {"purpose": made.purpose, "milder": made.milder_means}
    numbered = _with_number(project, made.part_id, subject)
    return confirm(services, numbered, chosen, **grounds, reason=said.reason, by=said.by, date=said.day)[0]


def _with_number(project: Project, before: str, now: str) -> Project:
    """Return the project in which a part has the number of what it was, unless either is a part of its own."""
    given = {each.camera_id for each in project.numbers if each.series is Series.PART}
    if now in given or any(each.part_id == before for each in project.confirmations):
        return project
    is_its = [each.series is Series.PART and each.camera_id == before for each in project.numbers]
    numbers = (replace(each, camera_id=now) if its else each for each, its in zip(project.numbers, is_its, strict=True))
    return replace(project, numbers=tuple(numbers))


def _ended(services: Services, project: Project, ended: Suspended, to: str, said: Ending) -> Project:
    left = tuple(each for each in project.suspended if each.key != ended.key)
    event = SuspendedEnded(ended.decision, ended.subject, ended.fact, to, said.reason, said.day or services.today())
    return note(replace(project, suspended=left), services, event, said.by)


def _require(services: Services, said: Ending) -> None:
    fields = {"by": said.by, "reason": said.reason}
    faults = [Fault(NEEDS, params={"field": name}) for name, value in fields.items() if not is_answer(value)]
    if faults:
        raise InputError(*faults)
    require_day(said.day, services.today())
