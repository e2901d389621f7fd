"""What else would end a finding: the other cures of a view, ranked, those tried out apart from those only named."""

from collections import Counter
from collections.abc import Iterable, Sequence

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.assessment import Assessment, Sighting
from lhasaplan.core.results.finding import Cure, CureAction, Finding, alternatives_of
from lhasaplan.report.facts.short_answer import all_grave_views
from lhasaplan.report.facts.tables import sorted_findings
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import Cell, Column, Table, make_table
from lhasaplan.report.text.document import Block, Grid, Paragraph

TRIED = {"True": marked("tried out"), "False": marked("only named")}


def other_cure_text(cure: Cure, wording: Wording) -> str:
    """Return another cure as a sentence, with what it keeps of what the camera serves."""
    text = words.cure_text(cure, wording)
    kept = cure.figures.duty_left_percent
    if kept is None:
        return text
    return wording(marked("{cure} It keeps {percent} % of what the camera serves."), cure=text, percent=kept)


def was_tried(cure: Cure) -> bool:
    """Say whether a finding's own cure was tried out: then it stands with what else was found beside it."""
    return cure.alternatives is not None


def tried_cures(cure: Cure | None) -> list[Cure]:
    """Return the other cures that were tried out and end the finding, in their rank."""
    return [other for other in alternatives_of(cure) if other.is_verified] if cure is not None else []


def named_cures(cure: Cure | None) -> list[Cure]:
    """Return the other cures that are only named: nobody here can try them out."""
    return [other for other in alternatives_of(cure) if not other.is_verified] if cure is not None else []


def alternatives_text(cure: Cure | None, wording: Wording, limit: int | None = None) -> str:
    """Return in one line what else ends a finding; empty where nothing is known."""
    tried = [other_cure_text(other, wording) for other in tried_cures(cure)][:limit]
    named = [words.cure_text(other, wording) for other in named_cures(cure)]
    lines = [
        wording(marked("Also ends it, tried out: {cures}"), cures=words.running_text(tried)) if tried else "",
        wording(marked("May also end it, not tried out: {cures}"), cures=words.running_text(named)) if named else "",
    ]
    return words.running_text(lines)


def alternatives_blocks(findings: Sequence[Finding], wording: Wording, limit: int | None = None) -> list[Block]:
    """Return a small line for each finding that has other cures."""
    return [Paragraph(text, "small") for text in _lines(findings, wording, limit)]


def _lines(findings: Iterable[Finding], wording: Wording, limit: int | None) -> list[str]:
    pairs = ((f, alternatives_text(f.cure, wording, limit)) for f in findings)
    line = marked("{finding}: {cures}")
    return [wording(line, finding=words.word(words.FINDING_KINDS, f.kind, wording), cures=cures) for f, cures in pairs if cures]


def alternative_table(assessment: Assessment, wording: Wording) -> Table:
    """Return one row per other cure of each finding, in the order of the findings and of their rank."""
    cells: list[Cell] = [
        (Column("finding_id", marked("Finding"), width=26), lambda r: r[0].finding_id),
        (Column("camera_id", marked("Camera"), width=18), lambda r: r[0].camera_id),
        (Column("kind", marked("Kind"), words=words.FINDING_KINDS, width=24), lambda r: r[0].kind),
        (Column("rank", marked("Rank"), width=8), lambda r: r[1].rank or 0),
        (Column("action", marked("Cure"), words=_actions(), width=24), lambda r: str(r[1].action)),
        (Column("sentence", marked("What"), width=60), lambda r: words.cure_text(r[1], wording)),
        (Column("tried", marked("Tried out"), words=TRIED, width=12), lambda r: str(bool(r[1].is_verified))),
        (Column("area_left", marked("Ground in view that stays"), "%"), lambda r: r[1].figures.area_left_percent),
        (Column("duty_left", marked("Kept of what it serves"), "%"), lambda r: r[1].figures.duty_left_percent),
    ]
    rows = [(finding, other) for finding in sorted_findings(assessment) for other in _all(finding.cure)]
    return make_table("alternatives", marked("What else would end a finding"), cells, rows)


def _all(cure: Cure | None) -> tuple[Cure, ...]:
    return alternatives_of(cure) if cure is not None else ()


def _actions() -> dict[str, str]:
    return {str(action): text for action, text in words.CURES.items()}


# What would end the views onto protected places: how many views each cure is the first for, and where else it was tried out.

Counts = Counter[CureAction]


def cure_grid(assessment: Assessment, wording: Wording) -> Grid:
    """Return one row per cure in the order of the rules: views that it would end, certain and grave apart from the rest."""
    grave = all_grave_views(assessment)
    ids = set(map(id, grave))
    others = [one for result in assessment.cameras for one in result.sightings if id(one) not in ids]
    columns = (
        first_cures(grave),
        Counter(action for one in grave for action in {cure.action for cure in tried_cures(one.cure)}),
        Counter(action for one in grave for action in {cure.action for cure in named_cures(one.cure)}),
        first_cures(others),
    )
    headings = (
        wording(marked("Cure")),
        wording(marked("first cure of certain views that are due or error")),
        wording(marked("would also end such views, tried out")),
        wording(marked("may also end such views, only named")),
        wording(marked("first cure of notes and possible views")),
    )
    rows = tuple(
        (wording(words.CURES[action]), *(str(counts[action]) for counts in columns))
        for action in CureAction
        if any(counts[action] for counts in columns)
    )
    return Grid(headings, rows, (2.6, 1.6, 1.6, 1.6, 1.6), numeric=frozenset(range(1, 5)))


def first_cures(views: Iterable[Sighting]) -> Counts:
    """Return of how many views each cure is the first."""
    return Counter(one.cure.action for one in views if one.cure is not None)
