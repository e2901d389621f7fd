"""Districts: make the project of one from the city's, say how its plan differs, and take districts back into the city's."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shapely

from lhasaplan.core.audit.pipeline import gate_of
from lhasaplan.core.base.plain_values import to_plain
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.spelling import LONGEST, plain_letters
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.proposal import to_json
from lhasaplan.core.demand.guard import find_candidates
from lhasaplan.core.districts.clipping import district_project
from lhasaplan.core.districts.merging import (
    Choices,
    DistrictSum,
    MergedPlan,
    merge_districts,
    overlapping,
    sums_by_district,
    versions_taken,
)
from lhasaplan.core.gate.decide import refuse_unless_open
from lhasaplan.core.live.live_answers import Live, live_project
from lhasaplan.core.live.plan_options import PlanComparison, compare
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.project.journal import DistrictMade, DistrictsMerged, JournalEntry, NumbersHandedOut
from lhasaplan.core.project.numbering import next_blocks, numbered, with_numbers_of
from lhasaplan.core.project.plan import with_all_steps, with_plan
from lhasaplan.core.project.plan_step import NumberBlock, plan_sha256
from lhasaplan.core.project.project import DISTRICT, District, Project
from lhasaplan.errors import Fault, GuardError, InputError, Where
from lhasaplan.ports import PROJECT_ENDING, KeptProject, Services, Store
from lhasaplan.workflow.answers import areas_by_name, check, no_area, open_town, reference_data, require_city
from lhasaplan.workflow.drafting import export
from lhasaplan.workflow.new_states import into_state, on_losses
from lhasaplan.workflow.plan_differences import cameras_of
from lhasaplan.workflow.projects import note, save

if TYPE_CHECKING:
    from lhasaplan.core.model.place import Part

MERGE_SCHEMA = "lhasaplan-merge/1"
IS_DISTRICT = marked("{project} is itself the project of a district; derive districts from the city's project")
NO_DISTRICT = marked("{project} does not come from a city's project, so its changes are not known. Make it with export --plan")
OTHER_CITY = marked("{project} is the district {area} of {city}, and not of this project")
THERE = marked("there is already a project of this district, with its drafts. Name another folder, or move the project away")
TWICE = marked("the district {area} is named twice; take back one project of it")
OTHER_SYSTEM = marked("{project} has the coordinate system {one}, the city's project {other}")
NO_SIDE = marked("{side} is no side of a conflict; there are: {known}")
MANDATE_DIFFERS = marked(
    "The mandate of the district {area} differs from the city's in: {fields}. The city's mandate stays. To use "
    "the district's, state it with the command mandate"
)
TERRAIN_STAYS = marked(
    "Only the district {area} has this terrain, and it stays there: {files}. To use it, import it into the city's project"
)
RENUMBERED = marked(
    "The district {area} gave camera {camera} the number {there}, but another camera of the city has it. Here "
    "its number is {here}"
)
PART_RENUMBERED = marked(
    "The district {area} gave part {camera} the number {there}, but another part of the city has it. Here its number is {here}"
)
VERSIONS_TAKEN = marked("Versions of the district {area}, taken over as versions of the city's plan: {names}")
OVERLAP = marked("The districts {one} and {other} overlap by {area} m²; what stands there is counted once")


def district_file(area: str) -> str:
    """Return the name of the file in which a district's project is kept.

    >>> district_file("Rive gauche"), district_file("城关区")
    ('district-rive-gauche.gpkg', 'district-57ce51735333.gpkg')
    """
    letters = plain_letters(area) or "".join(f"{ord(letter):x}" for letter in area)[:LONGEST]
    return f"district-{letters}{PROJECT_ENDING}"


def draft_district(  # noqa: PLR0917 - the city, the district, which plan of the city it answers to, and its numbers
    services: Services,
    project: Project,
    area: str,
    progress: Progress = no_progress,
    version: str = "",
    handed: Sequence[NumberBlock] = (),
) -> Project:
    """Return the project of one area of a city: its cameras and parts, and round it what these cameras can reach.

    ``version`` is one that the city keeps, such as its approved plan; the district then answers to that and not to the plan as
    it is now. ``handed`` are the numbers that districts got before: this one gets others. Raises InputError for an unknown area
    or version, or where the project is a district's, GateError with all that is missing outside the gate.
    """
    require_city(project)
    if project.district is not None:
        raise InputError(Fault(IS_DISTRICT, params={"project": project.name}))
    areas = areas_by_name(project, services.content.load_protected_kinds())
    if area not in areas:
        raise InputError(no_area(area))
    cameras = cameras_of(project, version)
    when = next((each.when for each in project.versions if each.name == version), services.today())
    project = numbered(with_all_steps(project))
    project = replace(project, cameras=cameras, plan=()) if version else project
    live, parts = open_town(services, project, progress)
    ground = shapely.make_valid(areas[area])
    blocks = next_blocks(project, (*project.number_blocks, *handed))
    rules, today = services.content.load_district_rules(), services.today()
    made = district_project(live, project, (area, ground), parts, rules, today, blocks)
    return note(made, services, DistrictMade(project.name, area, version, when, plan_sha256(cameras)))


def make_district(  # noqa: PLR0917 - the city, the district, and which plan of the city it answers to
    services: Services,
    city: KeptProject,
    area: str,
    folder: Path,
    progress: Progress = no_progress,
    version: str = "",
    log_in: Store | None = None,
) -> KeptProject:
    """Return the project of one area of a city, to be kept beside its drafts; it is not saved yet.

    Its numbers are logged with the city, or where ``log_in`` says, so that no other district gets them. Where nothing can be
    logged, as in a copy that is only read, two districts may get the same; taking them back tells so then. InputError where
    the folder holds a project of this district already: somebody may have drafted in it.
    """
    store = services.stores.derived([city.store], folder / district_file(area))
    if store.exists():
        raise InputError(Fault(THERE, Where(store.name)))
    log = log_in or city.store
    made = draft_district(services, city.project, area, progress, version, _handed_before(log))
    if made.district is not None:
        with suppress(InputError):
            log.log(JournalEntry(NumbersHandedOut(area, made.district.blocks), services.today(), ""))
    return KeptProject(made, store, city.key)


def _handed_before(log: Store) -> tuple[NumberBlock, ...]:
    """Return the numbers that were handed to districts since the city's project was loaded, too; none of one that is not kept."""
    try:
        events = [entry.event for entry in log.logged()] if log.exists() else []
    except InputError:
        return ()
    return tuple(block for event in events if isinstance(event, NumbersHandedOut) for block in event.blocks)


