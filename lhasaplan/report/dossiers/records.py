"""What records say: purposes, cameras with what each serves and shows, and what the audit found under single articles."""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.finding import Severity, rank
from lhasaplan.core.results.withheld import Matter
from lhasaplan.report.city_plan.plan_facts import PlanFacts
from lhasaplan.report.facts.tables import camera_table
from lhasaplan.report.facts.withheld import PURPOSES, withholds
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Grid, Paragraph
from lhasaplan.report.text.printed_tables import grid_of


def recorded_purposes(facts: PlanFacts) -> list[Block]:
    """Return the purposes that records state, each with how many cameras it has; most frequent first."""
    wording = facts.wording
    if withholds(facts.assessment, Matter.RECORD):
        return [Paragraph(wording(PURPOSES))]
    counts = Counter(result.placed.camera.purpose.strip() for result in facts.operating)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = tuple((purpose or wording(marked("no purpose on record")), str(count)) for purpose, count in ordered)
    headings = wording(marked("Purpose")), wording(marked("Cameras"))
    caption = wording(marked("Purposes on record"))
    return [Grid(headings, rows, (5, 1), caption, frozenset({1}), "purposes")] if rows else []


def necessity(facts: PlanFacts) -> list[Block]:
    """Return of each camera what it serves, and beside it what it shows that nobody asks for."""
    keys, widths = ("number", "called", "purpose", "parts_served", "area_m2", "unasked_m2"), (0.6, 2.2, 2.0, 2.2, 1.0, 1.1)
    caption = facts.wording(marked("What each camera serves, and what it shows that nobody asks for"))
    return _cameras(facts, keys, widths, caption, "necessity")


def camera_list(facts: PlanFacts) -> list[Block]:
    """Return all cameras with kind, mount, owner and purpose; ids stand in the workbook."""
    keys, widths = ("number", "called", "status", "kind", "mount", "owner", "purpose"), (0.6, 2.2, 1.0, 0.9, 0.9, 1.7, 2.0)
    return _cameras(facts, keys, widths, facts.wording(marked("Cameras on record and planned")), "cameras")


def _cameras(facts: PlanFacts, keys: tuple[str, ...], widths: tuple[float, ...], caption: str, anchor: str) -> list[Block]:
    table = camera_table(replace(facts.assessment, cameras=facts.standing), facts.called.parts, facts.called)
    return [replace(grid_of(table, keys, widths, facts.wording), caption=caption, anchor=anchor)]


def found_under(facts: PlanFacts, packs: Collection[str], articles: Collection[str], *, is_public: bool) -> list[Block]:
    """Return what the audit found under these articles of the paper's packs, by kind and severity, gravest first."""
    wording = facts.wording
    found = [one for one in facts.assessment.findings if one.pack in packs and one.article in articles]
    if not found:
        return [Paragraph(wording(marked("The audit found nothing under this.")))]
    counts: Counter[tuple[str, Severity]] = Counter((one.kind, one.severity) for one in found)
    ordered = sorted(counts, key=lambda pair: (-rank(pair[1]), pair[0]))
    cameras: dict[tuple[str, Severity], dict[str, None]] = {}
    for one in found:
        cameras.setdefault((one.kind, one.severity), {}).update(dict.fromkeys(one.camera_ids))
    rows = [
        (
            words.word(words.FINDING_KINDS, kind, wording),
            words.word(words.SEVERITIES, str(severity), wording),
            str(counts[kind, severity]),
            facts.called.some(list(cameras[kind, severity])),
        )
        for kind, severity in ordered
    ]
    headings = (
        wording(marked("Finding")),
        wording(marked("Severity")),
        wording(marked("Count")),
        wording(marked("Cameras")),
    )
    kept = 3 if is_public else 4
    caption = wording(marked("What the audit found under this"))
    return [Grid(headings[:kept], tuple(row[:kept] for row in rows), (3, 1, 0.8, 2)[:kept], caption, frozenset({2}))]
