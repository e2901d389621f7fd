"""The first pages of a plan: cover, contents, the summary on one page, the mandate; present state, purposes and principles."""

import re
from dataclasses import fields

from lhasaplan.core.base.translations import marked
from lhasaplan.core.live.plan_options import OptionKey
from lhasaplan.core.project.decisions import Confirmation, Mandate
from lhasaplan.core.records.minutes import CAMERA, Item
from lhasaplan.core.records.register_rows import is_decided
from lhasaplan.core.results.finding import Matter
from lhasaplan.report.chapters.audit_chapters import removable_line, sightings_before_and_after, totals
from lhasaplan.report.chapters.delivery import cost_of_work
from lhasaplan.report.chapters.draft_facts import DraftFacts, short_digest
from lhasaplan.report.chapters.motions import asked_now, by_whom_text, camera_motions, decided_before, decided_text
from lhasaplan.report.chapters.option_figures import (
    SEVERAL_CURRENCIES,
    TODAY,
    OptionRow,
    cost_text,
    ground_note,
    option_figures,
    option_rows,
)
from lhasaplan.report.facts.basis import WHY_ASKED, basis_text, data_dates, withholds
from lhasaplan.report.facts.short_answer import COUNTED, GATE_IS, answer_opening, locator, where_rows, yardstick
from lhasaplan.report.facts.summary import coming, grave_views_of, planned_changes, planned_removals
from lhasaplan.report.facts.tables import part_table
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import grid_of
from lhasaplan.report.text.document import Block, Bullets, Contents, Cover, Grid, Heading, Paragraph, reference
from lhasaplan.report.text.style import long_date
from lhasaplan.report.text.words import NOT_APPROVED

# Present state, purposes with their evidence, and the principles of a plan.

PRINCIPLES = (
    marked(
        "A camera serves a stated purpose at a confirmed part; otherwise it is removed. The right number of cameras "
        "is the smallest that is enough."
    ),
    marked("Means without a camera come first: light, a mirror, a barrier, an induction loop, a gauge, staff."),
    marked("The plan takes the lowest density that is enough. To see vehicles or a crowd, no face has to be recognisable."),
    marked("A camera is fixed. A sign announces it before people enter its view. It has an end or review date."),
    marked("No sound is recorded. Nobody is recognised or followed. No program analyses the pictures."),
    marked("Ground that no purpose asks for is reported as prominently as what is served."),
)
NEVER = (
    marked("homes with their yards, gardens, windows and doors"),
    marked("places of worship, the squares before them and the ways to them"),
    marked("hospital wards, clinics, doctors, shelters and places where people seek help"),
    marked("school yards and playgrounds, baths, changing rooms and toilets"),
    marked("cemeteries, polling places, and the offices of the press, unions, parties and lawyers"),
)


def present_state(facts: DraftFacts) -> list[Block]:
    """Return what stands today and what it can see."""
    translations, current = facts.translations, facts.present.assessment
    return [
        Heading(translations(marked("Present state")), 1, on_new_page=True),
        *answer_opening(current, translations),
        Paragraph(basis_text(facts.assessment, translations)),
        *totals(facts),
        *sightings_before_and_after(facts),
    ]


def _signed(confirmed: Confirmation, language: str) -> str:
    return f"{confirmed.by}, {long_date(confirmed.date, language)}"


def purposes(facts: DraftFacts) -> list[Block]:
    """Return for each confirmed part who asks what, why, and what was considered first; then how it is served."""
    translations = facts.translations
    heading = Heading(translations(marked("Purposes and evidence")), 1)
    if withholds(facts.assessment, Matter.REASONS):
        return [heading, Paragraph(translations(WHY_ASKED)), served_grid(facts)]
    ids = {result.part.part_id for result in facts.assessment.parts or ()}
    rows = tuple(
        (facts.called.parts.get(c.part_id, c.part_id), c.purpose, c.reason, c.milder_means, _signed(c, translations.language))
        for c in facts.project.confirmations
        if c.part_id in ids
    )
    headings = (
        translations(marked("Part")),
        translations(marked("Purpose")),
        translations(marked("Reason")),
        translations(marked("Milder means considered")),
        translations(marked("Confirmed by")),
    )
    caption = translations(marked("What is asked, and why"))
    asked = Grid(headings, rows, (1.9, 1.4, 1.9, 1.9, 1.3), caption, anchor="purposes")
    text = marked(
        "{asked} says what is asked for each part and on what evidence. {served} says how each part is served today "
        "and with the plan."
    )
    return [
        heading,
        Paragraph(translations(text, asked=reference("purposes"), served=reference("served"))),
        asked,
        served_grid(facts),
    ]


