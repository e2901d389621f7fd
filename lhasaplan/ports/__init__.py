"""What the use cases need from outside, as protocols: packages of one layer never import each other."""

from __future__ import annotations  # the values are named here, not loaded: a shell that only helps needs none of them

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lhasaplan.core.base.progress import Answer, Job, Progress, WorkOff, no_progress
from lhasaplan.ports.drafts import WHOLE, DraftOrder, Drafts, Heads, ReportWriter
from lhasaplan.ports.files import DeclarationTable, DeclaredRow, Files, ImportedFile, NamedPoint, OpenedBundle, SightPair
from lhasaplan.ports.stores import (
    PROJECT_ENDING,
    Address,
    FileStore,
    Incoming,
    KeptProject,
    ProjectStores,
    Rescued,
    SharedStore,
    Store,
    WatchedStore,
)

if TYPE_CHECKING:
    from lhasaplan.core.audit.disclosure import Level
    from lhasaplan.core.base.kept_shapes import ShapeSink
    from lhasaplan.core.base.translations import DataState, Translations
    from lhasaplan.core.changes.work import Work
    from lhasaplan.core.city.building_heights import HeightRules
    from lhasaplan.core.city.streets import StreetWidths
    from lhasaplan.core.city.territory import Territory
    from lhasaplan.core.city.trees_and_hoardings import ScreenRules
    from lhasaplan.core.context.scenes import Sight
    from lhasaplan.core.model.camera import CameraClass, Kind
    from lhasaplan.core.project.decisions import Confirmation, Declaration
    from lhasaplan.core.protection.kind_types import ProtectedKinds
    from lhasaplan.core.records.osm_changes import CameraWords
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
    from lhasaplan.core.site.snapping import SnapRules


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


class Compute(Protocol):
    """Where sight is computed, where large answers lie, and what is done at once."""

    def open_sight(self, scheduler: str = "") -> AbstractContextManager[Sight]:
        """Give sight by this machine or, if the address of a scheduler is named, by its workers."""

    def spool_shapes(self) -> ShapeSink:
        """Return what keeps the geometry of answers in a file of its own."""

    def give_back(self) -> None:
        """Hand memory that was freed back to the system."""

    def side_by_side(self, work: WorkOff[Job, Answer], jobs: Sequence[Job], progress: Progress) -> dict[Job, Answer]:
        """Return the answers of jobs by job; two are done at once, from either end of the line, where that is safe.

        Those that share work stand together. Progress may raise to cancel them all.
        """


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


__all__ = [
    "PROJECT_ENDING",
    "WHOLE",
    "Address",
    "Compute",
    "Content",
    "DeclarationTable",
    "DeclaredRow",
    "DraftOrder",
    "Drafts",
    "FileStore",
    "Files",
    "Heads",
    "ImportedFile",
    "Incoming",
    "KeptProject",
    "NamedPoint",
    "OpenedBundle",
    "Progress",
    "ProjectStores",
    "ReportWriter",
    "Rescued",
    "Sample",
    "Services",
    "SharedStore",
    "SightPair",
    "Store",
    "WatchedStore",
    "no_progress",
]
