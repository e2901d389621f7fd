"""What the use cases need from outside, as protocols: readers, store, writers. Packages of one layer never import each other."""

from __future__ import annotations  # the values are named here, not loaded: a shell that only helps needs none of them

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from lhasaplan.core.base.progress import Progress as Progress  # noqa: PLC0414  (a port too)
from lhasaplan.core.base.progress import no_progress as no_progress  # noqa: PLC0414

if TYPE_CHECKING:
    from lhasaplan.core.audit.disclosure import Level
    from lhasaplan.core.base.data_state import DataState
    from lhasaplan.core.base.kept_shapes import ShapeSink
    from lhasaplan.core.base.translations import Translations
    from lhasaplan.core.changes import Work
    from lhasaplan.core.city.building_heights import HeightRules
    from lhasaplan.core.city.streets import StreetWidths
    from lhasaplan.core.city.territory import Territory
    from lhasaplan.core.city.trees_and_hoardings import ScreenRules
    from lhasaplan.core.districts.conformity import Conformity
    from lhasaplan.core.live.plan_options import PlanOption
    from lhasaplan.core.model.camera import Camera, CameraClass, Kind
    from lhasaplan.core.model.layer import InputRecord, Layer, Tags
    from lhasaplan.core.picture.camera_picture import CameraPicture
    from lhasaplan.core.project.decisions import Confirmation, Declaration
    from lhasaplan.core.project.journal import JournalEntry
    from lhasaplan.core.project.mandate import Mandate
    from lhasaplan.core.project.place_key import PlaceKey
    from lhasaplan.core.project.project import ClosedPlaces, Project, TerrainRecord
    from lhasaplan.core.project.projects import Choices, JoinedProjects
    from lhasaplan.core.protection.kind_types import ProtectedKinds
    from lhasaplan.core.records.filled_in import FilledInTable, Stated_co
    from lhasaplan.core.results.assessment import Assessment
    from lhasaplan.core.results.sheets import PlaceSheet, PlanSheet
    from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
    from lhasaplan.core.rules.audit_policy import AuditPolicy, DistrictRules, IdentityRules, ServiceRules, UnusualRules
    from lhasaplan.core.rules.forms import Dossier, RegisterForm
    from lhasaplan.core.rules.pack import Pack
    from lhasaplan.core.rules.siting_rules import SitingRules
    from lhasaplan.core.sight import CellFrame
    from lhasaplan.core.sight.visibility.view_counts import Counts
    from lhasaplan.core.site.sight_backend import Sight
    from lhasaplan.core.site.snap_targets import SnapRules
    from lhasaplan.core.site.terrain import Terrain
    from lhasaplan.core.siting.disclosed_proposals import DisclosedProposals
    from lhasaplan.errors import Fault, Where


PROJECT_ENDING = ".gpkg"  # of a file that a person did not name


class Store(Protocol):
    """Keeps one project, whole: a file, or a place in a database. What opens it is its address, a URL.

    It remembers in which state it loaded and saved the project, and does not write over what another start did meanwhile.
    """

    @property
    def address(self) -> str:
        """Return the URL under which this project opens from anywhere, without what logs in."""

    @property
    def name(self) -> str:
        """Return what people call it where they see many: without folders or computers."""

    def exists(self) -> bool:
        """Tell whether something is kept there already."""

    def load(self) -> Project:
        """Return the project; InputError when there is none, or one that a newer program wrote."""

    @property
    def needs_password(self) -> bool:
        """Say whether an account's password must be given first, by :meth:`unseal`, and is known from nowhere else."""

    @property
    def is_sealed(self) -> bool:
        """Say whether the whole project is sealed and its passphrase was not given yet: nothing else can be asked before."""

    @property
    def has_passphrase(self) -> bool:
        """Say whether a passphrase opens the whole project, whether it was given yet or not."""

    def unseal(self, passphrase: str) -> None:
        """Take the passphrase of a sealed project for what is asked from now on; InputError when it is another."""

    def has_results(self) -> bool:
        """Tell whether the project was saved together with answers; InputError as in :meth:`load`."""

    def save(self, project: Project, assessment: Assessment | None = None, *, key: PlaceKey | None = None) -> None:
        """Keep the project, and results if given; on failure what was kept before is untouched.

        Places that lie open under a lock are closed with the key, and no results are kept with them. Raises InputError
        where the key is missing or another, where another start holds the project, and where one changed it since it was
        loaded here.
        """

    def hold(self) -> tuple[Fault, ...]:
        """Hold the project for this start until it is released; returns who holds it where another does: it is read only then."""

    def let_go(self) -> None:
        """Let others hold the project; nothing where this start does not."""

    def remarks(self) -> tuple[Fault, ...]:
        """Return what a person who opens the project should know about where it is kept; nothing where all is as usual."""

    def examine(self) -> tuple[Fault, ...]:
        """Return all that is wrong with what is kept, without changing it; InputError where there is no project at all."""

    def rescue(self) -> Rescued:
        """Return what can still be read, and what cannot; InputError where there is no project at all."""

    def log(self, entry: JournalEntry) -> None:
        """Append what changes nothing of the project, as an export: saving keeps it, and taking a step back does not end it."""

    def logged(self) -> tuple[JournalEntry, ...]:
        """Return what was appended, in its order."""


