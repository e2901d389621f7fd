"""What use cases have written: drafts as they are ordered, and what is no draft of a format of its own."""

from __future__ import annotations  # the values are named here, not loaded: a shell that only helps needs none of them

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from lhasaplan.core.base.progress import Progress, no_progress

if TYPE_CHECKING:
    from lhasaplan.core.base.translations import DataState, Translations
    from lhasaplan.core.changes.work import Work
    from lhasaplan.core.districts.conformity import Conformity
    from lhasaplan.core.exposure.along_lines import Walk
    from lhasaplan.core.exposure.streets_in_view import PathsOnFoot, StreetsInView
    from lhasaplan.core.live.plan_options import PlanOption
    from lhasaplan.core.picture.camera_picture import CameraPicture
    from lhasaplan.core.project.project import Project
    from lhasaplan.core.records.osm_changes import OsmChange
    from lhasaplan.core.results.assessment import Assessment, PlaceSheet, PlanSheet, ShownAssessment, ShownProject
    from lhasaplan.core.rules.forms import Dossier, RegisterForm
    from lhasaplan.core.sight import CellFrame
    from lhasaplan.core.sight.sweep.view_counts import Counts
    from lhasaplan.core.siting.disclosed_proposals import DisclosedProposals
    from lhasaplan.errors import Fault


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


@dataclass(frozen=True, slots=True)
class Heads:
    """What stands at the head of an output (made-up data, own build), and whom its data are credited to."""

    banners: tuple[str, ...] = ()
    credit: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """Return all of it, for outputs with one place to say it."""
        return (*self.banners, *self.credit)


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

    def prepare_maps(self, assessment: ShownAssessment, progress: Progress) -> None:
        """Work out what the maps of all drafts draw, before they are written in several processes, and load what draws them."""

    def template_faults(self, paths: Sequence[Path]) -> tuple[Fault, ...]:
        """Return all that is wrong with the office's own files that drafts are put in."""

    def template_remarks(self, paths: Sequence[Path]) -> tuple[Fault, ...]:
        """Return what of the office's own files does not go into drafts."""
