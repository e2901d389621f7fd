"""The options of a plan side by side, each with what it does in a sentence."""

from collections.abc import Iterator, Sequence

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.changes.work import in_words
from lhasaplan.core.live.plan_options import OptionKey, PlanOption
from lhasaplan.core.results.finding import Matter
from lhasaplan.core.siting.disclosed_proposals import DisclosedOption, DisclosedProposals, tells_doubled
from lhasaplan.core.siting.option_words import (
    FREED,
    action_in_words,
    bounds_in_words,
    doubled_in_words,
    hanging_in_words,
    last_in_words,
    name_in_words,
    others_in_words,
    weights_in_words,
)
from lhasaplan.core.siting.robustness import doubts
from lhasaplan.report.chapters.draft_facts import DraftFacts
from lhasaplan.report.chapters.option_figures import RULE, ground_note, option_figures, option_grid, option_title
from lhasaplan.report.facts.basis import OPTIONS, withholds
from lhasaplan.report.facts.called import new_camera_names
from lhasaplan.report.facts.part_options import CHART_NAME, curve_in_words
from lhasaplan.report.maps.map_decorations import printed_figure
from lhasaplan.report.maps.plan_figures import PRINTED, ChartLook, trade_off_chart
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Bullets, Figure, Grid, Heading, Paragraph
from lhasaplan.report.text.numerals import number_text
from lhasaplan.report.text.words import FIELDS, series, some_names

# The proposals that were worked out, side by side: their figures and bounds, the trade-off, and each camera with its reason.

PROPOSALS_LEAD = marked(
    "The program computed which cameras can be removed together, what the others could do, and the smallest set "
    "that serves as much. Each option was computed as a whole. No part loses, and no view of a protected place "
    "becomes due or severe. One option is to change nothing. The program recommends none."
)
TRIED = marked("{tried} possibilities were computed to find this.")


def proposals_chapter(facts: DraftFacts) -> list[Block]:
    """Return the trade-off of the proposals, and each with its bounds and cameras; nothing where none are reported."""
    reported = facts.proposals
    if reported is None:
        return []
    translations, council = facts.translations, reported.council
    tried = number_text(float(sum(council.table.tried.values())), translations)
    bounds = [
        line
        for each in reported.options[1:]
        for line in bounds_in_words(council, each.option, translations, discloses_all=reported.discloses_all)
    ]
    names = new_camera_names(facts.project, [each.option for each in reported.options], translations)
    weighed = [weights_in_words(council.rules.weights, translations)] if reported.discloses_all else []
    chart = trade_off_figure(facts, reported)
    last = [] if chart is None else last_in_words(reported.curve, translations)
    blocks: list[Block] = [
        Heading(translations(marked("Annex: options that the program computed")), 1, on_new_page=True),
        Paragraph(f"{translations(PROPOSALS_LEAD)} {translations(TRIED, tried=tried)}"),
        *(Paragraph(each, "small") for each in weighed),
        Bullets(tuple(bounds)),
        *([] if chart is None else [chart]),
        *map(Paragraph, last),
    ]
    for each in reported.options[1:]:
        if each.option.proposal.changes:
            blocks += _of_option(facts, reported, each, names)
    return blocks


def trade_off_figure(facts: DraftFacts, reported: DisclosedProposals, look: ChartLook = PRINTED) -> Figure | None:
    """Return the curve as a chart with its points in words; None where it has but one."""
    if len(reported.curve) < 2:
        return None
    translations = facts.translations
    words = translations("; ").join(curve_in_words(reported.curve, translations))
    return printed_figure(trade_off_chart(reported.curve, translations, look), translations(CHART_NAME), words, "trade-off")


def _of_option(facts: DraftFacts, reported: DisclosedProposals, each: DisclosedOption, names: dict[str, str]) -> Iterator[Block]:
    """Give one option: each camera with what is done, what it serves, why it and no other, and what depends on an assumption."""
    translations, council = facts.translations, reported.council

    def camera(camera_id: str) -> str:
        known = names.get(camera_id) or facts.called.numbers.get(camera_id)
        return known or translations(marked("a new camera that none of these options has"))

    def part(part_id: str) -> str:
        return facts.called.parts.get(part_id, part_id)

    def field(name: str) -> str:
        return translations(FIELDS.get(name, name))

    headings = (
        *(marked("Camera"), marked("What is done"), marked("Serves"), marked("Ground that nobody asks for, m²")),
        marked("What would also do"),
    )
    yield Heading(name_in_words(each.option.allowance, translations), 2)
    rows = _alike_together([_camera_row(facts, reported, each, key, camera(key)) for key in _changed(each)], translations)
    lines = [*hanging_in_words(doubts(council, each.option), translations, part, camera, field)]
    if reported.discloses_all and tells_doubled(each.option):
        lines += doubled_in_words(council.changed_by_weights(each.option), translations, camera)
    lines += [str(translations(fault.template, **fault.params)) for fault in each.option.refused]
    if lines:  # first: behind a table as long as a page they would stand alone on the next
        yield Bullets(tuple(lines))
    yield Grid(tuple(map(translations, headings)), rows, (1.3, 1.7, 1.9, 1.3, 2.9), numeric=frozenset({3}))


