"""Print proposals: the options side by side, their bounds in words, reasons, what each further camera would bring."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lhasaplan.cli.screen import Terminal
from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.changes.change_words import in_words
from lhasaplan.core.rules.pack_terms import terms_of
from lhasaplan.core.siting.disclosed_proposals import may_disclose_all, tells_doubled
from lhasaplan.core.siting.option_words import (
    MOST_ALTERNATIVES,
    UNCOUNTED,
    StateReason,
    action_in_words,
    bounds_in_words,
    doubled_in_words,
    hanging_in_words,
    last_in_words,
    name_in_words,
    others_in_words,
    reasons,
    weights_in_words,
)
from lhasaplan.core.siting.options import Option, OptionSolver
from lhasaplan.core.siting.redundancy import AREAS, OWNERS, PLANNED
from lhasaplan.core.siting.robustness import doubts
from lhasaplan.report.facts.called import names_of_parts, new_camera_names
from lhasaplan.report.text.columns import some_names
from lhasaplan.report.text.words import FIELDS, data_banners

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
BY_NONE, BY_SOME = marked("{share} % by none"), marked("{share} % by {number}")
REASON = marked("{camera}: {what}. Serves {parts}; shows {unasked} m² that nobody asks for.")
REASON_NONE = marked("{camera}: {what}. Serves no part; shows {unasked} m² that nobody asks for.")
ABOUT = marked("{camera}: {said}.")
GO = marked("These cameras go, and no part loses: {cameras}.")


def print_proposals(terminal: Terminal, name: str, found: "Proposals", *, private: bool) -> None:
    """Print all that was worked out; figures of protected places only where outputs may tell them."""
    wording, council = terminal.wording, found.council
    for line in data_banners(council.live.city.reference_data.data, wording):
        terminal.say(line)
    rows = [_row(council, option, wording) for option in found.options]
    terminal.table(wording(marked("Options for {project}"), project=name), [wording(head) for head in HEADS], rows)
    discloses_all = may_disclose_all(council, private=private)
    if council.uncounted:
        terminal.say(wording(UNCOUNTED, cameras=some_names(council.uncounted, wording)))
    if discloses_all:
        terminal.say(weights_in_words(council.rules.weights, wording))
    names = _Names.of(found, wording)
    for option in found.options[1:]:
        for line in _lines(council, option, names, wording, discloses_all=discloses_all):
            terminal.say(line)
        terminal.remark(option.refused)
    for line in _overlap(found, wording):
        terminal.say(line)
    print_pairs(terminal, found)
    if found.curve:
        _print_curve(terminal, found)


@dataclass(frozen=True, slots=True)
class _Names:
    """What new cameras and parts are called, by id."""

    cameras: Mapping[str, str]
    parts: Mapping[str, str]

    @classmethod
    def of(cls, found: "Proposals", wording: Wording) -> "_Names":
        council = found.council
        known, parts = council.live.city.reference_data, council.live.demand.parts
        terms = terms_of(known.packs, known.policy.bands)
        cameras = new_camera_names(council.project, found.options, wording)
        return cls(cameras, names_of_parts(council.project, parts, terms, wording))

    def camera(self, camera_id: str) -> str:
        """Return what a camera is called: its id, and of a new one the street as well."""
        name = self.cameras.get(camera_id)
        return camera_id if name is None else f"{camera_id} ({name})"

    def part(self, part_id: str) -> str:
        """Return what a part is called."""
        return self.parts.get(part_id, part_id)


def _row(council: OptionSolver, option: Option, wording: Wording) -> tuple[object, ...]:
    figures = council.figures(option)
    counts = (int(figures[each]) for each in ("cameras", "new", "changed", "removed"))
    met = f"{int(figures['parts_met'])}/{int(figures['parts'])}"
    return name_in_words(option.leave, wording), *counts, met, round(100.0 * figures["reached"], 1), round(figures["unasked_m2"])


def _lines(council: OptionSolver, option: Option, names: _Names, wording: Wording, *, discloses_all: bool) -> Iterator[str]:
    """Give the sentences about one option: bounds, reasons, what hangs on an assumption, what a weight changes."""
    yield from bounds_in_words(council, option, wording, discloses_all=discloses_all)
    told = reasons(council, option)
    for reason in told:
        yield from _because(council, reason, names, wording, discloses_all=discloses_all)
    freed = dict.fromkeys(change.camera_id for change in option.proposal.changes)
    gone = [camera_id for camera_id in freed if camera_id not in {each.state.camera.camera_id for each in told}]
    if gone:
        yield wording(GO, cameras=", ".join(gone))
    hanging = doubts(council, option)
    yield from hanging_in_words(hanging, wording, names.part, names.camera, lambda name: wording(FIELDS.get(name, name)))
    if discloses_all and tells_doubled(option):
        yield from doubled_in_words(council.changed_by_weights(option), wording, names.camera)


def _because(
    council: OptionSolver, reason: StateReason, names: _Names, wording: Wording, *, discloses_all: bool
) -> Iterator[str]:
    state = reason.state
    known = {camera.camera_id: camera for camera in council.project.cameras}
    steps = [in_words(change, known.get(change.camera_id), wording) for change in state.changes]
    what = wording("; ").join(steps + ([action_in_words(state, wording)] if state.has_new_mask else []))
    shown = {"camera": names.camera(state.camera.camera_id), "what": what, "unasked": round(state.unasked_m2)}
    parts = wording("; ").join(map(names.part, reason.serves))
    yield wording(REASON, parts=parts, **shown) if parts else wording(REASON_NONE, **shown)
    others = others_in_words(reason, council.rules.weights, wording, discloses_all=discloses_all, most=MOST_ALTERNATIVES)
    yield wording(ABOUT, camera=state.camera.camera_id, said=others)


def _overlap(found: "Proposals", wording: Wording) -> Iterator[str]:
    overlap = found.overlap
    total = sum(overlap.served_by.values()) or 1.0
    shares = ((number, f"{100.0 * weight / total:.0f}") for number, weight in overlap.served_by.items())
    rows = (wording(BY_SOME if number else BY_NONE, share=share, number=number) for number, share in shares)
    yield wording(SERVED_BY, rows=wording("; ").join(rows))
    yield wording(SPARE, share=round(100.0 * overlap.spare / total))
    alone = sorted(((weight, key) for key, weight in overlap.alone.items() if weight > 0.0), key=lambda one: (-one[0], one[1]))
    if alone:
        yield wording(ALONE, rows="; ".join(f"{key} {100.0 * weight / total:.0f}" for weight, key in alone[:MOST_PAIRS]))
    if overlap.can_go:
        yield wording(CAN_GO, cameras=", ".join(overlap.can_go), most=overlap.at_most)
    elif overlap.alone and not overlap.at_most:
        yield wording(NONE_CAN_GO)


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