def served_grid(facts: DraftFacts) -> Grid:
    """Return how each confirmed part is served today and with the planned cameras."""
    keys = ("label", "required_px_m", "verdict", "share_served", "verdict_after", "share_served_after", "responsible")
    table = part_table(facts.assessment, facts.translations, facts.called.parts)
    grid = grid_of(table, keys, (2.6, 0.95, 1.15, 1.1, 1.2, 1.15, 1.6), facts.translations)
    caption = facts.translations(marked("How the confirmed parts are served"))
    return Grid(grid.headings, grid.rows, grid.widths, caption, grid.numeric, "served")


def principles(facts: DraftFacts) -> list[Block]:
    """Return by what the plan is made, and what is never a purpose, a gap or a proposal."""
    translations = facts.translations
    return [
        Heading(translations(marked("Principles, and what is never covered")), 1),
        Bullets(tuple(map(translations, PRINCIPLES))),
        Paragraph(translations(marked("Never to be covered, whatever a rule or map says:")), "record"),
        Bullets(tuple(map(translations, NEVER))),
        Paragraph(
            translations(
                marked("If a view reaches such a place all the same, it becomes a finding with the remedy that ends it.")
            )
        ),
    ]


# The first pages of a plan: cover, contents, the summary on one page, and the mandate.

TITLE, DISTRICT_TITLE = marked("Plan for fixed public cameras"), marked("District plan for fixed public cameras")
APPROVED_ITEMS = frozenset((Item.OPTION, Item.PLANNED, Item.REMOVALS))
DECIDED_WARNING = marked(
    "This is a draft. Approved so far, as stated below, by: {by}. It orders nothing. “No camera” is one of its options."
)
WARNING = marked("This is a draft. Nobody has approved it, and it orders nothing. “No camera” is one of its options.")
ANOTHER_OPTION = marked("The option chosen is “{option}”. The plan in this draft is a different one and has to be changed first.")
FINAL, APPROVED_IN_PART = marked("FINAL, FOR DECISION"), marked("DRAFT, APPROVED IN PART")


def cover(facts: DraftFacts, state: str, name: str = "") -> list[Block]:
    """Return the cover with the mandate, for it stands on the first page of every draft, and the contents on the next page.

    ``name`` is what the draft is called, where it is not the plan.
    """
    translations = facts.translations
    chosen = facts.decided.chosen_option()
    rows = (
        (translations(marked("Date of the draft")), facts.filled(long_date(facts.order.date, translations.language))),
        (translations(marked("Date of the data")), facts.filled(data_dates(facts.assessment, translations))),
        *((translations(marked("Digest of the plan")), short_digest(each)) for each in (facts.order.plan_sha256,) if each),
        *mandate_rows(facts),
        *where_rows(facts.assessment, translations),
        (translations(marked("Approved by")), facts.filled(approved_by(facts))),
        *(() if chosen is None else ((facts.translations(marked("Option that was chosen")), chosen.outcome),)),
    )
    issuer = facts.filled(facts.mandate.controller)
    title = Cover(issuer, name or title_of(facts), facts.subtitle, state, facts.level, rows)
    return [title, *locator(facts.assessment, translations, width=0.22), Contents(translations(marked("Contents")))]


def state_of(facts: DraftFacts) -> str:
    """Return how far a plan has come, for the head of each page."""
    if facts.order.is_final:
        return facts.translations(FINAL)
    return facts.translations(APPROVED_IN_PART if approved_by(facts) else NOT_APPROVED)


def title_of(facts: DraftFacts) -> str:
    """Return what the plan is called: a city's, or a district's that was derived from it."""
    return facts.translations(TITLE if facts.order.conformity is None else DISTRICT_TITLE)


def _packs(facts: DraftFacts, *, is_short: bool) -> str:
    translations, packs = facts.translations, facts.assessment.packs
    titles = {pack: words.term(facts.assessment.terms, f"pack:{pack.name}", translations) for pack in packs}
    titles = {pack: re.split(r" ?[:：(（]", title)[0] if is_short else title for pack, title in titles.items()}
    names = translations("; ").join(title + (" (*)" if pack.changed else "") for pack, title in titles.items())
    return names + (translations(marked("; (*) CHANGED, not as shipped")) if any(pack.changed for pack in packs) else "")


