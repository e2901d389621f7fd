"""The result of an audit or a check: one frozen value that every output is written from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NewType

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.kept_shapes import as_kept, may_be_kept
from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.base.translations import AS_SHIPPED, DataState
from lhasaplan.core.changes.proposal import Proposal
from lhasaplan.core.model.camera import Camera, Field, Placed
from lhasaplan.core.model.layer import InputRecord, Layer
from lhasaplan.core.model.place import Part, ProtectedClass, Verdict
from lhasaplan.core.project.decisions import Suspended
from lhasaplan.core.project.plan_step import PlanStep
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.finding import (
    ChangeFigures,
    Declared,
    Finding,
    Matter,
    Mitigation,
    SeenSurface,
    Severity,
    SharpestSurface,
    SightingBasis,
    Whereabouts,
)


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether planning may be computed, and all that is missing, as (template, params) pairs."""

    open: bool
    missing: tuple[tuple[str, Mapping[str, object]], ...] = ()


@may_be_kept("geometry", "open_ground", "at_grade")
@dataclass(frozen=True, eq=False, slots=True)
class Sighting:
    """What one camera can see of one class of protected place, grouped; no place is named.

    ``density_px_m`` is (low, high) of whatever is sharpest, equal when recorded; ``grade`` is None below 25 px/m;
    ``in_view_m`` is all frontage in view at the lowest grade or better, and maps draw it; ``frontage_m`` is what of it reaches
    the grade of the frontage, which may be milder than that of open ground; a density is reported with its own surface
    (``sharpest``). ``grade_high`` and ``grade_low`` say what an assumed view would be graded at either end. ``places`` counts
    how many places of the class can be seen.
    """

    camera_id: str
    cls: ProtectedClass
    basis: SightingBasis
    grade: Severity | None
    grade_high: Severity | None
    grade_low: Severity | None
    density_px_m: tuple[float, float]
    frontage_m: float
    places: int
    sector_deg: tuple[tuple[float, float], ...]
    geometry: BaseGeometry | None  # the frontage in view: as long as ``in_view_m``
    mitigation: Mitigation | None
    places_by_grade: Mapping[str, int] = field(default_factory=dict)  # of a possible view, at its graver end
    sharpest: tuple[SharpestSurface, ...] = ()  # frontage and open ground apart, the sharper first
    surfaces: tuple[SeenSurface, ...] = ()  # what of the places is in view: frontage by height, ground, doors
    open_ground: BaseGeometry | None = None  # the seen open ground, as areas; None where there is none
    in_view_m: float = 0.0
    at_grade: BaseGeometry | None = None  # the frontage that reaches its own grade: as long as ``frontage_m``
    frontage_grade: Severity | None = None  # that grade

    @property
    def is_recorded(self) -> bool:
        """Whether the view is certain: optics and direction of the camera are recorded."""
        return self.basis == SightingBasis.RECORDED

    def outline(self) -> BaseGeometry | None:
        """Return what maps draw: the seen frontage, and the rim of seen open ground."""
        return self._with_rims(self.geometry)

    def graded_outlines(self) -> tuple[tuple[Severity | None, BaseGeometry | None], ...]:
        """Return what maps draw by grade, the milder first: the frontage in view, and the rim of open ground."""
        rims = self._with_rims(None)
        return (*self.graded_frontage(), *(() if rims is None else ((self.grade, rims),)))

    def graded_frontage(self) -> tuple[tuple[Severity | None, BaseGeometry | None], ...]:
        """Return the frontage in view by grade, the milder first: all as a note, then what reaches the frontage's own grade."""
        return tuple((grade, getattr(self, name)) for grade, name in self.frontage_by_grade())

    def frontage_by_grade(self) -> tuple[tuple[Severity | None, str], ...]:
        """Return the same by the names of the attributes that hold it, to be read as it is kept."""
        if as_kept(self, "at_grade") is None or self.frontage_grade is None:
            return ((self.grade, "geometry"),)
        if self.frontage_grade is Severity.NOTE:
            return ((Severity.NOTE, "geometry"),)
        return (Severity.NOTE, "geometry"), (self.frontage_grade, "at_grade")

    def _with_rims(self, frontage: BaseGeometry | None) -> BaseGeometry | None:
        if self.open_ground is None or self.open_ground.is_empty:
            return frontage
        rims = shapely.get_parts(shapely.boundary(shapely.get_parts(self.open_ground)))
        lines = shapely.get_parts(frontage) if frontage is not None else []
        return shapely.multilinestrings([*lines, *rims])


@dataclass(frozen=True, slots=True)
class EndedView:
    """A view that a declared range or mask alone ends: graded so without it, a possible view at its graver end."""

    cls: ProtectedClass
    basis: SightingBasis
    by: Declared
    grade: Severity


