"""The project as one frozen value, also of one district, what it lost of protection, and the key of its closed places."""

import hmac
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NoReturn, SupportsIndex

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.camera_models import CameraModel
from lhasaplan.core.model.layer import InputRecord, Layer
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.core.project.decisions import Confirmation, Declaration, Excuse, Mandate, Resolution, Suspended
from lhasaplan.core.project.journal import JournalEntry, ProtectionLost
from lhasaplan.core.project.plan_step import GivenNumber, NumberBlock, PlanStep, PlanVersion

# What the project of a district knows of the city's plan that it was derived from, and why it differs from it.


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a district's plan differs from the city's at one camera or part: in the words of the office, by whom and when."""

    subject: str
    difference: str
    reason: str
    by: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class District:
    """The city's plan as it was handed to a district: what the district's plan is compared with, and merged back by.

    Parameters
    ----------
    area_wkt : the area of the district, in metres of the project's system.
    made_on : day on which the district's project was made, ISO 8601.
    cameras, confirmations, excuses, declarations, hand_made_parts, plan, suspended : as they were then.
    alike : names that several cameras of the city bear.
    blocks : the numbers that the district gives what is new in it, handed to nobody else.
    left_out : digests of the features of a sample that stayed in the city's file; none of a real city.
    """

    city: str
    area: str
    area_wkt: str
    made_on: str = ""
    cameras: tuple[Camera, ...] = ()
    confirmations: tuple[Confirmation, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    hand_made_parts: tuple[HandMadePart, ...] = ()
    left_out: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()
    plan: tuple[PlanStep, ...] = ()
    suspended: tuple[Suspended, ...] = ()
    alike: tuple[str, ...] = ()
    blocks: tuple[NumberBlock, ...] = ()


def with_reasons(district: District, stated: Iterable[Reason]) -> District:
    """Return the district with further reasons; one for the same difference of the same thing takes the place of the earlier."""
    known = {(each.subject, each.difference): each for each in (*district.reasons, *stated)}
    return replace(district, reasons=tuple(known.values()))


# The project as one frozen value, what it lost of protection on its way, and the key of its closed places.

# What steps from one state of a town to another took out of protection: kept in the state itself, so that no copy loses it.
KNOWN, UNKNOWN = "k", "u"  # what the sign of a thing begins with: of a protected kind, or a building of unknown use
IMPORT, MERGE, DISTRICT, SHARED, REPAIR, UNDO, OUTSIDE, TAKEN_OUT, EARLIER = (
    "import",
    "merge",
    "district",
    "shared",
    "repair",
    "undo",
    "outside",
    "taken_out",
    "earlier",
)


@dataclass(frozen=True, slots=True)
class Loss:
    """What one step took out of protection: features of protected kinds, and buildings of unknown use.

    Parameters
    ----------
    key : tells one loss from another; two copies of a project that lost the same things have one loss.
    step : what led from one state to the other (``import``, ``merge``, ...), empty where nobody knows.
    things : signs of the things, which tell no place; what users drew has none and is in the counts alone.
    """

    known: int
    unknown: int = 0
    day: str = ""
    step: str = ""
    key: str = ""
    things: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.known > 0 or self.unknown > 0


def united(*several: Sequence[Loss]) -> tuple[Loss, ...]:
    """Return the losses that any of several states of one town has, each once.

    >>> church = Loss(1, key="a")
    >>> len(united([church], [church, Loss(2, key="b")]))
    2
    """
    return tuple({loss.key: loss for losses in reversed(several) for loss in losses}.values())


def counted_once(losses: Iterable[Loss]) -> Iterator[Loss]:
    """Yield losses without what an earlier one has already: a thing that two sides of a merge lost is lost once.

    >>> [each.known for each in counted_once([Loss(1, key="a", things=("k1",)), Loss(2, key="b", things=("k1", "k2"))])]
    [1, 1]
    """
    seen: set[str] = set()
    for loss in losses:
        again = Counter(thing[:1] for thing in loss.things if thing in seen)
        seen.update(loss.things)
        left = replace(loss, known=loss.known - again[KNOWN], unknown=loss.unknown - again[UNKNOWN])
        if left:
            yield left


def noted_alone(journal: Iterable[JournalEntry], losses: Sequence[Loss]) -> Iterator[Loss]:
    """Yield the losses of a journal that are not among those of the state, as a program of before left them."""
    known = {loss.key for loss in losses}
    alike: Counter[str] = Counter()
    for entry in journal:
        if isinstance(entry.event, ProtectionLost):
            sign = f"{EARLIER}:{entry.when}:{entry.event.known}:{entry.event.unknown}"
            alike[sign] += 1
            key = entry.event.key or f"{sign}:{alike[sign]}"
            if key not in known:
                known.add(key)
                yield Loss(entry.event.known, entry.event.unknown, entry.when, EARLIER, key)


# The project as one frozen value: layers, cameras, packs, mandate and what people decided.


# Named views of the map, kept with the project.
@dataclass(frozen=True, slots=True)
class Bookmark:
    """A place on the map under a name; with ``width_m`` of ground across and, if named, one camera selected."""

    name: str
    x_m: float
    y_m: float
    width_m: float
    camera_id: str = ""


@dataclass(frozen=True, slots=True)
class TerrainRecord:
    """A stored terrain raster, the ground of sight: bounds in the project's CRS; ``content`` is the file as it came.

    ``crs`` is the system that the user gave for a file that does not say its own.
    """

    name: str
    bounds_m: tuple[float, float, float, float]
    resolution_m: float
    sha256: str
    content: bytes = field(default=b"", repr=False)
    crs: str = ""


@dataclass(frozen=True, slots=True)
class ClosedPlaces:
    """Drawn protected places as they are kept: ``box`` opens with a key, which a passphrase and ``salt`` give.

    Where they ``lie_open`` they are in the layers, and each saving closes them again with the key, which is no part of a
    project (:class:`lhasaplan.core.project.project.PlaceKey`); else only ``count`` is known.
    """

    count: int
    salt: bytes
    box: bytes = field(default=b"", repr=False)
    lie_open: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Project:
    """Everything that a project file holds; edits make a new value, so undo is keeping the old one.

    ``crs`` is an authority string such as ``EPSG:32635``, empty until the first import fixes it.
    ``layers`` has the keys buildings, roads, places, areas, trees, poles, floor_walls, signs (absent means not imported).
    ``baseline`` are cameras as they were approved, every version of every approval; of one camera the latest date counts.
    ``closed`` are protected places that users drew and closed with a passphrase. ``plan`` are the steps of the plan upon what
    stands (:mod:`lhasaplan.core.project.plan`), ``versions`` plans that were kept to be compared. ``numbers`` are what cameras
    are called by on maps and in lists, given once and never again. ``district`` is there in the project of a district that was
    derived from a city's. ``suspended`` are decisions whose thing is not there now, ``losses`` what steps from one state to
    another took out of protection. ``number_blocks`` are the numbers that were handed to districts.
    """

    name: str = ""
    crs: str = ""
    packs: tuple[str, ...] = ()
    layers: Mapping[str, Layer] = field(default_factory=dict)
    cameras: tuple[Camera, ...] = ()
    mandate: Mandate | None = None
    confirmations: tuple[Confirmation, ...] = ()
    excuses: tuple[Excuse, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    resolutions: tuple[Resolution, ...] = ()  # of meetings
    hand_made_parts: tuple[HandMadePart, ...] = ()
    terrain: tuple[TerrainRecord, ...] = ()
    inputs: tuple[InputRecord, ...] = ()
    synthetic: bool = False  # fictitious data: every page says so
    journal: tuple[JournalEntry, ...] = ()
    baseline: tuple[Camera, ...] = ()
    closed: ClosedPlaces | None = None
    bookmarks: tuple[Bookmark, ...] = ()
    plan: tuple[PlanStep, ...] = ()
    versions: tuple[PlanVersion, ...] = ()
    numbers: tuple[GivenNumber, ...] = ()
    district: District | None = None
    suspended: tuple[Suspended, ...] = ()
    losses: tuple[Loss, ...] = ()
    number_blocks: tuple[NumberBlock, ...] = ()
    models: tuple[CameraModel, ...] = ()  # a catalogue that narrows what is assumed of cameras of which the model is recorded

    @property
    def is_closed(self) -> bool:
        """Say whether drawn protected places are missing because their passphrase was not given."""
        return self.closed is not None and not self.closed.lie_open

    @property
    def has_opened(self) -> bool:
        """Say whether closed places lie open here, in memory alone."""
        return self.closed is not None and self.closed.lie_open

    @property
    def closed_count(self) -> int:
        """Return how many drawn protected places are missing here."""
        return self.closed.count if self.closed is not None and self.is_closed else 0


# The key of closed places: it lives in memory beside an opened project, and nothing prints, compares, copies or pickles it.
class PlaceKey:
    """What a passphrase and a salt give; it is handed to the store with each saving, and is part of no project.

    >>> PlaceKey(b"salt", b"secret")
    PlaceKey(hidden)
    """

    __slots__ = ("_salt", "_secret")

    def __init__(self, salt: bytes, secret: bytes) -> None:
        self._salt, self._secret = salt, secret

    def fits(self, closed: ClosedPlaces) -> bool:
        """Say whether these closed places have the salt that this key was made with."""
        return hmac.compare_digest(self._salt, closed.salt)

    def reveal(self) -> bytes:
        """Return the secret, to close or open a box."""
        return self._secret

    def __repr__(self) -> str:
        return "PlaceKey(hidden)"

    def __reduce_ex__(self, protocol: SupportsIndex) -> NoReturn:
        raise TypeError("a key of closed places is neither pickled nor copied")
