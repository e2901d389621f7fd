"""Notes for who speaks: where the numbers of a slide stand in the other drafts."""

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.report.facts.workbook import SHEETS


def source(wording: Wording, file: str, table: str, sheet: str = "", field: str = "") -> str:
    """Return one line: table and file of the report, sheet of the workbook, field of the JSON."""
    facts = {"table": table, "file": file}
    if not sheet:
        return wording(marked("Where the numbers come from: the table or chapter {table} of {file}."), **facts)
    text = marked(
        "Where the numbers come from: the table or chapter {table} of {file}; sheet {sheet} of audit.xlsx; {field} in the JSON."
    )
    return wording(text, **facts, sheet=wording(SHEETS[sheet]), field=field)


def how_to_say(wording: Wording) -> str:
    """Return how the figures may be spoken of."""
    return wording(marked("Say can see, never sees: nobody here can know whether a camera is switched on or masked inside."))
