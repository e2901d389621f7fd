"""What the chapters of a paper can show: the blocks of plan and audit, each under the heading that the paper's data give it."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.demand.ground_in_view import ground_seen
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import Matter, Severity, rank
from lhasaplan.core.rules.forms import Chapter, Dossier, ImpactField, Shown
from lhasaplan.report.chapters.annexes import signs, survey_sheet
from lhasaplan.report.chapters.audit_chapters import data_and_limits, left_out, overview, sightings_before_and_after
from lhasaplan.report.chapters.draft_facts import DraftFacts
from lhasaplan.report.chapters.layout import LARGE, masks
from lhasaplan.report.chapters.opening import mandate_chapter, present_state, purposes
from lhasaplan.report.chapters.options_chapter import options_chapter
from lhasaplan.report.chapters.people_at_risk import measures, opinion, residual, risks_grid
from lhasaplan.report.chapters.safeguards import consultation, decision, safeguards
from lhasaplan.report.facts.basis import PURPOSES, withholds
from lhasaplan.report.facts.necessity import mitigation_grid, totals_grid
from lhasaplan.report.facts.short_answer import no_view_text
from lhasaplan.report.facts.summary import of_status, surface_table
from lhasaplan.report.facts.tables import camera_table
from lhasaplan.report.maps.base_map import Frame
from lhasaplan.report.maps.figures import MOST_NUMBERED, FigureRoom, overview_map, sheet_map
from lhasaplan.report.maps.map_decorations import printed_figure, scale_text
from lhasaplan.report.maps.plan_figures import sheet_frames
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import grid_of
from lhasaplan.report.text.document import Block, Grid, Heading, PageFormat, Paragraph, Remembered
from lhasaplan.report.text.numerals import number_text
from lhasaplan.report.text.style import load_style

# Ground in view beside what nobody asks of it, how large the whole is, and which walls and doors are in view.

PLACES: Mapping[str, str] = {
    "indoors": marked("cameras indoors"),
    "public_way": marked("cameras that show a public way"),
    "elsewhere": marked("cameras outdoors that show no public way"),
    "unknown": marked("cameras whose view is not known"),
}
NO_VERDICT = marked("No law sets a number from which processing is “large scale”. These figures help those who have to decide.")
NO_WINDOWS = marked(
    "Walls of protected places and likely dwellings are counted by height, doors where the map shows them. No "
    "data of this project show windows: whoever draws the plan looks for them on site."
)


def ground_blocks(facts: DraftFacts) -> list[Block]:
    """Return ground seen and the unasked part of it, summed over the cameras of today and, apart, with the planned ones."""
    translations = facts.translations
    today = replace(_totals(facts, facts.operating), caption=translations(marked("Ground in view today")), anchor="ground")
    if not facts.planned:
        return [today]
    caption = translations(marked("Ground in view with the planned cameras"))
    return [today, replace(_totals(facts, facts.standing), caption=caption, anchor="ground_then")]


def _totals(facts: DraftFacts, cameras: Sequence[CameraResult]) -> Grid:
    return totals_grid(cameras, facts.translations, facts.assessment.withheld)


def scale_blocks(facts: DraftFacts) -> list[Block]:
    """Return what tells how large the surveillance is: cameras by what they show, and streets in view."""
    translations, totals = facts.translations, facts.assessment.totals
    rows = [(translations(marked("cameras in operation")), str(len(facts.operating)))]
    rows += [(translations(marked("planned cameras")), str(len(of_status(facts.assessment, Status.PLANNED))))]
    counts = totals.get("cameras_by_place")
    if isinstance(counts, Mapping):
        rows += [(translations(text), str(counts.get(name, 0))) for name, text in PLACES.items()]
    if "streets_seen_certain_m" in totals:
        length = f"{number_text(float(totals['streets_seen_certain_m']), translations)} m"
        rows.append((translations(marked("streets in view for certain, each metre counted once")), length))
    grid = Grid(
        (translations(marked("How large the processing is")), ""),
        tuple(rows),
        (4, 1),
        translations(marked("Figures on whether the processing is large-scale")),
        frozenset({1}),
        "scale",
    )
    return [grid, Paragraph(translations(NO_VERDICT), "small")]


def openings(facts: DraftFacts) -> list[Block]:
    """Return which walls, open ground and doors of others each camera can show, in metres and counts, never by name."""
    translations = facts.translations
    table = surface_table(facts.assessment, translations, facts.standing)
    keys = ("camera_id", "class", "surface", "band", "count", "length_m")
    grid = grid_of(table, keys, (2.4, 1.8, 1.1, 1.6, 0.7, 0.9), translations)
    rows = tuple((facts.called.title(row[0]), *row[1:]) for row in grid.rows)
    reported = Paragraph(translations(NO_WINDOWS))
    if not rows:
        return [Paragraph(translations(marked("No wall or door of a protected place is known to be in view."))), reported]
    caption = translations(marked("Walls, open ground and doors in view of each camera"))
    return [replace(grid, rows=rows, caption=caption, anchor="openings"), reported]


# What records say: purposes, cameras with what each serves and shows, and what the audit found under single articles.


def recorded_purposes(facts: DraftFacts) -> list[Block]:
    """Return the purposes that records state, each with how many cameras it has; most frequent first."""
    translations = facts.translations
    if withholds(facts.assessment, Matter.RECORD):
        return [Paragraph(translations(PURPOSES))]
    counts = Counter(result.placed.camera.purpose.strip() for result in facts.operating)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    rows = tuple((purpose or translations(marked("no purpose on record")), str(count)) for purpose, count in ordered)
    headings = translations(marked("Purpose")), translations(marked("Cameras"))
    caption = translations(marked("Purposes on record"))
    return [Grid(headings, rows, (5, 1), caption, frozenset({1}), "purposes")] if rows else []


def necessity(facts: DraftFacts) -> list[Block]:
    """Return of each camera what it serves, and the unasked ground that it shows."""
    columns = {"number": 0.6, "called": 2.2, "purpose": 2.0, "parts_served": 2.2, "area_m2": 1.0, "unasked_m2": 1.1}
    if facts.assessment.parts is None:
        del columns["parts_served"]
    keys, widths = tuple(columns), tuple(columns.values())
    caption = facts.translations(marked("What each camera serves, and what else it shows"))
    return _cameras(facts, keys, widths, caption, "necessity")


def camera_list(facts: DraftFacts) -> list[Block]:
    """Return all cameras with kind, mount, owner and purpose; ids stand in the workbook."""
    keys, widths = ("number", "called", "status", "kind", "mount", "owner", "purpose"), (0.6, 2.2, 1.0, 0.9, 0.9, 1.7, 2.0)
    return _cameras(facts, keys, widths, facts.translations(marked("Cameras on record and planned")), "cameras")


def _cameras(facts: DraftFacts, keys: tuple[str, ...], widths: tuple[float, ...], caption: str, anchor: str) -> list[Block]:
    """Return a table of all cameras without the columns in which nothing is on record: what lacks is asked elsewhere."""
    table = camera_table(replace(facts.assessment, cameras=facts.standing), facts.called.parts, facts.called)
    grid = grid_of(table, keys, widths, facts.translations)
    said = [n for n in range(len(keys)) if n < 2 or not grid.rows or any(row[n].strip() for row in grid.rows)]
    numeric = frozenset(at for at, n in enumerate(said) if n in grid.numeric)
    headings, widths = tuple(grid.headings[n] for n in said), tuple(grid.widths[n] for n in said)
    rows = tuple(tuple(row[n] for n in said) for row in grid.rows)
    return [replace(grid, headings=headings, rows=rows, widths=widths, numeric=numeric, caption=caption, anchor=anchor)]


def found_under(facts: DraftFacts, packs: Collection[str], articles: Collection[str], *, is_public: bool) -> list[Block]:
    """Return what the audit found under these articles of the paper's packs, by kind and severity, gravest first."""
    translations = facts.translations
    found = [one for one in facts.assessment.findings if one.pack in packs and one.article in articles]
    if not found:
        return [Paragraph(translations(marked("The audit has no finding on this.")))]
    counts: Counter[tuple[str, Severity]] = Counter((one.kind, one.severity) for one in found)
    ordered = sorted(counts, key=lambda pair: (-rank(pair[1]), pair[0]))
    cameras: dict[tuple[str, Severity], dict[str, None]] = {}
    for one in found:
        cameras.setdefault((one.kind, one.severity), {}).update(dict.fromkeys(one.camera_ids))
    rows = [
        (
            words.word(words.FINDING_KINDS, kind, translations),
            words.word(words.SEVERITIES, str(severity), translations),
            str(counts[kind, severity]),
            facts.called.some(list(cameras[kind, severity])),
        )
        for kind, severity in ordered
    ]
    headings = (
        translations(marked("Finding")),
        translations(marked("Severity")),
        translations(marked("Count")),
        translations(marked("Cameras")),
    )
    kept = 3 if is_public else 4
    caption = translations(marked("What the audit found here"))
    return [Grid(headings[:kept], tuple(row[:kept] for row in rows), (3, 1, 0.8, 2)[:kept], caption, frozenset({2}))]


