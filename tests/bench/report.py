"""The page of figures that the command writes into the docs."""

from collections.abc import Mapping, Sequence

from .accuracy.finding import Finding
from .row import Row
from .table import FINDING_HEADINGS, cells, finding_cells, markdown


def page(rows: Sequence[Row], findings: Sequence[Finding], machine: Mapping, command: str, above: str) -> str:
    """Return day, command and the tables in Markdown; the machine unless ``above`` names it, exactness if it was measured."""
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    where = f"{machine['cpu']}, {machine['cores']} cores, {machine['system']}, Python {machine['python']}, {versions}"
    said = f"{machine['date']}, load {machine['load']} at the start{'' if where in above else f', {where}'}: `{command}`"
    speed = markdown([cells(row) for row in rows])
    exact = [f"## Exactness\n{markdown([finding_cells(one) for one in findings], FINDING_HEADINGS)}"] if findings else []
    return "\n\n".join([said, speed, *exact])
