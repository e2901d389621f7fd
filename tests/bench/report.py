"""The page of figures that the command writes into the docs."""

from collections.abc import Mapping, Sequence

from .accuracy.finding import Finding
from .row import Row
from .table import FINDING_HEADINGS, cells, finding_cells, markdown


def page(rows: Sequence[Row], findings: Sequence[Finding], machine: Mapping, command: str) -> str:
    """Return machine, command and the tables in Markdown; the second only if exactness was looked at."""
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    system = f"{machine['system']}, Python {machine['python']}, {versions}"
    said = f"{machine['date']}, {machine['cpu']}, {machine['cores']} cores, load {machine['load']} at the start, {system}."
    speed = markdown([cells(row) for row in rows])
    exact = [f"## Exactness\n{markdown([finding_cells(one) for one in findings], FINDING_HEADINGS)}"] if findings else []
    return "\n\n".join([f"{said}\nMade by `{command}`.", speed, *exact])
