"""Forms as data: papers that an office hands in, and registers as cities publish them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated, Literal

from annotated_types import Ge, MaxLen, MinLen

from lhasaplan.core.model.camera_fields import CAMERA_FIELDS
from lhasaplan.core.rules.pack import NOT_IN_FILES, Mark, Name, Terms, Word

# The form in which a city or a state publishes cameras, as data: its sheets, their headings, and what stands under each.

COUNT = "count"  # how many cameras a row stands for
# What the register says of a camera, by the names of its columns (docs/outputs.md), in their order; then fields of new rows.
_NAMED = (
    *("id", "name", "status", "installed_on", "operator", "purpose", "legal_basis", "impact_assessment_date", "complaints"),
    *("contact", "dpo_contact", "authorisation", "authorisation_expires", "live_or_recorded", "hours", "sound", "analysis"),
    *("recipients", "end_date", "review_date", "incidents_served", "version", "change_reason", "retention_days", "sign"),
    *("type", "can_turn", "lon", "lat", "sector_deg", "class_px_m", "masks", "views", "homes_in_view", "protected_in_view"),
    *("dwellings_likely_in_view", "ground_in_view_m2", "without_purpose_m2", "source", "source_date", "answers"),
    *("not_recorded", "synthetic", "remark"),
)
VALUES = tuple(dict.fromkeys((*_NAMED, *(each.register for each in CAMERA_FIELDS if each.register))))


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: its heading, and the value of the register under it, or the same text in every row.

    ``first_of`` are values of which the first that is recorded counts; none and no ``text`` is a field that the office fills in.
    """

    heading: Word
    first_of: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class FormSheet:
    """One sheet: a heading a column and a camera a row, or (``is_head``) headings under each other, filled once.

    ``one_row_for`` names the values that cameras of one row share; empty for a row a camera.
    """

    name: Annotated[str, MinLen(1), MaxLen(31), re.compile(r"^[^\[\]:*?/\\]+$")]  # as Excel takes it
    fields: Annotated[tuple[FormField, ...], MinLen(1)]
    is_head: bool = False
    one_row_for: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterForm:
    """A form of a register.

    ``packs`` are those whose law or place has it; ``one_file_for`` is the value that all cameras of a file share, empty for
    one file; cameras without it are in none, for nobody could hand that file in. ``statuses`` are those of cameras in it.
    """

    name: Name
    packs: Annotated[tuple[str, ...], MinLen(1)]
    statuses: Annotated[tuple[Literal["operating", "planned", "removed"], ...], MinLen(1)]
    sheets: Annotated[tuple[FormSheet, ...], MinLen(1)]
    one_file_for: str = ""


def forms_for(forms: Iterable[RegisterForm], packs: Iterable[str]) -> tuple[RegisterForm, ...]:
    """Return the forms that the loaded packs have, in their order."""
    loaded = frozenset(packs)
    return tuple(form for form in forms if loaded & frozenset(form.packs))


# A paper that an office hands in, as data: its chapters in order, what each shows of the project, and what it asks.


class Paper(StrEnum):
    """The kinds of paper whose order and words are data."""

    IMPACT = "impact"
    AUTHORISATION = "authorisation"


class Shown(StrEnum):
    """What a chapter can show of a project."""

    MANDATE = "mandate"
    STATE = "state"
    MAP = "map"
    SCALE = "scale"
    PURPOSES = "purposes"
    OPTIONS = "options"
    NECESSITY = "necessity"
    GROUND = "ground"
    SIGHTINGS = "sightings"
    RISKS = "risks"
    ENDING = "ending"
    MASKS = "masks"
    SAFEGUARDS = "safeguards"
    RESIDUAL = "residual"
    OPINION = "opinion"
    CONSULTATION = "consultation"
    DECISION = "decision"
    CAMERAS = "cameras"
    SITE_PLAN = "site_plan"
    DETAIL_PLANS = "detail_plans"
    OPENINGS = "openings"
    SIGNS = "signs"
    FINDINGS = "findings"
    QUESTIONS = "questions"
    TEMPLATES = "templates"
    METHOD = "method"


class FormFigure(StrEnum):
    """The figure of a project that a risk to people is reported with."""

    NONE = "none"
    HOMES = "homes"
    PROTECTED = "protected"
    UNASKED = "unasked"
    RETENTION = "retention"
    ASSUMED = "assumed"
    TURNING = "turning"


class ImpactField(StrEnum):
    """What an impact assessment says of the project in words, whatever the template of the authority calls it."""

    OVERVIEW = "overview"
    RESPONSIBLE = "responsible"
    STANDARDS = "standards"
    DATA = "data"
    FLOW = "flow"
    EQUIPMENT = "equipment"
    PURPOSES = "purposes"
    LEGAL_BASIS = "legal_basis"
    MINIMISED = "minimised"
    ACCURACY = "accuracy"
    RETENTION = "retention"
    INFORMATION = "information"
    CONSENT = "consent"
    ACCESS = "access"
    ERASURE = "erasure"
    OBJECTION = "objection"
    PROCESSORS = "processors"
    TRANSFERS = "transfers"
    SECURITY = "security"


