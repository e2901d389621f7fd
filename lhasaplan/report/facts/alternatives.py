"""What else would end a finding: the other mitigations of a view, ranked, those tried out apart from those only named."""

from collections import Counter
from collections.abc import Iterable, Sequence

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.findings.sentences import MITIGATIONS
from lhasaplan.core.results.assessment import Assessment, Sighting
from lhasaplan.core.results.finding import Finding, Mitigation, MitigationAction, alternatives_of
from lhasaplan.report.facts.short_answer import all_grave_views
from lhasaplan.report.facts.tables import sorted_findings
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import Cell, Column, Table, make_table
from lhasaplan.report.text.document import Block, Grid, Paragraph

TRIED = {"True": marked("computed"), "False": marked("not computed")}


def other_mitigation_text(mitigation: Mitigation, translations: Translations) -> str:
    """Return another mitigation as a sentence, with what it keeps of what the camera serves."""
    text = words.mitigation_text(mitigation, translations)
    kept = mitigation.figures.duty_left_percent
    if kept is None:
        return text
    return translations(marked("{mitigation} It keeps {percent} % of what the camera serves."), mitigation=text, percent=kept)


def was_tried(mitigation: Mitigation) -> bool:
    """Say whether a finding's own mitigation was tried out: then it stands with what else was found beside it."""
    return mitigation.alternatives is not None


def tried_mitigations(mitigation: Mitigation | None) -> list[Mitigation]:
    """Return the other mitigations that were tried out and end the finding, in their rank."""
    return [other for other in alternatives_of(mitigation) if other.is_verified] if mitigation is not None else []


def named_mitigations(mitigation: Mitigation | None) -> list[Mitigation]:
    """Return the other mitigations that are only named, since the program cannot try them out."""
    return [other for other in alternatives_of(mitigation) if not other.is_verified] if mitigation is not None else []


def alternatives_text(mitigation: Mitigation | None, translations: Translations, limit: int | None = None) -> str:
    """Return in one line what else ends a finding; empty where nothing is known."""
    tried = [other_mitigation_text(other, translations) for other in tried_mitigations(mitigation)][:limit]
    named = [words.mitigation_text(other, translations) for other in named_mitigations(mitigation)]
    lines = [
        translations(marked("Also ends it, computed: {mitigations}"), mitigations=words.running_text(tried)) if tried else "",
        translations(marked("May also end it, not computed: {mitigations}"), mitigations=words.running_text(named))
        if named
        else "",
    ]
    return words.running_text(lines)


def alternatives_blocks(findings: Sequence[Finding], translations: Translations, limit: int | None = None) -> list[Block]:
    """Return a small line for each finding that has other mitigations."""
    return [Paragraph(text, "small") for text in _lines(findings, translations, limit)]


def _lines(findings: Iterable[Finding], translations: Translations, limit: int | None) -> list[str]:
    pairs = ((f, alternatives_text(f.mitigation, translations, limit)) for f in findings)
    line = marked("{finding}: {mitigations}")
    return [
        translations(line, finding=words.word(words.FINDING_KINDS, f.kind, translations), mitigations=mitigations)
        for f, mitigations in pairs
        if mitigations
    ]


def alternative_table(assessment: Assessment, translations: Translations) -> Table:
    """Return one row per other mitigation of each finding, in the order of the findings and of their rank."""
    cells: list[Cell] = [
        (Column("finding_id", marked("Finding"), width=26), lambda r: r[0].finding_id),
        (Column("camera_id", marked("Camera"), width=18), lambda r: r[0].camera_id),
        (Column("kind", marked("Kind"), words=words.FINDING_KINDS, width=24), lambda r: r[0].kind),
        (Column("rank", marked("Rank"), width=8), lambda r: r[1].rank or 0),
        (Column("action", marked("Remedy"), words=_actions(), width=24), lambda r: str(r[1].action)),
        (Column("sentence", marked("What"), width=60), lambda r: words.mitigation_text(r[1], translations)),
        (Column("tried", marked("Was computed"), words=TRIED, width=12), lambda r: str(bool(r[1].is_verified))),
        (Column("area_left", marked("Ground still in view"), "%"), lambda r: r[1].figures.area_left_percent),
        (Column("duty_left", marked("Share of its service that stays"), "%"), lambda r: r[1].figures.duty_left_percent),
    ]
    rows = [(finding, other) for finding in sorted_findings(assessment) for other in _all(finding.mitigation)]
    return make_table("alternatives", marked("What else would end a finding"), cells, rows)


def _all(mitigation: Mitigation | None) -> tuple[Mitigation, ...]:
    return alternatives_of(mitigation) if mitigation is not None else ()


def _actions() -> dict[str, str]:
    return {str(action): each.name for action, each in MITIGATIONS.items()}


# How many views onto protected places each mitigation is the first for, and where else it was tried out.

Counts = Counter[MitigationAction]


def mitigation_grid(assessment: Assessment, translations: Translations) -> Grid:
    """Return one row per mitigation in the order of the rules: views that it would end, certain and grave apart from the rest."""
    grave = all_grave_views(assessment)
    ids = set(map(id, grave))
    others = [one for result in assessment.cameras for one in result.sightings if id(one) not in ids]
    columns = (
        first_mitigations(grave),
        Counter(action for one in grave for action in {mitigation.action for mitigation in tried_mitigations(one.mitigation)}),
        Counter(action for one in grave for action in {mitigation.action for mitigation in named_mitigations(one.mitigation)}),
        first_mitigations(others),
    )
    headings = (
        translations(marked("Remedy")),
        translations(marked("first remedy for certain views that are due or severe")),
        translations(marked("would also end such views, computed")),
        translations(marked("may also end such views, not computed")),
        translations(marked("first remedy for notes and possible views")),
    )
    rows = tuple(
        (translations(MITIGATIONS[action].name), *(str(counts[action]) for counts in columns))
        for action in MitigationAction
        if any(counts[action] for counts in columns)
    )
    return Grid(headings, rows, (2.6, 1.6, 1.6, 1.6, 1.6), numeric=frozenset(range(1, 5)))


def first_mitigations(views: Iterable[Sighting]) -> Counts:
    """Return of how many views each mitigation is the first."""
    return Counter(one.mitigation.action for one in views if one.mitigation is not None)
