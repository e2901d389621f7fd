"""Print tables: an assessment, candidates with what people decided about them, the sums of a merge."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from lhasaplan import workflow
from lhasaplan.cli.screen import Terminal, require_folder
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.districts.merging import DistrictSum
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.place import UNMEASURED
from lhasaplan.core.results.assessment import Assessment, PartResult, ShownAssessment
from lhasaplan.core.results.finding import GRAVE, GRAVEST_FIRST, rank
from lhasaplan.report.facts.basis import basis_text, worded
from lhasaplan.report.facts.short_answer import gravest_possible
from lhasaplan.report.facts.summary import line_text, of_status, summarise
from lhasaplan.report.text.finding_words import sentence
from lhasaplan.report.text.output_files import require_format
from lhasaplan.report.text.words import (
    BLOCKERS,
    CERTAINTIES,
    CLASSES,
    FICTITIOUS,
    FINDING_KINDS,
    SEVERITIES,
    VERDICTS,
    data_banners,
    said,
    word,
)

if TYPE_CHECKING:
    from pathlib import Path

    from lhasaplan.core.project.project import Project
    from lhasaplan.core.protection.undisclosed import Witness

SHOWN = 12  # grave findings printed; all findings are in every file


def print_assessment(terminal: Terminal, shown: ShownAssessment) -> None:
    """Print the sums of an answer; where a pack asks for coarse outputs the screen is one."""
    terminal = replace(terminal, translations=worded(terminal.translations, shown))
    if shown.synthetic:
        terminal.say(terminal.translations.untouched(FICTITIOUS))
    for line in data_banners(shown.data, terminal.translations):
        terminal.say(line)
    _print_figures(terminal, shown)
    print_sightings(terminal, shown)
    print_interval(terminal, shown)
    print_parts(terminal, shown)
    print_findings(terminal, shown)
    for note in shown.notes:
        terminal.say(said(note, terminal.translations))


def _print_figures(terminal: Terminal, assessment: Assessment) -> None:
    terminal.say(basis_text(assessment, terminal.translations))
    for line in summarise(assessment):
        value = line_text(line, terminal.translations, line.digits)
        terminal.say(terminal.translations(marked("{title}: {value}"), title=terminal.translations(line.title), value=value))


def print_sightings(terminal: Terminal, assessment: Assessment) -> None:
    """Print how many cameras can see each class of protected place, certain and possible, by grade."""
    w = terminal.translations
    heads = [marked("Class"), marked("View"), marked("severe"), marked("due"), marked("note")]
    rows = [
        (word(CLASSES, cls, w), word(CERTAINTIES, sure, w), *(counts.get(grade, 0) for grade in GRAVEST_FIRST))
        for cls, by_certainty in assessment.totals["sightings"].items()
        for sure, counts in by_certainty.items()
    ]
    terminal.table(w(marked("Cameras that can see protected places, by class and grade")), [w(head) for head in heads], rows)


def print_interval(terminal: Terminal, assessment: Assessment) -> None:
    """Print how grave possible views would be at most and at least, when there are any."""
    w = terminal.translations
    reach = assessment.totals["would_reach"]
    ends = {"most": marked("at most"), "least": marked("at least")}
    rows = [
        (word(CLASSES, cls, w), w(ends[end]), *(counts.get(grade, 0) for grade in GRAVEST_FIRST))
        for cls, by_end in reach.items()
        for end, counts in by_end.items()
        if any(counts.values())
    ]
    heads = [marked("Class"), marked("Within the limits"), marked("severe"), marked("due"), marked("note")]
    if rows:
        title = marked(
            "Possible views: the mildest and the gravest case within the limits of the kind of camera (they stay notes)"
        )
        terminal.table(w(title), [w(head) for head in heads], rows)


def print_parts(terminal: Terminal, assessment: Assessment) -> None:
    """Print verdicts, what is seen twice and what can go; nothing of it is computed outside the gate."""
    if assessment.parts is None:
        return
    w = terminal.translations
    rows = [(part.part.part_id, part.part.category, *_verdict(terminal, part)) for part in assessment.parts]
    heads = [marked("Part"), marked("Category"), marked("Verdict"), marked("with planned"), marked("served")]
    terminal.table(w(marked("Confirmed parts")), [w(head) for head in heads], rows)
    twice = [(overlap.a, overlap.b, round(overlap.area_m2), round(overlap.demand, 1)) for overlap in assessment.overlaps or ()]
    heads = [marked("Camera"), marked("Camera"), marked("Area m²"), marked("Demand")]
    if twice:
        terminal.table(w(marked("Seen twice")), [w(head) for head in heads], twice)
    gone = [result.placed.camera.camera_id for result in of_status(assessment, Status.OPERATING) if result.removable]
    terminal.say(w(marked("Cameras that can each be removed alone without loss: {names}"), names=", ".join(gone) or "–"))


def _verdict(terminal: Terminal, part: PartResult) -> tuple[str, str, str]:
    """Return verdict, verdict with planned cameras and share served; what is not measured has no share."""
    share = "–" if part.verdict in UNMEASURED else f"{part.measured.share_served:.0%}"
    return word(VERDICTS, part.verdict, terminal.translations), word(VERDICTS, part.verdict_after, terminal.translations), share


def print_findings(terminal: Terminal, assessment: Assessment) -> None:
    """Print what is due or severe as sentences, and how many findings there are of each kind."""
    w = terminal.translations
    grave = [finding for finding in assessment.findings if finding.severity in GRAVE]
    for finding in sorted(grave, key=lambda finding: -rank(finding.severity))[:SHOWN]:
        terminal.say(f"{word(SEVERITIES, finding.severity, w)}: {sentence(finding, w)}")
    _print_asked_first(terminal, assessment)
    kinds = Counter(finding.kind for finding in assessment.findings)
    by_kind = "; ".join(f"{word(FINDING_KINDS, kind, w)} ({count})" for kind, count in kinds.most_common())
    terminal.say(w(marked("{count} findings in all: {kinds}"), count=len(assessment.findings), kinds=by_kind or "–"))


def _print_asked_first(terminal: Terminal, assessment: Assessment) -> None:
    """Print the possible views that may be due or severe, the gravest first."""
    found = gravest_possible(assessment)
    if found:
        text = marked("Ask about these first. Possible views that may be due or severe: {count}")
        terminal.say(terminal.translations(text, count=len(found)))
    for finding in found[:SHOWN]:
        terminal.say(f"  {sentence(finding, terminal.translations)}")


def print_gate(terminal: Terminal, assessment: Assessment) -> None:
    """Print all that is missing for planning."""
    terminal.complain(terminal.translations(marked("Planning is refused; the audit stands. Missing:")))
    for missing in assessment.gate.missing:
        terminal.complain(f"  - {said(missing, terminal.translations)}")


def print_witnesses(terminal: Terminal, witnesses: "Sequence[Witness]", at: str, coarse: bool) -> None:
    """Print which cameras can or may see a spot; ``coarse`` leaves out what leads to a camera's exact place."""
    w = terminal.translations
    seeing = [witness for witness in witnesses if witness.certainty != "not"]
    rows = [
        (
            f"{number}" if coarse else witness.camera_id,
            word(CERTAINTIES, witness.certainty, w),
            _interval(witness.density_px_m),
            "–" if coarse or witness.distance_m is None else round(witness.distance_m),
        )
        for number, witness in enumerate(seeing, 1)
    ]
    heads = [marked("Camera"), marked("View"), marked("px/m"), marked("Distance m")]
    if rows:
        terminal.table(
            w(marked("Cameras that can see {spot}, for certain or possibly"), spot=at), [w(head) for head in heads], rows
        )
    else:
        terminal.say(w(marked("No camera can see {spot} (longitude, latitude)."), spot=at))
    if not coarse:
        _print_hidden(terminal, witnesses)


