"""The project as one frozen value: layers, cameras, packs, mandate and what people decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.camera_models import CameraModel
from lhasaplan.core.model.layer import InputRecord, Layer
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.core.project.decisions import Confirmation, Declaration, Excuse, Resolution, Suspended
from lhasaplan.core.project.district import District
from lhasaplan.core.project.given_number import GivenNumber, NumberBlock
from lhasaplan.core.project.journal import JournalEntry
from lhasaplan.core.project.losses import Loss
from lhasaplan.core.project.mandate import Mandate
from lhasaplan.core.project.plan_step import PlanStep, PlanVersion

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
    project (:class:`lhasaplan.core.project.place_key.PlaceKey`); else only ``count`` is known.
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