def write_district(
    services: Services,
    city: KeptProject | Project,
    area: str,
    formats: Sequence[str],
    folder: Path,
    *,
    language: str,
    templates: Sequence[Path] = (),
    version: str = "",
    progress: Progress = no_progress,
    log_in: Store | None = None,
) -> list[Path]:
    """Write the project of one area of a city and its drafts into a folder; return the files, the project first."""
    folder.mkdir(parents=True, exist_ok=True)
    opened = city if isinstance(city, KeptProject) else KeptProject(city, services.stores.open(folder / district_file(area)))
    made = make_district(services, opened, area, folder, part_of(progress, 0.0, 0.3), version, log_in)
    project = made.project
    assessment = check(services, project, part_of(progress, 0.3, 0.6))
    reported = part_of(progress, 0.6, 1.0)
    files = export(services, project, assessment, formats, folder, language=language, templates=templates, progress=reported)
    save(made)
    return [folder / made.store.name, *files]


@dataclass(frozen=True, eq=False, slots=True)
class Merge:
    """Districts taken back: the plan, what it does that the city's did not, the sums, and what is to be reported besides.

    ``comparison`` and ``sums`` are None while conflicts are open: there is no plan yet.
    """

    plan: MergedPlan
    comparison: PlanComparison | None = None
    sums: tuple[DistrictSum, ...] | None = None
    remarks: tuple[Fault, ...] = ()

    @property
    def project(self) -> Project:
        """Return the city's project with the districts in it."""
        return self.plan.project