@runtime_checkable
class FileStore(Store, Protocol):
    """Keeps a project in a file of its own."""

    @property
    def file(self) -> Path:
        """Return the file that is written: of a symbolic link its target."""

    def state_of(self, copy: Path) -> str:
        """Return what tells the state of the project in a copy of the file, or in itself, from other states of it.

        It is the same whatever was logged since; empty where another program wrote to it, or nothing is known of it.
        """


@runtime_checkable
class SharedStore(Store, Protocol):
    """Keeps a project that several change at a time: each saving keeps the rows that differ, beside those of others.

    Holding it keeps nobody from saving; a row that two changed to different things is refused to the second.
    """

    def news(self) -> tuple[Fault, ...]:
        """Return who changed which rows since the project was loaded or taken over here; a saving in between shows none."""

    def incoming(self, project: Project, choices: Choices | None = None, *, key: PlaceKey | None = None) -> Incoming:
        """Return what is kept now, and the project with it; unless there are conflicts the caller goes on from there."""


@dataclass(frozen=True, eq=False, slots=True)
class Incoming:
    """What others kept, and what it makes with what is here: steps from the one to the other are what is not saved yet."""

    kept: Project
    joined: JoinedProjects


@dataclass(frozen=True, eq=False, slots=True)
class Rescued:
    """A project as far as it could be read, with what left it, and a fault for each thing lost.

    Parameters
    ----------
    lost_features : one for each feature of a layer, and each loss that was known, that is lost: its tags where they can be read.
    replaced : what other programs took out of its layers, or wrote over, before.
    """

    project: Project
    logged: tuple[JournalEntry, ...]
    lost: tuple[Fault, ...]
    lost_features: tuple[Tags | None, ...] = ()
    replaced: tuple[Layer, ...] = ()


@runtime_checkable
class WatchedStore(Store, Protocol):
    """Keeps a project where other programs may write to it, and what they take out of its layers."""

    def replaced(self) -> tuple[Layer, ...]:
        """Return what other programs took out of the layers, or wrote over, since this program wrote them."""


@dataclass(frozen=True, eq=False, slots=True)
class OpenProject:
    """A project that was opened: its value, the store that keeps it, and the key of closed places that lie open in it."""

    project: Project
    store: Store
    key: PlaceKey | None = None

    def holding(self, project: Project) -> OpenProject:
        """Return the same opening with the project as it was changed."""
        return replace(self, project=project)


def no_picture(camera_id: str) -> CameraPicture | None:
    """Return no picture."""
    return None


