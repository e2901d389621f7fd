"""The answers: audit, check, who sees a spot, and the drafts written from them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.audit.disclosure import INTERNAL, against_final
from lhasaplan.core.audit.pipeline import audit as assess_audit
from lhasaplan.core.audit.pipeline import check as assess_check
from lhasaplan.core.audit.pipeline import gate_of
from lhasaplan.core.base.kept_shapes import ShapeSink, in_memory
from lhasaplan.core.base.plain_values import iso_date
from lhasaplan.core.base.printable_text import printable_values
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.progress import Progress as CoreProgress
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.city.area_hierarchy import labels, read_areas
from lhasaplan.core.city.human_names import numbered_names
from lhasaplan.core.city.streets import NearestStreet
from lhasaplan.core.context.areas import is_district
from lhasaplan.core.context.audit_context import AuditContext, make_context
from lhasaplan.core.context.reference_data import ReferenceData
from lhasaplan.core.demand.guard import GuardResult
from lhasaplan.core.demand.requested_parts import find_candidates, guard_requested
from lhasaplan.core.districts.conformity import Conformity, counted_alone
from lhasaplan.core.districts.conformity import conformity as conformity_rows
from lhasaplan.core.exposure.who_sees import who_sees
from lhasaplan.core.gate.decide import refuse_unless_open
from lhasaplan.core.live.live_answers import Live, live_project
from lhasaplan.core.live.plan_options import PlanOption, compare
from lhasaplan.core.live.plan_options import plan_options as options_of
from lhasaplan.core.model.place import Part
from lhasaplan.core.picture.camera_picture import CameraPicture
from lhasaplan.core.project.numbering import alike_in_city, camera_labels
from lhasaplan.core.project.plan import as_today, with_plan
from lhasaplan.core.project.plan_step import plan_sha256
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.kind_types import ProtectedKinds
from lhasaplan.core.protection.undisclosed import Witness
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.formats import CONFORMITY_FORMATS, OPTION_FORMATS, PAPER_FORMATS
from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
from lhasaplan.core.rules.forms import Dossier, Paper, dossiers_for, forms_for
from lhasaplan.errors import DraftsError, Fault, GateError, InputError
from lhasaplan.ports import DraftOrder, ReportWriter, Services
from lhasaplan.workflow.drafting import heard, shown, written
from lhasaplan.workflow.place_checks import refuse_apart

if TYPE_CHECKING:
    from lhasaplan.core.siting.disclosed_proposals import DisclosedProposals

NO_PAPER = marked("No paper of the kind {format} was written: no rule pack of this project asks for one (data/dossiers)")
NO_PLAN = marked("No paper of the kind {format} was written: it is drafted behind the gate alone, with --plan")
UNEXPLAINED = marked("Differences from the city's plan that have no reason yet: {count}")
NO_DAY = marked("{date} is no day; write it as 2027-03-31")


def reference_data(services: Services, project: Project) -> ReferenceData:
    """Return all that is known besides the project: packs, camera classes, protected kinds, heights, territory."""
    return ReferenceData(
        packs=services.load_packs(project.packs),
        classes=services.load_camera_classes(),
        kinds=services.load_protected_kinds(),
        heights=services.load_height_rules(),
        territory=services.load_territory(),
        today=services.today(),
        terrain=services.read_ground(project),
        screens=services.load_screen_rules(),
        widths=services.load_street_widths(),
        policy=services.load_audit_policy(),
        service=services.load_service_rules(),
        data=services.load_data_state(),
    )


def audit(
    services: Services,
    project: Project,
    progress: Progress = no_progress,
    scheduler: str = "",
    *,
    known: AuditContext | None = None,
    keep: ShapeSink = in_memory,
) -> Assessment:
    """Return what each camera can see, and what it must not; needs cameras and a CRS.

    ``scheduler`` names the cluster that computes sight; empty is this machine. ``known`` is the city as it was set up before:
    what the project has in common with it is not made again. ``keep`` is of
    :func:`lhasaplan.workflow.kept_shapes.sink_of` where the answers need not lie in memory.
    """
    return _assessed(partial(assess_audit, known=known, keep=keep), services, project, progress, scheduler)


def check(
    services: Services,
    project: Project,
    progress: Progress = no_progress,
    scheduler: str = "",
    *,
    known: AuditContext | None = None,
    keep: ShapeSink = in_memory,
) -> Assessment:
    """Return the audit and, when the gate is open, parts, overlaps and removable cameras; ask the gate of the result."""
    return _assessed(partial(assess_check, known=known, keep=keep), services, project, progress, scheduler)


def _assessed(
    assess: Callable[..., Assessment], services: Services, project: Project, progress: Progress, scheduler: str
) -> Assessment:
    require_city(project)
    with services.open_sight(scheduler) as sight:
        return assess(project, reference_data(services, project), progress, sight)


def audit_context(services: Services, project: Project, progress: CoreProgress = no_progress) -> AuditContext:
    """Return the project set up for answers about what operates today."""
    require_city(project)
    return make_context(project, reference_data(services, project), with_planned=False, progress=progress)


def require_city(project: Project) -> None:
    """Raise InputError for a project without anything in it."""
    if not project.crs:
        raise InputError(Fault("The project is empty: import city layers and cameras first"))


def require_open_gate(assessment: Assessment) -> None:
    """Raise GateError with everything that is missing when planning may not be computed."""
    if not assessment.gate.open:
        raise GateError(*(Fault(template, params=dict(params)) for template, params in assessment.gate.missing))


@dataclass(frozen=True, eq=False, slots=True)
class Candidates:
    """Parts that a person may confirm, those drawn by hand, and what the guard needs to judge them."""

    parts: tuple[Part, ...]
    drawn: tuple[Part, ...]
    context: AuditContext

    @property
    def drawn_apart(self) -> tuple[Part, ...]:
        """Drawn parts with ids of their own; one under a candidate's id is refused in the answers."""
        taken = {part.part_id for part in self.parts}
        return tuple(part for part in self.drawn if part.part_id not in taken)

    def guard(self, parts: Sequence[Part]) -> GuardResult:
        """Return which of these parts may become demand, and why the others may not."""
        return guard_requested(self.context, parts)