# Round scales of plans, the largest first; a form asks for 1:500 and 1:200, which a town or a long view may not fit.
SITE_SCALES, DETAIL_SCALES = (500, 1000, 2000, 2500, 5000, 10_000, 20_000, 25_000, 50_000), (200, 500, 1000, 2000)
# All ground that a camera shows for certain is on its plan; what it may show is all round, and its plan ends with the sheet.
CERTAIN_SCALES = *DETAIL_SCALES, 5000, 10_000
# What a page has below the heading of a camera and the caption of its plan; the first stands below the head of the chapter.
DETAIL_CM, FIRST_DETAIL_CM = 22.6, 18.8
# Heading and text of the chapter stand above the map of all; a sheet has a page to itself.
LARGE_MAP, LARGE_ROOM = LARGE, FigureRoom(38.4, 17.0, is_filled=True, scales=SITE_SCALES)
SHEET_ROOM = FigureRoom(38.4, 20.0, scales=SITE_SCALES[:1])
CAMERA_GROUND_M = 10.0  # round a camera, of which a site plan has a sheet whatever is known of its view
SITE_PLAN = marked("Site plan: all cameras with their numbers, what they can see, the walls in view, and the sheets that follow")
SITE_SHEET = marked(
    "Site plan, sheet {number} of {count}, at {scale} on paper: buildings with doors (triangles) and house numbers, streets, "
    "cameras, what they can see and the walls in view. A bluish tint marks the applicant's buildings, as far as the map names "
    "their owner."
)
MORE_SHEETS = marked(
    "{shown} of {count} sheets are printed here; {left} are left out. Those of a camera are printed where the draft is asked for "
    "with this camera (export --camera ID)."
)


