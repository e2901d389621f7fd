"""The rows as text for a terminal and as a table for the docs."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from .accuracy.finding import Finding
from .row import MEASURED, Row

HEADINGS = ("job", "size", "ours", "rival", "ratio", "unit", "against", "to reach", "note")
FINDING_HEADINGS = ("compared", "size", "found", "asked", "met", "note")
MARKER = "<!-- bench {room}: {edge} -->"


def cells(row: Row) -> tuple[str, ...]:
    """Return the row as text, in the order of the headings."""
    note = row.note if row.status == MEASURED else f"{row.status}: {row.note}"
    ratio = "-" if row.ratio is None else f"{row.ratio:.3g}" if row.ratio < 100 else f"{row.ratio:.0f}"
    return row.job, row.size, figure(row.ours), figure(row.rival), ratio, row.unit, row.against, row.target, note


def figure(value: float | None) -> str:
    """Return three digits that count.

    >>> figure(0.012345), figure(123.4), figure(None)
    ('0.0123', '123', '-')
    """
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def show(rows: Sequence[Row], console: Console, room: str = "sight") -> None:
    """Print the rows as a table; notes are below it, so that the figures stay readable."""
    table = Table(title=f"{room}: ours beside rivals, median of alternating rounds", show_lines=False)
    for heading in HEADINGS[:-1]:
        table.add_column(heading, justify="right" if heading in ("ours", "rival", "ratio") else "left")
    for row in rows:
        table.add_row(*cells(row)[:-1])
    if rows:
        console.print(table)
    for row in rows:
        console.print(f"- {row.job}, {row.against or row.size}: {cells(row)[-1]}", highlight=False, soft_wrap=True)


def finding_cells(finding: Finding) -> tuple[str, ...]:
    """Return a finding as text, in the order of its headings."""
    figures = ", ".join(f"{name} {_exact(value)}" for name, value in finding.figures.items()) or finding.status
    verdict = {True: "yes", False: "NO", None: "-"}[finding.is_met]
    return finding.what, finding.size, figures, finding.asked, verdict, "; ".join((finding.note, *finding.worst)).strip("; ")


def _exact(value: float) -> str:
    """Return a figure near 1 with all the digits that tell it from 1."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.6f}".rstrip("0").rstrip(".")


def show_findings(findings: Sequence[Finding], console: Console, room: str = "sight") -> None:
    """Print the accuracy report."""
    table = Table(*FINDING_HEADINGS, title=f"{room}: against exact answers")
    for finding in findings:
        table.add_row(*finding_cells(finding))
    if findings:
        console.print(table)


def markdown(lines: Sequence[tuple[str, ...]], headings: Sequence[str] = HEADINGS) -> str:
    """Return lines as a table in Markdown."""
    lines = [headings, ("---",) * len(headings), *lines]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines)


def markers(room: str) -> tuple[str, str]:
    """Return what stands in a page before and after the figures of a room."""
    return MARKER.format(room=room, edge="begin"), MARKER.format(room=room, edge="end")


def write_between(path: Path, text: str, room: str) -> None:
    """Replace what stands between the markers of a page."""
    begin, end = markers(room)
    page = path.read_text("utf-8")
    if begin not in page or end not in page:
        raise ValueError(f"{path}: no place for the table between {begin} and {end}")
    head, tail = page.split(begin)[0], page.split(end)[1]
    path.write_text(f"{head}{begin}\n{text}\n{end}{tail}", "utf-8")