def merge(  # noqa: PLR0917 - the city, the districts, and how they are taken
    services: Services,
    city: Project,
    districts: Sequence[Project],
    choices: Choices | None = None,
    unit_prices: Path | None = None,
    progress: Progress = no_progress,
    *,
    private: bool = False,
) -> Merge:
    """Return the city's project with what its districts changed; with conflicts open it is not to be kept.

    Gate, guard and the bounds of protected places are asked of the whole: parts and cameras of several districts add up.
    Raises InputError for a project that is no district of this city, GateError where the whole may not plan, GuardError with
    each part that the guard does not let pass in the whole and with each planned camera on protected ground.
    """
    _refuse_others(city, districts)
    chosen = choices or Choices()
    _refuse_unknown_sides(chosen, districts)
    rules = services.content.load_district_rules()
    city = numbered(with_all_steps(city))
    plan = merge_districts(city, [with_all_steps(each) for each in districts], rules.near_m, chosen)
    remarks = (*_left(city, districts), *_overlaps(districts))
    if plan.conflicts:
        return Merge(plan, remarks=remarks)
    whole, on_decisions, loss = into_state(services, [city], plan.project, DISTRICT)
    plan = replace(plan, project=whole)
    before = replace(plan.project, cameras=city.cameras, plan=city.plan)
    live, parts = _whole_town(services, city, before, plan, part_of(progress, 0.0, 0.7))
    prices, reported = services.content.load_unit_prices(unit_prices), part_of(progress, 0.7, 1.0)
    compared = compare(live, before, with_plan(city), with_plan(plan.project), prices, reported, is_disclosed=not private)
    areas = {each.district.area: shapely.from_wkt(each.district.area_wkt) for each in districts if each.district is not None}
    sums = sums_by_district(areas, with_plan(plan.project), parts, prices)
    taken = {area: len(some) for area, some in plan.taken.items()}
    whole, renumbered = with_numbers_of(plan.project, [(each.district.area, each) for each in districts if each.district])
    reported_numbers = (
        Fault(
            PART_RENUMBERED if each.is_part else RENUMBERED,
            params={"area": each.district, "camera": each.camera_id, "there": each.there, "here": each.here},
        )
        for each in renumbered
    )
    kept = note(whole, services, DistrictsMerged(taken))
    return Merge(replace(plan, project=kept), compared, sums, (*remarks, *on_losses(loss), *on_decisions, *reported_numbers))


def _whole_town(
    services: Services, city: Project, before: Project, plan: MergedPlan, progress: Progress
) -> "tuple[Live, tuple[Part, ...]]":
    """Return the answers of the city with all that its districts decided, once gate and guard let the whole pass."""
    live = live_project(before, reference_data(services, before), progress)
    found = find_candidates(live.city)
    if live.requested is None:
        if any(plan.taken.values()):
            refuse_unless_open(gate_of(live.city, found))
        return live, found.confirmed
    had = {each.part_id for each in city.confirmations}
    faults = [
        Fault(template, Where(item=part.part_id), {"part": part.part_id, **params})
        for part, template, params in live.requested.refused
        if part.part_id not in had
    ]
    if faults:
        raise GuardError(*faults)
    return live, found.confirmed