def _print_hidden(terminal: Terminal, witnesses: "Sequence[Witness]") -> None:
    w = terminal.translations
    near = [witness for witness in witnesses if witness.certainty == "not" and witness.reason not in ("", "out_of_range")]
    for witness in near[:SHOWN]:
        reason = word(BLOCKERS, witness.reason, w)
        terminal.say(
            w(
                marked("{camera} cannot see it: {reason} {blocker}"),
                camera=witness.camera_id,
                reason=reason,
                blocker=witness.blocker_id,
            )
        )


def _interval(density_px_m: tuple[float, float]) -> str:
    low, high = density_px_m
    return f"{low:.0f}" if low == high else f"{low:.0f}–{high:.0f}"


def list_candidates(terminal: Terminal, project: "Project") -> None:
    """Print each candidate with its category, what it would ask for, and whether it may and did become demand."""
    w = terminal.translations
    heads = [
        *(marked("Part"), marked("Category"), marked("Name"), marked("Street"), marked("Longitude"), marked("Latitude")),
        *(marked("px/m"), marked("State")),
    ]
    rows = [
        (
            *(each.part.part_id, each.part.category, each.part.name, each.street or "–"),
            *("–" if each.lonlat is None else f"{degrees:.5f}" for degrees in each.lonlat or (None, None)),
            *(each.part.required.density_px_m, w(each.text, **each.params)),
        )
        for each in workflow.list_candidates(terminal.services, project).rows
    ]
    terminal.table(w(marked("Candidates")), [w(head) for head in heads], rows)


def write_pictures(terminal: Terminal, project: "Project", selection: "workflow.CandidateSelection", path: "Path") -> None:
    """Write a picture of each selected candidate, of all where none is selected, and say how many there are."""
    require_folder(path)
    require_format(path)
    with terminal.progress() as progress:
        sheet = workflow.place_sheet(terminal.services, project, selection)
        terminal.services.drafts.write_place_sheet(sheet, path, terminal.translations, progress)
    terminal.say(
        terminal.translations(marked("Pictures of candidates in {file}: {count}"), file=str(path), count=len(sheet.rows))
    )


# Of a merge: what each district has, and all have together.

TO_FILL, ELSEWHERE, TOGETHER = marked("to be filled in"), marked("in no district"), marked("together")


def sum_heads(translations: Translations) -> list[str]:
    """Return the heads of the sums."""
    texts = (marked("District"), marked("Operating"), marked("Planned"), marked("Parts"), marked("Cost of the planned"))
    return [translations(text) for text in texts]


def sum_rows(sums: Sequence[DistrictSum], translations: Translations) -> list[tuple[object, ...]]:
    """Return a row for each district and the sum of them all."""
    rows = [_row(each.area or translations(ELSEWHERE), each, translations) for each in sums]
    costs = [each.cost for each in sums]
    known = [cost for cost in costs if cost is not None]
    currencies = {each.currency for each in sums if each.planned}
    named = {each for each in currencies if each}
    whole = DistrictSum(
        "",
        sum(each.operating for each in sums),
        sum(each.planned for each in sums),
        sum(each.parts for each in sums),
        sum(known) if len(known) == len(costs) and len(named) < 2 else None,
        named.pop() if len(currencies) == len(named) == 1 else "",
    )
    return [*rows, _row(translations(TOGETHER), whole, translations)]


def _row(name: str, each: DistrictSum, translations: Translations) -> tuple[object, ...]:
    cost = (
        "–" if not each.planned else translations(TO_FILL) if each.cost is None else f"{each.cost:.2f} {each.currency}".rstrip()
    )
    return name, each.operating, each.planned, each.parts, cost
