"""What the command writes into the docs: a page of tables, and beside it each row whole as CSV."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import chain
from pathlib import Path

from .accuracy.finding import Finding
from .row import Row
from .table import FINDING_HEADINGS, HEADINGS, LONG_CLAUSE, cells, figure, finding_cells, floors, markdown

AIMED_AT = ("gap", "within", "clock", "peak")  # figures of a note to which a target may be set


def page(rows: Sequence[Row], findings: Sequence[Finding], machine: Mapping, command: str, above: str) -> str:
    """Return day, command and the tables in Markdown; the machine unless ``above`` names it, exactness if it was measured."""
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    where = f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}, Python {machine['python']}, {versions}"
    is_named = where in " ".join(above.split())  # the page breaks its lines
    said = f"{machine['date']}, load {machine['load']} at the start{'' if is_named else f', {where}'}: `{command}`"
    beside = [row for row in rows if row.rival is not None or row.target]
    aimed = [row for row in beside if row.target] or beside  # the CSV has all
    speed = markdown(with_brief_notes([cells(row) for row in aimed]))
    alone = "; ".join(f"{row.job} {figure(row.ours)} {row.unit}" for row in rows if row not in beside)
    beyond = [f"Without a rival: {alone}."] if alone else []
    return "\n\n".join([said, speed, *floors(aimed), *beyond, *exactness(findings)])


def exactness(findings: Sequence[Finding]) -> list[str]:
    """Name the comparisons that came out as asked, whose figures the CSV has, and show all others as a table."""
    met = dict.fromkeys(one.what.partition(": ")[0] for one in findings if one.is_met)
    rest = [finding_cells(one) for one in findings if not one.is_met]
    named = [f"As asked, with all figures in the CSV: {'; '.join(met)}."] if met else []
    shown = [*named, *([markdown(rest, FINDING_HEADINGS)] if rest else [])]
    return ["## Exactness\n" + "\n\n".join(shown)] if shown else []


def with_brief_notes(lines: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Return lines whose notes have only what several say, words, and figures to which a target may be set; the CSV has all.

    >>> with_brief_notes([("a", "the rival is flat; 3 pairs"), ("b", "peak 3 MB; 2 s CPU")])
    [('a', 'the rival is flat'), ('b', 'peak 3 MB')]
    """
    count = Counter(chain.from_iterable(line[-1].split("; ") for line in lines))
    said = {one for one in count if count[one] > 1 and len(one.split()) >= LONG_CLAUSE}
    said |= {one for one in count if not any(map(str.isdigit, one)) or any(word in one for word in AIMED_AT)}
    return [(*line[:-1], "; ".join(one for one in line[-1].split("; ") if one in said)) for line in lines]


def write_rows(folder: Path, room: str, rows: Sequence[Row], findings: Sequence[Finding]) -> None:
    """Write rows and findings whole, each as a table of its own."""
    tables = {room: (HEADINGS, map(cells, rows)), f"{room}-exactness": (FINDING_HEADINGS, map(finding_cells, findings))}
    folder.mkdir(exist_ok=True)
    for name, (headings, lines) in tables.items():
        if name == room or findings:
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([headings, *lines])