@dataclass(frozen=True, slots=True)
class CameraLoss:
    """What one part would lose without a camera: shares served and seen that would be gone."""

    part_id: str
    share_served: float
    share_seen: float


@dataclass(frozen=True, slots=True)
class Necessity:
    """What a camera costs and what it is needed for.

    ``unasked_share`` is None where nothing is seen, ``night_share`` (of the ground seen, within the range at night) where
    that range is not recorded. ``protected_in_view`` counts places by class and grade. ``lost_without`` is None outside the
    gate and for a camera of which nothing certain is known. ``milder_camera`` serves all the same parts, nothing is
    lost with it alone, and it can see fewer protected places at a grade that must be remedied, or as many and less ground that
    nobody asks for; empty if there is none.
    """

    unasked_share: float | None = None
    night_share: float | None = None
    protected_in_view: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    lost_without: tuple[CameraLoss, ...] | None = None
    milder_camera: str = ""


@may_be_kept("unasked", "night", "not_mapped")
@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class CameraResult:
    """One camera's answers. ``certain`` fields are of recorded views, ``possible`` ones of assumed or sweep views.

    ``area_m2`` and ``unasked_m2`` count where buildings are mapped; ``not_mapped_m2`` is the rest of what is in view, with its
    sweep; ``whole_unasked_m2`` counts that too: changes are judged by it, or a turn towards bare ground would show less.
    ``night`` is the ground that it can see within its range at night; it and ``night_m2`` are None where that is not recorded.
    """

    placed: Placed
    lon: float
    lat: float
    certain: Field | None
    possible: tuple[Field, ...]
    area_m2: float
    unasked_m2: float
    unasked: BaseGeometry | None
    sightings: tuple[Sighting, ...]
    questions: tuple[str, ...] = ()  # fields to ask the controller for
    parts_served: tuple[str, ...] = ()
    removable: bool | None = None  # None outside the gate
    area_names: tuple[str, ...] = ()
    necessity: Necessity = field(default_factory=Necessity)
    night: BaseGeometry | None = None
    night_m2: float | None = None
    ended_by_record: tuple[EndedView, ...] = ()  # views of protected places that a declared range or mask alone ends
    undisclosed_px_m: float | None = None  # only in ``Assessment.disclosed``: what is told near places of which no more is told
    leaves: bool = False  # it stands today, and does not once the plan is carried out
    as_planned: str = ""  # of one that the plan changes: the id of the planned camera that says how it is to be
    replaces: str = ""  # of a planned camera: the id of the one that stands and is to be so
    not_mapped: BaseGeometry | None = None  # of the ground in view what nobody mapped; None where all of it is mapped
    not_mapped_m2: float = 0.0
    whole_unasked_m2: float | None = None  # None: as much as ``unasked_m2``

    @property
    def fields(self) -> tuple[Field, ...]:
        """Return the fields of all its views, the recorded one first."""
        return (*(() if self.certain is None else (self.certain,)), *self.possible)

    @property
    def judged_m2(self) -> float:
        """Return the unasked ground by which changes are judged, mapped or not."""
        return self.unasked_m2 if self.whole_unasked_m2 is None else self.whole_unasked_m2


@dataclass(frozen=True, slots=True)
class Measured:
    """What was measured of a part by operating cameras; ``after`` counts planned ones too."""

    share_served: float
    share_seen: float
    best_px_m: float


@dataclass(frozen=True, slots=True)
class PartView:
    """What one recorded camera shows of a part: shares of it at the needed density and at 25 px/m, and its sharpest point."""

    camera_id: str
    share_served: float
    share_seen: float
    best_px_m: float
    planned: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class ServiceOption:
    """One change that would serve a part better, tried out in the town; only inside the gate.

    ``action`` is turn, raise, lens or new; ``camera_id`` is empty for a new camera. ``share_after`` and ``verdict_after`` are
    the part's with operating cameras and this one change; ``protected_after`` (places by class and grade) and
    ``unasked_after_m2`` are what the camera can see then. ``proposal`` is the change, ``as_changed`` the camera as it leaves it.
    """

    action: str
    camera_id: str
    figures: ChangeFigures
    share_after: float
    verdict_after: str
    protected_after: Mapping[str, Mapping[str, int]]
    unasked_after_m2: float
    verified: bool
    proposal: Proposal
    as_changed: Camera

    @property
    def values(self) -> dict[str, object]:
        """Return what outputs and sentences tell of the change, by name and in their order."""
        return self.figures.reported()


