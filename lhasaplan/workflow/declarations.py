"""What people declare of buildings, cells and indoor parts: one by one, by a table, or of all unknown buildings of an area."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.spelling import is_answer
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.human_names import own_addresses
from lhasaplan.core.city.streets import NearestStreet
from lhasaplan.core.gate.decide import borders_near
from lhasaplan.core.project.decisions import DWELLING, NOT_AS_NAMED, NOT_DWELLING, Confirmation, Declaration, Excuse, Suspended
from lhasaplan.core.project.journal import FactsDeclared, SuspendedEnded, declared_by
from lhasaplan.core.project.plan_step import Series
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.places import find_protected
from lhasaplan.core.protection.undisclosed import UnknownBuildings, unknown_buildings
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import DeclaredRow, Services
from lhasaplan.workflow.answers import areas_by_name, audit_context, no_area
from lhasaplan.workflow.decisions import CandidateSelection, confirm, day_fault, excuse, require_day, subject_faults
from lhasaplan.workflow.new_states import with_decided_things
from lhasaplan.workflow.projects import note

# Tell which declarations of ``not_dwelling`` change nothing: the map says by itself what the building is.
INERT = marked(
    "This is in the project but has no effect: {ids}. not_dwelling clears only an unknown use. If a map or a "
    "name states the use, correct the map and import it again"
)
_NAMED = 10


def remarks_on_inert(services: Services, before: Project, after: Project) -> tuple[Fault, ...]:
    """Return a remark that names the fresh declarations of ``not_dwelling`` without effect, nothing where each has one.

    A building in which an undisclosed place is counts as its like do: a remark would be a hint.
    """
    known = set(before.declarations)
    fresh = [each.subject for each in after.declarations if each.fact == NOT_DWELLING and each not in known]
    if not fresh:
        return ()
    others = tuple(each for each in after.declarations if each.fact != NOT_DWELLING or each.subject not in set(fresh))
    without, with_them = _unknown(services, after, (others, after.declarations))
    inert = [subject for subject in fresh if subject not in without or subject in with_them]
    named = ", ".join(inert[:_NAMED]) + (" …" if len(inert) > _NAMED else "")
    return (Fault(INERT, params={"ids": named}),) if inert else ()


def _unknown(services: Services, project: Project, cases: Sequence[tuple[Declaration, ...]]) -> list[frozenset[str]]:
    """Return the buildings of unknown use for each of several lists of declarations."""
    city = audit_context(services, replace(project, cameras=()))
    kinds, layers = city.reference_data.kinds, project.layers
    places = [find_protected(layers, city.buildings, kinds, declared) for declared in cases]
    return [
        frozenset(unknown_buildings(found, city.buildings, layers, kinds, declared).ids)
        for found, declared in zip(places, cases, strict=True)
    ]


PASTED = "clipboard.tsv"  # what the source of copied rows is called where their faults and the journal name it
OPPOSITE = {DWELLING: NOT_DWELLING, NOT_DWELLING: DWELLING}  # whoever says one takes the other back
NEEDS = marked("A declaration needs {field}; the project keeps it with the declaration")
BY_AREA_ALONE = marked("For all buildings of an area you can declare only dwelling or not_dwelling, not {fact}")
NO_POLYGON = marked("This file has no polygon; an area must be one")
NOBODY_INSIDE = marked("No building of unknown use lies in this area")
LIKELY_LEFT = marked(
    "Left unchanged, because house numbers, entrances or names make them likely dwellings: {count}. Declare "
    "not_dwelling for such a building by its id"
)


@dataclass(frozen=True, eq=False, slots=True)
class Said:
    """What a person says of many things at once; ``day`` is empty for today."""

    fact: str
    reason: str
    by: str
    day: str = ""

    def of(self, subject: str) -> Declaration:
        """Return it as said of one thing."""
        return Declaration(subject, self.fact, self.by, self.day, self.reason)


@dataclass(frozen=True, eq=False, slots=True)
class UnknownListing:
    """The buildings of unknown use as a person decides about them: each with the nearest street and its place on Earth.

    ``addresses`` are those that buildings say themselves, empty where one says none.
    """

    buildings: UnknownBuildings
    addresses: tuple[str, ...]
    streets: tuple[str, ...]
    lonlat: tuple[tuple[float, float] | None, ...]


def list_unknown(services: Services, project: Project) -> UnknownListing:
    """Return the buildings of unknown use, for the open project and never for an output."""
    found = _unknown_buildings(services, project)
    at, shapes = NearestStreet(project.layers.get("roads"), Crs(project.crs)), found.shapes.tolist()
    own = own_addresses(project.layers, set(found.ids))
    addresses = tuple(own.get(ident, "") for ident in found.ids)
    return UnknownListing(found, addresses, tuple(at.streets(shapes)), tuple(map(at.lonlat, shapes)))


def declare(services: Services, project: Project, subjects: Sequence[str], said: Said) -> Project:
    """Return the project with one fact declared of each of these; of more than one thing, and that a name is none, with a reason.

    InputError with all that is wrong, then nothing is declared.
    """
    _refuse_unsaid(services, said, needs_reason=len(subjects) > 1 or said.fact == NOT_AS_NAMED)
    rows = [DeclaredRow(said.of(subject), Where()) for subject in dict.fromkeys(subjects)]
    return _taken(services, project, rows)


def borders_to_declare(services: Services, project: Project) -> tuple[tuple[str, str], ...]:
    """Return the countries of which it may be declared that the plan lies in them, as subject and name."""
    if not project.crs:
        return ()
    from lhasaplan.core.demand.guard import find_candidates  # noqa: PLC0415 - loads the kernels

    city = audit_context(services, replace(project, cameras=()))
    known = city.reference_data
    return borders_near(project, known.packs, known.territory, find_candidates(city).confirmed, city.crs)


def declare_pasted(services: Services, project: Project, text: str) -> tuple[Project, int, tuple[Fault, ...]]:
    """Return the project with what copied rows declare; they are read as a table that was saved would be."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / PASTED
        path.write_text(text, encoding="utf-8", newline="")
        return declare_table(services, project, path)