def _refuse_others(city: Project, districts: Sequence[Project]) -> None:
    """Raise InputError with every project that is no district of this city, or has another system."""
    faults: list[Fault] = []
    if city.district is not None:
        faults.append(Fault(IS_DISTRICT, params={"project": city.name}))
    seen: set[str] = set()
    for each in districts:
        district = each.district
        if district is None:
            faults.append(Fault(NO_DISTRICT, params={"project": each.name}))
            continue
        if district.city != city.name:
            params = {"project": each.name, "area": district.area, "city": district.city}
            faults.append(Fault(OTHER_CITY, params=params))
        if each.crs != city.crs:
            faults.append(Fault(OTHER_SYSTEM, params={"project": each.name, "one": each.crs, "other": city.crs}))
        if district.area in seen:
            faults.append(Fault(TWICE, params={"area": district.area}))
        seen.add(district.area)
    if faults:
        raise InputError(*faults)


def _refuse_unknown_sides(choices: Choices, districts: Sequence[Project]) -> None:
    known = ("city", "both", *(each.district.area for each in districts if each.district is not None))
    wrong = [side for side in (*choices.by_key.values(), choices.default) if side and side not in known]
    if wrong:
        raise InputError(*(Fault(NO_SIDE, params={"side": side, "known": ", ".join(known)}) for side in dict.fromkeys(wrong)))


def _left(city: Project, districts: Sequence[Project]) -> list[Fault]:
    """Return what of the districts is not taken, or taken under another name, so that nothing is dropped without a word."""
    remarks = []
    for each in districts:
        if each.district is None:
            continue
        area = each.district.area
        others = _other_fields(city, each)
        if others:
            remarks.append(Fault(MANDATE_DIFFERS, params={"area": area, "fields": ", ".join(others)}))
        known = {record.sha256 for record in city.terrain}
        files = [record.name for record in each.terrain if record.sha256 not in known]
        if files:
            remarks.append(Fault(TERRAIN_STAYS, params={"area": area, "files": ", ".join(files)}))
        taken = versions_taken(city, [(each.district, each)])  # none that an earlier merge took
        if taken:
            names = ", ".join(version.name for version in taken)
            remarks.append(Fault(VERSIONS_TAKEN, params={"area": area, "names": names}))
    return remarks


def _other_fields(city: Project, district: Project) -> list[str]:
    """Return what a district's mandate states otherwise than the city's, as the file of a mandate calls it; ground is its own."""
    ours, theirs = (each.mandate or Mandate() for each in (city, district))
    names = [each.name for each in fields(Mandate) if each.name not in ("plan_area_wkt", "building_extent_wkt")]
    return [name for name in names if getattr(ours, name) != getattr(theirs, name)]


def _overlaps(districts: Sequence[Project]) -> list[Fault]:
    known: list[District] = [each.district for each in districts if each.district is not None]
    return [Fault(OVERLAP, params={"one": one, "other": other, "area": f"{m2:.0f}"}) for one, other, m2 in overlapping(known)]


def merge_json(found: Merge) -> dict[str, object]:
    """Return a merge as an object of JSON (docs/json.md); with conflicts open there is neither effect nor sums."""
    plan, compared = found.plan, found.comparison
    return {
        "schema": MERGE_SCHEMA,
        "project": plan.project.name,
        "synthetic": plan.project.synthetic,
        "taken": {area: [{"kind": kind, "id": key} for kind, key in some] for area, some in plan.taken.items()},
        "features_added": dict(plan.layers.added),
        "drawn_places_left": plan.layers.drawn,
        "shared": list(plan.shared),
        "near": [{"one": each.one, "other": each.other, "apart_m": each.apart_m} for each in plan.near],
        "conflicts": [{"kind": each.kind, "id": each.key, "sides": to_plain(_reported(each.sides))} for each in plan.conflicts],
        "remarks": [{"template": each.template, "params": to_plain(dict(each.params))} for each in found.remarks],
        "changes": None if compared is None else to_json(compared.changes),
        "effect": None if compared is None else to_plain(compared.effect),
        "sums": None if found.sums is None else to_plain(found.sums),
    }


def _reported(sides: Mapping[str, Any]) -> dict[str, Any]:
    """Return what each side has, without the ground of what a decision is about: homes are not listed."""
    return {side: replace(each, thing=None) if hasattr(each, "thing") else each for side, each in sides.items()}
