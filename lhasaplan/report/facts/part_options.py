"""What each part rests on and what would serve it, as tables for workbooks and drafts; only behind the gate."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.findings.sentences import service_sentence
from lhasaplan.core.model.place import NOT_MET, Verdict
from lhasaplan.core.results.assessment import Assessment, PartResult, ServiceOption
from lhasaplan.core.results.finding import GRAVEST_FIRST, Matter
from lhasaplan.report.facts.basis import SERVING, SHOWN_BY, withholds
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.columns import Cell, Column, Table, grid_of, make_table
from lhasaplan.report.text.document import Block, Bullets, Grid, Heading, Paragraph, Remembered
from lhasaplan.report.text.finding_words import Named
from lhasaplan.report.text.numerals import density_text, number_text

if TYPE_CHECKING:
    from lhasaplan.core.siting.options import Point

# The trade-off of proposals in words: what each further camera serves, and what it shows that nobody asks for.

CHART_NAME = marked("Trade-off: what each further camera would bring")
POINT = marked("{count} new cameras: they serve {share} % of what is asked and show {unasked} m² that nobody asks for")
KNEE = marked("knee")
SERVED, UNASKED, ACROSS = marked("Served, %"), marked("Not asked for, m²"), marked("New cameras")


def curve_in_words(points: "Sequence[Point]", translations: Translations) -> tuple[str, ...]:
    """Return every point as a sentence."""
    lines = []
    for each in points:
        share = number_text(100.0 * each.figures["reached"], translations, 1)
        line = translations(POINT, count=each.new, share=share, unasked=number_text(each.figures["unasked_m2"], translations))
        lines.append(f"{line} ({translations(KNEE)})" if each.is_knee else line)
    return tuple(lines)


ACTIONS = {
    "turn": marked("turn the camera"),
    "raise": marked("raise the camera"),
    "lens": marked("another lens"),
    "new": marked("a new camera"),
}
GROUPS = {"category": marked("Category"), "area": marked("Area"), "responsible": marked("Responsible")}
Labels = Mapping[str, str]
_tables: Remembered[Table] = Remembered()


def service_text(option: ServiceOption, translations: Translations, named: Named = str) -> str:
    """Return what would serve a part as a sentence; ``named`` gives what a camera or a building is called, by its id."""
    template, params = service_sentence(option)
    called = {
        name: finding_words.quoted(str(params[name]), translations, named) for name in ("camera", "building") if params.get(name)
    }
    return translations(template, **words.text_params(params, translations) | called)


def service_table(assessment: Assessment, translations: Translations, labels: Labels, named: Named = str) -> Table:
    """Return one row per part that is not met and change that would serve it, in their rank."""
    return _tables(assessment, (translations, labels, named), lambda: _service_table(assessment, translations, labels, named))


def _service_table(assessment: Assessment, translations: Translations, labels: Labels, named: Named) -> Table:
    cells: list[Cell] = [
        (Column("part_id", marked("Identifier"), width=18), lambda r: r[0].part.part_id),
        (Column("label", marked("Part"), words=labels, width=26), lambda r: r[0].part.part_id),
        (Column("verdict", marked("Verdict today"), words=words.VERDICTS), lambda r: r[0].verdict),
        (Column("share", marked("Share served today"), digits=3), lambda r: float(r[0].measured.share_served)),
        (Column("action", marked("Change"), words=ACTIONS, width=14), lambda r: r[1].action),
        (Column("sentence", marked("What would serve it"), width=60), lambda r: service_text(r[1], translations, named)),
        (Column("share_after", marked("Share served then"), digits=3), lambda r: float(r[1].share_after)),
        (Column("verdict_then", marked("Verdict then"), words=words.VERDICTS), lambda r: r[1].verdict_after),
        (Column("in_view", marked("Protected in view then"), width=24), lambda r: in_view_then(r[1], translations)),
        (Column("unasked_m2", marked("no purpose stated then"), "m²", 1), lambda r: float(r[1].unasked_after_m2)),
        (Column("tried", marked("Was computed"), width=10), lambda r: bool(r[1].verified)),
        (Column("camera_id", marked("Camera"), width=14), lambda r: r[1].camera_id),
        (Column("lon", marked("Longitude"), "°", 6, width=11), lambda r: r[1].values.get("lon")),
        (Column("lat", marked("Latitude"), "°", 6, width=11), lambda r: r[1].values.get("lat")),
    ]
    rows = [(part, option) for part in assessment.parts or () for option in part.service]
    return make_table("service", marked("What would serve the parts that are not met"), cells, rows)


def in_view_then(option: ServiceOption, translations: Translations) -> str:
    """Return how many protected places the camera can see then, by class and grade."""
    texts = []
    for cls, row in option.protected_after.items():
        counts = [
            f"{words.word(words.SEVERITIES, grade, translations)} {row[grade]}" for grade in GRAVEST_FIRST if row.get(grade)
        ]
        if not row:
            texts.append(f"{words.word(words.CLASSES, cls, translations)}: {translations(marked('left out here'))}")
        elif counts:
            texts.append(f"{words.word(words.CLASSES, cls, translations)}: {translations(marked(', ')).join(counts)}")
    return translations(marked("; ")).join(texts) or translations(marked("none"))


def view_table(assessment: Assessment, labels: Labels) -> Table:
    """Return one row per part and camera that shows some of it."""
    cells: list[Cell] = [
        (Column("part_id", marked("Identifier"), width=18), lambda r: r[0].part.part_id),
        (Column("label", marked("Part"), words=labels, width=26), lambda r: r[0].part.part_id),
        (Column("verdict", marked("Verdict today"), words=words.VERDICTS), lambda r: r[0].verdict),
        (Column("camera_id", marked("Camera"), width=18), lambda r: r[1].camera_id),
        (Column("state", marked("State"), words=words.STATUSES), lambda r: "planned" if r[1].planned else "operating"),
        (Column("share_served", marked("Share at the needed density"), digits=3), lambda r: float(r[1].share_served)),
        (Column("share_seen", marked("Share at 25 px/m"), digits=3), lambda r: float(r[1].share_seen)),
        (Column("best_px_m", marked("Best density"), "px/m", 1), lambda r: float(r[1].best_px_m)),
    ]
    rows = [(part, view) for part in assessment.parts or () for view in part.views]
    return make_table("part_views", marked("Which cameras show the parts"), cells, rows)


def sum_table(assessment: Assessment, translations: Translations) -> Table:
    """Return one row per category, area and responsible body: parts, and those that are met before and after."""
    named = _names(assessment, translations)
    unknown = translations(marked("not known"))
    cells: list[Cell] = [
        (Column("by", marked("Summed by"), words=GROUPS, width=16), lambda r: r[0]),
        (Column("name", marked("Name"), width=32), lambda r: named.get(r[0], {}).get(r[1], r[1]) or unknown),
        (Column("parts", marked("Confirmed parts")), lambda r: sum(r[2]["before"].values())),
        *(_verdict_cell(when, verdict) for when, verdict in VERDICT_TITLES),
    ]
    sums = assessment.totals.get("parts_by") or {}
    rows = [(by, name, counts) for by in GROUPS for name, counts in sums.get(by, {}).items()]
    return make_table("sums", marked("Verdicts by category, area and responsible body"), cells, rows)


def _names(assessment: Assessment, translations: Translations) -> dict[str, dict[str, str]]:
    """Return the packs' words for what parts are summed by; areas have names of their own."""
    terms = assessment.terms
    return {"category": words.category_words(terms, translations), "responsible": words.responsible_words(terms, translations)}