class Event(StrEnum):
    """The feared events under which the CNIL's tool asks for risks."""

    ACCESS = "access"
    CHANGE = "change"
    LOSS = "loss"


# What a paper shows whatever its file says: data may put it in another order and add to it, never leave it out.
LEAST: Mapping[Paper, frozenset[Shown]] = {
    Paper.IMPACT: frozenset(
        (Shown.OPTIONS, Shown.GROUND, Shown.SIGHTINGS, Shown.RISKS, Shown.ENDING, Shown.RESIDUAL, Shown.CONSULTATION)
    )
    | {Shown.QUESTIONS},
    Paper.AUTHORISATION: frozenset((Shown.MANDATE, Shown.GROUND, Shown.SIGHTINGS, Shown.QUESTIONS, Shown.METHOD)),
}
# Camera by camera: no part of what is told to the public.
EACH_CAMERA = frozenset((Shown.NECESSITY, Shown.MASKS, Shown.CAMERAS, Shown.DETAIL_PLANS, Shown.OPENINGS, Shown.SIGNS))


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that only the office can answer; ``known`` is the field of the mandate that answers it, if one does."""

    text: Terms
    known: str = ""


@dataclass(frozen=True, slots=True)
class Risk:
    """A risk to people: what may happen, to whom it does what, and what is done against it.

    ``figure`` is reported beside it and says how likely it is; ``severity`` is a level of the scale, from 1 on.
    """

    text: Terms
    harm: Terms
    measure: Terms
    severity: Annotated[int, Ge(1)]
    events: Annotated[tuple[Event, ...], MinLen(1)]
    figure: FormFigure = FormFigure.NONE


@dataclass(frozen=True, slots=True)
class RiskLevel:
    """A level of likelihood and severity, and what it means of either."""

    name: Terms
    likelihood: Terms
    severity: Terms


@dataclass(frozen=True, slots=True)
class AskedField:
    """What an impact assessment answers by a field in words or by a block, and where the templates of authorities ask for it.

    ``says`` holds whatever the project says; ``asks`` is the question where it does not say all. ``cnil`` are numbers of the
    CNIL's tool, ``ico`` a step of the ICO's template, ``dsk`` a phase of the DSK's paper.
    """

    key: "ImpactField | Shown"
    title: Terms
    cnil: tuple[int, ...]
    ico: str
    dsk: str
    says: Terms | None = None
    asks: Terms | None = None


@dataclass(frozen=True, slots=True)
class ImpactForm:
    """What every impact assessment has: risks, the scale that they are weighed on, who may bring them about, and its fields.

    ``official`` has what the official names mean that authorities give their phases and steps, by name.
    """

    risks: tuple[Risk, ...]
    levels: tuple[RiskLevel, ...]
    sources: tuple[Terms, ...]
    fields: tuple[AskedField, ...]
    official: Mapping[str, Terms] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Chapter:
    """One chapter: on what it rests, which fields it says in words, what it shows, and what it asks.

    ``articles`` are those of the paper's packs whose findings :attr:`Shown.FINDINGS` shows.
    """

    title: Terms
    rests_on: str = ""
    mark: Mark = "P"
    text: Terms | None = None
    shows: tuple[Shown, ...] = ()
    articles: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()
    fields: tuple[ImpactField, ...] = ()


@dataclass(frozen=True, slots=True)
class Dossier:
    """A paper: ``packs`` are those whose law asks for it, none for one that holds where no other of its kind does.

    ``piece`` is how its chapters are numbered, with {number} and {title}; none where they are not.
    """

    name: Name
    paper: Paper
    title: Terms
    lead: Terms
    chapters: Annotated[tuple[Chapter, ...], MinLen(1)]
    packs: tuple[str, ...] = ()
    impact: ImpactForm = field(default=ImpactForm((), (), (), ()), metadata=NOT_IN_FILES)
    piece: Terms | None = None

    @property
    def shows(self) -> frozenset[Shown]:
        """All that its chapters show."""
        return frozenset(shown for chapter in self.chapters for shown in chapter.shows)


def dossiers_for(dossiers: Iterable[Dossier], packs: Iterable[str]) -> tuple[Dossier, ...]:
    """Return the papers that these packs ask for; one without packs stands in where no other of its kind is asked for."""
    several, loaded = tuple(dossiers), frozenset(packs)
    asked = [each for each in several if loaded & frozenset(each.packs)]
    kinds = {each.paper for each in asked}
    return (*asked, *(each for each in several if not each.packs and each.paper not in kinds))
