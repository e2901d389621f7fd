"""What is to be bought and done, by whom, when and for how much; and which cameras go."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.work import NEW, Cost, Work, WorkLine, cost_of
from lhasaplan.core.live.plan_options import OptionKey
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.place import Verdict
from lhasaplan.core.records.minutes import CAMERA
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import Matter
from lhasaplan.report.chapters.draft_facts import TO_FILL, DraftFacts
from lhasaplan.report.chapters.motions import by_whom_text, decided_text, going, worked_on
from lhasaplan.report.chapters.option_figures import SEVERAL_CURRENCIES, WORK, cost_text
from lhasaplan.report.facts.basis import BODIES, OWNERS, TOGETHER, reported, withholds
from lhasaplan.report.facts.necessity import lost_text
from lhasaplan.report.facts.summary import planned_removals
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Bullets, Grid, Heading, Paragraph, reference
from lhasaplan.report.text.numerals import number_text, short_number

INCLUDED = marked("in the price of its camera")
NO_CURRENCY = marked("The currency of the prices is not stated yet.")
PHASE = "phase"  # of the schedule that the office fills in
REQUIREMENTS = (
    marked("Any make that meets the figures of the table will do. No make is named here."),
    marked("The figures are upper bounds as well: a longer lens or more pixels than stated need a decision of their own."),
    marked("Direction, lens and zoom are locked after acceptance. Every change is logged and reported to the controller."),
    marked("Masks are set in the camera, cannot be lifted from the place of viewing, and are shown at acceptance."),
    marked("Sound recording, recognition and picture analysis are not built in, or are switched off permanently."),
    marked("Recordings are deleted automatically after the retention period. Every viewing is logged."),
)


def requirements(facts: DraftFacts) -> list[Block]:
    """Return what the planned cameras have to be, without a brand."""
    translations = facts.translations
    headings = (
        translations(marked("Camera")),
        translations(marked("Mount")),
        translations(marked("Height (m)")),
        translations(marked("Angle (°)")),
        translations(marked("Pixels")),
        translations(marked("Range (m)")),
        translations(marked("Density at its parts (px/m)")),
    )
    rows = tuple(_requirement(facts, result) for result in facts.own_planned)
    caption = translations(marked("Requirements for the planned cameras"))
    grid = [Grid(headings, rows, (2.6, 0.9, 0.9, 0.9, 1.2, 0.9, 1.4), caption, frozenset({2, 3, 5, 6}), "requirements")]
    return [
        Heading(translations(marked("Technical requirements")), 1),
        Bullets(tuple(map(translations, REQUIREMENTS))),
        *(grid if rows else []),
    ]


def _requirement(facts: DraftFacts, result: CameraResult) -> tuple[str, ...]:
    camera, translations = result.placed.camera, facts.translations
    needs = [p.part.required.density_px_m for p in facts.assessment.parts or () if p.part.part_id in result.parts_served]
    needed = short_number(max(needs), translations) if needs else ""
    pixels = f"{camera.image_width_px} × {camera.image_height_px}" if camera.image_width_px else ""
    return (
        facts.called.title(camera.camera_id),
        facts.of_record(str(camera.mount or ""), lambda mount: words.word(words.MOUNTS, mount, translations)),
        facts.of_record(camera.mount_height_m),
        facts.of_record(camera.hfov_deg),
        facts.of_record(pixels),
        facts.of_record(camera.range_m),
        reported(needed, Matter.SERVED, facts.assessment, translations, text=str, unknown="–"),
    )


def responsible_bodies(facts: DraftFacts) -> list[Block]:
    """Return who answers for which places and cameras, with room for who speaks for it."""
    translations = facts.translations
    heading = Heading(translations(marked("Responsible bodies")), 1)
    if withholds(facts.assessment, Matter.RESPONSIBLE):
        return [heading, Paragraph(translations(BODIES)), *_owners(facts)]
    named = words.responsible_words(facts.assessment.terms, translations)
    own = [each for each in facts.assessment.parts or () if facts.is_own(each.area_names)]
    parts: Counter[str] = Counter(each.part.responsible for each in own)
    met = Counter(each.part.responsible for each in own if each.verdict_after is Verdict.MET)
    rows = tuple(
        (
            words.word(named, body, translations) or translations(marked("not known")),
            str(count),
            str(met[body]),
            translations(TO_FILL),
        )
        for body, count in sorted(parts.items())
    )
    headings = (
        translations(marked("Responsible body")),
        translations(marked("Parts")),
        translations(marked("Met with planned cameras")),
        translations(marked("Contact")),
    )
    grid = Grid(headings, rows, (3, 1, 1.4, 2), translations(marked("Responsible bodies")), frozenset({1, 2}), "bodies")
    return [heading, grid, *_owners(facts)]


def _owners(facts: DraftFacts) -> list[Block]:
    translations = facts.translations
    if withholds(facts.assessment, Matter.CONTROLLERS):
        return [Paragraph(translations(OWNERS))]
    own = [each for each in facts.either if facts.is_own(each.area_names) and not each.replaces]
    planned = Counter(each.placed.camera.owner for each in own if each.placed.camera.status is Status.PLANNED)
    owners = Counter(each.placed.camera.owner for each in own)
    rows = tuple(
        (owner or translations(marked("controller not recorded")), str(owners[owner] - planned[owner]), str(planned[owner]))
        for owner in sorted(owners)
    )
    headings = translations(marked("Controller")), translations(marked("Cameras today")), translations(marked("Planned cameras"))
    return [Grid(headings, rows, (4, 1.2, 1.2), translations(marked("Controllers")), frozenset({1, 2}), "controllers")]


def phases(facts: DraftFacts) -> list[Block]:
    """Return the work by kind with its price, and the planned cameras by year; what is not stated is to be filled in."""
    translations = facts.translations
    text = marked(
        "Quantities are for the option with the planned cameras. The office states the unit prices. {work} has "
        "the sums; {years} says what is done in which year."
    )
    blocks: list[Block] = [Heading(translations(marked("Phases and costs")), 1)]
    if not worked_on(facts):
        return [*blocks, Paragraph(translations(marked("No camera is planned.")))]
    cost = cost_of_work(facts)
    no_currency = [Paragraph(translations(NO_CURRENCY))] if cost.total is not None and not cost.currency else []
    if len(cost.currencies) > 1:
        no_currency = [Paragraph(translations(SEVERAL_CURRENCIES, currencies=", ".join(cost.currencies)))]
    return [
        *blocks,
        Paragraph(translations(text, work=reference("work"), years=reference("years"))),
        *no_currency,
        _work_grid(facts, cost),
        _years_grid(facts),
    ]


def cost_of_work(facts: DraftFacts) -> Cost:
    """Return the work on the cameras that come, go and are changed: the sum of all its rows, and of the schedule's sheet."""
    return _cost_of(facts, worked_on(facts))