VERDICT_TITLES = {
    ("before", "met"): marked("met, today"),
    ("before", "weak"): marked("weak, today"),
    ("before", "partial"): marked("partial, today"),
    ("before", "gap"): marked("gap, today"),
    ("after", "met"): marked("met, with planned"),
    ("after", "weak"): marked("weak, with planned"),
    ("after", "partial"): marked("partial, with planned"),
    ("after", "gap"): marked("gap, with planned"),
}


def _verdict_cell(when: str, verdict: str) -> Cell:
    return Column(f"{verdict}_{when}", VERDICT_TITLES[when, verdict]), lambda r: int(r[2][when].get(verdict, 0))


def sums_blocks(assessment: Assessment, translations: Translations) -> list[Block]:
    """Return the sums with the verdicts as words, since a printed page has no room for a column each; nothing without parts."""
    sums, named = assessment.totals.get("parts_by") or {}, _names(assessment, translations)
    headings = (
        translations(marked("Summed by")),
        translations(marked("Name")),
        translations(marked("Parts")),
        translations(marked("Verdicts today")),
        translations(marked("Verdicts with planned cameras")),
    )
    rows = tuple(
        (
            translations(GROUPS[by]),
            named.get(by, {}).get(name, name) or translations(marked("not known")),
            str(sum(counts["before"].values())),
            *(verdicts_text(counts[when], translations) for when in ("before", "after")),
        )
        for by in GROUPS
        for name, counts in sums.get(by, {}).items()
    )
    grid = Grid(headings, rows, (1.2, 2.3, 0.85, 2.4, 2.4), numeric=frozenset({2}))
    return [Heading(translations(marked("Verdicts by category, area and responsible body")), 2), grid] if rows else []