def summary(facts: DraftFacts) -> list[Block]:
    """Return the page that a council reads: what is asked and proposed, what it shows unasked, what goes, costs, decisions."""
    translations = facts.translations
    rows = option_rows(facts)
    sentences = [_asked(facts), *_proposed(facts, rows), *_goes(facts), *costs_text(facts, rows)]
    refers = translations(marked("The options stand side by side in {table}."), table=reference("options"))
    return [
        Heading(translations(marked("Summary")), 1, on_new_page=True),
        *([] if facts.order.is_final else [Paragraph(warning_of(facts), "warning")]),
        *_another_option(facts),
        *(Paragraph(text, "lead") for text in sentences),
        Paragraph(words.running_text([ground_note(facts), translations(COUNTED)]), "small"),
        Paragraph(refers),
        *yardstick(facts.assessment, translations),
        *_decisions(facts),
    ]


def _decisions(facts: DraftFacts) -> list[Block]:
    """Return what was decided, by whom, and what is still open."""
    translations, asked = facts.translations, asked_now(facts)
    decided = [each for each in (*asked, *decided_before(facts), *camera_motions(facts)) if is_decided(each.resolution)]
    still_open = [each.text for each in asked if facts.decided.is_open(each.item)]
    blocks: list[Block] = []
    if decided:
        text = marked("{question} {decision} ({by})")
        lines = tuple(
            translations(
                text,
                question=each.text,
                decision=decided_text(each.resolution, translations),
                by=by_whom_text(each.resolution, translations),
            )
            for each in decided
        )
        blocks += [Heading(translations(marked("What was decided")), 2), Bullets(lines)]
    if still_open:
        blocks += [Heading(translations(marked("What is to be decided")), 2), Bullets(tuple(still_open), numbered=True)]
    return blocks


def approved_by(facts: DraftFacts) -> str:
    """Return who approved the option, the planned cameras or single ones, and when, each once; empty where there is none."""
    items = [
        each.item
        for each in (*asked_now(facts), *camera_motions(facts))
        if each.item in APPROVED_ITEMS or each.item.startswith(CAMERA)
    ]
    reported = dict.fromkeys((each.decided_by, each.decided_on) for each in facts.decided.approving(items))
    translations = facts.translations
    return translations(marked("; ")).join(
        translations(marked("{by}, {date}"), by=by, date=long_date(date, translations.language)) if date else by
        for by, date in reported
        if by
    )


def warning_of(facts: DraftFacts) -> str:
    """Return what the page says of its standing: by whom what was approved, and that it orders nothing."""
    by = approved_by(facts)
    if not by:
        return facts.translations(WARNING)
    return facts.translations(DECIDED_WARNING, by=by)


def _another_option(facts: DraftFacts) -> list[Block]:
    """Return a warning where the option that a meeting chose is not the plan of this draft."""
    chosen, rows = facts.decided.chosen_option(), option_figures(facts)
    planned = next((row.title(facts.translations) for row in rows if row.key == OptionKey.PROPOSED), "")
    titles = {row.title(facts.translations).casefold() for row in rows}
    if chosen is None or not planned or chosen.outcome.strip().casefold() not in titles - {planned.casefold()}:
        return []
    return [Paragraph(facts.translations(ANOTHER_OPTION, option=chosen.outcome.strip()), "warning")]


def _asked(facts: DraftFacts) -> str:
    text = marked(
        "This plan is about confirmed parts of public places ({parts}), such as a crossing or a platform edge. "
        "They serve the purposes of the mandate ({purposes}). Without a camera none of them is seen."
    )
    return facts.translations(text, parts=len(facts.assessment.parts or ()), purposes=len(facts.mandate.purposes))


def _proposed(facts: DraftFacts, rows: dict[str, OptionRow]) -> list[str]:
    translations, today, then = facts.translations, rows[TODAY], rows.get(OptionKey.PROPOSED)
    if then is None:
        text = marked(
            "No camera is planned. The {cameras} cameras of today serve {met} of these parts as asked. They show {unasked} m² "
            "of ground that no confirmed part asks for. Protected places shown too sharply: {places}."
        )
        reported = translations(text, cameras=today.cameras, met=today.met, unasked=_m2(facts, today), places=today.places)
        views = marked("Views that must end: {grave}.")
        return [words.running_text([reported, translations(views, grave=grave_views_of(facts.operating))])]
    text = marked(
        "{cameras} cameras are in operation today; the plan adds {planned}. "
        "With the plan {met_then} of {parts} parts are served as asked, today {met}."
    )
    parts = len(facts.assessment.parts or ())
    return [
        translations(
            text, planned=len(coming(facts.assessment)), cameras=today.cameras, parts=parts, met_then=then.met, met=today.met
        ),
        *_goes_and_changes(facts, then),
        words.running_text([_seen_then(facts, then, today), _views_then(facts)]),
    ]


