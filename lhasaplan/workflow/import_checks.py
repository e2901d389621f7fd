"""Say what is doubtful of a file beside what a project holds: positions far away, ids and names that were there before."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.spelling import iso_date
from lhasaplan.core.base.translations import marked
from lhasaplan.core.context.areas import LEAST_INSIDE, Area, circles, not_deeper, outside_parent, read_areas, without_parent
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.file_kinds import ANY_COLUMN, UNREAD_USE
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.project import Loss, Project
from lhasaplan.core.protection.lost_protection import Joined
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import ImportedFile

# A column that has words of protected places and is not read as a use: it is asked what it is before the import is taken.
#
# What such a column says could be the only word of a school or a clinic: whoever takes the file in without an answer leaves
# them out of protection.

ANSWER = marked("for a column that does not say what the things are, answer with {options}")


def questions(remarks: Collection[Fault]) -> tuple[Fault, ...]:
    """Return the remarks that ask what a column is."""
    return tuple(remark for remark in remarks if remark.template == UNREAD_USE)


def refuse_unread(found: ImportedFile, no_use: Collection[str]) -> None:
    """Raise InputError for each column that is asked about and not declared no use, with how to declare it.

    Parameters
    ----------
    no_use : columns by name; one with commas that is no column of the file names several.
    """
    asked = {str(remark.params["column"]): remark for remark in questions(found.remarks)}
    known = {name for text in no_use for name in ([text] if text in asked else map(str.strip, text.split(",")))}
    left = [] if ANY_COLUMN in known else [name for name in asked if name not in known]
    if left:
        options = " ".join(f'--no-use "{name}"' for name in left)
        raise InputError(*(asked[name] for name in left), Fault(ANSWER, asked[left[0]].where, {"options": options}))


FEW = 2  # of so few things one may go without a word
FAR_M = 1_000_000.0  # no city, region or country plan is that wide from its own edge
BEYOND_M = 250.0  # from the next street: the same as of a street that still says where a thing lies
BEYOND_STREETS = marked(
    "{count} cameras stand more than {metres} m from every imported street ({ids}). Import the map of that place "
    "as well to compute what they see there"
)
NAMED = 5  # ids that a sentence gives before it only counts
TOO_FAR = marked(
    "{count} positions lie more than {km} km from everything in the project. Are longitude and latitude swapped, "
    "or is the coordinate system another?"
)
STRAY_FEATURES = marked(
    "{count} features lie more than {km} km from the middle of this file ({ids}); are their coordinates those of another system?"
)
FAR_FROM_OTHERS = marked(
    "{count} cameras lie more than {km} km from the middle of this file ({ids}); are longitude and latitude swapped?"
)
SAME_IDS = marked(
    "{count} cameras have the same ids as cameras of {file} and replaced them ({ids}). If they are other "
    "cameras, give them other ids and import both files again"
)
NOTHING = marked("nothing in this file could be imported; the project is unchanged")
EMPTIED = marked(
    "an earlier file of this name had {before} features of {layer}; this one would leave {count}. If that is "
    "intended, add --replace. To keep both, give the files different names"
)
APPROVED_THERE = marked(
    "this file withdraws the approval of camera {camera} on {day}, and {file} has it as approved that day; correct one of the two"
)
WITHDRAWN_THERE = marked(
    "this file has camera {camera} as approved on {day}, and {file} withdraws that approval that day; correct one of the two"
)
SAME_NAME = marked(
    "this file replaced an earlier file of the same name: {before} features before, {count} now. To keep both, "
    "give the files different names"
)


def middle_lonlat(project: Project) -> tuple[float, float] | None:
    """Return longitude and latitude of the middle of what the project holds; None for nothing."""
    known_xy_m = positions_of(project.layers.values(), project.cameras)
    if not len(known_xy_m) or not project.crs:
        return None
    lon, lat = Crs(project.crs).to_lonlat(*np.median(known_xy_m, axis=0))
    return (float(lon), float(lat)) if np.isfinite((lon, lat)).all() else None


def refuse_empty(found: ImportedFile, counts: Mapping[str, int]) -> None:
    """Raise InputError for a file of which nothing is left: it would replace what was there by nothing, and say so nowhere."""
    if not any(counts.values()):
        raise InputError(Fault(NOTHING, Where(found.record.path)), *found.remarks)


def refuse_emptied(project: Project, found: ImportedFile) -> None:
    """Raise InputError for each layer of which a file would leave no more than half of what one of its name brought before."""
    source = found.record.path
    if source not in {record.path for record in project.inputs}:
        return
    counts = {layer.name: len(layer) for layer in found.layers}
    before, now = _brought(project, source), {**counts, "cameras": len(found.cameras), "baseline": len(found.baseline)}
    lost = [name for name, count in before.items() if now.get(name, 0) == 0 or (count > FEW and now[name] * 2 <= count)]
    if lost:
        raise InputError(
            *(Fault(EMPTIED, Where(source), {"layer": n, "before": before[n], "count": now.get(n, 0)}) for n in lost)
        )


def _brought(project: Project, source: str) -> dict[str, int]:
    """Return how much of each layer, cameras and approvals among them, came from a file."""
    counts = {name: layer.source.count(source) for name, layer in project.layers.items()}
    for name, cameras in (("cameras", project.cameras), ("baseline", project.baseline)):
        counts[name] = sum(camera.input_file == source for camera in cameras)
    return {name: count for name, count in counts.items() if count}


def refuse_far(project: Project, found: ImportedFile) -> None:
    """Raise InputError for a file that lies on another side of the world than what the project holds, or than its own middle."""
    before, fresh = (
        positions_of(project.layers.values(), project.cameras),
        positions_of(found.layers, (*found.cameras, *found.baseline)),
    )
    if not len(before):
        _refuse_stray_cameras(found, fresh)
    _refuse_stray_features(found)
    if not len(before) or not len(fresh):
        return
    low, high = before.min(axis=0), before.max(axis=0)
    beyond_m = np.hypot(*np.maximum(np.maximum(low - fresh, fresh - high), 0.0).T)
    if beyond_m.max() > FAR_M:
        params = {"count": int(np.count_nonzero(beyond_m > FAR_M)), "km": round(FAR_M / 1000)}
        raise InputError(Fault(TOO_FAR, Where(found.record.path), params))


def _refuse_stray_cameras(found: ImportedFile, positions: FloatArray) -> None:
    cameras = (*found.cameras, *found.baseline)
    if not cameras:
        return
    away_m = np.hypot(*(positions_of((), cameras) - np.median(positions, axis=0)).T)
    strays = [camera.camera_id for camera, far in zip(cameras, away_m > FAR_M, strict=True) if far]
    if strays:
        params = {"count": len(strays), "km": round(FAR_M / 1000), "ids": named(strays)}
        raise InputError(Fault(FAR_FROM_OTHERS, Where(found.record.path), params))


def _refuse_stray_features(found: ImportedFile) -> None:
    """Raise InputError for shapes on another side of the world than the middle of their file, as where a corner is (0, 0)."""
    places = positions_of(found.layers, ())
    if not len(places):
        return
    ids = np.concatenate([layer.ids for layer in found.layers])
    strays = ids[np.hypot(*(places - np.median(places, axis=0)).T) > FAR_M]
    if len(strays):
        params = {"count": len(strays), "km": round(FAR_M / 1000), "ids": named([str(each) for each in strays])}
        raise InputError(Fault(STRAY_FEATURES, Where(found.record.path), params))


def positions_of(layers: Iterable[Layer], cameras: Iterable[Camera]) -> FloatArray:
    """Return a point of every feature and camera, shape (n, 2): of a shape that crosses itself the centroid may lie anywhere.

    A feature without an extent has none.
    """
    boxes = [shapely.bounds(layer.geometry).reshape(-1, 4) for layer in layers]
    shapes = [(box[:, :2] + box[:, 2:])[~np.isnan(box).any(axis=1)] / 2.0 for box in boxes]
    return np.concatenate([*shapes, np.array([(camera.x_m, camera.y_m) for camera in cameras], float).reshape(-1, 2)])


def remarks_beyond_streets(merged: Project, found: ImportedFile) -> tuple[Fault, ...]:
    """Return a remark on cameras far from every street that the project holds: there nothing of what they see is known."""
    roads = merged.layers.get("roads")
    brings_streets = any(layer.name == "roads" for layer in found.layers)
    fresh = {camera.camera_id for camera in found.cameras}
    asked = [camera for camera in merged.cameras if brings_streets or camera.camera_id in fresh]
    if roads is None or not len(roads) or not asked:
        return ()
    points = shapely.points([(camera.x_m, camera.y_m) for camera in asked])
    near = set(shapely.STRtree(roads.geometry).query(points, predicate="dwithin", distance=BEYOND_M)[0].tolist())
    beyond = [camera.camera_id for row, camera in enumerate(asked) if row not in near]
    params = {"count": len(beyond), "metres": round(BEYOND_M), "ids": named(beyond)}
    return (Fault(BEYOND_STREETS, Where(found.record.path), params),) if beyond else ()


def remarks_on_replaced(project: Project, found: ImportedFile) -> tuple[Fault, ...]:
    """Return a remark for each other file whose cameras this one replaces, and one where the name stood for other data."""
    source = found.record.path
    fresh = {camera.camera_id for camera in found.cameras}
    taken: dict[str, list[str]] = {}
    for camera in project.cameras:
        if camera.camera_id in fresh and camera.input_file not in {"", source}:
            taken.setdefault(camera.input_file, []).append(camera.camera_id)
    earlier = [
        record
        for record in project.inputs
        if record.path == source
        and (record.sha256, record.kind, record.features) != (found.record.sha256, found.record.kind, found.record.features)
    ]
    alike = [Fault(SAME_NAME, Where(source), {"before": each.features, "count": found.record.features}) for each in earlier]
    return (
        *alike,
        *(Fault(SAME_IDS, Where(source), {"count": len(ids), "file": file, "ids": named(ids)}) for file, ids in taken.items()),
    )


def refuse_contradicting_approvals(project: Project, found: ImportedFile) -> None:
    """Raise InputError with each camera of which this file and another say otherwise: approved and withdrawn on one day."""
    source = found.record.path
    known = {(each.camera_id, each.approved_on): each for each in project.baseline if each.input_file != source}
    faults = []
    for each in found.baseline:
        other = known.get((each.camera_id, each.approved_on))
        if other is not None and (Status.REMOVED in (each.status, other.status)) and each.status is not other.status:
            template = APPROVED_THERE if each.status is Status.REMOVED else WITHDRAWN_THERE
            words = {"camera": each.camera_id, "day": each.approved_on, "file": other.input_file}
            faults.append(Fault(template, Where(source, item=each.camera_id), words))
    if faults:
        raise InputError(*faults)


def named(ids: Sequence[str]) -> str:
    """Return the first few ids in a line, and that there are more."""
    return ", ".join(ids[:NAMED]) + (" …" if len(ids) > NAMED else "")


# Say of imported areas what cannot be of a hierarchy, and what is doubtful of one.
CIRCLE = marked("the areas {ids} contain each other in a circle; correct the column parent")
NO_PARENT = marked("these areas name a parent that is missing, so they stand alone: {ids}")
OUTSIDE = marked("less than {percent} % of these areas lies inside their parent: {ids}")
NOT_DEEPER = marked("these areas have an admin_level that is not deeper than that of their parent: {ids}")


def remarks_on_areas(merged: Project, found: ImportedFile) -> tuple[Fault, ...]:
    """Return remarks on the hierarchy of areas once a file of areas is in the project.

    Raises
    ------
    InputError
        Areas are part of each other in a circle.
    """
    if "areas" not in {layer.name for layer in found.layers}:
        return ()
    areas, where = read_areas(merged.layers["areas"]), Where(found.record.path)
    faults = [Fault(CIRCLE, where, {"ids": named(ids)}) for ids in circles(areas)]
    if faults:
        raise InputError(*faults)
    return tuple(_remarks(areas, where))


_DOUBTS: tuple[tuple[str, Callable[[Sequence[Area]], list[Area]]], ...] = (
    (NO_PARENT, without_parent),
    (OUTSIDE, outside_parent),
    (NOT_DEEPER, not_deeper),
)


def _remarks(areas: Sequence[Area], where: Where) -> Iterator[Fault]:
    for template, doubtful in _DOUBTS:
        ids = [area.area_id for area in doubtful(areas)]
        if ids:
            percent = {"percent": f"{100.0 * LEAST_INSIDE:g}"} if template == OUTSIDE else {}
            yield Fault(template, where, {"ids": named(ids), **percent})


# Say of a file what would get round gate and guard: cameras planned by their date, protected places that are gone.
STILL_TO_COME = marked("{count} cameras are recorded as operating from a day that is still to come and count as planned ({ids})")
GONE = marked(
    "this file lacks {count} protected features of the earlier one, or makes them smaller or of another kind; "
    "every audit will report that"
)
GONE_UNKNOWN = marked(
    "this file lacks {count} buildings of unknown use of the earlier one, or states their use; every audit will report that"
)
STAY_BESIDE = marked("{count} protected features of other files have ids that this file gives to other features; both count")
DRAWN_STAY = marked(
    "this file lacks {count} drawn protected places of an earlier file of the same name. They stay; import "
    "--drop-drawn removes them"
)


def with_plans_named(cameras: Sequence[Camera], today: str) -> tuple[tuple[Camera, ...], tuple[str, ...]]:
    """Return the cameras, and the ids of those that operate from a day still to come: whatever their status says, they are plans.

    Those come back as planned, so that the gate judges them.
    """
    now = iso_date(today)
    later = {each.camera_id for each in cameras if now is not None and each.status is Status.OPERATING and _after(each, now)}
    reported = tuple(replace(each, status=Status.PLANNED) if each.camera_id in later else each for each in cameras)
    return reported, tuple(each.camera_id for each in cameras if each.camera_id in later)


def _after(camera: Camera, now: date) -> bool:
    day = iso_date(camera.installed_on.strip())
    return day is not None and day > now


def on_still_to_come(found: ImportedFile, ids: Sequence[str]) -> tuple[Fault, ...]:
    """Return the remark on cameras that were taken as planned for the day of their installation."""
    return (Fault(STILL_TO_COME, Where(found.record.path), {"count": len(ids), "ids": named(ids)}),) if ids else ()


def on_loss(found: ImportedFile, joined: Joined, loss: Loss) -> Iterator[Fault]:
    """Yield the remarks on protected places that a file takes away, or that stay though the file lacks them."""
    where = Where(found.record.path)
    if loss.known:
        yield Fault(GONE, where, {"count": loss.known})
    if loss.unknown:
        yield Fault(GONE_UNKNOWN, where, {"count": loss.unknown})
    if joined.beside:
        yield Fault(STAY_BESIDE, where, {"count": joined.beside})
    if joined.drawn:
        yield Fault(DRAWN_STAY, where, {"count": joined.drawn})