def cost_of_camera(facts: DraftFacts, result: CameraResult) -> Cost:
    """Return the work on one camera that comes, goes or is changed: its row of the schedule."""
    return _cost_of(facts, [result])


def _cost_of(facts: DraftFacts, done: Sequence[CameraResult]) -> Cost:
    to_be = {result.placed.camera.camera_id: result.placed.camera for result in facts.planned}
    before = [each.placed.camera for each in done if each.placed.camera.status is not Status.PLANNED]
    after = [each.placed.camera for each in done if each.placed.camera.status is Status.PLANNED]
    changed = [(each.placed.camera, to_be[each.as_planned]) for each in done if each.as_planned in to_be]
    after += [replace(state, camera_id=camera.camera_id, status=camera.status) for camera, state in changed]
    return cost_of(before, after, facts.order.unit_prices)


def _work_grid(facts: DraftFacts, cost: Cost) -> Grid:
    translations = facts.translations
    rows = [
        (
            translations(WORK[line.work]),
            str(line.count),
            translations(INCLUDED)
            if line.is_included
            else _money(facts, line.unit_price, line if len(cost.currencies) > 1 else None),
            "–" if line.is_included else _money(facts, line.total, line if len(cost.currencies) > 1 else None),
        )
        for line in cost.lines
    ]
    headings = (
        translations(marked("Work")),
        translations(marked("Quantity")),
        _in_currency(cost, translations(marked("Unit price"))),
        _in_currency(cost, translations(marked("Sum"))),
    )
    rows.append((translations(marked("In all")), "", "", cost_text(cost, translations)))
    return Grid(headings, tuple(rows), (4, 1, 1.4, 1.4), translations(marked("Work and costs")), frozenset({1, 2, 3}), "work")


def _in_currency(cost: Cost, heading: str) -> str:
    return f"{heading} ({cost.currency})" if cost.currency else heading


def _money(facts: DraftFacts, value: float | None, line: WorkLine | None = None) -> str:
    """Return a price, with the currency of its line where that is not the one of all."""
    if value is None:
        return facts.translations(TO_FILL)
    return f"{number_text(value, facts.translations, 2)} {'' if line is None else line.currency}".rstrip()


