"""What the use cases need from outside, as protocols: packages of one layer never import each other."""

from __future__ import annotations  # the values are named here, not loaded: a shell that only helps needs none of them

import os
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from lhasaplan.core.base.progress import Progress as Progress  # noqa: PLC0414  (a port too)
from lhasaplan.core.base.progress import no_progress as no_progress  # noqa: PLC0414

if TYPE_CHECKING:
    from lhasaplan.core.audit.disclosure import Level
    from lhasaplan.core.base.arrays import ObjectArray
    from lhasaplan.core.base.kept_shapes import ShapeSink
    from lhasaplan.core.base.plain_values import JsonObject
    from lhasaplan.core.base.translations import DataState, Translations
    from lhasaplan.core.changes.work import Work
    from lhasaplan.core.city.building_heights import HeightRules
    from lhasaplan.core.city.streets import StreetWidths
    from lhasaplan.core.city.territory import Territory
    from lhasaplan.core.city.trees_and_hoardings import ScreenRules
    from lhasaplan.core.districts.conformity import Conformity
    from lhasaplan.core.exposure.along_lines import Walk
    from lhasaplan.core.exposure.streets_in_view import PathsOnFoot, StreetsInView
    from lhasaplan.core.live.plan_options import PlanOption
    from lhasaplan.core.model.camera import Camera, CameraClass, Kind
    from lhasaplan.core.model.camera_models import CameraModel
    from lhasaplan.core.model.layer import InputRecord, Layer, Tags
    from lhasaplan.core.picture.camera_picture import CameraPicture
    from lhasaplan.core.project.decisions import Confirmation, Declaration, Mandate
    from lhasaplan.core.project.journal import JournalEntry
    from lhasaplan.core.project.project import ClosedPlaces, PlaceKey, Project, TerrainRecord
    from lhasaplan.core.project.projects import Choices, JoinedProjects
    from lhasaplan.core.protection.kind_types import ProtectedKinds
    from lhasaplan.core.records.filled_in import FilledInTable, Stated_co
    from lhasaplan.core.records.osm_changes import CameraWords, OsmChange, OsmNode
    from lhasaplan.core.results.assessment import Assessment, PlaceSheet, PlanSheet, ShownAssessment, ShownProject
    from lhasaplan.core.rules.audit_policy import (
        AuditPolicy,
        DistrictRules,
        IdentityRules,
        ServiceRules,
        SitingRules,
        UnusualRules,
    )
    from lhasaplan.core.rules.forms import Dossier, RegisterForm
    from lhasaplan.core.rules.pack import Pack
    from lhasaplan.core.sight import CellFrame
    from lhasaplan.core.sight.visibility.view_counts import Counts
    from lhasaplan.core.site.sight_backend import Sight
    from lhasaplan.core.site.snapping import SnapRules
    from lhasaplan.core.site.terrain import Terrain
    from lhasaplan.core.siting.disclosed_proposals import DisclosedProposals
    from lhasaplan.errors import Fault, Where


