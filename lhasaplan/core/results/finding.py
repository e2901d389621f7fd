"""One checked statement: what, how severe, how certain, which article, what would end it; and the values answers are made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import TypeAlias, TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.kept_shapes import may_be_kept
from lhasaplan.core.changes.camera_change import ValueChange, masked, taken_away, with_picture
from lhasaplan.core.changes.proposal import Proposal, Source
from lhasaplan.core.model.camera import Camera

# Three values of what an output says: a value, unknown, or withheld at this level.
#
# What a level of disclosure withholds must never read as if there were none: writers ask :func:`disclosed` before they call
# anything absent.

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Withheld:
    """In the place of a value that is withheld; it says nothing of whether there is one."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Stands for a value that was not recorded or computed."""


WITHHELD, UNKNOWN = Withheld(), Unknown()
Disclosed: TypeAlias = Value | Withheld | Unknown


class Matter(StrEnum):
    """What a level may withhold, of all cameras and parts together."""

    RECORD = "record"  # of a camera: name, kind, mount, height, direction, lens, range, purpose, retention, sign, dates, prices
    CONTROLLERS = "controllers"  # which controller has which camera
    MASKS = "masks"  # those on record and those to be set
    RESPONSIBLE = "responsible"  # who answers for a confirmed part, and its name
    REASONS = "reasons"  # what a part is asked for, on what evidence, and who confirmed it
    SERVED = "served"  # which camera shows which part, what a part would lose, why a point is not seen
    SERVICE = "service"  # changes that were tried out to serve a part
    OPTIONS = "options"  # what changes or takes down cameras, and which of them can go together
    AREAS = "areas"  # in which area a camera or a part lies
    PEOPLE = "people"  # who decided, confirmed or declared
    SOURCES = "sources"  # where a record comes from, and the journal


# What leads to a camera, a place or a person: cut where positions are coarse (report/redaction.py).
COARSE = frozenset(Matter)


def disclosed(value: Value | None, matter: Matter, withheld: frozenset[Matter]) -> Disclosed[Value]:
    """Return a value as an output may say it; None, an empty text and an empty list are unknown.

    >>> disclosed("City", Matter.CONTROLLERS, frozenset()), disclosed("", Matter.CONTROLLERS, frozenset())
    ('City', Unknown())
    >>> disclosed("", Matter.CONTROLLERS, frozenset({Matter.CONTROLLERS}))
    Withheld()
    """
    if matter in withheld:
        return WITHHELD
    is_there = value is not None and (not hasattr(value, "__len__") or len(value) > 0)
    return value if is_there and value is not None else UNKNOWN


# Where on Earth a plan lies, as outputs show it: its middle, the countries there and outlines round it.


@dataclass(frozen=True, eq=False, slots=True)
class Whereabouts:
    """The middle of a plan in degrees, the countries there as (code, name), its system, and outlines round it.

    ``outlines`` are lines in longitude and latitude inside ``box_deg`` (west, south, east, north).
    """

    lon: float
    lat: float
    countries: tuple[tuple[str, str], ...]
    system: str
    box_deg: tuple[float, float, float, float]
    outlines: BaseGeometry


# Counts of protected surfaces in view, by surface and height band.


# What a sighting rests on, and what a declaration, or imported ground, alone ends.
class SightingBasis(StrEnum):
    """Whether optics and direction of the camera are recorded, or assumed; recorded ones are reported first."""

    RECORDED = "recorded"
    ASSUMED = "assumed"


class Declared(StrEnum):
    """What of a record, or of imported terrain, can alone end a view."""

    RANGE = "range"
    MASK = "mask"
    HEIGHT = "height"
    PICTURE = "picture"
    INDOOR = "indoor"
    GROUND = "ground"  # of the imported terrain, not of a record: a pit or a bank that nobody has verified


@dataclass(frozen=True, slots=True)
class SeenSurface:
    """One surface of the protected places of a sighting: ``frontage`` in a height band, ``ground`` or ``entrance``.

    ``count`` is how many places show it, for entrances how many doors; ``length_m`` metres of frontage (0 for ground and
    doors). ``density_px_m`` is (low, high) of the sharpest sample, equal when recorded; ``nearest_m`` from the
    lens, None where an output must not tell it and of places where people hide.
    ``night_share`` is the share within the recorded range at night, by length of frontage, else by samples; None where that
    range is not recorded.
    """

    surface: str
    band: str
    count: int
    length_m: float
    density_px_m: tuple[float, float]
    nearest_m: float | None
    night_share: float | None


@dataclass(frozen=True, slots=True)
class SharpestSurface:
    """Where a sighting is sharpest on one surface, so that a reader can check it: each figure is of that surface alone.

    ``surface`` is ``ground_floor``, ``upper_floors`` or ``ground``. ``density_px_m`` is (low, high), equal when recorded; of
    frontage it is what a metre reaches. ``length_m`` are the metres of frontage at ``over_px_m`` or better (0 for ground).
    ``distance_m`` is the class (from, to) that the distance from the lens falls into, None to for the farthest; ``side`` the
    octant from true north (``n``, ``ne`` …). Both are withheld, None and empty, of places where people hide.
    """

    surface: str
    density_px_m: tuple[float, float]
    length_m: float
    over_px_m: float
    distance_m: tuple[float, float | None] | None
    side: str


