"""What a meeting goes through: the named views, the findings, what would serve parts; each a heading, words and a place."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.models.findings import finding_text
from lhasaplan.core.base.wording import marked
from lhasaplan.core.project.bookmark import Bookmark
from lhasaplan.core.results.assessment import PartResult, ServiceOption
from lhasaplan.core.results.finding import Finding, rank
from lhasaplan.core.results.verdict import NOT_MET
from lhasaplan.report.facts.part_options import service_text
from lhasaplan.report.text.words import SEVERITIES, VERDICTS, word

VIEWS, FINDINGS, OPTIONS = marked("Views"), marked("Findings"), marked("Options")
NOTHING_SERVES = marked("Nothing that was tried out would serve this part.")

MET_BY_PLAN = marked("Once the plan is carried out this part is met.")


@dataclass(frozen=True, eq=False, slots=True)
class Slide:
    """One thing that is shown: its heading and words, and what brings it onto the map."""

    heading: str
    words: str
    show: Callable[[], object]


def slides_of(kind: str, bench: Workbench, commands: Commands) -> tuple[Slide, ...]:
    """Return what there is of a kind, the gravest findings first."""
    if kind == VIEWS:
        return tuple(_view(number, view, bench) for number, view in enumerate(bench.bookmarks.views))
    results = bench.session.current_results
    if results is None:
        return ()
    if kind == FINDINGS:
        found = sorted(results.findings, key=lambda one: -rank(one.severity))
        return tuple(_finding(finding, bench, commands) for finding in found)
    parts = (one for one in results.parts or () if one.verdict in NOT_MET)
    return tuple(slide for part in parts for slide in _options(part, bench, commands))


def _view(number: int, view: Bookmark, bench: Workbench) -> Slide:
    return Slide(view.name, "", lambda: bench.bookmarks.visit(number))


def _finding(finding: Finding, bench: Workbench, commands: Commands) -> Slide:
    severity = word(SEVERITIES, finding.severity, bench.language.wording)
    camera = bench.names.camera(finding.camera_id) if finding.camera_id else ""
    heading = " · ".join(filter(None, (severity, camera)))
    return Slide(heading, finding_text(finding, bench.language, bench.names), lambda: commands.looking.show_finding(finding))


def _options(result: PartResult, bench: Workbench, commands: Commands) -> Sequence[Slide]:
    say = bench.language
    name = bench.names.part(result.part.part_id) or result.part.name or result.part.part_id
    heading = f"{name} · {word(VERDICTS, result.verdict, say.wording)}"
    if result.verdict_after not in NOT_MET:
        return (Slide(heading, say(MET_BY_PLAN), lambda: commands.looking.show_part(result.part)),)
    if not result.service:
        return (Slide(heading, say(NOTHING_SERVES), lambda: commands.looking.show_part(result.part)),)
    return [_option(heading, result, option, bench, commands) for option in result.service]


def _option(heading: str, result: PartResult, option: ServiceOption, bench: Workbench, commands: Commands) -> Slide:
    return Slide(
        heading,
        service_text(option, bench.language.wording, bench.names.thing),
        lambda: commands.curing.show_option(result, option),
    )
