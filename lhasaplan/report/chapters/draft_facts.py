"""What the chapters of a draft are written from, and the document that they become."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from lhasaplan.core.audit.totals import sums_of
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.live.plan_options import OptionKey, PlanOption
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.register_rows import DecisionRegister
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.finding import Matter
from lhasaplan.core.siting.disclosed_proposals import DisclosedProposals
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.facts.basis import reported, subtitle, withholds, worded
from lhasaplan.report.facts.called import Called, called
from lhasaplan.report.facts.summary import of_status, standing_with_plan, today
from lhasaplan.report.maps.base_map import BaseMap, attribution
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Document, Remembered, with_ends, with_numbers
from lhasaplan.report.text.numerals import short_number
from lhasaplan.report.text.style import load_style, long_date
from lhasaplan.report.text.words import NOT_TOLD

DIGEST_DIGITS = 16  # of 64: enough to tell two plans apart, few enough to be compared by eye
TO_FILL = marked("to be filled in")  # never nothing, and never zero
OFFICER = "impact_assessment_officer"

LEVELS = {
    "internal": marked("For use inside the office"),
    "authority": marked("For the supervisory authority"),
    "council": marked("For the council"),
    "public": marked("For the public"),
}


@dataclass(frozen=True)
class DraftFacts:
    """Project and answers that may be shown, of the area that the draft is about; names are of the whole project."""

    project: Project
    assessment: Assessment
    base: BaseMap
    called: Called
    translations: Translations
    order: DraftOrder

    @property
    def mandate(self) -> Mandate:
        """The mandate, empty where there is none."""
        return self.project.mandate or Mandate()

    @cached_property
    def present(self) -> "DraftFacts":
        """The same of what operates today: planned cameras and what is found about them left out."""
        return replace(self, assessment=today(self.assessment))

    @property
    def subtitle(self) -> str:
        """The project, and the area where the draft is of one."""
        name = self.assessment.project
        return f"{name}, {self.order.area}" if self.order.area else name

    @property
    def level(self) -> str:
        """For whom the draft is."""
        return self.translations(LEVELS[self.order.level])

    @cached_property
    def planned(self) -> tuple[CameraResult, ...]:
        """The planned cameras, and how those are to be that the plan changes."""
        return of_status(self.assessment, Status.PLANNED)

    @cached_property
    def operating(self) -> tuple[CameraResult, ...]:
        """The cameras that operate today."""
        return of_status(self.assessment, Status.OPERATING)

    @cached_property
    def standing(self) -> tuple[CameraResult, ...]:
        """The cameras that stand once the plan is carried out."""
        return standing_with_plan(self.assessment)

    @cached_property
    def either(self) -> tuple[CameraResult, ...]:
        """The cameras that stand today or with the plan."""
        return of_status(self.assessment, Status.OPERATING, Status.PLANNED)

    @property
    def proposals(self) -> DisclosedProposals | None:
        """What the program computed: none where nobody asked for it, or for a plan of one area alone."""
        return None if self.order.area else self.order.proposals

    def option(self, key: OptionKey) -> PlanOption | None:
        """Return an option that was tried out; nothing of a plan of one area, for options are of the whole project."""
        return None if self.order.area else next((each for each in self.order.options if each.key is key), None)

    @property
    def kept_plans(self) -> tuple[PlanOption, ...]:
        """The versions of the project that were tried out; none of a plan of one area, for options are of the whole project."""
        return () if self.order.area else tuple(each for each in self.order.options if each.key is OptionKey.KEPT_PLAN)

    @property
    def own_planned(self) -> tuple[CameraResult, ...]:
        """The planned cameras that stand in the district, of a district's plan; else all of them."""
        return tuple(result for result in self.planned if self.is_own(result.area_names))

    def is_own(self, area_names: tuple[str, ...]) -> bool:
        """Say whether something belongs to the district; all of it does in a city's plan, and where no area may be disclosed."""
        district = self.order.conformity
        return district is None or not area_names or district.area in area_names

    @cached_property
    def decided(self) -> DecisionRegister:
        """All that people decided, as far as the reader may know it."""
        return DecisionRegister(self.project)

    def filled(self, text: str) -> str:
        """Return a text, or that it is to be filled in."""
        return text.strip() or self.translations(TO_FILL)

    def of_record(self, value: object, words_of: Callable[[str], str] = str) -> str:
        """Return what the record of a camera states, that it is to be filled in, or that it is withheld."""
        stated = short_number(value, self.translations) if isinstance(value, (int, float)) else str(value or "").strip()
        unknown = self.translations(TO_FILL)
        return reported(stated, Matter.RECORD, self.assessment, self.translations, text=words_of, unknown=unknown)

    def stated(self, field: str) -> str:
        """Return what a field of the mandate states, that it is to be filled in, or that it is withheld: the name of a person."""
        value = getattr(self.mandate, field) if field else ""
        if field == OFFICER and withholds(self.assessment, Matter.PEOPLE):
            return self.translations(NOT_TOLD)
        if isinstance(value, tuple):
            return self.filled(self.translations("; ").join(map(str, value)))
        return (
            short_number(value, self.translations)
            if isinstance(value, float)
            else self.filled(long_date(str(value or ""), self.translations.language))
        )


