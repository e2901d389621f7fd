"""What the chapters of a paper can show: the blocks of plan and audit, each under the heading that the paper's data give it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from lhasaplan.core.base.wording import marked
from lhasaplan.core.rules.dossier import Chapter, Dossier, Shown
from lhasaplan.report.city_plan.annexes import LARGE, open_questions, signs, survey_sheet
from lhasaplan.report.city_plan.layout import masks
from lhasaplan.report.city_plan.opening import mandate_chapter
from lhasaplan.report.city_plan.options_chapter import options_chapter
from lhasaplan.report.city_plan.plan_facts import PlanFacts
from lhasaplan.report.city_plan.present import present_state, purposes
from lhasaplan.report.city_plan.safeguards import consultation, decision, ended_first, safeguards
from lhasaplan.report.dossiers.ground_in_view import ground_blocks, openings, scale_blocks
from lhasaplan.report.dossiers.people_at_risk import opinion, residual, risks_grid
from lhasaplan.report.dossiers.records import camera_list, found_under, necessity, recorded_purposes
from lhasaplan.report.drafts.chapters import data_and_limits, overview
from lhasaplan.report.drafts.plan_chapters import sightings_before_and_after
from lhasaplan.report.facts.cure_counts import cure_grid
from lhasaplan.report.maps.figures import MOST_NUMBERED, Room, overview_map
from lhasaplan.report.maps.printed_figure import printed_figure
from lhasaplan.report.text.document import Block, Heading, PageFormat, Paragraph
from lhasaplan.report.text.style import load_style

LARGE_MAP, LARGE_ROOM = LARGE, Room(38.4, 17.0)  # the heading and the text of the chapter stand above it
SITE_PLAN = marked("Site plan: buildings, streets, cameras with their numbers, what they can see, and the walls in view")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A chapter as it is drafted: of which project, in which paper."""

    facts: PlanFacts
    dossier: Dossier
    chapter: Chapter

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


def large_map(facts: PlanFacts) -> bytes | None:
    """Return the map of all cameras for a large page; nothing where there is none, or no room for numbers."""
    if len(facts.assessment.cameras) > MOST_NUMBERED:
        return None
    standing = replace(facts.assessment, cameras=facts.standing)
    return overview_map(facts.base, standing, facts.wording, numbers=facts.called.numbers, room=LARGE_ROOM)


def _site_plan(drafted: Drafted) -> list[Block]:
    facts = drafted.facts
    picture, caption = large_map(facts), facts.wording(SITE_PLAN)
    if picture is None:
        return _map(drafted)
    return [printed_figure(picture, caption, caption, "site_plan", LARGE), PageFormat()]


def _map(drafted: Drafted) -> list[Block]:
    facts = drafted.facts
    return inner(overview(facts.base, facts.assessment, facts.called, facts.wording, with_parts=drafted.is_plan))


def _detail_plans(drafted: Drafted) -> list[Block]:
    """Return a plan of each camera: number, covered zones and masks; of very many the first."""
    facts, most = drafted.facts, int(load_style()["limits"]["detail_plans"])
    blocks: list[Block] = []
    for number, result in enumerate(facts.standing[:most]):
        blocks += survey_sheet(facts, result, on_new_page=number > 0)
    if len(facts.standing) > most:
        text = marked("The first {shown} of {count} cameras have a plan here; pages of any camera are written on demand.")
        blocks.append(Paragraph(facts.wording(text, shown=most, count=len(facts.standing)), "small"))
    return blocks


def _options(drafted: Drafted) -> list[Block]:
    """Return the options of a plan; of cameras that stand what would end their views, and that none is an option."""
    facts = drafted.facts
    return inner(options_chapter(facts)) if drafted.is_plan else _cures(facts)


def _cures(facts: PlanFacts) -> list[Block]:
    grid, wording = cure_grid(facts.assessment, facts.wording), facts.wording
    if not grid.rows:
        return [Paragraph(wording(marked("No camera is known to be able to see a home or another protected place.")))]
    return [replace(grid, caption=wording(marked("What would end the views, in the order of the rules")), anchor="cures")]


def _ending(drafted: Drafted) -> list[Block]:
    return _cures(drafted.facts) if drafted.is_public else [ended_first(drafted.facts)]


def _safeguards(drafted: Drafted) -> list[Block]:
    rules, dates = inner(safeguards(drafted.facts))
    return [rules] if drafted.is_public else [rules, dates]


BLOCKS: Mapping[Shown, Callable[[Drafted], list[Block]]] = {
    Shown.MANDATE: lambda d: inner(mandate_chapter(d.facts)),
    Shown.STATE: lambda d: inner(present_state(d.facts)),
    Shown.MAP: _map,
    Shown.SCALE: lambda d: scale_blocks(d.facts),
    Shown.PURPOSES: lambda d: inner(purposes(d.facts)) if d.is_plan else recorded_purposes(d.facts),
    Shown.OPTIONS: _options,
    Shown.NECESSITY: lambda d: necessity(d.facts),
    Shown.GROUND: lambda d: ground_blocks(d.facts),
    Shown.SIGHTINGS: lambda d: inner(sightings_before_and_after(d.facts.assessment, d.facts.wording)),
    Shown.RISKS: lambda d: risks_grid(d.facts, d.dossier.risks),
    Shown.ENDING: _ending,
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
    Shown.QUESTIONS: lambda d: inner(open_questions(d.facts)),
    Shown.METHOD: lambda d: inner(data_and_limits(d.facts.assessment, d.facts.wording)),
}