def _alike_together(rows: Sequence[tuple[str, ...]], translations: Translations) -> tuple[tuple[str, ...], ...]:
    """Return one row for all cameras of which the same is said, most often those that go."""
    named: dict[tuple[str, ...], list[str]] = {}
    for name, *said in rows:
        named.setdefault(tuple(said), []).append(name)
    return tuple((series(names, translations), *said) for said, names in named.items())


def _changed(each: DisclosedOption) -> Sequence[str]:
    return tuple(dict.fromkeys(change.camera_id for change in each.option.proposal.changes))


def _camera_row(
    facts: DraftFacts, reported: DisclosedProposals, each: DisclosedOption, camera_id: str, name: str
) -> tuple[str, ...]:
    translations, reason = facts.translations, each.reasons.get(camera_id)
    known = {camera.camera_id: camera for camera in reported.council.project.cameras}
    changes = [change for change in each.option.proposal.changes if change.camera_id == camera_id]
    what = translations("; ").join(in_words(change, known.get(camera_id), translations) for change in changes)
    if reason is None:
        return name, what, "–", "–", translations(FREED)
    if reason.state.has_new_mask:
        what = translations("; ").join((what, action_in_words(reason.state, translations)))
    others = others_in_words(reason, reported.council.rules.weights, translations, discloses_all=reported.discloses_all)
    parts = some_names([facts.called.parts.get(part, part) for part in reason.serves], translations) if reason.serves else "–"
    return name, what, parts, number_text(reason.state.unasked_m2, translations), others


LEAD = marked(
    "Each option was computed for the town as it is, in the same way as the audit. A protected place that two cameras show "
    "counts twice."
)
ALONE = marked("The plan of one area compares only no camera, today and the planned cameras. The city's plan has all options.")

CHANGES = marked("It changes {count} cameras: {cameras}.")
_DOES = {
    OptionKey.FEWER: marked("It removes {count} cameras: {cameras}."),
    OptionKey.PROPOSED: marked("It adds {count} cameras: {cameras}."),
}


def options_chapter(facts: DraftFacts) -> list[Block]:
    """Return the options in one table, and what each that changes something does."""
    translations, rows = facts.translations, option_figures(facts)
    grid = option_grid(rows, translations(marked("The options side by side")), translations)
    single = [option for key in (OptionKey.FEWER, OptionKey.CHANGED, OptionKey.PROPOSED) if (option := facts.option(key))]
    tried = [*single, *facts.kept_plans]
    alone = OPTIONS if withholds(facts.assessment, Matter.OPTIONS) else ALONE
    note = [] if tried else [Paragraph(translations(alone), "small")]
    worked_out = (
        []
        if facts.proposals is None
        else [Paragraph(facts.translations(marked("An annex says what each computed option does with each camera, and why.")))]
    )
    blocks: list[Block] = [
        Heading(translations(marked("Options")), 1),
        Paragraph(translations(LEAD)),
        grid,
        Paragraph(words.running_text([translations(RULE), ground_note(facts)]), "small"),
        *note,
        *worked_out,
    ]
    for option in tried:
        blocks += [Heading(option_title(option, translations), 2), Paragraph(_reported(facts, option)), *_parts(facts, option)]
    return blocks


def _reported(facts: DraftFacts, option: PlanOption) -> str:
    translations, effect = facts.translations, option.effect
    lines = [
        translations(
            _DOES.get(option.key, CHANGES),
            count=len(option.proposal.camera_ids),
            cameras=facts.called.counted_up(option.proposal.camera_ids),
        ),
        _places(facts, effect.gained, marked("Newly met: {places}.")),
        _places(facts, effect.lost, marked("No longer met: {places}.")),
        "" if effect.parts else translations(marked("The option changes nothing for the confirmed parts.")),
    ]
    return words.running_text(lines)


def _places(facts: DraftFacts, ids: tuple[str, ...], text: str) -> str:
    names = some_names([facts.called.parts.get(each, each) for each in ids], facts.translations)
    return facts.translations(text, places=names) if ids else ""


def _parts(facts: DraftFacts, option: PlanOption) -> list[Block]:
    """Return how the shares of the places change, those that do."""
    translations = facts.translations
    rows = tuple(
        (
            facts.called.parts.get(part.part_id, part.part_id),
            words.word(words.VERDICTS, part.verdict[0], translations),
            words.word(words.VERDICTS, part.verdict[1], translations),
            *(number_text(100.0 * share, translations) for share in part.share_served),
        )
        for part in option.effect.parts
    )
    headings = (
        translations(marked("Part")),
        translations(marked("Verdict before")),
        translations(marked("Verdict then")),
        translations(marked("Served before (%)")),
        translations(marked("Served then (%)")),
    )
    return [Grid(headings, rows, (3, 1.2, 1.2, 1.1, 1.1), numeric=frozenset({3, 4}))] if rows else []
