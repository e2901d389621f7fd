"""Take districts back into the city's project: what each changed, what several changed otherwise, and what cannot be taken."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, combinations

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.changes.proposal import by_id
from lhasaplan.core.changes.work import Work, cost_of
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.layer import InputRecord, Layer, empty_layer, is_drawn, take
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.plan import with_plan
from lhasaplan.core.project.plan_step import PlanVersion, free_name
from lhasaplan.core.project.project import District, Project, united
from lhasaplan.core.project.projects import OF_THINGS, by_thing, key_of, suspended_of, things_apart
from lhasaplan.core.project.three_ways import CITY, Conflict, Handed, Merged, merged

# What each district has and all have together, every camera and part counted in one of them alone.


@dataclass(frozen=True, slots=True)
class DistrictSum:
    """How many cameras stand in a district and how many parts lie in it.

    ``cost`` is None where a price is not stated, or prices are in several currencies; ``currency`` is empty where none is.
    """

    area: str  # empty of what lies in no district
    operating: int
    planned: int
    parts: int
    cost: float | None
    currency: str = ""


def sums_by_district(
    areas: Mapping[str, BaseGeometry], cameras: Sequence[Camera], parts: Sequence[Part], unit_prices: Mapping[Work, float]
) -> tuple[DistrictSum, ...]:
    """Return a row for each district, in their order, and one for what lies in none; the rows add up to the city.

    A camera belongs where it stands, a part where its middle lies; of districts that lie across each other the first counts.
    """
    names = list(areas)
    standing = [camera for camera in cameras if camera.status is not Status.REMOVED]
    at = [_place_of(shapely.Point(camera.x_m, camera.y_m), areas) for camera in standing]
    lying = [_place_of(part.geometry.representative_point(), areas) for part in parts]
    rows = []
    for name in (*names, ""):
        mine = [camera for camera, place in zip(standing, at, strict=True) if place == name]
        planned = [camera for camera in mine if camera.status is Status.PLANNED]
        cost = cost_of((), planned, unit_prices)
        total = cost.total if planned else 0.0
        rows.append(DistrictSum(name, len(mine) - len(planned), len(planned), lying.count(name), total, cost.currency))
    return tuple(rows)


def _place_of(point: BaseGeometry, areas: Mapping[str, BaseGeometry]) -> str:
    return next((name for name, area in areas.items() if area.intersects(point)), "")


# What of the layers of districts goes into the city's: features that the city lacks, for a place that one knows is protected.
FEATURE = "feature"


@dataclass(frozen=True, eq=False, slots=True)
class LayersTaken:
    """The layers of the city with those features, and what is to be reported of them.

    Parameters
    ----------
    added : by district, how many features the city lacked.
    drawn : how many drawn places districts have and the city does not; they stay where they are, for nothing may lead to them.
    """

    layers: Mapping[str, Layer]
    added: Mapping[str, int]
    drawn: int = 0
    conflicts: tuple[Conflict, ...] = ()


def with_layers_of(
    city: Project, sides: Sequence[tuple[District, Project]], choices: Mapping[str, str], default: str = ""
) -> LayersTaken:
    """Return the layers of a city with what its districts have besides; one that is there otherwise is a conflict.

    Choices are as of :func:`lhasaplan.core.project.three_ways.merged`; a feature of the district then takes the city's place.
    """
    layers, added, drawn = dict(city.layers), dict[str, int](), 0
    conflicts: list[Conflict] = []
    for district, project in sides:
        for name, theirs in project.layers.items():
            ours = layers.get(name, empty_layer(name))
            rows = {feature_id: row for row, feature_id in enumerate(ours.ids.tolist())}
            fresh = np.array([feature_id not in rows for feature_id in theirs.ids.tolist()], bool)
            hidden = np.array([is_drawn(tags) for tags in theirs.tags], bool)
            drawn += int((fresh & hidden).sum())
            others = [row for row in np.flatnonzero(~fresh).tolist() if not _is_same(theirs, row, ours, rows[theirs.ids[row]])]
            chosen = [row for row in others if choices.get(str(theirs.ids[row]), default) == district.area]
            left = [row for row in others if choices.get(str(theirs.ids[row]), default) not in (CITY, district.area)]
            conflicts += [Conflict(FEATURE, str(theirs.ids[row]), {CITY: name, district.area: name}) for row in left]
            count = int((fresh & ~hidden).sum())
            added[district.area] = added.get(district.area, 0) + count
            if chosen or count:
                layers[name] = _joined(
                    ours, take(theirs, fresh & ~hidden), {rows[theirs.ids[row]]: row for row in chosen}, theirs
                )
    return LayersTaken(layers, added, drawn, tuple(conflicts))


def _is_same(one: Layer, row: int, other: Layer, there: int) -> bool:
    """Say whether a feature of one layer is to the letter and the bit one of another."""
    return dict(one.tags[row]) == dict(other.tags[there]) and bool(one.geometry[row].equals_exact(other.geometry[there], 0.0))


def _joined(ours: Layer, fresh: Layer, replaced: Mapping[int, int], theirs: Layer) -> Layer:
    """Return a layer with features that came, and with some of its own as the other side has them."""
    geometry, tags = ours.geometry.copy(), list(ours.tags)
    for row, there in replaced.items():
        geometry[row], tags[row] = theirs.geometry[there], theirs.tags[there]
    whole = replace(ours, geometry=geometry, tags=tuple(tags))
    source = (*_sources(whole), *_sources(fresh)) if ours.source or fresh.source else ()
    return Layer(
        ours.name,
        np.concatenate([whole.ids, fresh.ids]),
        np.concatenate([whole.geometry, fresh.geometry]),
        (*whole.tags, *fresh.tags),
        source,
    )


def _sources(layer: Layer) -> tuple[str, ...]:
    return layer.source or ("",) * len(layer)


CAMERA, CONFIRMATION, EXCUSE, DECLARATION, PART = "camera", "confirmation", "excuse", "declaration", "drawn_part"
STEP = "step"
BOTH = "both"  # of cameras that came new in several districts under one id: each is kept, under an id of its own
DECIDED: Mapping[str, str] = {
    "confirmations": CONFIRMATION,
    "excuses": EXCUSE,
    "declarations": DECLARATION,
    "hand_made_parts": PART,
    "plan": STEP,
}


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person chose of conflicts: by key the side that counts, and that of all others; empty where nothing was chosen."""

    by_key: Mapping[str, str] = field(default_factory=dict)
    default: str = ""


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two cameras of different plans that stand so close that they may be one."""

    one: str
    other: str
    apart_m: float


@dataclass(frozen=True, eq=False, slots=True)
class MergedPlan:
    """The city's project with its districts in it, and all that is to be reported of it; not to be kept while conflicts are open.

    Parameters
    ----------
    taken : by district, kind and key, what was taken from it.
    shared : ids of the cameras that several districts have; each is counted once.
    """

    project: Project
    taken: Mapping[str, tuple[tuple[str, str], ...]]
    conflicts: tuple[Conflict, ...]
    shared: tuple[str, ...]
    near: tuple[NearPair, ...]
    layers: LayersTaken


def merge_districts(city: Project, districts: Sequence[Project], near_m: float, choices: Choices | None = None) -> MergedPlan:
    """Return the city's project with what its districts changed since they were derived from it.

    Every project of ``districts`` has its :class:`District`, of different areas. Cameras that nobody changed are the same
    objects as in the city.
    """
    chosen = choices or Choices()
    sides = [(each.district, each) for each in districts if each.district is not None]
    sides, renamed = _with_both(sides, city, chosen)
    parts: dict[str, Merged[object]] = {}
    for name, kind in DECIDED.items():
        rows = _distinguished(name, [{key_of(name, one): one for one in getattr(each, name)} for each in (city, *chain(*sides))])
        pairs = zip(sides, rows[1::2], rows[2::2], strict=True)
        handed = [Handed(district.area, before, now) for (district, _), before, now in pairs]
        parts[name] = merged(kind, rows[0], handed, chosen.by_key, chosen.default)
    handed_cameras = [Handed(district.area, by_id(district.cameras), by_id(project.cameras)) for district, project in sides]
    cameras = merged(CAMERA, by_id(city.cameras), handed_cameras, chosen.by_key, chosen.default)
    layers = with_layers_of(city, sides, chosen.by_key, chosen.default)
    decided = {name: tuple(each.values.values()) for name, each in parts.items()}
    inputs = _inputs(city, [project for _, project in sides])
    views = tuple(dict.fromkeys((*city.bookmarks, *(each for _, project in sides for each in project.bookmarks))))
    whole = replace_kept(city, cameras=tuple(cameras.values.values()), layers=layers.layers, inputs=inputs, **decided)
    lost = united(city.losses, *(project.losses for _, project in sides))
    waiting = suspended_of(city.suspended, [(district.suspended, project.suspended) for district, project in sides])
    whole = replace(whole, losses=lost, suspended=waiting)
    whole = replace(whole, versions=(*city.versions, *versions_taken(city, sides)), bookmarks=views)
    several: dict[str, Merged[object]] = {CAMERA: cameras, **{DECIDED[name]: each for name, each in parts.items()}}
    new = {key for key in (*cameras.taken, *renamed) if key not in by_id(city.cameras)}
    return MergedPlan(
        whole,
        _taken([district.area for district, _ in sides], several),
        (*(each for some in several.values() for each in some.conflicts), *layers.conflicts),
        _shared(sides),
        near_pairs(with_plan(whole), new, near_m),
        layers,
    )


def _distinguished(name: str, sides: Sequence[dict[str, object]]) -> list[dict[str, object]]:
    """Return the rows of all sides by keys under which decisions about several things of one id are several."""
    if name not in OF_THINGS:
        return list(sides)
    apart = things_apart(sides)
    return [by_thing(rows, apart) for rows in sides]


def versions_taken(city: Project, sides: "Sides") -> tuple[PlanVersion, ...]:
    """Return the versions that districts kept as versions of the city's plan: all else of it is as the city has it now.

    Each is called after its district; one that was taken before is not taken again.
    """
    known = list(city.versions)
    for district, project in sides:
        for version in project.versions:
            name = f"{district.area}: {version.name}"
            if not any(each.name.startswith(name) and _has(each, district, version) for each in known):
                known.append(replace(version, name=free_name(name, known), cameras=_over(city, district, version)))
    return tuple(known[len(city.versions) :])


def _has(taken: PlanVersion, district: District, version: PlanVersion) -> bool:
    """Tell whether a version of the city's has the cameras of a district as its version has them, whatever others became."""
    wished = by_id(version.cameras)
    own = wished.keys() | by_id(district.cameras).keys()
    return {name: each for name, each in by_id(taken.cameras).items() if name in own} == wished


