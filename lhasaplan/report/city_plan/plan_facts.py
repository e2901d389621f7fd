"""What every chapter of a plan is written from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.live.plan_options import OptionKey, PlanOption
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.mandate import Mandate
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.decision_register import DecisionRegister
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.withheld import Matter
from lhasaplan.ports import DraftOrder
from lhasaplan.report.drafts.plan_chapters import of_area
from lhasaplan.report.facts.called import Called, called
from lhasaplan.report.facts.summary import of_status, standing_with_plan
from lhasaplan.report.facts.withheld import told, withholds
from lhasaplan.report.maps.base_map import BaseMap
from lhasaplan.report.text.numerals import short_number
from lhasaplan.report.text.words import NOT_TOLD

DIGEST_DIGITS = 16  # of 64: enough to tell two plans apart, few enough to be compared by eye
TO_FILL = marked("to be filled in")  # never nothing, and never zero
OFFICER = "impact_assessment_officer"


@dataclass(frozen=True)
class PlanFacts:
    """Project and answers that may be shown, of the area that the plan is about; names are of the whole project."""

    project: Project
    assessment: Assessment
    base: BaseMap
    called: Called
    wording: Wording
    order: DraftOrder

    @property
    def mandate(self) -> Mandate:
        """The mandate, empty where there is none."""
        return self.project.mandate or Mandate()

    @property
    def subtitle(self) -> str:
        """The project, and the area where the draft is of one."""
        name = self.assessment.project
        return f"{name}, {self.order.area}" if self.order.area else name

    @property
    def planned(self) -> tuple[CameraResult, ...]:
        """The planned cameras, and how those are to be that the plan changes."""
        return of_status(self.assessment, Status.PLANNED)

    @property
    def operating(self) -> tuple[CameraResult, ...]:
        """The cameras that operate today."""
        return of_status(self.assessment, Status.OPERATING)

    @property
    def standing(self) -> tuple[CameraResult, ...]:
        """The cameras that stand once the plan is carried out."""
        return standing_with_plan(self.assessment)

    @property
    def either(self) -> tuple[CameraResult, ...]:
        """The cameras that stand today or with the plan."""
        return of_status(self.assessment, Status.OPERATING, Status.PLANNED)

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
        """Say whether something belongs to the district; all of it does in a city's plan, and where no area may be told."""
        district = self.order.conformity
        return district is None or not area_names or district.area in area_names

    @cached_property
    def decided(self) -> DecisionRegister:
        """All that people decided, as the reader may be told."""
        return DecisionRegister(self.project)

    def filled(self, text: str) -> str:
        """Return a text, or that it is to be filled in."""
        return text.strip() or self.wording(TO_FILL)

    def of_record(self, value: str | float | None, words_of: Callable[[str], str] = str) -> str:
        """Return what the record of a camera states, that it is to be filled in, or that it is not told."""
        stated = short_number(value, self.wording) if isinstance(value, (int, float)) else (value or "").strip()
        unknown = self.wording(TO_FILL)
        return told(stated, Matter.RECORD, self.assessment, self.wording, text=words_of, unknown=unknown)

    def stated(self, field: str) -> str:
        """Return what a field of the mandate states, that it is to be filled in, or that it is not told: the name of a person."""
        value = getattr(self.mandate, field) if field else ""
        if field == OFFICER and withholds(self.assessment, Matter.PEOPLE):
            return self.wording(NOT_TOLD)
        if isinstance(value, tuple):
            return self.filled(self.wording("; ").join(map(str, value)))
        return short_number(value, self.wording) if isinstance(value, float) else self.filled(str(value or ""))


def short_digest(sha256: str) -> str:
    """Return the beginning of a digest in groups of four.

    >>> short_digest("0123456789abcdef0123")
    '0123 4567 89ab cdef'
    """
    return " ".join(sha256[start : start + 4] for start in range(0, min(DIGEST_DIGITS, len(sha256)), 4))


def facts_of(project: Project, assessment: Assessment, wording: Wording, order: DraftOrder) -> PlanFacts:
    """Return what the chapters of a draft are written from: of the whole project, or of the area that is ordered."""
    shown = of_area(assessment, order.area) if order.area else assessment
    return PlanFacts(project, shown, BaseMap(project), called(project, assessment, wording), wording, order)
