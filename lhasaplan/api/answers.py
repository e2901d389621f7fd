"""Ask what cameras can see and must not (audit), and what confirmed parts lack (check); the answer as frames and drafts."""

import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lhasaplan import report, workflow
from lhasaplan.api.in_view import streets, table_html
from lhasaplan.api.projects import OpenProject, StrPath, inside, store_of
from lhasaplan.bootstrap import open_services
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, ShownAssessment, ShownProject
from lhasaplan.core.results.finding import GRAVEST_FIRST
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.scratch import account
from lhasaplan.ports import Heads, NamedPoint, Services, SightPair, Store

if TYPE_CHECKING:
    import folium
    import geopandas
    import pandas as pd

# Ask who can see which points: every camera and point in range, with pixel density or the reason it is not seen.
NO_PROJECT = marked("this answer has no project any more; ask for its streets anew")
NO_PLACE = marked("{lon}, {lat} is no place; give longitude (-180 to 180) and latitude (-90 to 90), in degrees")
Points = StrPath | Mapping[str, tuple[float, float]]


@dataclass(frozen=True, eq=False, slots=True)
class Pairs:
    """Cameras and points in range of each other; ``remarks`` say how a table of points was read.

    A pair that is ``certain`` has one density. Where it is ``possible`` the camera may see the point, and if it does, at a
    density from ``density_low_px_m`` to ``density_high_px_m``. Of a point on protected ground no reason is given.
    """

    pairs: tuple[SightPair, ...]
    remarks: tuple[Fault, ...] = ()

    def to_pandas(self) -> "pd.DataFrame":
        """Return a row for each pair, with the fields of :class:`lhasaplan.ports.SightPair` as columns."""
        import pandas as pd  # noqa: PLC0415  (who wants no frame need not wait for it)

        columns = list(SightPair.__dataclass_fields__)
        return pd.DataFrame([asdict(pair) for pair in self.pairs], columns=columns)


def sight(
    project: OpenProject,
    points: Points | None = None,
    *,
    private: bool = False,
    scheduler: str = "",
    progress: Progress = no_progress,
) -> Pairs:
    """Return which camera can see, or may see, which point, between which pixel densities, or why it cannot.

    Parameters
    ----------
    points : longitude and latitude by name, 1.5 m above ground, ``{"door": (24.9414, 60.1719)}``; or a table (CSV, XLSX) with
        point_id and lon, lat or x_m, y_m. Without any, behind the gate, the points that sample the confirmed parts.
    private, scheduler, progress : as of :func:`audit`; a project whose packs ask for coarse positions needs ``private``.

    Raises
    ------
    InputError
        A point far from all that was imported, a table with faults, or coarse positions asked for.
    GateError
        No points were given, and the gate is closed.
    """
    services, value = inside(project)
    workflow.require_exact(services, value, private)
    asked, remarks = _asked(services, value, points, progress)
    pairs = workflow.sight(services, value, asked, progress, scheduler, of_parts=points is None)
    return Pairs(tuple(pairs), tuple(remarks))


def _asked(
    services: Services, project: Project, points: Points | None, progress: Progress
) -> tuple[Sequence[NamedPoint], Sequence[Fault]]:
    if points is None:
        return workflow.demand_points(services, project, progress), ()
    if isinstance(points, Mapping):
        return _named(points), ()
    return services.files.read_points(Path(points), project.crs)


def _named(points: Mapping[str, tuple[float, float]]) -> list[NamedPoint]:
    faults = [
        Fault(NO_PLACE, Where(item=name), {"lon": lon, "lat": lat})
        for name, (lon, lat) in points.items()
        if not (abs(lon) <= 180.0 and abs(lat) <= 90.0)  # nan, too
    ]
    if faults:
        raise InputError(*faults)
    return [NamedPoint(name, float(lon), float(lat), True) for name, (lon, lat) in points.items()]


AREA_COLUMNS = ["area_id", "name", "level", "parent_id"]
ON_A_MAP = ("fields", "seen_frontage", "cameras")


