"""Questions that are put to a meeting, each with its item in the minutes, and what was decided on it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.project.decisions import Resolution
from lhasaplan.report.text.document import Grid

DECISIONS: Mapping[str, str] = {
    "approved": marked("approved"),
    "changed": marked("approved with changes"),
    "refused": marked("refused"),
    "open": marked("still open"),
}


@dataclass(frozen=True, slots=True)
class Motion:
    """A question: its item in the minutes, its words, what may be chosen where it is a choice, and what was decided on it."""

    item: str
    text: str
    choices: tuple[str, ...] = ()
    resolution: Resolution | None = None


def decided_text(resolution: Resolution | None, wording: Wording) -> str:
    """Return what was decided, with its outcome in words; empty where nothing was."""
    if resolution is None or not resolution.decision:
        return ""
    word = wording(DECISIONS.get(resolution.decision, resolution.decision))
    if not resolution.outcome:
        return word
    return wording(marked("{decision}: {outcome}"), decision=word, outcome=resolution.outcome)


def by_whom_text(resolution: Resolution | None, wording: Wording) -> str:
    """Return who decided, when, and until when it is to be done; empty where nothing was decided."""
    if resolution is None or not resolution.decision:
        return ""
    parts = (
        resolution.decided_by,
        wording(marked("decided on {date}"), date=resolution.decided_on) if resolution.decided_on else "",
        wording(marked("until {date}"), date=resolution.due_on) if resolution.due_on else "",
    )
    return wording(marked(", ")).join(part for part in parts if part)


def motion_rows(motions: Sequence[Motion], wording: Wording) -> tuple[tuple[str, ...], ...]:
    """Return each question with its decision, by whom and until when; what was not decided is left to be written."""
    return tuple((each.text, decided_text(each.resolution, wording), by_whom_text(each.resolution, wording)) for each in motions)


def motion_headings(wording: Wording) -> tuple[str, str, str]:
    """Return the headings of a table of decisions."""
    return wording(marked("Question")), wording(marked("Decision")), wording(marked("By whom, until when"))


def motion_grid(motions: Sequence[Motion], caption: str, wording: Wording, anchor: str = "decision") -> Grid:
    """Return the questions as a table with room to write."""
    return Grid(motion_headings(wording), motion_rows(motions, wording), (4, 2, 2), caption, anchor=anchor)
