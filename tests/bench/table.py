"""The rows as text for a terminal and as a table for the docs."""

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from string import ascii_lowercase

from rich.console import Console
from rich.table import Table

from .accuracy.finding import Finding
from .row import MEASURED, Row

HEADINGS = ("job", "size", "ours", "rival", "ratio", "floor", "unit", "against", "to reach", "note")
FINDING_HEADINGS = ("compared", "size", "found", "asked", "met", "note")
FIGURES = ("ours", "rival", "ratio", "floor")
LETTERED = ("unit", "against", "asked", "note")  # columns of words; figures stay in their row
DITTO = ("asked",)  # a mark stands where the line above says the same
JOINED = {
    "size": "{}; {}",
    "unit": "{} {}",
    "against": "{} ({})",
}  # of its host, unless the line above says the same
HOSTS = {"size": ("job", "compared"), "unit": ("ours",), "against": ("rival",)}
LONG_CLAUSE = 6  # words
MARKER = "<!-- bench {room}: {edge} -->"


def cells(row: Row) -> tuple[str, ...]:
    """Return the row as text, in the order of the headings."""
    note = row.note if row.status == MEASURED else f"{row.status}: {row.note}"
    ratio = "-" if row.ratio is None else f"{row.ratio:.3g}" if row.ratio < 100 else f"{row.ratio:.0f}"
    floor = "" if row.floor is None else figure(row.floor)
    return row.job, row.size, figure(row.ours), figure(row.rival), ratio, floor, row.unit, row.against, row.target, note


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
    said = [line[:-1] for line in map(cells, rows)]
    shown = [at for at, heading in enumerate(HEADINGS[:-1]) if heading != "floor" or any(line[at] for line in said)]
    for at in shown:
        table.add_column(HEADINGS[at], justify="right" if HEADINGS[at] in FIGURES else "left")
    for line in said:
        table.add_row(*(line[at] for at in shown))
    if rows:
        console.print(table)
    for row in rows:
        console.print(f"- {row.job}, {row.against or row.size}: {cells(row)[-1]}", highlight=False, soft_wrap=True)
    for line in floors(rows):
        console.print(line, highlight=False, soft_wrap=True)


def floors(rows: Sequence[Row]) -> list[str]:
    """Say in a sentence what work the floors of the rows are, each work once with its jobs.

    >>> floors([Row("a, b", "", 2.0, None, None, "s", "").over(1.0, "the file read"), Row("c", "", 2.0, None, None, "s", "")])
    ['Floor, timed in the same run, is a part of the job that no answer does without. *a*: the file read.']
    """
    works = {row.least: [one.job.partition(",")[0] for one in rows if one.least == row.least] for row in rows if row.least}
    said = [f"*{', '.join(dict.fromkeys(jobs))}*: {least}" for least, jobs in works.items()]
    return [f"Floor, timed in the same run, is a part of the job that no answer does without. {'. '.join(said)}."] if said else []


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
    """Return lines as a table in Markdown that says nothing twice.

    A column without words is left out; what all lines share stands above the table, and a long clause of several
    cells stands below it under a letter. Size, unit and rival stand with the job and the figures, where they are not
    those of the line above.

    >>> print(markdown([("a", "s", "so measured; once"), ("b", "s", "so measured")], ("job", "unit", "note")))
    Of all: unit s; note so measured.
    <BLANKLINE>
    | job | note |
    | --- | --- |
    | a | once |
    | b |  |
    >>> print(markdown([("a", "10 m", "1"), ("b", "10 m", "2"), ("c", "20 m", "3")], ("job", "size", "ours")))
    | job | ours |
    | --- | --- |
    | a; 10 m | 1 |
    | b | 2 |
    | c; 20 m | 3 |
    """
    shared, columns = _shared(lines)
    said = [f"{headings[at]} {lines[0][at]}" for at in sorted(shared)]
    clauses = [[cell.split("; ") for cell in line] for line in lines]
    notes = [one for one in clauses[0][-1] if one and len(lines) > 1 and all(one in line[-1] for line in clauses)]
    said += [f"note {'; '.join(notes)}"] if notes else []
    shown = [[tuple(one for one in line[at] if at == 0 or one not in notes) for at in columns] for line in clauses]
    letters = _letters([cell for line in shown for at, cell in zip(columns, line, strict=True) if headings[at] in LETTERED])
    cells = [["; ".join(f"({letters[one]})" if one in letters else one for one in cell) for cell in line] for line in shown]
    names = [headings[at] for at in columns]
    for below, above in zip(cells[:0:-1], cells[-2::-1], strict=True):
        below[:] = [
            '"' if two == one != "" and name in DITTO else "" if two == one and name in JOINED else two
            for name, one, two in zip(names, above, below, strict=True)
        ]
    names, cells = _joined(names, [["" if cell == "-" else cell for cell in line] for line in cells])
    table = [names, ["---"] * len(names), *cells]
    rows = "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in table)
    common = f"Of all: {'; '.join(said)}.\n\n" if said else ""
    legend = "\n\n" + "  \n".join(f"({letter}) {clause}." for clause, letter in letters.items()) if letters else ""
    return f"{common}{rows}{legend}"


def _joined(names: Sequence[str], cells: Sequence[list[str]]) -> tuple[list[str], list[list[str]]]:
    """Return headings and cells with size, unit and rival in the cells that they belong to."""
    hosts = {name: next((names.index(host) for host in HOSTS[name] if host in names), None) for name in names if name in JOINED}
    for line in cells:
        for name, host in hosts.items():
            said = line[names.index(name)]
            if host is not None and said:
                line[host] = f"{line[host]} {said}" if said.startswith("(") else JOINED[name].format(line[host], said)
    kept = [at for at, name in enumerate(names) if hosts.get(name) is None]
    return [names[at] for at in kept], [[line[at] for at in kept] for line in cells]


def _shared(lines: Sequence[tuple[str, ...]]) -> tuple[set[int], list[int]]:
    """Return the columns between the first and the last that say the same in several lines, and those to be shown."""
    same = [len({line[at] for line in lines}) == 1 for at in range(len(lines[0]))]
    shared = {at for at in range(1, len(same) - 1) if same[at] and len(lines) > 1 and lines[0][at] not in ("", "-")}
    empty = {at for at in range(1, len(same)) if all(line[at] == "" for line in lines)}
    return shared, [at for at in range(len(same)) if at not in shared | empty]


def _letters(cells: Sequence[Sequence[str]]) -> dict[str, str]:
    """Return a letter for each clause of six words or more that stands in several cells."""
    clauses = list(chain.from_iterable(cells))
    count = Counter(clauses)
    several = [one for one in dict.fromkeys(clauses) if count[one] > 1 and len(one.split()) >= LONG_CLAUSE]
    return dict(zip(several, ascii_lowercase, strict=False))


def markers(room: str) -> tuple[str, str]:
    """Return what stands in a page before and after the figures of a room."""
    return MARKER.format(room=room, edge="begin"), MARKER.format(room=room, edge="end")


def head_of(path: Path) -> str:
    """Return what stands in a page above its first table."""
    return path.read_text("utf-8").partition("<!-- bench ")[0]


def write_between(path: Path, text: str, room: str) -> None:
    """Replace what stands between the markers of a page."""
    begin, end = markers(room)
    page = path.read_text("utf-8")
    if begin not in page or end not in page:
        raise ValueError(f"{path}: no place for the table between {begin} and {end}")
    head, tail = page.split(begin)[0], page.split(end)[1]
    path.write_text(f"{head}{begin}\n{text}\n{end}{tail}", "utf-8")