def candidates(services: Services, project: Project) -> Candidates:
    """Return the parts that the project's duties packs propose; none of them is demand until a person confirms it."""
    city = audit_context(services, project)
    found = find_candidates(city)
    return Candidates(found.parts, found.drawn, city)


def who_sees_spot(
    services: Services, project: Project, lon: float, lat: float, progress: Progress = no_progress
) -> tuple[tuple[Witness, ...], bool]:
    """Return what each operating camera can see of a spot, those that can see it first, and whether it lies in a building.

    Of a spot in a building the answers are of its walls. InputError for one far from all.
    """
    city = audit_context(services, project, part_of(progress, 0.0, 0.7))
    x_m, y_m = city.crs.to_xy(lon, lat)
    refuse_apart(project, np.array([[float(x_m), float(y_m)]]), spot=(lon, lat))
    is_inside = bool(shapely.contains_xy(city.buildings.polygons, float(x_m), float(y_m)).any())
    return who_sees(city, float(x_m), float(y_m), progress=part_of(progress, 0.7, 1.0)), is_inside


def asks_for_coarse(services: Services, project: Project) -> bool:
    """Tell whether a pack of the project asks for coarse positions in all that is not private."""
    return any(pack.public_precision_deg is not None for pack in services.load_packs(project.packs))


def require_exact(services: Services, project: Project, private: bool) -> None:
    """Raise InputError where pairs or a grid would tell exact positions that a pack asks to keep coarse."""
    if asks_for_coarse(services, project) and not private:
        text = "A rule pack of this project asks for coarse positions: pairs and grids are written with --private only"
        raise InputError(Fault(text))