Address = str | os.PathLike[str]  # of a project: a path, or a URL
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
        where the key is missing or another, where another start has locked the project, and where one changed it since it was
        loaded here.
        """

    def lock(self) -> tuple[Fault, ...]:
        """Lock the project for this start until it is unlocked; returns who locked it where another did: it is read only then."""

    def unlock(self) -> None:
        """Let others lock the project; nothing where this start did not."""

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
class KeptProject:
    """A project that was opened: its value, the store that keeps it, and the key of closed places that lie open in it."""

    project: Project
    store: Store
    key: PlaceKey | None = None

    def holding(self, project: Project) -> KeptProject:
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
    papers : drafts that were written before, in the same folder; a bundle takes them in.
    keep_project : writes the project into a file as a reader outside may have it; None where positions are coarse.
    audited_on : the day that answers were made on, in ISO form.
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
    papers: tuple[Path, ...] = ()
    keep_project: Callable[[Path], None] | None = field(default=None, compare=False)
    audited_on: str = ""


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
class Heads:
    """What stands at the head of an output (made-up data, own build), and whom its data are credited to."""

    banners: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """Return all of it, for outputs with one place to say it."""
        return (*self.banners, *self.credit)


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


class OpenedBundle(Protocol):
    """What a bundle says of itself (``report/formats/bundle.py``)."""

    @property
    def contents(self) -> JsonObject:
        """What it was made of and with: ``bundle.json``."""

    @property
    def answers(self) -> JsonObject:
        """The answers that it states (docs/json.md)."""

    @property
    def project(self) -> Path | None:
        """The project in it, unpacked; None where it holds none."""

    @property
    def changed(self) -> tuple[str, ...]:
        """Files that are not as the bundle names them."""


class ProjectStores(Protocol):
    """Where projects are kept: a store by its address, one that is sealed as another is, and locks."""

    def open(self, address: Address) -> Store:
        """Return the store of an address; InputError names the schemes that there are. Nothing is read or made yet."""

    def copy(self, of: Store | None, path: Path, secret: bytes = b"") -> Store:
        """Return the store of a copy: sealed as the project is, else by a key of 32 bytes where one is given."""

    def derived(self, sources: Sequence[Store], address: Address) -> Store:
        """Return the store of what is made of projects: sealed with the same passphrase as the first of them that is sealed."""

    def seal(self, address: Address, passphrase: str) -> None:
        """Seal the file of a project, or give one that is sealed, and was unsealed here, a new passphrase."""

    def break_seal(self, address: Address) -> None:
        """Keep a project in a plain file again; InputError where its passphrase was not given."""

    def new_lock(self, passphrase: str) -> tuple[ClosedPlaces, PlaceKey]:
        """Return a lock for places that users draw, and its key."""

    def open_box(self, project: Project, passphrase: str) -> tuple[Project, PlaceKey]:
        """Return the project with its closed places in the layers, and their key; InputError for another passphrase."""


class Files(Protocol):
    """Reads what others wrote. A reader raises InputError with every fault of its file; some give remarks besides."""

    def read_file(
        self,
        path: Path,
        kind: str | None = None,
        crs: str | None = None,
        datum: str = "",
        *,
        project_crs: str = "",
        national_grid: str = "",
        near: tuple[float, float] | None = None,
        progress: Progress = no_progress,
    ) -> ImportedFile:
        """Return what a file holds, in ``project_crs`` or, when that is empty, in the CRS chosen for it.

        ``progress`` is asked all the while; what it raises ends the reading at once.
        """

    def layers_in(self, path: Path) -> tuple[str, ...]:
        """Return the layers that a file has, to be chosen from."""

    def digest(self, path: Path) -> str:
        """Return the SHA-256 of a file."""

    def read_ground(self, project: Project) -> Terrain:
        """Return the stored terrain of a project."""

    def read_mandate(self, path: Path) -> Mandate:
        """Return the mandate that a TOML file states."""

    def write_mandate(self, path: Path, mandate: Mandate) -> None:
        """Write a mandate as the file that is read."""

    def read_points(self, path: Path, crs: str = "") -> tuple[tuple[NamedPoint, ...], tuple[Fault, ...]]:
        """Return the points of a table that somebody asks about, and remarks."""

    def read_models(self, path: Path) -> tuple[tuple[CameraModel, ...], tuple[Fault, ...]]:
        """Return the models of a catalogue of cameras, and remarks."""

    def read_route(self, path: Path, crs: str) -> tuple[ObjectArray, tuple[Fault, ...]]:
        """Return the lines of a route in the project's system, and remarks."""

    def read_camera_nodes(self, path: Path, ids: Collection[int]) -> tuple[OsmNode, ...]:
        """Return nodes of an extract as they stand there, to say what to change of them."""

    def read_declarations(self, path: Path) -> DeclarationTable:
        """Return what each row of a table declares, with its place in the file."""

    def filled_in_name(self, path: Path) -> str:
        """Return the name of a table that was filled in; empty for none."""

    def open_bundle(self, path: Path, folder: Path) -> OpenedBundle:
        """Return what a bundle states; its project is unpacked into the folder."""

    def read_filled_in(self, path: Path, table: FilledInTable[Stated_co]) -> tuple[tuple[Stated_co, ...], tuple[Fault, ...]]:
        """Return what each row of a table that was filled in states, and remarks."""