@dataclass(frozen=True, eq=False, slots=True, repr=False)
class Answer:
    """What an audit or a check found, as outputs may show it; no protected place is in it.

    ``assessment`` are the frozen values that every draft is written from: cameras with their visibility fields, sightings by
    class and grade, findings with mitigations, and behind the gate parts, overlaps and cameras that can go. Lengths are metres,
    areas m², densities px/m; geometry is in ``assessment.crs``, azimuths are from true north.
    """

    assessment: ShownAssessment
    project: ShownProject
    services: Services
    store: Store | None = None  # of the project, which notes the drafts that are written; None of one that was never saved
    is_private: bool = False
    asked: OpenProject | None = None  # whose streets are worked out when somebody asks

    def __repr__(self) -> str:
        counts = Counter(str(finding.severity) for finding in self.assessment.findings)
        reported = ", ".join(f"{counts[severity]} {severity}" for severity in GRAVEST_FIRST)
        return (
            f"<Answer: {len(self.assessment.cameras)} cameras; findings: {reported}; gate {'open' if self.is_open else 'closed'}>"
        )

    def _repr_html_(self) -> str:
        counts = Counter(f"{finding.severity}, {finding.certainty}" for finding in self.assessment.findings)
        rows = [("Cameras", len(self.assessment.cameras)), ("Gate", "open" if self.is_open else "closed")]
        findings = [(f"Findings: {name}", count) for name, count in sorted(counts.items())]
        return table_html(self.project.name, [*rows, *findings, *(("Missing", each) for each in self.missing)])

    @property
    def cameras(self) -> "geopandas.GeoDataFrame":
        """Return a row for each camera, at its place."""
        return self.to_geopandas("cameras")

    @property
    def parts(self) -> "geopandas.GeoDataFrame":
        """Return a row for each confirmed part of a check; GateError where the gate is closed."""
        return self.to_geopandas("parts")

    @property
    def areas(self) -> "geopandas.GeoDataFrame":
        """Return a row for each area of the project."""
        return self.to_geopandas("areas")

    @property
    def streets(self) -> "geopandas.GeoDataFrame":
        """Return a row for each street with its lengths in view, as :func:`lhasaplan.streets` works them out; its errors."""
        if self.asked is None:
            raise InputError(Fault(NO_PROJECT))
        return streets(self.asked).streets

    def explore(
        self, layers: Sequence[str] = ON_A_MAP, *, tiles: str | None = None, attribution: str = "", language: str = "en"
    ) -> "folium.Map":
        """Return layers of the answer on a map for a notebook (extra ``notebook``); ``save`` of it writes a page.

        Nothing is loaded from a network: Leaflet is in the map, and there is no background.

        Parameters
        ----------
        layers : names as of :meth:`to_geopandas`, from the lowest to the topmost.
        tiles : address of background tiles, with {z}, {x} and {y}; then a browser that shows the map asks that address.
        attribution : whom the tiles are credited to.
        """
        translations = self.services.content.load_translations(language)
        heads = Heads(report.banners(self.assessment, translations), report.attribution(self.assessment))
        frames = {name: self.to_geopandas(name, language=language) for name in layers}
        return report.explore_map(frames, heads, translations, tiles, attribution)

    @property
    def is_open(self) -> bool:
        """Whether the gate is open, so that a check has parts, overlaps and cameras that can go."""
        return self.assessment.gate.open

    @property
    def missing(self) -> tuple[str, ...]:
        """All that the gate asks for and lacks, as English sentences."""
        return tuple(template.format(**params) for template, params in self.assessment.gate.missing)

    def to_pandas(self, name: str = "findings", *, language: str = "en") -> "pd.DataFrame":
        """Return one table of the answer, with the columns of the GeoPackage.

        ``name`` is cameras, fields, night, seen_frontage, findings, assumptions, summary or metadata, and of a check parts,
        gaps, overlaps or service. Stored words stay English; sentences are in ``language``, as the command line knows it.

        Raises
        ------
        InputError
            No such table, or a table of a check where this is an audit.
        GateError
            A table of a check whose gate is closed; with all that is missing.
        """
        self._require(name)
        return report.plain_frame(self.assessment, name, self.services.content.load_translations(language))

    def to_geopandas(self, name: str = "cameras", *, language: str = "en") -> "geopandas.GeoDataFrame":
        """Return one map layer of the answer in the project's coordinate system.

        ``name`` is cameras (points), fields (what each can see, in bands of px/m), night, seen_frontage, findings or areas (of
        the project, by name), and of a check parts, gaps, overlaps or service. Errors as of :meth:`to_pandas`.
        """
        if name == "areas":
            return self._areas()
        self._require(name)
        return report.geo_frame(self.assessment, name, self.services.content.load_translations(language))

    def _areas(self) -> "geopandas.GeoDataFrame":
        import geopandas  # noqa: PLC0415 - who wants no frame need not wait for it

        areas = workflow.areas_of(self.project, self.services.content.load_protected_kinds())
        rows = [{"area_id": each.area_id, "name": each.name, "level": each.level, "parent_id": each.parent_id} for each in areas]
        shapes = [each.geometry for each in areas]
        return geopandas.GeoDataFrame(rows, columns=AREA_COLUMNS, geometry=shapes, crs=self.assessment.crs)

    def write_json(self, path: StrPath) -> Path:
        """Write the answer as versioned JSON (docs/json.md) and return the file; OSError when it cannot be written."""
        return self.services.drafts.write_json(self.assessment, Path(path))

    def _require(self, name: str) -> None:
        if name in ("parts", "gaps", "gaps_with_plan", "overlaps", "service"):
            workflow.require_open_gate(self.assessment)