class Severity(StrEnum):
    """Grades of a finding, from the mildest to the gravest: the one order that they have."""

    NOTE = "note"
    DUE = "due"
    ERROR = "error"


GRAVEST_FIRST = tuple(reversed(Severity))
GRAVE = (Severity.DUE, Severity.ERROR)  # must be ended, and make the exit code of a shell 1
_RANKS: Mapping[str | None, int] = {None: 0, "": 0, **{grade: number for number, grade in enumerate(Severity, 1)}}


def rank(grade: Severity | str | None) -> int:
    """Return how grave a grade is, 0 where there is none; text is a grade as it is stored.

    Compare by this alone: as text a note would stand above an error.

    >>> [rank(grade) for grade in (None, Severity.NOTE, "due", Severity.ERROR)]
    [0, 1, 2, 3]
    """
    return _RANKS[grade]


class Certainty(StrEnum):
    """Whether recorded optics and direction carry the statement, or assumptions do."""

    CERTAIN = "certain"
    POSSIBLE = "possible"


class MitigationAction(StrEnum):
    """What ends a finding, in the order in which mitigations are tried (docs/glossary.md, mitigation)."""

    END_NEED = "end_need"
    REMOVE = "remove"
    MOVE = "move"
    TURN = "turn"
    SHORTEN = "shorten"
    LOWER_RESOLUTION = "lower_resolution"
    MASK = "mask"
    HOURS = "hours"
    RETENTION = "retention"  # keep the pictures for fewer days
    SIGN = "sign"  # put signs before the ways into the view
    ASK = "ask"  # the controller must be asked before anything can be mitigated
    STATE = "state"  # the same of a planned camera, which has no controller yet: the plan must state it


Sectors = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class ChangeFigures:
    """What is reported of a change that would serve a part or end a finding; None is withheld, or not what changes.

    It says where the change sets the camera and by how much, whom it asks, what it leaves. The order is that of outputs.

    Parameters
    ----------
    lon, lat, distance_m, building : of a new camera: its place, how far that is from the part, and the id of the facade.
    form : of a mask: picture or sector. ``count`` is that of its polygons.
    at, first : places for signs, and those that a sentence names.
    area_left_percent, duty_left_percent : what is left of the seen ground and of what the camera serves; a dash stands for what
        may not be disclosed.
    """

    lon: float | None = None
    lat: float | None = None
    distance_m: float | None = None
    mount: str | None = None
    building: str | None = None
    mount_height_m: float | None = None
    raise_by_m: float | None = None
    azimuth_deg: float | None = None
    turn_deg: float | None = None
    tilt_deg: float | None = None
    tilt_by_deg: float | None = None
    hfov_deg: float | None = None
    vfov_deg: float | None = None
    was_hfov_deg: float | None = None
    range_m: float | None = None
    image_width_px: int | None = None
    image_height_px: int | None = None
    form: str | None = None
    mask_px: tuple[Sectors, ...] | None = None
    count: int | None = None
    picture_px: tuple[int, int] | None = None
    questions: tuple[str, ...] | None = None
    at: tuple[str, ...] | None = None
    first: tuple[str, ...] | None = None
    retention_days: float | None = None
    area_left_percent: int | float | str | None = None
    duty_left_percent: int | float | None = None

    def with_record(self, camera: Camera) -> "ChangeFigures":
        """Return the figures of a new camera: these, and what its record says of mount, direction, lens and range."""
        recorded = {name: getattr(camera, name, None) for name in FIGURES if getattr(self, name) is None}
        return replace(self, **{name: value for name, value in recorded.items() if value not in (None, ())})

    def reported(self) -> dict[str, object]:
        """Return what is reported, by name."""
        return {name: value for name in FIGURES if (value := getattr(self, name)) is not None}


FIGURES = tuple(each.name for each in fields(ChangeFigures))

NO_FIGURES = ChangeFigures()


