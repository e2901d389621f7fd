"""Write drafts: what is asked is checked first, no folder mixes two projects, and whatever stops a format becomes a fault."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from itertools import count
from pathlib import Path
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, TypeAlias, TypedDict

from lhasaplan.core.audit.disclosure import INTERNAL, against_final, at_level
from lhasaplan.core.base.progress import BackgroundJob, Progress, no_progress, onward, part_of, paused
from lhasaplan.core.base.spelling import iso_date
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.city.human_names import numbered_names
from lhasaplan.core.city.streets import NearestStreet
from lhasaplan.core.context.audit_context import ReferenceData, set_in, set_up
from lhasaplan.core.districts.conformity import Conformity, counted_alone
from lhasaplan.core.live.plan_options import PlanOption
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.file_kinds import (
    BUNDLE_FORMAT,
    COMPOSED_FORMATS,
    COMPOSING,
    CONFORMITY_FORMATS,
    FIRST_WRITTEN,
    LAST_WRITTEN,
    MAP_FORMATS,
    OPTION_FORMATS,
    PAPER_FORMATS,
    PDF,
)
from lhasaplan.core.project.numbering import alike_in_city, camera_labels
from lhasaplan.core.project.plan import with_plan
from lhasaplan.core.project.plan_step import plan_sha256
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.undisclosed import disclosed_project
from lhasaplan.core.results.assessment import Assessment, CameraResult, ShownAssessment, ShownProject
from lhasaplan.core.rules.forms import Dossier, Paper, dossiers_for, forms_for
from lhasaplan.errors import Cancelled, DraftsError, Fault, GateError, InputError, UserError, Where
from lhasaplan.files.replacing import mendable_fault
from lhasaplan.ports import DraftOrder, Services
from lhasaplan.workflow.answers import areas_by_name, audit_context, no_area, reference_data
from lhasaplan.workflow.plan_differences import conformity_of, plan_options

if TYPE_CHECKING:  # pictures are loaded when a draft asks for one, and of what is sited only its answers are known here
    from lhasaplan.core.picture.camera_picture import CameraPicture
    from lhasaplan.core.picture.picture_town import PictureTown
    from lhasaplan.core.siting.disclosed_proposals import DisclosedProposals
import json
from contextlib import suppress

from lhasaplan.files.replacing import replacing

# Keep the drafts of two projects apart: a folder notes whose drafts it holds, and another project's are refused.

NOTE = ".lhasaplan-drafts.json"  # in the folder: the project and the names of its drafts
OTHERS_DRAFTS = marked(
    "The folder holds drafts of another project, {other}, such as {file}. Drafts of {project} could replace them. Name another "
    "folder, or move these drafts away"
)


def refuse_other_drafts(folder: Path, project: str) -> None:
    """Raise InputError where drafts of a project of another name are still in the folder."""
    other, files = _noted(folder)
    left = next((name for name in files if (folder / name).exists()), None)
    if left is not None and other != project:
        params = {"other": other, "file": left, "project": project}
        raise InputError(Fault(OTHERS_DRAFTS, Where(file=str(folder)), params))


def note_drafts(folder: Path, project: str, files: Iterable[Path]) -> None:
    """Note in the folder that these files are drafts of the project, beside those that were noted before."""
    other, before = _noted(folder)
    names = {path.relative_to(folder).as_posix() for path in files if path.is_relative_to(folder)}
    kept = sorted(names | (set(before) if other == project else set()))
    if not kept:
        return
    with suppress(OSError), replacing(folder / NOTE) as aside:  # a folder that takes drafts and no note keeps its drafts
        aside.write_text(json.dumps({"project": project, "drafts": kept}, ensure_ascii=False, indent=1), "utf-8")


def _noted(folder: Path) -> tuple[str, tuple[str, ...]]:
    """Return the project and the drafts that the folder notes; nothing where there is no note that can be read."""
    try:
        note = json.loads((folder / NOTE).read_text("utf-8"))
        return str(note["project"]), tuple(map(str, note["drafts"]))
    except (OSError, ValueError, KeyError, TypeError):
        return "", ()


# What cameras would show, drawn for drafts when one asks: only of a camera whose pose is known, veiled as outputs are.

COLUMNS, FINENESS = 960, 2
POSE = ("mount_height_m", "azimuth_deg", "tilt_deg", "hfov_deg")


class LensPictures:
    """Draws the picture of a camera of a project; the town is set up when the first is asked for."""

    def __init__(self, project: Project, shown: Assessment, read_data: Callable[[], ReferenceData]) -> None:
        """Draw cameras of the project; ``shown`` has what outputs may tell of what they see."""
        self._project, self._read_data = project, read_data
        self._results: Mapping[str, CameraResult] = {result.placed.camera.camera_id: result for result in shown.cameras}
        self._cameras = {camera.camera_id: camera for camera in project.cameras}

    @cached_property
    def _town(self) -> "PictureTown":
        from lhasaplan.core.picture.picture_town import PictureTown  # noqa: PLC0415 - see above

        return PictureTown(set_up(self._project, self._read_data()))

    def __call__(self, camera_id: str) -> "CameraPicture | None":
        """Return the picture, None where the pose is not recorded or the camera is not of this project."""
        camera, result = self._cameras.get(camera_id), self._results.get(camera_id)
        if camera is None or result is None or not is_posed(camera):
            return None
        from lhasaplan.core.picture.camera_picture import Look, picture_of  # noqa: PLC0415 - see above

        placed, look = set_in(self._town.city, [camera]).placed, Look(columns=COLUMNS, fineness=FINENESS)
        return picture_of(placed[0], self._town, look, result.sightings) if placed else None


def is_posed(camera: Camera) -> bool:
    """Say whether height, direction, tilt and angle of view are all recorded: of a guess no picture is drawn."""
    return all(getattr(camera, name) is not None for name in POSE)


NO_PAPER = marked("No paper of the kind {format} was written: no rule pack of this project asks for one (data/dossiers)")
NO_PLAN = marked("No paper of the kind {format} was written. It needs an open gate and --plan")
UNEXPLAINED = marked("Differences from the city's plan without a reason: {count}")
NO_DAY = marked("{date} is no day; write it as 2027-03-31")
BUNDLE_IS_OPEN = marked("A bundle is for outside readers, so it must not hold private content")
STILL_THERE = marked(
    "No bundle was written. Several features together reveal where people hide, and without these features the "
    "project cannot be passed on"
)
STEP = "write the drafts"
SENTENCES_A_WORD = 16
NO_LEVEL = marked("{level} is not a level of disclosure; the levels are: {known}")
NOT_PRIVATE = marked("Private content is for the office only; the level {level} leaves it out")


@dataclass(frozen=True, slots=True)
class HeardTranslations(Translations):
    """Translations that report their use; a cancel raised there ends the draft, whose file is not replaced."""

    hear: Callable[[], None] = field(default=lambda: None, compare=False)

    def __call__(self, template: str, **params: object) -> str:
        """Return the template in this language with its parameters filled in."""
        self.hear()
        return Translations.__call__(self, template, **params)


def shown(
    services: Services, project: Project, assessment: Assessment, private: bool = False, level: str = INTERNAL
) -> tuple[ShownProject, ShownAssessment]:
    """Return what outputs may show: the one place where values become those that writers take.

    InputError for a level that there is not, and for one for readers outside together with ``private``.
    """
    if level == INTERNAL:
        return services.drafts.public_values(project, assessment, private)
    levels = services.content.load_disclosure()
    if level not in levels:
        raise InputError(Fault(NO_LEVEL, params={"level": level, "known": ", ".join(levels)}))
    if private:
        raise InputError(Fault(NOT_PRIVATE, params={"level": level}))
    return services.drafts.public_values(*at_level(project, assessment, levels[level]), False)


def heard(translations: Translations, progress: Progress, share: float) -> Translations:
    """Return the translations of one draft, which tells the share of the work now and with every 16th sentence."""
    sentences = count()

    def hear() -> None:
        if next(sentences) % SENTENCES_A_WORD == 0:
            progress(share, STEP)

    hear()
    return HeardTranslations(translations.language, translations.catalogue, translations.state, translations.sealed, hear)


Drafted: TypeAlias = tuple[list[Path], tuple[Fault, ...]]  # the files of a format, and why there are not all


def written(name: str, write: Callable[[], Iterable[Path]]) -> Drafted:
    """Return the files that a writer made, or why it made none: one format must not take the others with it.

    This is the one place where any failure of a writer, one of a library too, becomes a sentence; a cancel goes on.
    """
    try:
        return list(write()), ()
    except Cancelled:
        raise
    except UserError as error:
        return [], error.faults
    except OSError as error:
        file = str(error.filename) if error.filename else ""
        mendable = mendable_fault(error, Where(file=file or None, item=name))
        refused = mendable or _unwritten(name, f"{file}: {error.strerror}" if file else error.strerror or str(error))
        return [], (refused,)
    except Exception as error:  # noqa: BLE001  (see above)
        return [], (_unwritten(name, f"{type(error).__name__}: {error}"),)


def _unwritten(name: str, cause: str) -> Fault:
    return Fault("Not all drafts of the format {format} could be written: {cause}", params={"format": name, "cause": cause})


class DraftWish(TypedDict, total=False):
    """How drafts are wished: what :func:`export` may be told besides their formats and language."""

    private: bool
    area: str
    cameras: Sequence[str]
    date: str
    unit_prices: Path | None
    level: str
    is_final: bool
    proposals: "DisclosedProposals | None"
    templates: Sequence[Path]


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
    progress = onward(progress)  # options are looked for before it is known that there are none
    _require_known(services, project, formats, area)
    _require_sound(services, templates)
    refuse_other_drafts(folder, assessment.project)
    if is_final:
        refuse_final(project, assessment, services.content.load_translations(language))
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
    reported = None if values[1].public_precision_deg is not None else proposals
    digest = "" if values[1].public_precision_deg is not None else plan_sha256(with_plan(project))
    order = DraftOrder(area, tuple(cameras), day, options, level, is_final, dossiers, conformity, reported, plan_sha256=digest)
    order = replace(order, template=_of_kind(templates, ".docx"), slide_template=_of_kind(templates, ".pptx"))
    order = replace(order, unit_prices=services.content.load_unit_prices(unit_prices))
    if "register" in formats:
        order = replace(order, forms=forms_for(services.content.load_register_forms(), project.packs))
    if options:
        order = replace(order, picture_of=LensPictures(project, values[1], partial(reference_data, services, project)))
    if BUNDLE_FORMAT in formats:
        order = replace(order, audited_on=services.today(), keep_project=_keeper(services, values, private=private))
    return _export(services, values, formats, folder, language=language, order=order, progress=progress)


def _keeper(services: Services, values: tuple[ShownProject, ShownAssessment], *, private: bool) -> Callable[[Path], None] | None:
    """Return what writes the project into a bundle; None where positions are coarse. InputError for what is private."""
    if private:
        raise InputError(Fault(BUNDLE_IS_OPEN))
    return None if values[1].public_precision_deg is not None else partial(keep_disclosed, services, values[0])


def keep_disclosed(services: Services, project: Project, path: Path) -> None:
    """Write the project as a reader outside may have it into a file; InputError where a place that outputs withhold is left."""
    bare = disclosed_project(project, services.content.load_protected_kinds())
    if any(place.is_undisclosed for place in audit_context(services, bare).protected):
        raise InputError(Fault(STILL_THERE))
    services.stores.open(path).save(bare)


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
    private: bool = False,
    progress: Progress = no_progress,
) -> list[Path]:
    """Write the drafts of values that were made to be shown before; ``private`` says that they were made so."""
    _require_known(services, project, formats, area)
    values, order = (project, assessment), DraftOrder(area, tuple(cameras), _date_of(services, assessment, date))
    if BUNDLE_FORMAT in formats:
        order = replace(order, audited_on=services.today(), keep_project=_keeper(services, values, private=private))
    return _export(services, values, formats, folder, language=language, order=order, progress=progress)


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
    refuse_other_drafts(folder, values[1].project)
    translations = services.content.load_translations(language)
    folder.mkdir(parents=True, exist_ok=True)
    chosen = sorted(dict.fromkeys(formats), key=lambda name: name == BUNDLE_FORMAT)

    def one(name: str, order: DraftOrder, words: Translations) -> Drafted:
        with paused() if current_thread() is main_thread() else nullcontext():  # elsewhere pictures would not be freed
            return written(name, partial(services.writers[name], *values, folder, words, order))

    def write(names: Iterator[str], progress: Progress, order: DraftOrder = order, before: int = 0) -> dict[str, Drafted]:
        done: dict[str, Drafted] = {}
        for name in names:
            if name == PDF and COMPOSING in done:  # a process of its own sets what is composed, beside the rest
                with BackgroundJob(lambda tell: one(PDF, order, heard(translations, tell, 0.0))) as pdf:
                    done |= write(names, progress, order, len(done))
                    rest = part_of(progress, len(done) / len(chosen), (len(done) + 1) / len(chosen))
                    return done | {PDF: pdf.answer(rest, STEP)}
            done[name] = one(name, order, heard(translations, progress, (before + len(done)) / len(chosen)))
            services.compute.give_back()
        return done

    line = _in_line([name for name in chosen if name != BUNDLE_FORMAT])

    def write_several(heads: Iterator[str], progress: Progress) -> dict[str, Drafted]:
        return write((name for head in heads for name in line[head]), progress)

    def prepare() -> tuple[Path, ...]:
        services.drafts.prepare_maps(values[1], lambda _, __: progress(0.0, STEP))
        return ()

    if sum(head in MAP_FORMATS for head in line) > 1:
        written("", prepare)  # what fails here fails again where a format needs it, and is told of that
    until = 0.9 if BUNDLE_FORMAT in chosen else 1.0
    by_name = services.compute.side_by_side(write_several, tuple(line), part_of(progress, 0.0, until))
    drafted = [by_name[name] for name in chosen if name in by_name]
    if BUNDLE_FORMAT in chosen:
        order = replace(order, papers=tuple(path for made, _ in drafted for path in made))
        drafted += write(iter((BUNDLE_FORMAT,)), part_of(progress, until, 1.0), order).values()
    files = [path for made, _ in drafted for path in made]
    failed: list[Fault] = []
    for _, found in drafted:
        failed += [fault for fault in found if fault not in failed]
    note_drafts(folder, values[1].project, files)
    if failed:
        raise DraftsError(failed, files)
    return files


def _in_line(formats: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return which formats one process writes together, by the first of them, in the order in which two processes take them."""
    places = {name: place for place, name in enumerate((*FIRST_WRITTEN, None, *LAST_WRITTEN))}
    order = sorted(formats, key=lambda name: places.get(name, places[None]))
    composed = tuple(name for name in order if name in COMPOSED_FORMATS)
    return {name: composed if name in composed else (name,) for name in order if name not in composed[1:]}


