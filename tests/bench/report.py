"""The page of figures that the command writes into the docs."""

from collections.abc import Mapping, Sequence

from .row import Row
from .table import markdown


def page(rows: Sequence[Row], machine: Mapping, command: str) -> str:
    """Return machine, command and table in Markdown."""
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    system = f"{machine['system']}, Python {machine['python']}, {versions}"
    said = f"{machine['date']}, {machine['cpu']}, {machine['cores']} cores, {system}."
    return f"{said}\nMade by `{command}`.\n\n{markdown(rows)}"
