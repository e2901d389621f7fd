"""Print proposals: the options side by side, their bounds in words, reasons, what each further camera would bring."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lhasaplan.cli.screen import Terminal
from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.siting.option_words import (
    OPTIONS,
    action_in_words,
    bounds_in_words,
    doubled_in_words,
    hanging_in_words,
    last_in_words,
)
from lhasaplan.core.siting.options import Council, Option
from lhasaplan.core.siting.reasons import Reason, reasons
from lhasaplan.core.siting.redundancy import AREAS, OWNERS, PLANNED, Pair
from lhasaplan.core.siting.robustness import doubts
from lhasaplan.core.siting.told import tells_all, tells_doubled
from lhasaplan.report.text.words import FIELDS

if TYPE_CHECKING:
    from lhasaplan.workflow.siting import Proposals

HEADS = (
    *(marked("Option"), marked("Cameras"), marked("New"), marked("Changed"), marked("Removed")),
    *(marked("Parts met"), marked("Reached of what is asked, %"), marked("Unasked ground, m²")),
)
CURVE_HEADS = (
    *(marked("New cameras"), marked("Parts met"), marked("Reached of what is asked, %")),
    *(marked("Unasked ground, m²"), marked("Knee")),
)
PAIR_HEADS = (
    *(marked("Camera"), marked("Camera"), marked("Shared ground, m²"), marked("Shared demand, %")),
    marked("They differ in"),
)
ACROSS = {
    OWNERS: marked("Owner"),
    PLANNED: marked("one exists, one is planned"),
    AREAS: marked("Area"),
}
MOST_PAIRS = 12  # that are printed; the JSON has all
MORE_PAIRS = marked("{count} more pairs share less; --json has all.")
SPARE = marked("{share} % of the demand is served by more cameras than its part asks for.")
ALONE = marked("Served by one camera alone, in % of the demand: {rows}.")
CAN_GO = marked("These cameras can go at once, and no part loses: {cameras}. More than {most} can never go.")
NONE_CAN_GO = marked("No camera can go without a part losing; that is proved.")
SERVED_BY = marked("Demand by the number of cameras that serve it: {rows}.")
REASON = marked("{camera}, {action}: serves {parts}; shows {unasked} m² that nobody asks for.")
NO_OTHER = marked("{camera}: nothing else that was tried serves what it alone serves.")
NEXT = marked("{camera}: other choices that would do: {others}; the next best weighs {worse} more.")
OTHERS = marked("{camera}: other choices that would do: {others}.")


def print_proposals(terminal: Terminal, name: str, found: "Proposals", *, private: bool) -> None:
    """Print all that was worked out; figures of protected places only where outputs may tell them."""
    wording, council = terminal.wording, found.council
    rows = [_row(council, option, wording) for option in found.options]
    terminal.table(wording(marked("Options for {project}"), project=name), [wording(head) for head in HEADS], rows)
    is_whole = tells_all(council, private=private)
    for option in found.options[1:]:
        for line in _lines(council, option, wording, is_whole=is_whole):
            terminal.say(line)
        terminal.remark(option.refused)
    for line in _overlap(found, wording):
        terminal.say(line)
    print_pairs(terminal, found)
    if found.curve:
        _print_curve(terminal, found)


def _row(council: Council, option: Option, wording: Wording) -> tuple[object, ...]:
    figures = council.figures(option)
    counts = (int(figures[each]) for each in ("cameras", "new", "changed", "removed"))
    met = f"{int(figures['parts_met'])}/{int(figures['parts'])}"
    return wording(OPTIONS[option.leave.name]), *counts, met, round(100.0 * figures["reached"], 1), round(figures["unasked_m2"])


def _lines(council: Council, option: Option, wording: Wording, *, is_whole: bool) -> Iterator[str]:
    """Give the sentences about one option: bounds, reasons, what hangs on an assumption, what a weight changes."""
    yield from bounds_in_words(council, option, wording, is_whole=is_whole)
    for reason in reasons(council, option):
        yield from _because(reason, wording, is_whole=is_whole)
    yield from hanging_in_words(doubts(council, option), wording, field=lambda name: wording(FIELDS.get(name, name)))
    if is_whole and tells_doubled(option):
        yield from doubled_in_words(council.changed_by_weights(option), wording)


def _because(reason: Reason, wording: Wording, *, is_whole: bool) -> Iterator[str]:
    camera, action = reason.state.camera.camera_id, action_in_words(reason.state, wording)
    parts = ", ".join(reason.serves) or "–"
    yield wording(REASON, camera=camera, action=action, parts=parts, unasked=round(reason.state.unasked_m2))
    if not reason.would_do:
        yield wording(NO_OTHER, camera=camera)
    elif is_whole and reason.alternatives:
        yield wording(NEXT, camera=camera, others=reason.would_do, worse=round(reason.alternatives[0].worse_by))
    else:
        yield wording(OTHERS, camera=camera, others=reason.would_do)


def _overlap(found: "Proposals", wording: Wording) -> Iterator[str]:
    overlap = found.overlap
    total = sum(overlap.served_by.values()) or 1.0
    rows = "; ".join(f"{count}: {100.0 * weight / total:.0f} %" for count, weight in overlap.served_by.items())
    yield wording(SERVED_BY, rows=rows)
    yield wording(SPARE, share=round(100.0 * overlap.spare / total))
    alone = sorted(((weight, key) for key, weight in overlap.alone.items() if weight > 0.0), key=lambda one: (-one[0], one[1]))
    if alone:
        yield wording(ALONE, rows="; ".join(f"{key} {100.0 * weight / total:.0f}" for weight, key in alone[:MOST_PAIRS]))
    if overlap.can_go:
        yield wording(CAN_GO, cameras=", ".join(overlap.can_go), most=overlap.at_most)
    elif not overlap.at_most:
        yield wording(NONE_CAN_GO)


def _differ(pair: Pair, wording: Wording) -> str:
    return ", ".join(wording(ACROSS[each]) for each in pair.across)


def print_pairs(terminal: Terminal, found: "Proposals") -> None:
    """Print the pairs that share most, and in what they differ: owner, area, existing against planned."""
    wording, overlap = terminal.wording, found.overlap
    if not overlap.pairs:
        return
    total = sum(overlap.served_by.values()) or 1.0
    rows = [
        (
            each.a,
            each.b,
            round(each.area_m2),
            round(100.0 * each.demand / total, 1),
            ", ".join(wording(ACROSS[k]) for k in each.across),
        )
        for each in overlap.pairs[:MOST_PAIRS]
    ]
    title = wording(marked("Pairs of cameras that show the same"))
    terminal.table(title, [wording(head) for head in PAIR_HEADS], rows)
    if len(overlap.pairs) > MOST_PAIRS:
        terminal.say(wording(MORE_PAIRS, count=len(overlap.pairs) - MOST_PAIRS))


def _served(figures: Mapping[str, float]) -> tuple[object, ...]:
    return int(figures["parts_met"]), round(100.0 * figures["reached"], 1), round(figures["unasked_m2"])


def _print_curve(terminal: Terminal, found: "Proposals") -> None:
    wording = terminal.wording
    rows = [(each.new, *_served(each.figures), "•" if each.is_knee else "") for each in found.curve]
    terminal.table(wording(marked("What each further camera would bring")), [wording(head) for head in CURVE_HEADS], rows)
    for line in last_in_words(found.curve, wording):
        terminal.say(line)
