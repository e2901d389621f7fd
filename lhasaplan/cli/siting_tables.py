"""Print proposals: the options side by side, their bounds in words, reasons, what each further camera would bring."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lhasaplan.cli.screen import Terminal
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.changes.work import in_words
from lhasaplan.core.rules.audit_policy import terms_of
from lhasaplan.core.siting.disclosed_proposals import may_disclose_all, tells_doubled
from lhasaplan.core.siting.option_words import (
    MOST_ALTERNATIVES,
    UNCOUNTED,
    UNCOUNTED_ONE,
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
from lhasaplan.core.siting.robustness import AREAS, OWNERS, PLANNED, doubts
from lhasaplan.report.facts.called import names_of_parts, new_camera_names
from lhasaplan.report.text.words import FIELDS, data_banners, some_names

if TYPE_CHECKING:
    from lhasaplan.workflow.siting import Proposals

HEADS = (
    *(marked("Option"), marked("Cameras"), marked("New"), marked("Changed"), marked("Removed")),
    *(marked("Parts met"), marked("Served of what is asked, %"), marked("Ground that nobody asks for, m²")),
)
CURVE_HEADS = (
    *(marked("New cameras"), marked("Parts met"), marked("Served of what is asked, %")),
    *(marked("Ground that nobody asks for, m²"), marked("Knee")),
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
SPARE = marked("More cameras than asked for serve {share} % of the demand.")
ALONE = marked("Served by one camera alone, in % of the demand: {rows}.")
CAN_GO = marked(
    "These cameras can be removed together without a loss for any part: {cameras}. More than {most} can never be removed."
)
NONE_CAN_GO = marked("No camera can be removed without a loss for some part (proved).")
SERVED_BY = marked("Demand by the number of cameras that serve it: {rows}.")
BY_NONE, BY_SOME = marked("{share} % by none"), marked("{share} % by {number}")
REASON = marked("{camera}: {what}. Serves {parts}; shows {unasked} m² that nobody asks for.")
REASON_NONE = marked("{camera}: {what}. Serves no part; shows {unasked} m² that nobody asks for.")
ABOUT = marked("{camera}: {said}.")
GO = marked("These cameras are removed without a loss for any part: {cameras}.")


def print_proposals(terminal: Terminal, name: str, found: "Proposals", *, private: bool) -> None:
    """Print all that was worked out; figures of protected places only where outputs may tell them."""
    translations, council = terminal.translations, found.council
    for line in data_banners(council.live.city.reference_data.data, translations):
        terminal.say(line)
    rows = [_row(council, option, translations) for option in found.options]
    terminal.table(translations(marked("Options for {project}"), project=name), [translations(head) for head in HEADS], rows)
    discloses_all = may_disclose_all(council, private=private)
    if council.uncounted:
        text = UNCOUNTED_ONE if len(council.uncounted) == 1 else UNCOUNTED
        terminal.say(translations(text, cameras=some_names(council.uncounted, translations)))
    if discloses_all:
        terminal.say(weights_in_words(council.rules.weights, translations))
    names = _Names.of(found, translations)
    for option in found.options[1:]:
        for line in _lines(council, option, names, translations, discloses_all=discloses_all):
            terminal.say(line)
        terminal.remark(option.refused)
    for line in _overlap(found, translations):
        terminal.say(line)
    print_pairs(terminal, found)
    if len(found.curve) > 1:  # one point is an option of the table above
        _print_curve(terminal, found)


@dataclass(frozen=True, slots=True)
class _Names:
    """What new cameras and parts are called, by id."""

    cameras: Mapping[str, str]
    parts: Mapping[str, str]

    @classmethod
    def of(cls, found: "Proposals", translations: Translations) -> "_Names":
        council = found.council
        known, parts = council.live.city.reference_data, council.live.demand.parts
        terms = terms_of(known.packs, known.policy.bands)
        cameras = new_camera_names(council.project, found.options, translations)
        return cls(cameras, names_of_parts(council.project, parts, terms, translations))

    def camera(self, camera_id: str) -> str:
        """Return what a camera is called: its id, and of a new one the street as well."""
        name = self.cameras.get(camera_id)
        return camera_id if name is None else f"{camera_id} ({name})"

    def part(self, part_id: str) -> str:
        """Return what a part is called."""
        return self.parts.get(part_id, part_id)


def _row(council: OptionSolver, option: Option, translations: Translations) -> tuple[object, ...]:
    figures = council.figures(option)
    counts = (int(figures[each]) for each in ("cameras", "new", "changed", "removed"))
    met = f"{int(figures['parts_met'])}/{int(figures['parts'])}"
    return (
        name_in_words(option.allowance, translations),
        *counts,
        met,
        round(100.0 * figures["reached"], 1),
        round(figures["unasked_m2"]),
    )


def _lines(
    council: OptionSolver, option: Option, names: _Names, translations: Translations, *, discloses_all: bool
) -> Iterator[str]:
    """Give the sentences about one option: bounds, reasons, what depends on an assumption, what a weight changes."""
    yield from bounds_in_words(council, option, translations, discloses_all=discloses_all)
    reported = reasons(council, option)
    for reason in reported:
        yield from _because(council, reason, names, translations, discloses_all=discloses_all)
    freed = dict.fromkeys(change.camera_id for change in option.proposal.changes)
    gone = [camera_id for camera_id in freed if camera_id not in {each.state.camera.camera_id for each in reported}]
    if gone:
        yield translations(GO, cameras=", ".join(gone))
    hanging = doubts(council, option)
    yield from hanging_in_words(
        hanging, translations, names.part, names.camera, lambda name: translations(FIELDS.get(name, name))
    )
    if discloses_all and tells_doubled(option):
        yield from doubled_in_words(council.changed_by_weights(option), translations, names.camera)


def _because(
    council: OptionSolver, reason: StateReason, names: _Names, translations: Translations, *, discloses_all: bool
) -> Iterator[str]:
    state = reason.state
    known = {camera.camera_id: camera for camera in council.project.cameras}
    steps = [in_words(change, known.get(change.camera_id), translations) for change in state.changes]
    what = translations("; ").join(steps + ([action_in_words(state, translations)] if state.has_new_mask else []))
    shown = {"camera": names.camera(state.camera.camera_id), "what": what, "unasked": translations.number(state.unasked_m2)}
    parts = translations("; ").join(map(names.part, reason.serves))
    yield translations(REASON, parts=parts, **shown) if parts else translations(REASON_NONE, **shown)
    others = others_in_words(reason, council.rules.weights, translations, discloses_all=discloses_all, most=MOST_ALTERNATIVES)
    yield translations(ABOUT, camera=state.camera.camera_id, said=others)


def _overlap(found: "Proposals", translations: Translations) -> Iterator[str]:
    overlap = found.overlap
    total = sum(overlap.served_by.values()) or 1.0
    shares = ((number, f"{100.0 * weight / total:.0f}") for number, weight in overlap.served_by.items())
    rows = (translations(BY_SOME if number else BY_NONE, share=share, number=number) for number, share in shares)
    yield translations(SERVED_BY, rows=translations("; ").join(rows))
    yield translations(SPARE, share=round(100.0 * overlap.spare / total))
    alone = sorted(((weight, key) for key, weight in overlap.alone.items() if weight > 0.0), key=lambda one: (-one[0], one[1]))
    if alone:
        yield translations(ALONE, rows="; ".join(f"{key} {100.0 * weight / total:.0f}" for weight, key in alone[:MOST_PAIRS]))
    if overlap.can_go:
        yield translations(CAN_GO, cameras=", ".join(overlap.can_go), most=overlap.at_most)
    elif overlap.alone and not overlap.at_most:
        yield translations(NONE_CAN_GO)


def print_pairs(terminal: Terminal, found: "Proposals") -> None:
    """Print the pairs that share most, and in what they differ: owner, area, existing against planned."""
    translations, overlap = terminal.translations, found.overlap
    if not overlap.pairs:
        return
    total = sum(overlap.served_by.values()) or 1.0
    rows = [
        (
            each.a,
            each.b,
            round(each.area_m2),
            round(100.0 * each.demand / total, 1),
            ", ".join(translations(ACROSS[k]) for k in each.across),
        )
        for each in overlap.pairs[:MOST_PAIRS]
    ]
    title = translations(marked("Pairs of cameras that show the same"))
    terminal.table(title, [translations(head) for head in PAIR_HEADS], rows)
    if len(overlap.pairs) > MOST_PAIRS:
        terminal.say(translations(MORE_PAIRS, count=len(overlap.pairs) - MOST_PAIRS))


def _served(figures: Mapping[str, float]) -> tuple[object, ...]:
    return int(figures["parts_met"]), round(100.0 * figures["reached"], 1), round(figures["unasked_m2"])


def _print_curve(terminal: Terminal, found: "Proposals") -> None:
    translations = terminal.translations
    rows = [(each.new, *_served(each.figures), "•" if each.is_knee else "") for each in found.curve]
    terminal.table(
        translations(marked("What each further camera would bring")), [translations(head) for head in CURVE_HEADS], rows
    )
    for line in last_in_words(found.curve, translations):
        terminal.say(line)
