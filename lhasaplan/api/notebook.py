"""Say what an answer is as a short table of a notebook; every text is escaped."""

import html
from collections.abc import Iterable

from lhasaplan import report, workflow
from lhasaplan.core.base.translations import Translations
from lhasaplan.core.exposure.along_lines import STATES, LengthsInView
from lhasaplan.core.project.project import Project
from lhasaplan.ports import Heads, Services


def table_html(title: str, rows: Iterable[tuple[object, ...]]) -> str:
    """Return a table as HTML.

    >>> table_html("A < B", [("name", "<b>")])
    '<table><caption>A &lt; B</caption><tr><td>name</td><td>&lt;b&gt;</td></tr></table>'
    """
    said = "".join("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{html.escape(title)}</caption>{said}</table>"


def lengths_html(title: str, lengths: LengthsInView) -> str:
    """Return lengths by state as a table: metres and shares."""
    metres = {name: each for name in STATES if (each := getattr(lengths, f"{name}_m")) is not None}
    return table_html(title, [(STATES[name], f"{each:.0f} m", f"{lengths.share(each):.1%}") for name, each in metres.items()])


def heads_of(services: Services, project: Project) -> Heads:
    """Return what stands at the head of every output of a project, and whom its data are credited to."""
    sheet = workflow.sheet_of(services, project)
    return Heads(report.banners(sheet, Translations()), report.attribution(sheet))