def audit(project: OpenProject, *, private: bool = False, scheduler: str = "", progress: Progress = no_progress) -> Answer:
    """Return what each camera can see, and what it must not; works with the gate closed.

    Parameters
    ----------
    private : lift the coarse positions that a rule pack asks for; keep such an answer to whoever answers for the cameras.
    scheduler : address of a dask scheduler (tcp://HOST:PORT) that computes sight; empty is this machine.
    progress : called with a share (0 to 1) and a step; what it raises cancels.

    Raises
    ------
    InputError
        The project is empty, or a rule or figure of it cannot be read.
    """
    services, value = inside(project)
    return _answer(services, project, workflow.audit(services, value, progress, scheduler), private)


def check(project: OpenProject, *, private: bool = False, scheduler: str = "", progress: Progress = no_progress) -> Answer:
    """Return the audit and, where the gate is open, verdicts of parts, gaps, overlaps and cameras that can go.

    A closed gate is no error: the audit is there, and ``missing`` says what the gate asks for. Parameters and errors are those
    of :func:`audit`.
    """
    services, value = inside(project)
    return _answer(services, project, workflow.check(services, value, progress, scheduler), private)


def _answer(services: Services, project: OpenProject, assessment: Assessment, private: bool) -> Answer:
    shown_project, shown = workflow.shown(services, inside(project)[1], assessment, private)
    return Answer(shown, shown_project, services, store_of(project), private, project)


NOT_LOGGED = "The drafts were written, but the journal of the project does not say so:"


def export(
    answer: Answer,
    folder: StrPath,
    formats: Sequence[str] = ("docx", "html", "gpkg"),
    *,
    language: str = "en",
    area: str = "",
    cameras: Sequence[str] = (),
    progress: Progress = no_progress,
) -> list[Path]:
    """Write drafts of an answer into a folder, which is made where it is missing, and return the files.

    The journal of a project that is kept notes it, as it does for the command line.

    Parameters
    ----------
    formats : those of ``lhasaplan.core.model.file_kinds``, as the help of the command ``export`` lists them.
    language : as the option ``--lang`` of the command line takes it.
    area : narrows plan drafts to one area by name; ``cameras`` narrow pages, letters and questionnaires by identifier.

    Raises
    ------
    InputError
        An unknown format, language or area, before anything is written.
    DraftsError
        A format could not be written; all others were, and ``files`` of the error names them.
    """
    values = answer.project, answer.assessment
    files = workflow.export_shown(
        answer.services,
        *values,
        formats,
        Path(folder),
        language=language,
        area=area,
        cameras=cameras,
        private=answer.is_private,
        progress=progress,
    )
    _note(answer, formats, files)
    return files


def verify(bundle: StrPath, inputs: StrPath | None = None, *, progress: Progress = no_progress) -> workflow.Verification:
    """Return how the answers of a bundle compare with those that come out anew (``holds``, ``comparison.differences``).

    Parameters
    ----------
    bundle : what ``export`` wrote in the format ``bundle``.
    inputs : a folder with the files that the bundle names as inputs; each is compared with what the project has from it.

    Raises
    ------
    InputError
        The file is no bundle, or the folder is none.
    """
    return workflow.verify(open_services(), Path(bundle), None if inputs is None else Path(inputs), progress)


def _note(answer: Answer, formats: Sequence[str], files: Sequence[Path]) -> None:
    """Keep with the project that drafts were written; that it could not be kept is a warning and takes nothing back."""
    if answer.store is None:
        return
    try:
        workflow.log_export(answer.services, answer.store, formats, answer.is_private, files=files, who=account())
    except InputError as error:
        warnings.warn(f"{NOT_LOGGED} {error}", stacklevel=3)