def _over(city: Project, district: District, version: PlanVersion) -> tuple[Camera, ...]:
    """Return the cameras of a city with those of a district as its version has them."""
    wished, handed = by_id(version.cameras), by_id(district.cameras)
    kept = [wished.get(each.camera_id, each) for each in city.cameras if each.camera_id not in handed.keys() - wished.keys()]
    known = {each.camera_id for each in city.cameras}
    return (*kept, *(each for each in version.cameras if each.camera_id not in known))


Sides = list[tuple[District, Project]]


def _with_both(sides: Sides, city: Project, choices: Choices) -> tuple[Sides, set[str]]:
    """Return the sides with new cameras under ids of their own where a person wants all that came under one id."""
    wanted = {key for key, side in choices.by_key.items() if side == BOTH} - by_id(city.cameras).keys()
    done: Sides = []
    seen, renamed = set[str](), set[str]()
    for district, project in sides:
        new_ids = {camera.camera_id for camera in project.cameras} - {camera.camera_id for camera in district.cameras}
        again = {key: f"{key} ({district.area})" for key in new_ids & wanted & seen}
        seen |= new_ids
        renamed |= set(again.values())
        cameras = tuple(replace(each, camera_id=again.get(each.camera_id, each.camera_id)) for each in project.cameras)
        steps = tuple(
            replace(
                each, camera_id=again.get(each.camera_id, each.camera_id), as_planned=again.get(each.as_planned, each.as_planned)
            )
            for each in project.plan
        )
        done.append((district, replace(project, cameras=cameras, plan=steps) if again else project))
    return done, renamed


