"""The options of a plan side by side, each with what it does in a sentence."""

from lhasaplan.core.base.wording import marked
from lhasaplan.core.live.plan_options import OptionKey, PlanOption
from lhasaplan.core.results.withheld import Matter
from lhasaplan.report.city_plan.option_figures import option_figures, option_grid, option_title
from lhasaplan.report.city_plan.plan_facts import PlanFacts
from lhasaplan.report.city_plan.proposals_chapter import proposals_chapter
from lhasaplan.report.facts.withheld import OPTIONS, withholds
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Grid, Heading, Paragraph
from lhasaplan.report.text.finished_blocks import some_names
from lhasaplan.report.text.numerals import number_text

LEAD = marked(
    "Each option was tried out in the town as it is, by the same computation as the audit. Protected places are counted for each "
    "camera that shows them; a place that two cameras show counts twice. Ground is summed over cameras."
)
ALONE = marked(
    "Of a plan of one area only no camera, today and the planned cameras are compared; the city's plan has all options."
)


CHANGES = marked("It changes {count} cameras: {cameras}.")
_DOES = {
    OptionKey.FEWER: marked("It takes {count} cameras down: {cameras}."),
    OptionKey.PROPOSED: marked("It adds {count} cameras: {cameras}."),
}


def options_chapter(facts: PlanFacts) -> list[Block]:
    """Return the options in one table, and what each that changes something does."""
    wording, rows = facts.wording, option_figures(facts)
    grid = option_grid(rows, wording(marked("The options side by side")), wording)
    single = [option for key in (OptionKey.FEWER, OptionKey.CHANGED, OptionKey.PROPOSED) if (option := facts.option(key))]
    tried = [*single, *facts.kept_plans]
    alone = OPTIONS if withholds(facts.assessment, Matter.OPTIONS) else ALONE
    note = [] if tried else [Paragraph(wording(alone), "small")]
    blocks: list[Block] = [
        Heading(wording(marked("Options")), 1, on_new_page=True),
        Paragraph(wording(LEAD)),
        grid,
        *note,
    ]
    for option in tried:
        blocks += [Heading(option_title(option, wording), 2), Paragraph(_told(facts, option)), *_parts(facts, option)]
    return [*blocks, *proposals_chapter(facts)]


def _told(facts: PlanFacts, option: PlanOption) -> str:
    wording, effect = facts.wording, option.effect
    lines = [
        wording(_DOES.get(option.key, CHANGES), count=len(option.proposal.camera_ids), cameras=_ids(facts, option)),
        _places(facts, effect.gained, marked("Met then and not before: {places}.")),
        _places(facts, effect.lost, marked("Met before and not then: {places}.")),
        "" if effect.parts else wording(marked("No confirmed part is served otherwise than before.")),
    ]
    return words.running_text(lines)


def _ids(facts: PlanFacts, option: PlanOption) -> str:
    return facts.called.counted_up(option.proposal.camera_ids)


def _places(facts: PlanFacts, ids: tuple[str, ...], text: str) -> str:
    names = some_names([facts.called.parts.get(each, each) for each in ids], facts.wording)
    return facts.wording(text, places=names) if ids else ""


def _parts(facts: PlanFacts, option: PlanOption) -> list[Block]:
    """Return how the shares of the places change, those that do."""
    wording = facts.wording
    rows = tuple(
        (
            facts.called.parts.get(part.part_id, part.part_id),
            words.word(words.VERDICTS, part.verdict[0], wording),
            words.word(words.VERDICTS, part.verdict[1], wording),
            *(number_text(100.0 * share, wording) for share in part.share_served),
        )
        for part in option.effect.parts
    )
    headings = (
        wording(marked("Part")),
        wording(marked("Verdict before")),
        wording(marked("Verdict then")),
        wording(marked("Served before (%)")),
        wording(marked("Served then (%)")),
    )
    return [Grid(headings, rows, (3, 1.2, 1.2, 1.1, 1.1), numeric=frozenset({3, 4}))] if rows else []