def verdicts_text(counts: Mapping[str, int], translations: Translations) -> str:
    """Return how many parts have each verdict, as ``met 6; gap 4``."""
    ordered = (verdict for verdict in Verdict if counts.get(verdict))
    reported = (f"{words.word(words.VERDICTS, verdict, translations)} {counts[verdict]}" for verdict in ordered)
    return translations(marked("; ")).join(reported) or "–"


def service_chapter(assessment: Assessment, translations: Translations, labels: Labels, named: Named = str) -> list[Block]:
    """Return for each part that is not met what it rests on, and what would serve it or that nothing tried would."""
    parts = [each for each in assessment.parts or () if each.verdict in NOT_MET]
    if not parts:
        return []
    text = marked(
        "Each change was computed alone in the town, together with the cameras that operate today. A change of a "
        "planned camera was computed together with all planned cameras. A change counts only if no part loses "
        "anything, no mask is lifted and no tree is felled. A changed camera brings no protected place into view "
        "and none to a higher grade; it can see no more ground that nobody asks for. A new camera can see no "
        "protected place at due or severe; what else it can see is stated beside it. This is no advice to carry "
        "the change out: means without a camera come first."
    )
    heading = Heading(translations(marked("Evidence for the parts that are not met, and what would serve them")), 2)
    evidence = _evidence(assessment, parts, translations, labels, named)
    return [heading, Paragraph(translations(text)), *evidence, *_options(assessment, parts, translations, labels, named)]


def _evidence(
    assessment: Assessment, parts: list[PartResult], translations: Translations, labels: Labels, named: Named
) -> list[Block]:
    """Return by which camera each part is shown and what hides the rest; the verdicts alone where that is withheld."""
    verdicts = ((labels.get(r.part.part_id, r.part.part_id), words.word(words.VERDICTS, r.verdict, translations)) for r in parts)
    if withholds(assessment, Matter.SERVED):
        bare = translations(marked("Part")), translations(marked("Verdict today"))
        return [Grid(bare, tuple(verdicts), (3, 1.2)), Paragraph(translations(SHOWN_BY))]
    headings = (
        translations(marked("Part")),
        translations(marked("Verdict today")),
        translations(marked("Shown by")),
        translations(marked("Not seen because")),
    )
    rows = tuple(
        (*verdict, _shown_by(each, translations, named), blockers_text(each, translations) or "–")
        for verdict, each in zip(verdicts, parts, strict=True)
    )
    return [Grid(headings, rows, (2.2, 1.2, 2.9, 2.9))]


def _shown_by(result: PartResult, translations: Translations, named: Named) -> str:
    """Return who shows a part today, and then what the planned cameras would serve of it."""
    shown, planned = views_text(result, translations, named), planned_text(result, translations, named)
    return translations(marked("{shown}. {planned}"), shown=shown, planned=planned) if planned else shown


def views_text(result: PartResult, translations: Translations, named: Named = str) -> str:
    """Return which operating cameras show how much of a part, and how sharp at best."""
    text = marked("{camera}: {percent} % at the needed density, {seen} % at 25 px/m, best density {density} px/m")
    return translations(marked("; ")).join(
        translations(
            text,
            camera=named(view.camera_id),
            percent=number_text(100.0 * view.share_served, translations),
            seen=number_text(100.0 * view.share_seen, translations),
            density=density_text(view.best_px_m, view.best_px_m, translations),
        )
        for view in result.views
        if not view.planned
    ) or translations(marked("no camera in operation"))