@dataclass(frozen=True, eq=False, slots=True)
class PartResult:
    """Verdict of one confirmed part, before (operating) and after (with planned cameras), with its evidence.

    ``blocker_kinds`` says what each blocker that is named by its id is. ``service`` ranks what would serve a part that is not
    met, ``tried`` counts what was tried out for it by action; both are empty for any other part.
    """

    part: Part
    verdict: Verdict
    verdict_after: Verdict
    measured: Measured
    measured_after: Measured
    cameras: tuple[str, ...]
    blockers: tuple[tuple[str, int], ...]  # (reason or building id, points)
    gap: BaseGeometry | None
    area_names: tuple[str, ...] = ()
    views: tuple[PartView, ...] = ()
    blocker_kinds: Mapping[str, str] = field(default_factory=dict)
    service: tuple[ServiceOption, ...] = ()
    tried: Mapping[str, int] = field(default_factory=dict)
    gap_after: BaseGeometry | None = None  # what is still not served once the plan is carried out


@dataclass(frozen=True, eq=False, slots=True)
class Overlap:
    """Ground and demand that two cameras both see at the density the part needs."""

    a: str
    b: str
    area_m2: float
    demand: float
    geometry: BaseGeometry | None


@dataclass(frozen=True, slots=True)
class PackUse:
    """A pack that the assessment stood on, and whether it differs from the shipped one."""

    name: str
    changed: bool
    sha256: str


@dataclass(frozen=True, eq=False, slots=True, weakref_slot=True)
class Assessment:
    """Everything that outputs are written from. ``parts``, ``overlaps`` and ``removable`` are None outside the gate."""

    project: str
    crs: str
    synthetic: bool
    packs: tuple[PackUse, ...]
    gate: Gate
    inputs: tuple[InputRecord, ...]
    cameras: tuple[CameraResult, ...]
    parts: tuple[PartResult, ...] | None
    not_requested: Mapping[str, int]
    overlaps: tuple[Overlap, ...] | None
    findings: tuple[Finding, ...]
    totals: JsonObject
    protected_counts: Mapping[str, int]
    assumed_counts: Mapping[str, int]
    notes: tuple[tuple[str, Mapping[str, object]], ...] = ()  # e.g. terrain stored but not used in sight yet
    timings_s: Mapping[str, float] = field(default_factory=dict)
    public_precision_deg: float | None = None
    withheld: frozenset[Matter] = frozenset()  # what this version does not tell: never printed as absent
    closed_places: int | None = None  # drawn protected places that nobody opened: they are missing; None when there are none
    where: Whereabouts | None = None  # of a plan: where its coordinates put it
    data: DataState = AS_SHIPPED  # the files that the program came with
    # What the packs call their own things: "pack:NAME", "category:NAME", "article:PACK:NUMBER" -> language -> text.
    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    plan: tuple[PlanStep, ...] = ()  # what is planned upon what stands
    suspended: tuple[Suspended, ...] = ()  # decisions that count as not made, as outputs may tell them
    numbers: Mapping[str, str] = field(default_factory=dict)  # of cameras and parts on maps and in lists, by id
    surveyed: BaseGeometry | None = None  # where somebody looked for cameras, for maps; None where that is not drawn
    # What outputs tell in its place; None where they may tell all of it: nobody hides at a place, none was drawn.
    disclosed: "Assessment | None" = None


# What maps beside an assessment show: the candidates of a town, and two plans in it.


# What a map of two plans shows: the town as maps show it, and of each plan what its cameras can see, as outputs tell it.
@dataclass(frozen=True, eq=False, slots=True)
class PlanSheet:
    """Two plans side by side, each with its name; ``differing`` are the cameras that are ringed."""

    layers: Mapping[str, Layer]
    crs: str
    plans: tuple[tuple[str, tuple[CameraResult, ...]], tuple[str, tuple[CameraResult, ...]]]
    differing: frozenset[str]
    inputs: tuple[InputRecord, ...] = ()
    synthetic: bool = False


# What pictures of candidates show: the town as maps show it, and each candidate with its street; nothing of protected places.
@dataclass(frozen=True, eq=False, slots=True)
class PictureRow:
    """One candidate: ``state`` is a template of what was decided about it, never of what the guard says."""

    part_id: str
    category: str
    name: str
    street: str
    lonlat: tuple[float, float] | None
    density_px_m: float
    state: str
    shape: BaseGeometry


@dataclass(frozen=True, eq=False, slots=True)
class PlaceSheet:
    """Candidates with the layers of which a picture of their surroundings is drawn, and what every page must say."""

    project: str
    layers: Mapping[str, Layer]
    rows: tuple[PictureRow, ...]
    terms: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    inputs: tuple[InputRecord, ...] = ()
    synthetic: bool = False
    closed_places: int | None = None
    data: DataState = AS_SHIPPED


# Values that an output may show: they come from one place alone, and writers take no others.
#
# A value of these types went through ``report/redaction.py``, public or with ``--private``; the type checker and a test that
# walks the writers' signatures hold that nothing else reaches a file or a screen.

ShownProject = NewType("ShownProject", Project)
ShownAssessment = NewType("ShownAssessment", Assessment)