@dataclass(frozen=True, slots=True)
class DraftOrder:
    """What is asked of drafts.

    Parameters
    ----------
    area : the plan is about this area alone, by name; empty for all.
    cameras : pages and letters are about these cameras, by id; empty for the gravest.
    date : the day that the drafts bear, in ISO form; empty where nobody says it: writers have no clock.
    options : of the plan, tried out; none where nobody tried them.
    level : of disclosure, for whom the drafts are; the values that writers get have lost already what it does not tell.
    is_final : mark the plan as final, once nothing stands against it.
    dossiers : the papers that the project's packs ask for (``data/dossiers``).
    conformity : of a district's plan with the city's; None of a city's.
    proposals : what was worked out for the confirmed parts; None where nobody asked for it.
    template : the office's own Word file that Word drafts are put in.
    slide_template : the office's own file of slides that decks are put in.
    plan_sha256 : digest of the whole plan, to tell a plan from another of the same name; empty where positions are coarse.
    forms : in which the register is written besides, of the project's packs (``data/registers``).
    picture_of : what a camera would show, by its id, where its pose is known.
    unit_prices : what once costs of each kind of work, where the office states it for all cameras.
    """

    area: str = ""
    cameras: tuple[str, ...] = ()
    date: str = ""
    options: tuple[PlanOption, ...] = ()
    level: str = "internal"
    is_final: bool = False
    dossiers: tuple[Dossier, ...] = ()
    conformity: Conformity | None = None
    proposals: DisclosedProposals | None = None
    template: Path | None = None
    plan_sha256: str = ""
    forms: tuple[RegisterForm, ...] = ()
    picture_of: Callable[[str], CameraPicture | None] = field(default=no_picture, compare=False)
    slide_template: Path | None = None
    unit_prices: Mapping[Work, float] = field(default_factory=dict)


WHOLE = DraftOrder()


class ReportWriter(Protocol):
    """Writes one format of the drafts; returns the files it made."""

    def __call__(
        self,
        project: ShownProject,
        assessment: ShownAssessment,
        folder: Path,
        translations: Translations,
        order: DraftOrder = WHOLE,
    ) -> Iterable[Path]:
        """Write into the folder, in the language of the translations; a format that cannot be narrowed as ordered is whole."""


class ImportedFile(Protocol):
    """What a reader found in one file, in one metric CRS."""

    @property
    def crs(self) -> str:
        """Authority string of the CRS that the coordinates are in."""

    @property
    def layers(self) -> tuple[Layer, ...]:
        """City layers, none of them empty by accident."""

    @property
    def cameras(self) -> tuple[Camera, ...]:
        """Cameras as recorded."""

    @property
    def baseline(self) -> tuple[Camera, ...]:
        """Cameras as they were approved."""

    @property
    def terrain(self) -> tuple[TerrainRecord, ...]:
        """Rasters that are stored."""

    @property
    def record(self) -> InputRecord:
        """Name, digest, number of features and date of the file."""

    @property
    def remarks(self) -> tuple[Fault, ...]:
        """What the user should know although the file was taken."""

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        """Of a table: each heading with the column that it was read as, empty for none."""


class FileReader(Protocol):
    """Reads one foreign file; raises :class:`lhasaplan.errors.InputError` with every fault of it."""

    def __call__(
        self,
        path: Path,
        *,
        kind: str | None = None,
        crs: str | None = None,
        datum: str = "",
        project_crs: str = "",
        national_grid: str = "",
        near: tuple[float, float] | None = None,
        progress: Progress = no_progress,
    ) -> ImportedFile:
        """Return what the file holds, in ``project_crs`` or, when that is empty, in the CRS chosen for it.

        ``progress`` is asked all the while; what it raises ends the reading at once.
        """