class Content(Protocol):
    """What is shipped, or lies beside it: packs, rules and figures under ``data``, words under ``reports``, samples."""

    def load_packs(self, names: Sequence[str]) -> tuple[Pack, ...]: ...
    def available_packs(self) -> tuple[str, ...]: ...
    def load_camera_classes(self) -> Mapping[Kind, CameraClass]: ...
    def load_protected_kinds(self) -> ProtectedKinds: ...
    def load_height_rules(self) -> HeightRules: ...
    def load_street_widths(self) -> StreetWidths: ...
    def load_service_rules(self) -> ServiceRules: ...
    def load_siting_rules(self) -> SitingRules: ...
    def load_district_rules(self) -> DistrictRules: ...
    def load_identity_rules(self) -> IdentityRules: ...
    def load_unusual_rules(self) -> UnusualRules: ...
    def load_snap_rules(self) -> SnapRules: ...
    def load_territory(self) -> Territory: ...
    def load_country_names(self) -> Mapping[str, str]: ...
    def load_screen_rules(self) -> ScreenRules: ...
    def load_camera_words(self) -> CameraWords: ...
    def load_camera_links(self) -> Mapping[str, str]: ...
    def load_audit_policy(self) -> AuditPolicy: ...
    def load_disclosure(self) -> Mapping[str, Level]: ...
    def load_dossiers(self) -> tuple[Dossier, ...]: ...
    def load_register_forms(self) -> tuple[RegisterForm, ...]: ...
    def load_data_state(self) -> DataState: ...
    def load_translations(self, language: str) -> Translations: ...
    def sample_names(self) -> tuple[str, ...]: ...
    def read_sample(self, city: str) -> Sample: ...
    def load_unit_prices(self, path: Path | None = None) -> Mapping[Work, float]:
        """Return the prices of a file, of the shipped one where none is named."""


class Drafts(Protocol):
    """Makes values fit to be shown, and writes what is no draft of a format of its own."""

    def public_values(
        self, project: Project, assessment: Assessment, private: bool = False
    ) -> tuple[ShownProject, ShownAssessment]:
        """Return the values that an output may show."""

    def write_json(self, assessment: ShownAssessment, path: Path) -> Path:
        """Write the answers as JSON (docs/json.md)."""

    def write_compared_map(self, sheet: PlanSheet, path: Path, translations: Translations) -> Path:
        """Write the map of two plans, by the ending of the file."""

    def write_place_sheet(
        self, sheet: PlaceSheet, path: Path, translations: Translations, progress: Progress = no_progress
    ) -> Path:
        """Write pictures of candidates, by the ending of the file."""

    def write_counts(
        self, path: Path, frame: CellFrame, project: Project, strips: Iterable[tuple[int, Counts]], data: DataState
    ) -> Path:
        """Write strips of rows of a grid of counts as they come."""

    def write_walk(self, path: Path, walk: Walk, heads: Heads, translations: Translations) -> Path:
        """Write where a walk is in view, by the ending of the file."""

    def write_streets(self, path: Path, streets: StreetsInView, heads: Heads, translations: Translations) -> Path:
        """Write how much of each street is in view, by the ending of the file."""

    def write_paths(self, path: Path, paths: PathsOnFoot, heads: Heads) -> Path:
        """Write the shortest and the least seen path, by the ending of the file."""

    def write_osm_changes(self, path: Path, changes: Sequence[OsmChange], comment: str) -> Path:
        """Write changes of nodes, by the ending of the file."""

    def template_faults(self, paths: Sequence[Path]) -> tuple[Fault, ...]:
        """Return all that is wrong with the office's own files that drafts are put in."""

    def template_remarks(self, paths: Sequence[Path]) -> tuple[Fault, ...]:
        """Return what of the office's own files does not go into drafts."""


class Compute(Protocol):
    """Where sight is computed, and where large answers lie."""

    def open_sight(self, scheduler: str = "") -> AbstractContextManager[Sight]:
        """Give sight by this machine or, if the address of a scheduler is named, by its workers."""

    def spool_shapes(self) -> ShapeSink:
        """Return what keeps the geometry of answers in a file of its own."""


@dataclass(frozen=True, slots=True)
class Services:
    """What use cases need from outside; only :mod:`lhasaplan.bootstrap` knows who stands behind the ports.

    ``writers`` are by format (docx, xlsx, gpkg …); ``today`` gives an ISO date and is the only clock in the program.
    """

    stores: ProjectStores
    files: Files
    content: Content
    drafts: Drafts
    writers: Mapping[str, ReportWriter]
    compute: Compute
    today: Callable[[], str]