def declare_table(services: Services, project: Project, path: Path) -> tuple[Project, int, tuple[Fault, ...]]:
    """Return the project with all that a table declares, how many things that are, and remarks on the table.

    InputError with every fault of the table, ids that are not there among them; then nothing is declared.
    """
    table = services.files.read_declarations(path)
    return _taken(services, project, table.rows, path.name, table.faults), len(table.rows), table.remarks


def declare_area(services: Services, project: Project, area: str | Path, said: Said) -> tuple[Project, int, tuple[Fault, ...]]:
    """Return the project with one use declared of all buildings of unknown use in an area, how many, and what was left.

    ``area`` is the name of an area of the project, or a file with polygons. A building lies in it with more than half of its
    footprint. Likely dwellings are lived in by all signs: ``not_dwelling`` of them is said one by one.
    """
    if said.fact not in OPPOSITE:
        raise InputError(Fault(BY_AREA_ALONE, params={"fact": said.fact}))
    _refuse_unsaid(services, said, needs_reason=True)
    inside = _unknown_buildings(services, project).inside(polygon_of(services, project, area))
    chosen = inside.at(~inside.likely) if said.fact == NOT_DWELLING else inside
    left = len(inside) - len(chosen)
    remarks = (Fault(LIKELY_LEFT, params={"count": left}),) if left else ()
    if not len(chosen):
        raise InputError(Fault(NOBODY_INSIDE), *remarks)
    named = area.name if isinstance(area, Path) else area
    rows = [DeclaredRow(said.of(subject), Where()) for subject in chosen.ids]
    return _taken(services, project, rows, named), len(rows), remarks


def _unknown_buildings(services: Services, project: Project) -> UnknownBuildings:
    city = audit_context(services, replace(project, cameras=()))
    return unknown_buildings(city.protected, city.buildings, project.layers, city.reference_data.kinds, city.project.declarations)


def polygon_of(services: Services, project: Project, area: str | Path) -> BaseGeometry:
    """Return the ground of an area of the project by its name, or of the polygons of a file, in the project's metres."""
    if isinstance(area, str):
        areas = areas_by_name(project, services.content.load_protected_kinds())
        if area not in areas:
            raise InputError(no_area(area))
        return areas[area]
    found = services.files.read_file(area, kind="areas", project_crs=project.crs)
    shapes = [shape for layer in found.layers for shape in layer.geometry if shapely.get_dimensions(shape) == 2]
    if not shapes:
        raise InputError(Fault(NO_POLYGON, Where(area.name)))
    return shapely.union_all(shapely.make_valid(shapes))


def _refuse_unsaid(services: Services, said: Said, *, needs_reason: bool) -> None:
    fields = {"by": said.by, **({"reason": said.reason} if needs_reason or said.reason else {})}
    faults = [Fault(NEEDS, params={"field": name}) for name, value in fields.items() if not is_answer(value)]
    faults += day_fault(said.day, services.today())
    if faults:
        raise InputError(*faults)