def _require_known(services: Services, project: Project, formats: Sequence[str], area: str) -> None:
    faults = [
        Fault("{name} is not a format; the formats are: {known}", params={"name": name, "known": ", ".join(services.writers)})
        for name in formats
        if name not in services.writers
    ]
    if area and area not in areas_by_name(project, services.content.load_protected_kinds()):
        faults.append(no_area(area))
    if faults:
        raise InputError(*faults)


def _require_sound(services: Services, templates: Sequence[Path]) -> None:
    faults = services.drafts.template_faults(templates) if templates else ()
    if faults:
        raise InputError(*faults)


def _of_kind(templates: Sequence[Path], ending: str) -> Path | None:
    return next((path for path in templates if path.suffix.lower() == ending), None)


def _date_of(services: Services, assessment: Assessment, date: str) -> str:
    """Return the day that drafts bear; coarse outputs tell no time. InputError for what is no day."""
    if date and iso_date(date) is None:
        raise InputError(Fault(NO_DAY, params={"date": date}))
    return "" if assessment.public_precision_deg is not None else date or services.today()


def papers_asked(services: Services, project: Project) -> tuple[Dossier, ...]:
    """Return the papers that the project's packs ask for: none where no pack knows an authority that could be handed one."""
    try:
        overseen = any(pack.planning == "yes" for pack in services.content.load_packs(project.packs))
    except InputError:
        return ()  # a rule pack of the project is not here
    return dossiers_for(services.content.load_dossiers(), project.packs) if overseen else ()


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