def _years_grid(facts: DraftFacts) -> Grid:
    translations = facts.translations
    rows = tuple(
        (phase_of(facts, each), facts.called.title(each.camera_id), _what(facts, each), decision_of(facts, each))
        for each in _by_year(facts)
    )
    headings = (
        translations(marked("Year")),
        translations(marked("Camera")),
        translations(marked("What is done")),
        translations(marked("Decision")),
    )
    return Grid(headings, rows, (1.1, 3, 2.2, 2.2), translations(marked("Work by year")), anchor="years")


def _by_year(facts: DraftFacts) -> list[Camera]:
    """Return the cameras that come, go and are changed, by the years that are stated; those without a year last."""
    moved = [result.placed.camera for result in worked_on(facts)]
    return sorted(moved, key=lambda camera: (camera.extra.get(PHASE, "") or "9999", camera.camera_id))


def phase_of(facts: DraftFacts, camera: Camera) -> str:
    """Return the year in which something is done about a camera, as the office states it."""
    return facts.of_record(camera.extra.get(PHASE, ""))


def decision_of(facts: DraftFacts, camera: Camera) -> str:
    """Return what was decided of a camera, by whom and until when, or that it is to be filled in."""
    found = facts.decided.on(f"{CAMERA}{camera.camera_id}")
    parts = (decided_text(found, facts.translations), by_whom_text(found, facts.translations))
    said = facts.translations(marked(", ")).join(text for text in parts if text)
    return said or facts.of_record("")


def _what(facts: DraftFacts, camera: Camera) -> str:
    reported = facts.translations(marked("; ")).join(facts.translations(WORK[work]) for work in work_on(facts, camera))
    return reported or facts.translations(marked("record of the camera"))


def work_on(facts: DraftFacts, camera: Camera) -> tuple[Work, ...]:
    """Return what is done about a camera that comes, goes or is changed; nothing where its record alone changes."""
    if camera.status is Status.PLANNED:
        return (NEW[camera.mount],)
    to_be = next((each.placed.camera for each in facts.planned if each.replaces == camera.camera_id), None)
    if to_be is None:
        return (Work.TAKE_AWAY,)
    lines = cost_of((camera,), (replace(to_be, camera_id=camera.camera_id, status=camera.status),)).lines
    return tuple(line.work for line in lines)


def removals(facts: DraftFacts) -> list[Block]:
    """Return the cameras that go and when."""
    translations, ids = facts.translations, going(facts)
    heading = Heading(translations(marked("Cameras to be removed, and when")), 1)
    if not ids:
        return [heading, Paragraph(translations(marked("No camera can be removed without a loss for some part.")))]
    if planned_removals(facts.assessment):
        text = marked("The plan removes these cameras. They stay until that is done.")
        one = marked("The plan removes this camera. It stays until that is done.")
        return [heading, Paragraph(translations(one if len(ids) == 1 else text)), *_going(facts)]
    return [heading, Paragraph(translations(_why_they_go(facts, len(ids)))), *_going(facts)]


def _why_they_go(facts: DraftFacts, count: int) -> str:
    """Return whether the cameras that no part misses can go together or each alone; of a single one only that it can go."""
    if withholds(facts.assessment, Matter.OPTIONS):
        return TOGETHER
    if count == 1:
        return marked("This camera can be removed: no confirmed part loses anything.")
    if facts.option(OptionKey.FEWER) is not None:
        return marked("These cameras can be removed together: no confirmed part loses anything.")
    return marked(
        "Each of these cameras can be removed alone: no confirmed part loses anything. Removing several together was "
        "not computed."
    )


def _going(facts: DraftFacts) -> list[Block]:
    """Return the table of the cameras that go."""
    translations, ids = facts.translations, going(facts)
    headings = (
        translations(marked("Camera")),
        translations(marked("Year")),
        translations(marked("Lost without this camera")),
        translations(marked("Decision")),
    )
    found = {result.placed.camera.camera_id: result for result in facts.operating}
    rows = tuple(
        (
            facts.called.title(each),
            phase_of(facts, found[each].placed.camera),
            lost_text(found[each], facts.called.parts, translations, facts.assessment.withheld),
            decision_of(facts, found[each].placed.camera),
        )
        for each in ids
        if each in found
    )
    return [Grid(headings, rows, (3, 1, 2.4, 1.6), translations(marked("Cameras to be removed")), anchor="removals")]