def _goes_and_changes(facts: DraftFacts, then: OptionRow) -> list[str]:
    """Return which cameras the plan takes down and changes, by number, and how many stand then."""
    gone, changed = (
        [each.placed.camera.camera_id for each in some(facts.assessment)] for some in (planned_removals, planned_changes)
    )
    found = []
    if gone:
        text = marked("Cameras that the plan removes: {count} ({cameras}). They stay until that is done.")
        found.append(facts.translations(text, count=len(gone), cameras=facts.called.counted_up(gone)))
    if changed:
        text = marked("Cameras that the plan changes: {count} ({cameras}).")
        found.append(facts.translations(text, count=len(changed), cameras=facts.called.counted_up(changed)))
    return [*found, facts.translations(marked("Cameras with the plan: {count}."), count=then.cameras)] if found else []


def _seen_then(facts: DraftFacts, then: OptionRow, today: OptionRow) -> str:
    """Return what is seen unasked, then and today."""
    text = marked(
        "With the plan the cameras show {unasked_then} m² of ground that no confirmed part asks for, today {unasked} m². "
        "Protected places that they show too sharply: {places_then}, today {places}."
    )
    counts = {"places_then": then.places, "places": today.places}
    return facts.translations(text, unasked_then=_m2(facts, then), unasked=_m2(facts, today), **counts)


def _views_then(facts: DraftFacts) -> str:
    """Return the views in which those places are: the present state and the slides count these."""
    text = marked("Views that must end with the plan: {grave_then}, today {grave}.")
    return facts.translations(text, grave_then=grave_views_of(facts.standing), grave=grave_views_of(facts.operating))


def _m2(facts: DraftFacts, row: OptionRow) -> str:
    return row.ground_text(facts.translations)


def _goes(facts: DraftFacts) -> list[str]:
    """Return which cameras can go together without a part losing anything."""
    fewer = facts.option(OptionKey.FEWER)
    text = marked("{count} cameras can be removed together without a loss for any part: {cameras}.")
    if fewer is not None:
        ids = list(fewer.proposal.camera_ids)
        return [facts.translations(text, count=len(ids), cameras=facts.called.counted_up(ids))]
    return [removable_line(facts)]


def costs_text(facts: DraftFacts, rows: dict[str, OptionRow]) -> list[str]:
    """Return what the plan costs, or what has to be stated for that; nothing where no camera is planned."""
    then = rows.get(OptionKey.PROPOSED)
    if then is None:
        return []
    cost = cost_of_work(facts)
    if len(cost.currencies) > 1:
        return [facts.translations(SEVERAL_CURRENCIES, currencies=", ".join(cost.currencies))]
    if cost.total is None:
        return [facts.translations(marked("What it costs is to be filled in: the office has not stated the unit prices."))]
    text = marked("The work costs {total}, at the unit prices that the office stated.")
    return [facts.translations(text, total=cost_text(cost, facts.translations))]


def mandate_chapter(facts: DraftFacts) -> list[Block]:
    """Return who may plan, on what basis and under whose oversight, and what the gate is."""
    translations = facts.translations
    gate = translations(marked("Planning gate"))
    where = tuple(row for row in where_rows(facts.assessment, translations) if row[0] != gate)
    caption = translations(marked("The mandate"))
    return [
        Heading(translations(marked("Mandate and legal basis")), 1, on_new_page=True),
        Grid((translations(marked("Mandate")), ""), (*mandate_rows(facts), *where), (1, 3), caption, anchor="mandate"),
        Paragraph(translations(GATE_IS), "small"),
    ]


def mandate_rows(facts: DraftFacts, *, is_short: bool = False) -> tuple[tuple[str, str], ...]:
    """Return the fields of the mandate and the rule packs, the packs by the first words of their titles if short.

    What the mandate does not say is to be filled in.
    """
    translations, named = facts.translations, [each.name for each in fields(Mandate) if each.name in words.MANDATE]
    rows = ((translations(words.MANDATE[name]), facts.stated(name)) for name in named)
    return (*rows, (translations(marked("Rule packs")), _packs(facts, is_short=is_short)))