@dataclass(frozen=True, slots=True)
class DraftedPaper:
    """A chapter as it is drafted: of which project, in which paper."""

    facts: DraftFacts
    dossier: Dossier
    chapter: Chapter

    @property
    def title(self) -> str:
        """The heading of the chapter, with its number where the pieces of the paper have one."""
        title = words.in_language(self.chapter.title, self.facts.translations)
        if self.dossier.piece is None:
            return title
        number = self.dossier.chapters.index(self.chapter) + 1
        return words.in_language(self.dossier.piece, self.facts.translations).format(number=number, title=title)

    @property
    def is_public(self) -> bool:
        """Say whether the paper is for the public, or a pack asks for coarse positions."""
        return self.facts.assessment.public_precision_deg is not None

    @property
    def is_plan(self) -> bool:
        """Say whether confirmed parts are known: behind the gate alone."""
        return self.facts.assessment.parts is not None


def inner(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks of a chapter or section without its heading; another chapter takes them in, no level is skipped."""
    first, *rest = blocks
    if not isinstance(first, Heading):
        return [first, *rest]
    lifted = first.level - 1
    return [replace(b, level=b.level - lifted, on_new_page=False) if isinstance(b, Heading) else b for b in rest]


def large_map(facts: DraftFacts) -> bytes | None:
    """Return the map of all cameras for a large page; nothing where there is none, or no room for numbers."""
    if len(facts.assessment.cameras) > MOST_NUMBERED:
        return None
    standing, sheets = replace(facts.assessment, cameras=facts.standing), site_sheets(facts)
    return overview_map(facts.base, standing, facts.translations, numbers=facts.called.numbers, room=LARGE_ROOM, sheets=sheets)


_frames: Remembered[tuple[Frame, ...]] = Remembered()


def site_sheets(facts: DraftFacts) -> tuple[Frame, ...]:
    """Return the frames of the sheets in the scale of the form that hold all cameras and the ground certainly in view."""
    return _frames(facts.assessment.totals, (facts.standing,), lambda: _site_sheets(facts))


def _site_sheets(facts: DraftFacts) -> tuple[Frame, ...]:
    ground = _ground_of(facts.standing)
    metres_a_cm = SHEET_ROOM.scales[0] / 100.0
    return sheet_frames(ground, SHEET_ROOM.width_cm * metres_a_cm, SHEET_ROOM.height_cm * metres_a_cm) if ground else ()


def _ground_of(results: Iterable[CameraResult]) -> list[BaseGeometry]:
    """Return the ground that cameras show for certain, and a spot round each."""
    cameras = [each for each in results if each.placed.views]
    seen = [ground_seen(each.certain) for each in cameras if each.certain is not None]
    spots = [shapely.Point(c.x_m, c.y_m).buffer(CAMERA_GROUND_M) for c in (each.placed.camera for each in cameras)]
    return [*seen, *spots]


def _printed_sheets(facts: DraftFacts, frames: Sequence[Frame], most: int) -> list[int]:
    """Return which sheets are printed: all of the cameras that the draft is asked for with, and of the others the first."""
    asked = [each for each in facts.standing if each.placed.camera.camera_id in facts.order.cameras]
    wanted = shapely.intersects(shapely.union_all(_ground_of(asked)), shapely.box(*np.array(frames).reshape(-1, 4).T))
    others = np.flatnonzero(~wanted)[: max(0, most - int(wanted.sum()))]
    return sorted([*np.flatnonzero(wanted).tolist(), *others.tolist()])


def _site_plan(drafted: DraftedPaper) -> list[Block]:
    facts = drafted.facts
    picture, caption = large_map(facts), facts.translations(SITE_PLAN)
    if picture is None:
        return _map(drafted)
    return [printed_figure(picture, caption, caption, "site_plan", LARGE), *_sheets(facts), PageFormat()]


def _sheets(facts: DraftFacts) -> list[Block]:
    """Return sheets of the site plan, each on a page of its own: as many as the style file allows, or more that are asked for."""
    translations, frames, most = facts.translations, site_sheets(facts), int(load_style()["limits"]["site_sheets"])
    standing = replace(facts.assessment, cameras=facts.standing)
    applicant = (facts.mandate.controller,)  # the owners of the cameras may be others
    scale = scale_text(SHEET_ROOM.scales[0], translations)
    blocks: list[Block] = []
    printed = _printed_sheets(facts, frames, most)
    for number in (at + 1 for at in printed):
        picture = sheet_map(facts.base, standing, frames[number - 1], translations, facts.called.numbers, applicant, SHEET_ROOM)
        caption = translations(SITE_SHEET, number=number, count=len(frames), scale=scale)
        title = translations(marked("Site plan, sheet {number} of {count}"), number=number, count=len(frames))
        blocks += [Heading(title, 2, on_new_page=True), printed_figure(picture, caption, caption, "", LARGE)]
    if len(printed) < len(frames):
        text = translations(MORE_SHEETS, shown=len(printed), count=len(frames), left=len(frames) - len(printed))
        blocks.append(Paragraph(text, "small"))
    return blocks


def _map(drafted: DraftedPaper) -> list[Block]:
    facts = drafted.facts
    return inner(overview(facts, with_parts=drafted.is_plan))


def _detail_plans(drafted: DraftedPaper) -> list[Block]:
    """Return a plan of each camera: number, covered zones and masks; of very many the first."""
    facts, most = drafted.facts, int(load_style()["limits"]["detail_plans"])
    blocks: list[Block] = []
    for number, result in enumerate(facts.standing[:most]):
        room_cm = DETAIL_CM if number else FIRST_DETAIL_CM
        scales = DETAIL_SCALES if result.certain is None else CERTAIN_SCALES
        blocks += survey_sheet(facts, result, on_new_page=number > 0, scales=scales, room_cm=room_cm)
    if len(facts.standing) > most:
        text = marked("The first {shown} of {count} cameras have a plan here; pages of any camera are written on demand.")
        blocks.append(Paragraph(facts.translations(text, shown=most, count=len(facts.standing)), "small"))
    return blocks


def _purposes(drafted: DraftedPaper) -> list[Block]:
    """Return why each part is asked for; of cameras that stand the purposes on record, unless the chapter says them in words."""
    if drafted.is_plan:
        return inner(purposes(drafted.facts))
    return [] if ImpactField.PURPOSES in drafted.chapter.fields else recorded_purposes(drafted.facts)


def _options(drafted: DraftedPaper) -> list[Block]:
    """Return the options of a plan; of cameras that stand what would end their views, and that none is an option."""
    facts = drafted.facts
    return inner(options_chapter(facts)) if drafted.is_plan else _mitigations(facts)


def _mitigations(facts: DraftFacts) -> list[Block]:
    grid, translations = mitigation_grid(facts.assessment, facts.translations), facts.translations
    if not grid.rows:
        return [Paragraph(no_view_text(facts.assessment, translations))]
    return [replace(grid, caption=translations(marked("What would end the views, in the order of the rules")), anchor="cures")]


def templates_grid(facts: DraftFacts, dossier: Dossier) -> list[Block]:
    """Return where in this paper each field of the templates of three authorities is answered."""
    translations = facts.translations
    chapters = {key: chapter.title for chapter in dossier.chapters for key in (*chapter.fields, *chapter.shows)}
    rows = tuple(
        (
            words.in_language(each.title, translations),
            words.in_language(chapters[each.key], translations),
            ", ".join(".".join(str(number)) for number in each.cnil) or "–",
            _official(each.ico, dossier, translations),
            _official(each.dsk, dossier, translations),
        )
        for each in dossier.impact.fields
        if each.key in chapters
    )
    headings = (
        translations(marked("Field")),
        translations(marked("Chapter of this paper")),
        translations(marked("CNIL, PIA tool")),
        translations(marked("ICO template")),
        translations(marked("DSK Kurzpapier 5")),
    )
    caption = translations(marked("Where the templates of three authorities find their fields"))
    return [Grid(headings, rows, (1.6, 1.9, 1, 1.4, 2.4), caption, anchor="templates")]


def _official(name: str, dossier: Dossier, translations: Translations) -> str:
    """Return the name that an authority gave a phase or step, with what it means where that is another language."""
    meaning = words.in_language(dossier.impact.official[name], translations)
    return name if meaning == name else translations(marked("{official} ({meaning})"), official=name, meaning=meaning)


def _safeguards(drafted: DraftedPaper) -> list[Block]:
    rules, dates = inner(safeguards(drafted.facts))
    return [rules] if drafted.is_public else [rules, dates]


BLOCKS: Mapping[Shown, Callable[[DraftedPaper], list[Block]]] = {
    Shown.MANDATE: lambda d: inner(mandate_chapter(d.facts)),
    Shown.STATE: lambda d: inner(present_state(d.facts)),
    Shown.MAP: _map,
    Shown.SCALE: lambda d: scale_blocks(d.facts),
    Shown.PURPOSES: _purposes,
    Shown.OPTIONS: _options,
    Shown.NECESSITY: lambda d: necessity(d.facts),
    Shown.GROUND: lambda d: ground_blocks(d.facts),
    Shown.SIGHTINGS: lambda d: inner(sightings_before_and_after(d.facts)),
    Shown.RISKS: lambda d: risks_grid(d.facts, d.dossier.impact),
    Shown.ENDING: lambda drafted: _mitigations(drafted.facts) if drafted.is_public else measures(drafted.facts),
    Shown.MASKS: lambda d: inner(masks(d.facts)),
    Shown.SAFEGUARDS: _safeguards,
    Shown.RESIDUAL: lambda d: residual(d.facts),
    Shown.OPINION: lambda d: opinion(d.facts),
    Shown.CONSULTATION: lambda d: inner(consultation(d.facts)),
    Shown.DECISION: lambda d: inner(decision(d.facts)),
    Shown.CAMERAS: lambda d: camera_list(d.facts),
    Shown.SITE_PLAN: _site_plan,
    Shown.DETAIL_PLANS: _detail_plans,
    Shown.OPENINGS: lambda d: openings(d.facts),
    Shown.SIGNS: lambda d: inner(signs(d.facts)),
    Shown.FINDINGS: lambda d: found_under(d.facts, d.dossier.packs, d.chapter.articles, is_public=d.is_public),
    Shown.QUESTIONS: lambda d: left_out(d.facts),
    Shown.TEMPLATES: lambda d: templates_grid(d.facts, d.dossier),
    Shown.METHOD: lambda d: inner(data_and_limits(d.facts)),
}