def planned_text(result: PartResult, translations: Translations, named: Named = str) -> str:
    """Return what the planned cameras would serve of a part that is not met today; empty where none shows it."""
    shown_by = (view.camera_id for view in result.views if view.planned and view.share_served > 0)
    cameras = [finding_words.quoted(each, translations, named) for each in shown_by]
    text = marked("With planned camera {cameras}: {percent} % served, {verdict}.")
    share, verdict = result.measured_after.share_served, words.word(words.VERDICTS, result.verdict_after, translations)
    facts = {
        "cameras": translations(marked(", ")).join(cameras),
        "percent": number_text(100.0 * share, translations),
        "verdict": verdict,
    }
    return translations(text, **facts) if cameras else ""


def blockers_text(result: PartResult, translations: Translations, named: Named = str) -> str:
    """Return why points are not seen, with what blocks them and how many points it hides; one name, one number."""
    counts = Counter[str]()
    for by, points in result.blockers:
        counts[_blocker_text(by, result.blocker_kinds, translations, named)] += points
    return translations(marked(", ")).join(f"{text} ({points})" for text, points in counts.items())


def blocker_kinds_text(result: PartResult, translations: Translations) -> str:
    """Return why points are not seen by kind alone: a map names no building."""
    counts = Counter[str]()
    for by, points in result.blockers:
        counts[_blocker_text(result.blocker_kinds.get(by, by), {}, translations, str)] += points
    return translations(marked(", ")).join(f"{text} ({points})" for text, points in counts.items())


def _blocker_text(by: str, kinds: Mapping[str, str], translations: Translations, named: Named) -> str:
    kind, name = words.word(words.BLOCKERS, kinds.get(by, by), translations), named(by)
    return kind if by not in kinds else name if name != by else f"{kind} {by}"


def _options(
    assessment: Assessment, parts: list[PartResult], translations: Translations, labels: Labels, named: Named
) -> list[Block]:
    table = service_table(assessment, translations, labels, named)
    keys = ("label", "sentence", "share_after", "verdict_then", "in_view", "unasked_m2")
    grid = grid_of(table, keys, (1.7, 3.8, 0.9, 0.9, 1.3, 1.1), translations)
    unserved = [each for each in parts if not each.service]
    none = tuple(
        translations(SERVING, part=labels.get(each.part.part_id, each.part.part_id))
        if withholds(assessment, Matter.SERVICE)
        else none_text(each, translations, labels, named)
        for each in unserved
    )
    # First what nothing serves: behind a table as long as a page it would stand alone on the next.
    return [*([Bullets(none)] if none else []), *([grid] if table.rows else [])]


def none_text(result: PartResult, translations: Translations, labels: Labels, named: Named = str) -> str:
    """Return that none of the changes tried would serve a part, with how many were tried."""
    part, count = labels.get(result.part.part_id, result.part.part_id), sum(result.tried.values())
    planned = planned_text(result, translations, named)
    if not count and planned:
        text = marked("{part}: no other change was found. {planned}")
        return translations(text, part=part, planned=planned)
    if not count:
        text = marked("{part}: no camera nearby can be changed, and no street or facade nearby has room for a new one.")
        return translations(text, part=part)
    tried = translations(marked(", ")).join(
        f"{translations(ACTIONS[action])} {number}" for action, number in result.tried.items()
    )
    text = marked("{part}: {count} changes were computed, and none would serve it ({tried}).")
    return words.running_text([translations(text, part=part, count=count, tried=tried), planned])


def service_lines(result: PartResult, translations: Translations, named: Named = str) -> list[str]:
    """Return lines for a popup: what would serve a part, with the share then and, in the same rank, what it can see besides."""
    text = marked(
        "{change} Then served: {percent} %. Ground with no purpose stated: {unasked} m². Protected places in view: {in_view}."
    )
    return [
        translations(
            text,
            change=service_text(option, translations, named),
            percent=number_text(100.0 * option.share_after, translations),
            unasked=number_text(option.unasked_after_m2, translations),
            in_view=in_view_then(option, translations),
        )
        for option in result.service
    ]