def short_digest(sha256: str) -> str:
    """Return the beginning of a digest in groups of four.

    >>> short_digest("0123456789abcdef0123")
    '0123 4567 89ab cdef'
    """
    return " ".join(sha256[start : start + 4] for start in range(0, min(DIGEST_DIGITS, len(sha256)), 4))


_bases: Remembered[BaseMap] = Remembered()


def facts_of(project: Project, assessment: Assessment, translations: Translations, order: DraftOrder = WHOLE) -> DraftFacts:
    """Return what the chapters of a draft are written from: of the whole project, or of the area that is ordered."""
    translations = worded(translations, assessment)
    shown = of_area(assessment, order.area) if order.area else assessment
    base = _bases(project, (), lambda: BaseMap(project))
    return DraftFacts(project, shown, base, called(project, assessment, translations), translations, order)


def of_area(assessment: Assessment, area: str) -> Assessment:
    """Return the assessment of one area: its parts and cameras, their findings and overlaps."""
    cameras = tuple(result for result in assessment.cameras if area in result.area_names)
    names = {result.placed.camera.camera_id for result in cameras}
    parts = tuple(result for result in assessment.parts or () if area in result.area_names)
    about = {name for result in parts for name in (result.part.name, result.part.part_id)}
    return replace(
        assessment,
        cameras=cameras,
        parts=None if assessment.parts is None else parts,
        overlaps=tuple(overlap for overlap in assessment.overlaps or () if overlap.a in names and overlap.b in names),
        findings=tuple(f for f in assessment.findings if names & set(f.camera_ids) or f.params.get("part") in about),
        totals={"parts_by": sums_of(parts)},  # all others are of the whole project
    )


# A draft is chapters, each a function of the facts; whoever writes a format walks the blocks of the document.
DraftChapter = Callable[[DraftFacts], Iterable[Block]]


def document_of(
    facts: DraftFacts,
    title: str,
    chapters: Iterable[DraftChapter],
    *,
    head: str = "",
    marks: Sequence[str] = (),
    is_numbered: bool = True,
) -> Document:
    """Return the document of these chapters.

    ``head`` stands under the title; it is what the answers rest on where nothing else is given. ``marks`` stand at the head of
    every page before those that each draft has. Where it ``is_numbered``, tables and figures have numbers, and lists an end.
    """
    translations, labels = facts.translations, dict[str, str]()
    blocks = tuple(block for chapter in chapters for block in chapter(facts))
    if is_numbered:
        most = int(load_style()["limits"]["list_rows_printed"])
        blocks, labels = with_numbers(with_ends(blocks, translations, most), translations)
    banners = (*marks, *words.banners(facts.assessment, translations))
    head, foot = head or subtitle(facts.assessment, translations), footer_text(facts.assessment)
    return Document(title, head, translations.language, banners, blocks, foot, facts.order.date, labels)


def footer_text(assessment: Assessment) -> str:
    """Return project and licences for the foot of every page."""
    return " · ".join([assessment.project, *attribution(assessment)])