def export(
    services: Services,
    project: Project,
    assessment: Assessment,
    formats: Sequence[str],
    folder: Path,
    *,
    language: str,
    private: bool = False,
    area: str = "",
    cameras: Sequence[str] = (),
    date: str = "",
    unit_prices: Path | None = None,
    level: str = INTERNAL,
    is_final: bool = False,
    proposals: "DisclosedProposals | None" = None,
    templates: Sequence[Path] = (),
    progress: Progress = no_progress,
) -> list[Path]:
    """Write the drafts in these formats into a folder and return the files.

    ``unit_prices`` is a file as ``data/prices.toml``, which counts where none is named. ``private`` lifts the coarse
    positions that a pack asks for; ``area`` narrows the plan draft to one area, ``cameras``
    the camera pages and the letter to these cameras. ``date`` is the day that the drafts bear, today's where it is empty.
    ``templates`` are the office's own files that Word drafts and slides are put in, one of a kind.
    ``level`` says for whom the drafts are (``data/disclosure.toml``); ``is_final`` marks a plan as final.
    ``proposals`` stand beside the options of a plan; a public draft, whose positions are coarse, has none of them.
    Raises InputError for an unknown format, area or level and with all that is wrong with templates, and GateError with all
    that stands against a final plan, before anything is written; DraftsError when a format could not be written, after all
    others were.
    """
    _require_known(services, project, formats, area)
    _require_sound(services, templates)
    if is_final:
        refuse_final(project, assessment, services.load_translations(language))
    values = shown(services, project, assessment, private, level)
    dossiers = papers_asked(services, project) if set(formats) & set(PAPER_FORMATS) else ()
    options: tuple[PlanOption, ...] = ()
    conformity: Conformity | None = None
    if project.district is not None and assessment.gate.open and set(formats) & set(CONFORMITY_FORMATS):
        conformity = conformity_of(services, project, unit_prices, part_of(progress, 0.0, 0.2), private=private)
        progress = part_of(progress, 0.2, 1.0)
        if is_final:
            _refuse_unexplained(conformity)
        if conformity is not None and values[1].public_precision_deg is not None:
            conformity = counted_alone(conformity)
    if set(formats) & set(OPTION_FORMATS) and values[1].public_precision_deg is None:
        options = plan_options(services, project, assessment, unit_prices, part_of(progress, 0.0, 0.3), private=private)
        progress = part_of(progress, 0.3 if options else 0.0, 1.0)
    day = _date_of(services, assessment, date)
    told = None if values[1].public_precision_deg is not None else proposals
    digest = "" if values[1].public_precision_deg is not None else plan_sha256(with_plan(project))
    order = DraftOrder(area, tuple(cameras), day, options, level, is_final, dossiers, conformity, told, plan_sha256=digest)
    order = replace(order, template=_of_kind(templates, ".docx"), slide_template=_of_kind(templates, ".pptx"))
    order = replace(order, unit_prices=services.load_unit_prices(unit_prices))
    if "register" in formats:
        order = replace(order, forms=forms_for(services.load_register_forms(), project.packs))
    if options:
        order = replace(order, picture_of=_pictures(services, project, values[1]))
    return _export(services, values, formats, folder, language=language, order=order, progress=progress)


def _require_sound(services: Services, templates: Sequence[Path]) -> None:
    faults = services.template_faults(templates) if templates else ()
    if faults:
        raise InputError(*faults)


def _of_kind(templates: Sequence[Path], ending: str) -> Path | None:
    return next((path for path in templates if path.suffix.lower() == ending), None)


def _pictures(services: Services, project: Project, shown_answers: ShownAssessment) -> Callable[[str], CameraPicture | None]:
    from lhasaplan.workflow.drafting import LensPictures  # noqa: PLC0415 - pictures are loaded when a plan is drafted

    return LensPictures(project, shown_answers, partial(reference_data, services, project))


def papers_asked(services: Services, project: Project) -> tuple[Dossier, ...]:
    """Return the papers that the project's packs ask for: none where no pack knows an authority that could be handed one."""
    try:
        overseen = any(pack.planning == "yes" for pack in services.load_packs(project.packs))
    except InputError:
        return ()  # a rule pack of the project is not here
    return dossiers_for(services.load_dossiers(), project.packs) if overseen else ()


def remarks_on_papers(services: Services, project: Project, assessment: Assessment, formats: Sequence[str]) -> tuple[Fault, ...]:
    """Return for each kind of paper that was asked for and is not written why it is not."""
    wished = [Paper(name) for name in formats if name in PAPER_FORMATS]
    known = {each.paper for each in papers_asked(services, project)} if wished else set()
    is_closed = not assessment.gate.open or assessment.parts is None
    unknown = [Fault(NO_PAPER, params={"format": str(paper)}) for paper in wished if paper not in known]
    closed = [Fault(NO_PLAN, params={"format": str(p)}) for p in wished if p in known and p is Paper.AUTHORISATION and is_closed]
    return (*unknown, *closed)


def camera_names(project: Project, streets: NearestStreet, translations: Translations) -> dict[str, str]:
    """Return what each camera is called, by id."""
    return numbered_names(project.cameras, streets, translations, camera_labels(project), alike_in_city(project))


def refuse_final(project: Project, assessment: Assessment, translations: Translations) -> None:
    """Raise GateError with every point that stands against marking the plan as final; it calls cameras by name."""
    streets = NearestStreet(project.layers.get("roads"), None)
    points = against_final(project, assessment, camera_names(project, streets, translations))
    if points:
        raise GateError(*(Fault(template, params=dict(params)) for template, params in points))


def _refuse_unexplained(found: Conformity | None) -> None:
    """Raise GateError while a district's plan differs from the city's and does not say why."""
    if found is not None and found.unexplained:
        raise GateError(Fault(UNEXPLAINED, params={"count": found.unexplained}))


