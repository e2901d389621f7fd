"""What each camera costs and is needed for, and which other measures would end a finding, as tables and lines."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.demand.necessity import places_by_class
from lhasaplan.core.findings.sentences import MITIGATIONS
from lhasaplan.core.results.assessment import Assessment, CameraResult, Necessity, Sighting
from lhasaplan.core.results.finding import GRAVEST_FIRST, Finding, Matter, Mitigation, MitigationAction, alternatives_of
from lhasaplan.report.facts.called import Called
from lhasaplan.report.facts.short_answer import all_grave_views
from lhasaplan.report.facts.summary import sorted_findings
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.columns import Cell, Column, Table, grid_of, make_table
from lhasaplan.report.text.document import Block, Grid, Heading, Paragraph
from lhasaplan.report.text.finding_words import unasked_words
from lhasaplan.report.text.numerals import number_text, percent_of

# What else would end a finding: the other mitigations of a view, ranked, those tried out apart from those only named.

TRIED = {"True": marked("computed"), "False": marked("not computed")}


def other_mitigation_text(mitigation: Mitigation, translations: Translations) -> str:
    """Return another mitigation as a sentence, with what it keeps of what the camera serves."""
    text = finding_words.mitigation_text(mitigation, translations)
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
    named = [finding_words.mitigation_text(other, translations) for other in named_mitigations(mitigation)]
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
    actions = {str(action): each.name for action, each in MITIGATIONS.items()}
    cells: list[Cell] = [
        (Column("finding_id", marked("Finding"), width=26), lambda r: r[0].finding_id),
        (Column("camera_id", marked("Camera"), width=18), lambda r: r[0].camera_id),
        (Column("kind", marked("Kind"), words=words.FINDING_KINDS, width=24), lambda r: r[0].kind),
        (Column("rank", marked("Rank"), width=8), lambda r: r[1].rank or 0),
        (Column("action", marked("Remedy"), words=actions, width=24), lambda r: str(r[1].action)),
        (Column("sentence", marked("What"), width=60), lambda r: finding_words.mitigation_text(r[1], translations)),
        (Column("tried", marked("Was computed"), words=TRIED, width=12), lambda r: str(bool(r[1].is_verified))),
        (Column("area_left", marked("Ground still in view"), "%"), lambda r: r[1].figures.area_left_percent),
        (Column("duty_left", marked("Share of its service that stays"), "%"), lambda r: r[1].figures.duty_left_percent),
    ]
    rows = [
        (finding, other)
        for finding in sorted_findings(assessment)
        for other in (alternatives_of(finding.mitigation) if finding.mitigation is not None else ())
    ]
    return make_table("alternatives", marked("What else would end a finding"), cells, rows)


# How many views onto protected places each mitigation is the first for, and where else it was tried out.
Counts = Counter[MitigationAction]


def mitigation_grid(assessment: Assessment, translations: Translations) -> Grid:
    """Return one row per mitigation in the order of the rules: views that it would end, certain and grave apart from the rest.

    What no view comes to has no column.
    """
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
    kept = [0, *(n for n, counts in enumerate(columns, 1) if any(counts.values()))]  # a column of zeros says nothing
    return Grid(
        tuple(headings[n] for n in kept),
        tuple(tuple(row[n] for n in kept) for row in rows),
        (2.6, *(1.6 for _ in kept[1:])),
        numeric=frozenset(range(1, len(kept))),
    )


def first_mitigations(views: Iterable[Sighting]) -> Counts:
    """Return of how many views each mitigation is the first."""
    return Counter(one.mitigation.action for one in views if one.mitigation is not None)


# What each camera costs and what it is needed for, as a table, as a line and as totals.

Labels = Mapping[str, str]


def necessity_table(assessment: Assessment, translations: Translations, labels: Labels, cameras: Labels | None = None) -> Table:
    """Return one row per camera; what is not known or not answered outside the gate is empty.

    ``labels`` call parts and ``cameras`` cameras by id; without these their ids stand there.
    """
    cells: list[Cell] = [
        (Column("camera_id", marked("Camera"), width=18, words=cameras), lambda c: c.placed.camera.camera_id),
        (Column("status", marked("State"), width=10, words=words.STATUSES), lambda c: str(c.placed.camera.status)),
        (Column("area_m2", marked("Area it can see"), "m²"), lambda c: float(c.area_m2)),
        (Column("unasked_percent", marked("no purpose stated"), "%"), lambda c: percent_of(c.necessity.unasked_share)),
        (Column("night_percent", marked("in range at night"), "%"), lambda c: percent_of(c.necessity.night_share)),
        (Column("homes", marked("Homes in view"), width=22), lambda c: in_view_text(c, "home", translations)),
        (Column("protected", marked("Other protected in view"), width=22), lambda c: in_view_text(c, "protected", translations)),
        (
            Column("likely", marked("Likely dwellings in view"), width=22),
            lambda c: in_view_text(c, "dwelling_likely", translations),
        ),
        (
            Column("lost", marked("Lost without this camera"), width=40),
            lambda c: lost_text(c, labels, translations, assessment.withheld),
        ),
        (
            Column("milder", marked("Milder camera for the same"), width=18, words=cameras),
            lambda c: c.necessity.milder_camera or "–",
        ),
    ]
    return make_table("necessity", marked("Costs and need of each camera"), cells, assessment.cameras)


def in_view_text(result: CameraResult, cls: str, translations: Translations) -> str:
    """Return how many places of a class are in view, by grade, gravest first; possible views say so; a dash where none is."""
    sightings = [sighting for sighting in result.sightings if str(sighting.cls) == cls]
    certain = _grades_text([each for each in sightings if each.is_recorded], cls, translations)
    possible = _grades_text([each for each in sightings if not each.is_recorded], cls, translations)
    perhaps = translations(marked("possibly up to: {counts}"), counts=possible) if possible else ""
    return translations(marked("; ")).join(text for text in (certain, perhaps) if text) or "–"


def _grades_text(sightings: Sequence[Sighting], cls: str, translations: Translations) -> str:
    row = places_by_class(sightings).get(cls, {})
    counted = (f"{words.word(words.SEVERITIES, grade, translations)} {row[grade]}" for grade in GRAVEST_FIRST if row.get(grade))
    return translations(marked(", ")).join(counted)


def lost_text(result: CameraResult, labels: Labels, translations: Translations, withheld: frozenset[Matter] = frozenset()) -> str:
    """Return what the parts would lose without a camera, or that it is withheld; a dash where that is not answered."""
    if Matter.SERVED in withheld:
        return translations(words.NOT_TOLD)
    lost = result.necessity.lost_without
    if lost is None:
        return "–"
    if not lost:
        return translations(marked("nothing"))
    text = marked("{part}: {percent} % served")
    seen = marked("{part}: {percent} % seen")
    return translations(marked("; ")).join(
        translations(
            text if loss.share_served > 0 else seen,
            part=labels.get(loss.part_id, loss.part_id),
            percent=number_text(100.0 * (loss.share_served or loss.share_seen), translations),
        )
        for loss in lost
    )


def necessity_text(result: CameraResult, called: Called, translations: Translations) -> str:
    """Return in one line what a camera costs and what would be lost without it."""
    return words.running_text([unasked_words(result, translations), needed_text(result, called, translations)])


def needed_text(result: CameraResult, called: Called, translations: Translations) -> str:
    """Return in one line what is in range at night, what would be lost without a camera, and which one is milder."""
    night = percent_of(result.necessity.night_share)
    text = marked("{percent} % of it is within range at night.")
    first = "" if night is None else translations(text, percent=number_text(night, translations))
    return words.running_text([first, *_needed(result, called, translations)])


def _needed(result: CameraResult, called: Called, translations: Translations) -> list[str]:
    """Return what would be lost without the camera, and the milder one that serves the same."""
    necessity, lines = result.necessity, []
    if necessity.lost_without:
        text = marked("Lost without it: {lost}.")
        lines.append(translations(text, lost=lost_text(result, called.parts, translations)))
    elif necessity.lost_without is not None:
        lines.append(translations(marked("No part needs it.")))
    if necessity.milder_camera:
        lines.append(
            translations(
                marked("Camera {camera} alone serves the same parts and can see less of protected places."),
                camera=called.reported(necessity.milder_camera),
            )
        )
    return lines


def necessity_chapter(
    assessment: Assessment, translations: Translations, labels: Labels, cameras: Labels | None = None
) -> list[Block]:
    """Return the table of all cameras with its meaning and its totals; the most unasked ground first."""
    ordered = tuple(sorted(assessment.cameras, key=lambda c: -c.unasked_m2))
    text = marked(
        "Protected places in view are counted by grade; a possible view counts at its worst. A milder camera "
        "serves all the same parts alone and can see less of protected places."
    )
    table = necessity_table(replace(assessment, cameras=ordered), translations, labels, cameras)
    keys = tuple(column.key for column in table.columns)
    grid = grid_of(table, keys, (1.6, 0.95, 0.85, 0.85, 0.75, 1.1, 1.1, 1.1, 1.8, 1.1), translations)
    heading = Heading(translations(marked("Costs and need of each camera")), 2)
    return [heading, Paragraph(translations(text)), totals_grid(assessment.cameras, translations, assessment.withheld), grid]


def totals_grid(cameras: Sequence[CameraResult], translations: Translations, withheld: frozenset[Matter] = frozenset()) -> Grid:
    """Return the plan's necessity figures: sums over cameras, ground that two can see counted twice.

    What the parts would lose is counted where that is answered: neither in an audit nor where it is withheld.
    """
    area, unasked = sum(c.area_m2 for c in cameras), sum(c.unasked_m2 for c in cameras)
    blank = sum(c.not_mapped_m2 for c in cameras)
    night = [c.night_m2 for c in cameras if c.night_m2 is not None]
    needed = [c.necessity for c in cameras]
    at_night = marked("in range at night, for the {count} cameras with a recorded range")
    share_percent = 100.0 * unasked / area if area > 0 else 0.0
    figures = [
        (translations(marked("Ground in view, summed over cameras")), f"{number_text(area, translations)} m²"),
        (translations(marked("of this with no purpose stated")), f"{number_text(share_percent, translations)} %"),
        *(
            [(translations(marked("not mapped, summed over cameras")), f"{number_text(blank, translations)} m²")]
            if round(blank)
            else []
        ),
        *([(translations(at_night, count=len(night)), f"{number_text(sum(night), translations)} m²")] if night else []),
        *_lost_counts(needed, translations, withheld),
        (translations(marked("Cameras that a milder one can replace")), str(sum(bool(n.milder_camera) for n in needed))),
    ]
    return Grid((translations(marked("Totals")), ""), tuple(figures), (4, 1), numeric=frozenset({1}))


def _lost_counts(needed: Sequence[Necessity], translations: Translations, withheld: frozenset[Matter]) -> list[tuple[str, str]]:
    some, none = (
        translations(marked("Cameras that some part needs")),
        translations(marked("Cameras that no part needs")),
    )
    if Matter.SERVED in withheld:
        return [(title, translations(words.NOT_TOLD)) for title in (some, none)]
    if all(each.lost_without is None for each in needed):
        return []
    return [(some, str(sum(bool(n.lost_without) for n in needed))), (none, str(sum(n.lost_without == () for n in needed)))]