def _inputs(city: Project, districts: Sequence[Project]) -> tuple[InputRecord, ...]:
    """Return the records of the files of all: that of a file that several have is the city's."""
    records: dict[str, InputRecord] = {}
    for record in (record for project in (city, *districts) for record in project.inputs):
        records.setdefault(record.path, record)
    return tuple(records.values())


def _taken(areas: Sequence[str], several: Mapping[str, Merged[object]]) -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, list[tuple[str, str]]] = {area: [] for area in areas}
    for kind, each in several.items():
        for key, side in each.taken.items():
            if side in found:
                found[side].append((kind, key))
    return {area: tuple(some) for area, some in found.items()}


def _shared(sides: Sides) -> tuple[str, ...]:
    """Return the cameras that more than one district has, in the order in which they come."""
    seen, twice = set[str](), dict[str, None]()
    for _, project in sides:
        ids = [camera.camera_id for camera in project.cameras]
        twice.update((each, None) for each in ids if each in seen)
        seen.update(ids)
    return tuple(twice)


def near_pairs(cameras: Sequence[Camera], new: set[str], near_m: float) -> tuple[NearPair, ...]:
    """Return the pairs of cameras that stand close together, of which one at least is new, those closest first."""
    standing = [camera for camera in cameras if camera.status is not Status.REMOVED]
    if not new or len(standing) < 2:
        return ()
    points = shapely.points(np.array([(camera.x_m, camera.y_m) for camera in standing]))
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=near_m)
    pairs = (
        NearPair(standing[a].camera_id, standing[b].camera_id, float(points[a].distance(points[b])))
        for a, b in zip(one.tolist(), other.tolist(), strict=True)
        if a < b and {standing[a].camera_id, standing[b].camera_id} & new
    )
    return tuple(sorted(pairs, key=lambda pair: (pair.apart_m, pair.one, pair.other)))


def overlapping(districts: Sequence[District]) -> Iterator[tuple[str, str, float]]:
    """Give the pairs of districts whose areas lie across each other, with the ground that both have, in square metres."""
    for one, other in combinations(districts, 2):
        shared = shapely.intersection(shapely.from_wkt(one.area_wkt), shapely.from_wkt(other.area_wkt)).area
        if shared > 1.0:
            yield one.area, other.area, float(shared)