def plan_options(
    services: Services,
    project: Project,
    assessment: Assessment,
    unit_prices: Path | None = None,
    progress: Progress = no_progress,
    *,
    private: bool = False,
) -> tuple[PlanOption, ...]:
    """Return the options of a plan, each tried out; none where the gate is closed, for nothing is planned there.

    Without ``private`` protected places are counted as outputs count them. None where a rule pack of the project is missing.
    """
    if not assessment.gate.open or assessment.parts is None:
        return ()
    prices, today = services.load_unit_prices(unit_prices), as_today(project)
    try:
        data = reference_data(services, project)
    except InputError:
        return ()  # a rule pack of the project is not here: answers that were kept can be drafted, but nothing can be tried out
    live = live_project(today, data, part_of(progress, 0.0, 0.5))
    return options_of(live, project, assessment, prices, part_of(progress, 0.5, 1.0), is_disclosed=not private)


def open_town(services: Services, project: Project, progress: Progress) -> tuple[Live, tuple[Part, ...]]:
    """Return the answers of a project behind the gate, and its confirmed parts; GateError with all that is missing."""
    live = live_project(project, reference_data(services, project), progress)
    found = find_candidates(live.city)
    if live.requested is None:
        refuse_unless_open(gate_of(live.city, found))
    return live, found.confirmed


def conformity_of(
    services: Services,
    project: Project,
    unit_prices: Path | None = None,
    progress: Progress = no_progress,
    *,
    private: bool = False,
) -> Conformity | None:
    """Return how a district's plan stands to the city's; None for a project that is no district's.

    Without ``private`` protected places are counted as outputs count them. GateError and GuardError where the plan may not be.
    """
    district = project.district
    if district is None:
        return None
    live, _ = open_town(services, project, part_of(progress, 0.0, 0.6))
    prices = services.load_unit_prices(unit_prices)
    told = part_of(progress, 0.6, 1.0)
    handed = with_plan(replace(project, cameras=district.cameras, plan=district.plan))
    compared = compare(live, project, handed, with_plan(project), prices, told, is_disclosed=not private)
    rows = conformity_rows(compared, project, district, services.load_district_rules(), prices, is_disclosed=not private)
    return printable_values(rows)


def export_shown(
    services: Services,
    project: ShownProject,
    assessment: ShownAssessment,
    formats: Sequence[str],
    folder: Path,
    *,
    language: str,
    area: str = "",
    cameras: Sequence[str] = (),
    date: str = "",
    progress: Progress = no_progress,
) -> list[Path]:
    """Write the drafts of values that were made to be shown before; all else is as of :func:`export`."""
    _require_known(services, project, formats, area)
    values, order = (project, assessment), DraftOrder(area, tuple(cameras), _date_of(services, assessment, date))
    return _export(services, values, formats, folder, language=language, order=order, progress=progress)


def _date_of(services: Services, assessment: Assessment, date: str) -> str:
    """Return the day that drafts bear; coarse outputs tell no time. InputError for what is no day."""
    if date and iso_date(date) is None:
        raise InputError(Fault(NO_DAY, params={"date": date}))
    return "" if assessment.public_precision_deg is not None else date or services.today()


def _require_known(services: Services, project: Project, formats: Sequence[str], area: str) -> None:
    faults = [_unknown_format(name, services.writers) for name in formats if name not in services.writers]
    if area and area not in areas_by_name(project, services.load_protected_kinds()):
        faults.append(no_area(area))
    if faults:
        raise InputError(*faults)


def _export(
    services: Services,
    values: tuple[ShownProject, ShownAssessment],
    formats: Sequence[str],
    folder: Path,
    *,
    language: str,
    order: DraftOrder,
    progress: Progress,
) -> list[Path]:
    translations, chosen = services.load_translations(language), tuple(dict.fromkeys(formats))
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    failed: list[Fault] = []
    for number, name in enumerate(chosen):
        words = heard(translations, progress, number / len(chosen))
        made, found = written(name, partial(services.writers[name], *values, folder, words, order))
        files += made
        failed += [fault for fault in found if fault not in failed]
    if failed:
        raise DraftsError(failed, files)
    return files


def _unknown_format(name: str, writers: Mapping[str, ReportWriter]) -> Fault:
    return Fault("{name} is not a format; there are: {known}", params={"name": name, "known": ", ".join(writers)})


def areas_by_name(project: Project, kinds: ProtectedKinds) -> Mapping[str, BaseGeometry]:
    """Return the areas by name, by id where one has none, the first of a name; a protected place lends its name to none."""
    layer = project.layers.get("areas")
    if layer is None:
        return {}
    keep = np.flatnonzero(is_district(layer, kinds)).tolist()
    areas = read_areas(layer, keep)
    rows = [(name, area.geometry) for name, area in zip(labels(areas), areas, strict=True)]
    return dict(reversed(rows))


def no_area(name: str) -> Fault:
    """Return the fault of a name that no area has."""
    return Fault("There is no area {name}; import areas first, or check its name", params={"name": name})