def _taken(
    services: Services, project: Project, rows: Sequence[DeclaredRow], source: str = "", unread: Sequence[Fault] = ()
) -> Project:
    """Return the project with these declarations, the day filled in, each in place of what was said of the thing before.

    InputError with what is wrong with any of them, and with what of their table could not be read.
    """
    faults = [*unread]
    faults += [replace(fault, where=row.where) for row in rows for fault in day_fault(row.declaration.date, services.today())]
    faults += subject_faults(services, project, rows)
    if faults:
        raise InputError(*sorted(faults, key=lambda fault: fault.where.row or 0))
    fresh = [replace(row.declaration, date=row.declaration.date or services.today()) for row in rows]
    withdrawn = {(each.subject, fact) for each in fresh for fact in (each.fact, OPPOSITE.get(each.fact, each.fact))}
    kept = tuple(old for old in project.declarations if (old.subject, old.fact) not in withdrawn)
    changed = with_decided_things(services, replace(project, declarations=(*kept, *fresh)))
    for by, facts in declared_by(fresh):
        changed = note(changed, services, FactsDeclared(facts, source), by)
    return changed


# What a person does with a suspended decision: make it anew about the thing that is there now, or drop it.

NONE_SUCH = marked(
    "No suspended decision is called {which}. Name one by its number in the list of decisions --suspended, or by its subject"
)
SEVERAL = marked("Several suspended decisions are about {which}. Name one by its number: {numbers}")
NEEDS_ANSWER = marked("To drop or renew a suspended decision, state {field}; the journal keeps it")
SAY_WHAT = marked("Nothing is called {id} here now. Name the subject of the decision with --to and an id")


@dataclass(frozen=True, slots=True)
class Ending:
    """Who ends a suspended decision, and why; ``day`` is empty for today."""

    by: str
    reason: str
    day: str = ""


def suspended_called(project: Project, which: str) -> Suspended:
    """Return the suspended decision about a subject, or that of a number, counted from 1 as they are listed.

    InputError where there is none, or where several are about the subject.
    """
    about = [(number, each) for number, each in enumerate(project.suspended, 1) if each.subject == which]
    if len(about) > 1:
        raise InputError(Fault(SEVERAL, params={"which": which, "numbers": ", ".join(str(number) for number, _ in about)}))
    if about:
        return about[0][1]
    if which.isdecimal() and 0 < int(which) <= len(project.suspended):
        return project.suspended[int(which) - 1]
    raise InputError(Fault(NONE_SUCH, params={"which": which}))


def drop_suspended(services: Services, project: Project, which: str, said: Ending) -> Project:
    """Return the project without a suspended decision; name, day and reason are in its journal."""
    _require(services, said)
    return _ended(services, project, suspended_called(project, which), "", said)


def renew_suspended(services: Services, project: Project, which: str, said: Ending, to: str = "") -> Project:
    """Return the project with a suspended decision made anew about what is called ``to`` now: empty where the id stayed the same.

    It is as if the person made it today: gate, guard and checks are asked, and InputError, GateError or GuardError say what is
    against it. A confirmation keeps purpose and milder means, and its part its number.
    """
    _require(services, said)
    ended = suspended_called(project, which)
    subject, made = to or ended.subject, ended.made
    try:
        after = _made_anew(services, project, made, subject, said)
    except InputError as error:
        if to or ended.why != "gone":
            raise
        raise InputError(Fault(SAY_WHAT, params={"id": subject}), *error.faults) from error
    return _ended(services, after, ended, subject, said)


def _made_anew(
    services: Services, project: Project, made: Confirmation | Excuse | Declaration, subject: str, said: Ending
) -> Project:
    if isinstance(made, Declaration):
        return declare(services, project, (subject,), Said(made.fact, said.reason, said.by, said.day))
    if isinstance(made, Excuse):
        return excuse(services, project, subject, reason=said.reason, by=said.by, date=said.day)
    chosen, grounds = CandidateSelection(ids=(subject,)), {"purpose": made.purpose, "milder": made.milder_means}
    numbered = _with_number(project, made.part_id, subject)
    return confirm(services, numbered, chosen, **grounds, reason=said.reason, by=said.by, date=said.day)[0]


def _with_number(project: Project, before: str, now: str) -> Project:
    """Return the project in which a part has the number of what it was, unless either is a part of its own."""
    given = {each.camera_id for each in project.numbers if each.series is Series.PART}
    if now in given or any(each.part_id == before for each in project.confirmations):
        return project
    is_its = [each.series is Series.PART and each.camera_id == before for each in project.numbers]
    numbers = (replace(each, camera_id=now) if its else each for each, its in zip(project.numbers, is_its, strict=True))
    return replace(project, numbers=tuple(numbers))


def _ended(services: Services, project: Project, ended: Suspended, to: str, said: Ending) -> Project:
    left = tuple(each for each in project.suspended if each.key != ended.key)
    event = SuspendedEnded(ended.decision, ended.subject, ended.fact, to, said.reason, said.day or services.today())
    return note(replace(project, suspended=left), services, event, said.by)


def _require(services: Services, said: Ending) -> None:
    fields = {"by": said.by, "reason": said.reason}
    faults = [Fault(NEEDS_ANSWER, params={"field": name}) for name, value in fields.items() if not is_answer(value)]
    if faults:
        raise InputError(*faults)
    require_day(said.day, services.today())