@dataclass(frozen=True, slots=True)
class Mitigation:
    """A mitigation: what it changes of the camera that it was found for, and its figures.

    Parameters
    ----------
    mask_sector_deg : pairs of true azimuths, clockwise, that are to be masked besides those that are.
    changes : that it makes; none where it is only named, and in outputs that may not tell them.
    alternatives : what else would end the finding, by rank; None where nothing was tried.
    cautions : what packs warn of, by language.
    rank, is_verified : of an alternative: its place, and whether it was tried out; None of a mitigation that stands first.
    """

    action: MitigationAction
    mask_sector_deg: Sectors = ()
    figures: ChangeFigures = NO_FIGURES
    changes: tuple[ValueChange, ...] = ()
    alternatives: "tuple[Mitigation, ...] | None" = None
    cautions: tuple[Mapping[str, str], ...] = ()
    rank: int | None = None
    is_verified: bool | None = None

    @property
    def values(self) -> dict[str, object]:
        """Return what outputs and sentences tell of it, by name and in their order."""
        ranked = {} if self.rank is None else {"rank": self.rank, "verified": self.is_verified}
        others = {} if self.alternatives is None else {"alternatives": tuple(each.listed() for each in self.alternatives)}
        cautions = {"cautions": self.cautions} if self.cautions else {}
        return {**ranked, **self.figures.reported(), **others, **cautions}

    def listed(self) -> dict[str, object]:
        """Return an alternative as outputs list it."""
        sectors = {"mask_sector_deg": self.mask_sector_deg} if self.mask_sector_deg else {}
        head = {"rank": self.rank, "action": str(self.action), "verified": self.is_verified}
        return {**head, **sectors, **self.figures.reported()}

    def as_proposal(self, finding_id: str) -> Proposal:
        """Return what it changes as a proposal that is about its finding."""
        return Proposal(self.changes, source=Source.MITIGATION, about=finding_id)


@may_be_kept("geometry")
@dataclass(frozen=True, eq=False, slots=True)
class Finding:
    """A finding. ``kind`` keys its sentence in the translations; ``params`` fill it. Intervals are (low, high) pairs.

    A note on what the records of one controller's cameras lack has them in ``cameras``, and a ``camera_id`` only of one alone.
    """

    finding_id: str
    kind: str
    severity: Severity
    certainty: Certainty
    pack: str
    article: str
    camera_id: str
    measured: float | tuple[float, float] | None
    required: float | None
    unit: str
    mitigation: Mitigation | None
    geometry: BaseGeometry | None
    params: Mapping[str, object] = field(default_factory=dict)
    cameras: tuple[str, ...] = ()

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the fields of records that it asks for; none of one about something else."""
        stated = self.params.get("fields")
        return tuple(map(str, stated)) if isinstance(stated, tuple | list) else ()

    @property
    def questions(self) -> tuple[str, ...]:
        """Return the fields that its mitigation asks the controller for."""
        asked = self.mitigation.figures.questions if self.mitigation is not None else None
        return tuple(map(str, asked or ()))

    @property
    def also(self) -> tuple[str, ...]:
        """Return the other articles that it rests on, each after its pack."""
        cited = self.params.get("also")
        return tuple(map(str, cited)) if isinstance(cited, tuple | list) else ()

    @property
    def camera_ids(self) -> tuple[str, ...]:
        """Return every camera that the finding is about; none of one about a part alone."""
        return self.cameras or ((self.camera_id,) if self.camera_id else ())


# A finding before its article is looked up.


@may_be_kept("geometry")
@dataclass(frozen=True, eq=False, slots=True)
class Draft:
    """A finding before its article is looked up; ``subject`` makes its id stable beside kind and camera."""

    kind: str
    severity: Severity
    camera_id: str
    certainty: Certainty = Certainty.CERTAIN
    measured: float | tuple[float, float] | None = None
    required: float | None = None
    unit: str = ""
    mitigation: Mitigation | None = None
    geometry: shapely.Geometry | None = None
    subject: str = ""
    params: tuple[tuple[str, object], ...] = ()

    def at(self, geometry: shapely.Geometry) -> "Draft":
        """Return the finding drawn there; a city has tens of thousands, and ``replace`` is slow."""
        return Draft(
            self.kind,
            self.severity,
            self.camera_id,
            self.certainty,
            self.measured,
            self.required,
            self.unit,
            self.mitigation,
            geometry,
            self.subject,
            self.params,
        )


# Mitigations that several findings have: take a camera away, end its need, a smaller picture, a masked sector.


def removal(camera: Camera) -> Mitigation:
    """Return the mitigation that takes a camera away."""
    return Mitigation(MitigationAction.REMOVE, changes=taken_away(camera))


def end_of_need(camera: Camera) -> Mitigation:
    """Return the mitigation that serves the purpose without the camera."""
    return Mitigation(MitigationAction.END_NEED, changes=taken_away(camera))


def coarser_picture(camera: Camera, width_px: int, height_px: int) -> Mitigation:
    """Return the mitigation that makes a camera's picture smaller."""
    figures = ChangeFigures(image_width_px=width_px, image_height_px=height_px)
    return Mitigation(MitigationAction.LOWER_RESOLUTION, (), figures, with_picture(camera, width_px, height_px))


def sector_mask(camera: Camera, sectors_deg: Sectors) -> Mitigation:
    """Return the mitigation that masks sectors besides those that a camera has masked."""
    return Mitigation(MitigationAction.MASK, sectors_deg, ChangeFigures(form="sector"), masked(camera, sectors_deg=sectors_deg))


def alternatives_of(mitigation: Mitigation) -> tuple[Mitigation, ...]:
    """Return the alternatives of a mitigation; ``is_verified`` tells which were tried out."""
    return mitigation.alternatives or ()