class FilledInReader(Protocol):
    """Reads a table that was filled in; InputError with every fault of it."""

    def __call__(self, path: Path, table: FilledInTable[Stated_co], /) -> tuple[tuple[Stated_co, ...], tuple[Fault, ...]]:
        """Return what each row states, and remarks."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A shipped city to try: its files with their kinds, and what people decided about it."""

    city: str
    title: str
    packs: tuple[str, ...]
    crs: str
    synthetic: bool
    licence: str
    files: tuple[tuple[Path, str], ...]
    mandate: Path | None = None
    confirmations: tuple[Confirmation, ...] = ()
    declarations: tuple[Declaration, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedPoint:
    """A spot that is asked about: position as given (lon, lat or x, y) and height above ground."""

    point_id: str
    first: float
    second: float
    geographic: bool
    height_m: float = 1.5


@dataclass(frozen=True, slots=True)
class DeclaredRow:
    """One row of a table of declarations, and where it stands, for what is found out later."""

    declaration: Declaration
    where: Where


@dataclass(frozen=True, slots=True)
class DeclarationTable:
    """What a table declares: the rows that can be read, the faults of the others, and remarks on the table."""

    rows: tuple[DeclaredRow, ...]
    faults: tuple[Fault, ...] = ()
    remarks: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class SightPair:
    """One camera and one point in range: whether it can see it, for certain or possibly, and between which densities.

    A possible one may not be in view at all; if it is, its density lies between the two. A certain one has one density. What
    blocks the view is withheld on protected ground of the disclosed map.
    """

    camera_id: str
    point_id: str
    seen: bool
    certainty: str
    density_low_px_m: float | None = None
    density_high_px_m: float | None = None
    distance_m: float | None = None
    reason: str = ""
    blocker_id: str = ""


@dataclass(frozen=True, slots=True)
class Services:
    """All services that a use case may need; only :mod:`lhasaplan.bootstrap` knows their implementations.

    ``open_store`` takes the address of a project, ``open_copy`` the store whose seal a copy shares, its path and a key of 32
    bytes (empty: none), ``open_derived`` the stores of which something is made, and its address, ``seal`` an address and a
    passphrase, ``open_sight`` the address of a cluster's scheduler, empty for this machine. ``spool_shapes`` gives a sink that
    puts geometry of answers into a file of its own.
    ``writers`` are by format (docx, xlsx, gpkg, html); ``today`` gives an ISO date and is the only clock in the program.
    """

    open_store: Callable[[str | os.PathLike[str]], Store]
    open_copy: Callable[[Store | None, Path, bytes], Store]
    open_derived: Callable[[Sequence[Store], str | os.PathLike[str]], Store]
    seal: Callable[[str | os.PathLike[str], str], None]
    break_seal: Callable[[str | os.PathLike[str]], None]
    new_lock: Callable[[str], tuple[ClosedPlaces, PlaceKey]]
    open_box: Callable[[Project, str], tuple[Project, PlaceKey]]
    read_file: FileReader
    layers_in: Callable[[Path], tuple[str, ...]]
    load_packs: Callable[[Sequence[str]], tuple[Pack, ...]]
    available_packs: Callable[[], Sequence[str]]
    read_mandate: Callable[[Path], Mandate]
    write_mandate: Callable[[Path, Mandate], None]
    load_camera_classes: Callable[[], Mapping[Kind, CameraClass]]
    load_protected_kinds: Callable[[], ProtectedKinds]
    load_height_rules: Callable[[], HeightRules]
    load_street_widths: Callable[[], StreetWidths]
    load_service_rules: Callable[[], ServiceRules]
    load_siting_rules: Callable[[], SitingRules]
    load_district_rules: Callable[[], DistrictRules]
    load_identity_rules: Callable[[], IdentityRules]
    load_unusual_rules: Callable[[], UnusualRules]
    load_snap_rules: Callable[[], SnapRules]
    load_unit_prices: Callable[[Path | None], Mapping[Work, float]]  # None: the shipped file
    load_territory: Callable[[], Territory]
    load_country_names: Callable[[], Mapping[str, str]]
    load_screen_rules: Callable[[], ScreenRules]
    load_audit_policy: Callable[[], AuditPolicy]
    load_disclosure: Callable[[], Mapping[str, Level]]
    load_dossiers: Callable[[], tuple[Dossier, ...]]
    load_register_forms: Callable[[], tuple[RegisterForm, ...]]
    load_data_state: Callable[[], DataState]
    read_ground: Callable[[Project], Terrain]
    load_translations: Callable[[str], Translations]
    redact: Callable[[Project, Assessment, bool], tuple[ShownProject, ShownAssessment]]
    write_json: Callable[[ShownAssessment, Path], Path]
    write_compared_map: Callable[[PlanSheet, Path, Translations], Path]
    write_place_sheet: Callable[[PlaceSheet, Path, Translations, Progress], Path]
    write_counts: Callable[[Path, CellFrame, Project, Iterable[tuple[int, Counts]], DataState], Path]
    template_faults: Callable[[Sequence[Path]], tuple[Fault, ...]]
    template_remarks: Callable[[Sequence[Path]], tuple[Fault, ...]]  # on what of them does not go into drafts
    read_sample: Callable[[str], Sample]
    sample_names: Callable[[], tuple[str, ...]]
    read_points: Callable[[Path, str], tuple[tuple[NamedPoint, ...], tuple[Fault, ...]]]  # and remarks
    filled_in_name: Callable[[Path], str]  # of a table that was filled in; empty for none
    read_filled_in: FilledInReader
    read_declarations: Callable[[Path], DeclarationTable]
    digest: Callable[[Path], str]
    writers: Mapping[str, ReportWriter]
    today: Callable[[], str]
    open_sight: Callable[[str], AbstractContextManager[Sight]]
    spool_shapes: Callable[[], ShapeSink]
