"""What every map draws: the quiet ground in a frame, of each camera its fields and seen frontage; and what its legend says."""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import islice
from typing import Protocol
from weakref import WeakKeyDictionary

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry import box
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, ObjectArray, slices
from lhasaplan.core.base.kept_shapes import as_kept, read_shape
from lhasaplan.core.base.progress import STEP, Progress, no_progress
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.city.address_search import folded, houses_of
from lhasaplan.core.city.streets import doors_of, named_streets
from lhasaplan.core.city.surveys import NOBODY_LOOKED
from lhasaplan.core.demand.ground_in_view import DrawnField, Reach, drawn_fields, drawn_ground, split_frontages
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.layer import InputRecord, Layer, is_drawn
from lhasaplan.core.results.assessment import Assessment, CameraResult, Sighting
from lhasaplan.report.facts.summary import has_plan, planned_removals
from lhasaplan.report.text.numerals import short_number
from lhasaplan.report.text.style import load_style
from lhasaplan.report.text.words import BEYOND_GROUND, CLASSES, NO_BUILDING_NEAR, REACHES

# Draw seen frontage as ribbons that a reader can make out; for drawing only.

RIBBON_M, MITRE_LIMIT = 0.3, 2.0
EMPTY = np.empty(0, object)


def ribbons_of_each(geometries: Sequence[BaseGeometry | None]) -> list[ObjectArray]:
    """Return lines as ribbons, of each geometry none or some; where two lie over each other, one colour covers both.

    A line is not grown at its ends: at a wall's corner the shape would cover what is not in view.
    """
    merged = shapely.line_merge(np.array([*geometries, None], object)[:-1])
    lines, of = shapely.get_parts(merged, return_index=True)
    # At a jog of centimetres a longer mitre is a spike that crosses its own ring; a right angle needs 1.41.
    found: ObjectArray = shapely.buffer(lines, RIBBON_M, cap_style="flat", join_style="mitre", mitre_limit=MITRE_LIMIT)
    return np.split(found, np.searchsorted(of, np.arange(1, len(merged))))


# Work out once what maps draw of a camera: its fields, their ground, and the seen frontage at that ground and beyond it.
#
# Seven drafts draw the same cameras; cutting frontage at the edge of the ground cost more than writing any of them.

Split = tuple[BaseGeometry, BaseGeometry]


class DrawnCamera:
    """What maps draw of one camera; each part is worked out when a draft first asks."""

    def __init__(self, result: CameraResult) -> None:
        # Not the camera itself: what is kept for it must not keep it.
        self._views, self._sightings = (result.certain, result.possible), result.sightings
        self._not_mapped = as_kept(result, "not_mapped")
        self._split: list[Split] | None = None
        self._ribbons: list[ObjectArray] | None = None

    @cached_property
    def fields(self) -> tuple[DrawnField, ...]:
        """The fields, far ones first."""
        bare = None if self._not_mapped is None else read_shape(self._not_mapped)
        return drawn_fields(*self._views, bare)

    @cached_property
    def boxes(self) -> FloatArray:
        """West, south, east and north of each field, shape (n, 4)."""
        found: FloatArray = np.reshape(shapely.bounds([one.ground for one in self.fields]), (-1, 4))
        return found

    def known_boxes(self, *, decided_only: bool) -> FloatArray:
        """Return the boxes of certain fields and of the frontage in view, or of the recorded alone, shape (n, 4)."""
        is_certain = np.array([one.reach is Reach.CERTAIN for one in self.fields], bool)
        is_shown = np.array([one.is_recorded or not decided_only for one in self._sightings], bool)
        return np.concatenate([self.boxes[is_certain], self._sighted_boxes[is_shown]])

    @cached_property
    def _sighted_boxes(self) -> FloatArray:
        found: FloatArray = np.reshape(shapely.bounds([one.geometry for one in self._sightings]), (-1, 4))
        return found

    @cached_property
    def ground(self) -> BaseGeometry:
        """All ground that is drawn."""
        return drawn_ground(self.fields)

    @property
    def frontages(self) -> tuple[tuple[Sighting, Split], ...]:
        """Each sighting with its frontage at the ground that is drawn, and beyond it."""
        return tuple(zip(self._sightings, self._splits(), strict=True))

    @property
    def ribbons(self) -> tuple[tuple[Sighting, ObjectArray], ...]:
        """Each sighting with the ribbons that its frontage at the ground is drawn as."""
        if self._ribbons is None:
            _find_ribbons([self])
        assert self._ribbons is not None
        return tuple(zip(self._sightings, self._ribbons, strict=True))

    def _splits(self) -> list[Split]:
        if self._split is None:
            _split_frontages([self])
        assert self._split is not None
        return self._split


VIEWS_AT_ONCE = 64  # each holds its ground anew while its walls are split


def _split_frontages(cameras: Sequence[DrawnCamera], progress: Progress = no_progress) -> None:
    """Split the frontage of these cameras, that of some dozens of views at once."""
    views = [(one, each.ground) for each in cameras for one in each._sightings]
    done: list[Split] = []
    for some in slices(len(views), VIEWS_AT_ONCE):
        progress(some.start / len(views), STEP)
        done += split_frontages([one.outline() for one, _ in views[some]], [ground for _, ground in views[some]])
    split = iter(done)
    for each in cameras:
        each._split = list(islice(split, len(each._sightings)))


def _find_ribbons(cameras: Sequence[DrawnCamera]) -> None:
    """Find the ribbons of these cameras, all at once."""
    found = iter(ribbons_of_each([at for each in cameras for at, _ in each._splits()]))
    for each in cameras:
        each._ribbons = list(islice(found, len(each._sightings)))


_drawn: WeakKeyDictionary[CameraResult, DrawnCamera] = WeakKeyDictionary()


def drawn(result: CameraResult) -> DrawnCamera:
    """Return what maps draw of a camera; it is forgotten with the camera's results."""
    found = _drawn.get(result)
    if found is None:
        found = _drawn[result] = DrawnCamera(result)
    return found


def drawn_frontages(cameras: Sequence[CameraResult], progress: Progress = no_progress) -> Iterator[tuple[Sighting, Split]]:
    """Give :attr:`DrawnCamera.frontages` of all these cameras; what is not there yet is worked out at once."""
    found = [drawn(each) for each in cameras]
    _split_frontages([each for each in found if each._split is None], progress)
    return (one for each in found for one in each.frontages)


def drawn_ribbons(cameras: Sequence[CameraResult]) -> Iterator[tuple[Sighting, ObjectArray]]:
    """Give :attr:`DrawnCamera.ribbons` of all these cameras; what is not there yet is worked out at once."""
    found = [drawn(each) for each in cameras]
    _split_frontages([each for each in found if each._split is None])
    _find_ribbons([each for each in found if each._ribbons is None])
    return (one for each in found for one in each.ribbons)


# The quiet ground of every map: which buildings and roads lie in a frame, and what must be said about them.

Frame = tuple[float, float, float, float]
Spot = tuple[float, float]
ROUND_CAMERAS_M = 60.0  # so much round each camera an overview holds, whatever else it leaves out


class Layered(Protocol):
    """What has the layers of a city: a project, a sheet of pictures."""

    @property
    def layers(self) -> Mapping[str, Layer]:
        """The layers by name."""


class Sourced(Protocol):
    """What was made from files: answers, a sheet of pictures."""

    @property
    def inputs(self) -> tuple[InputRecord, ...]:
        """The files."""

    @property
    def synthetic(self) -> bool:
        """Whether they are made up."""


class BaseMap:
    """Buildings, roads, walls of floor plans and doors of a project, found by frame, with names of streets and house numbers."""

    def __init__(self, project: Layered) -> None:
        self._city, self._roads = project.layers, project.layers.get("roads")
        self._layers = {name: _index(project, name) for name in ("buildings", "roads", "floor_walls")}

    @cached_property
    def streets(self) -> "StreetLabels":
        """The names of streets, found when a map first writes them."""
        return StreetLabels(self._roads)

    @cached_property
    def doors(self) -> FloatArray:
        """The doors that the map has, shape (n, 2)."""
        return doors_of(self._city)

    @cached_property
    def _houses(self) -> tuple[FloatArray, tuple[str, ...]]:
        """Where house numbers stand, shape (n, 2), and the numbers."""
        found = [(shape.representative_point(), number) for shape, _, number in houses_of(self._city) if not shape.is_empty]
        return np.array([(at.x, at.y) for at, _ in found], float).reshape(-1, 2), tuple(number for _, number in found)

    def house_numbers(self, frame: Frame, apart_m: float) -> list[tuple[str, Spot]]:
        """Return the house numbers in a frame with their places; of those nearer to each other the first."""
        spots, numbers = self._houses
        is_in = (spots[:, 0] > frame[0]) & (spots[:, 0] < frame[2]) & (spots[:, 1] > frame[1]) & (spots[:, 1] < frame[3])
        rows, kept = np.flatnonzero(is_in), list[tuple[str, Spot]]()
        while len(rows):
            first, rows = rows[0], rows[1:]
            kept.append((numbers[first], (float(spots[first, 0]), float(spots[first, 1]))))
            rows = rows[np.hypot(*(spots[rows] - spots[first]).T) >= apart_m]
        return kept

    def owned_by(self, names: Collection[str], frame: Frame) -> ObjectArray:
        """Return the buildings that touch a frame and have one of these names as their owner or operator."""
        known = {folded(name) for name in names if name.strip()}
        rows = sorted({row for name in known for row in self._owned.get(name, ())})
        if not rows:
            return EMPTY
        own: ObjectArray = self._city["buildings"].geometry[rows]
        touching: ObjectArray = own[shapely.intersects(own, box(*frame))]
        return touching

    @cached_property
    def _owned(self) -> Mapping[str, list[int]]:
        """The rows of the buildings of each owner or operator, by folded name."""
        found: dict[str, list[int]] = {}
        for row, tags in enumerate(self._city["buildings"].tags if "buildings" in self._city else ()):
            for key in ("owner", "operator"):
                if tags.get(key):
                    found.setdefault(folded(tags[key]), []).append(row)
        return found

    def inside(self, name: str, frame: Frame) -> ObjectArray:
        """Return the geometries of a layer that touch the frame."""
        found = self._layers.get(name)
        if found is None:
            return EMPTY
        tree, geometry = found
        touching: ObjectArray = geometry[np.sort(tree.query(box(*frame), predicate="intersects"))]
        return touching


def _index(project: Layered, name: str) -> tuple[shapely.STRtree, ObjectArray] | None:
    layer = project.layers.get(name)
    if layer is None or not len(layer):
        return None
    # A user draws a pilgrims' way for the program alone: it is never exported, not even as a street.
    shown = np.array([name != "roads" or not is_drawn(tags) for tags in layer.tags], bool)
    geometry = layer.geometry[shown & ~shapely.is_missing(layer.geometry)]
    return shapely.STRtree(geometry), geometry


def drawn_of(result: CameraResult) -> list[BaseGeometry]:
    """Return the ground of each field of a camera that a map draws, far ones with it."""
    return [one.ground for one in drawn(result).fields]


def reaches(cameras: Iterable[CameraResult]) -> frozenset[Reach]:
    """Return which kinds of fields maps of these cameras draw: a legend explains no others."""
    return frozenset(one.reach for result in cameras for one in drawn(result).fields)


def frame_of(cameras: Iterable[CameraResult], others: Iterable[BaseGeometry | None] = (), margin_m: float = 25.0) -> Frame | None:
    """Return the frame around cameras, their fields and other geometry, or ``None`` where there is nothing."""
    cameras = tuple(cameras)
    at = [_round(c, 0.0) for c in cameras]
    return _frame_of_boxes([at, *(drawn(c).boxes for c in cameras), shapely.bounds(_shapes(others))], margin_m)


def _round(result: CameraResult, around_m: float) -> Frame:
    x_m, y_m = result.placed.camera.x_m, result.placed.camera.y_m
    return x_m - around_m, y_m - around_m, x_m + around_m, y_m + around_m


def _shapes(shapes: Iterable[BaseGeometry | None]) -> ObjectArray:
    found: ObjectArray = np.array([*shapes, None], object)[:-1]
    return found


def _frame_of_boxes(boxes: Sequence[ArrayLike], margin_m: float) -> Frame | None:
    """Return the frame round boxes, shape (n, 4) each; those of nothing are not a number."""
    table = np.concatenate([np.reshape(np.asarray(each, float), (-1, 4)) for each in boxes])
    table = table[np.isfinite(table).all(axis=1)]
    if not len(table):
        return None
    low, high = table[:, :2].min(0) - margin_m, table[:, 2:].max(0) + margin_m
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def overview_frame(
    cameras: Sequence[CameraResult], parts: Sequence[BaseGeometry], margin_m: float, *, decided_only: bool = False
) -> tuple[Frame | None, bool]:
    """Return the frame of a map of all cameras, and whether what may be seen reaches beyond it.

    It holds the cameras, all that is certain, all frontage in view and all parts. A lens that nobody recorded may reach far over
    open ground, round which the town would be too small to be read. ``decided_only`` leaves out the frontage that such a lens may
    show far away: a meeting decides about cameras, their ground and parts.
    """
    whole = frame_of(cameras, parts, margin_m)
    if whole is None:
        return None, False
    spots = [_round(c, ROUND_CAMERAS_M) for c in cameras]
    seen = [drawn(c).known_boxes(decided_only=decided_only) for c in cameras]
    known = _frame_of_boxes([spots, *seen, shapely.bounds(_shapes(parts))], margin_m) or whole
    frame = max(whole[0], known[0]), max(whole[1], known[1]), min(whole[2], known[2]), min(whole[3], known[3])
    return frame, frame != whole


def attribution(assessment: Sourced) -> tuple[str, ...]:
    """Return licence and date of each input once, as maps must print them; a licence without a date yields to the dated one."""
    dated = {record.licence for record in assessment.inputs if record.date}
    records = [record for record in assessment.inputs if record.date or record.licence not in dated]
    lines = (", ".join(part for part in (record.licence, record.date) if part) for record in records)
    return tuple(dict.fromkeys(line for line in lines if line))


# The names of streets on a map: each once, on its longest stretches, where it covers no other.
MOST_NAMES, APART = 8, 0.16  # names in a picture, and how far apart, as a share of its width
ALONG = (0.5, 0.25, 0.75, 0.12, 0.88)  # where along a street its name may stand, best first


@dataclass(frozen=True, slots=True)
class StreetName:
    """The name of a street where it is written, turned as the street runs."""

    text: str
    at: Spot
    angle_deg: float


class StreetLabels:
    """Streets by name, found by frame."""

    def __init__(self, roads: Layer | None) -> None:
        rows = list(named_streets(roads)) if roads is not None else []
        self._shapes = np.array([*(shape for shape, _ in rows), None], object)[:-1]
        self._names, self._tree = [name for _, name in rows], shapely.STRtree(self._shapes)

    def names(
        self, frame: Frame, free_of: Sequence[Spot] = (), most: int = MOST_NAMES, apart: float = APART
    ) -> tuple[StreetName, ...]:
        """Return the names to be written in a frame, each once: the longest stretches first, none upon another or such a spot.

        Without spots the middle of the frame is kept free, where the place is that the picture is of.
        """
        apart_m, found = apart * (frame[2] - frame[0]), dict[str, StreetName]()
        taken = list(free_of) or [((frame[0] + frame[2]) / 2, (frame[1] + frame[3]) / 2)]
        for name, line in self._stretches(frame):
            if name in found or line.length < apart_m or len(found) == most:
                continue
            spots = (_at(line, share) for share in ALONG)
            free = next((spot for spot in spots if all(math.dist(spot[0], each) > apart_m for each in taken)), None)
            if free is not None:
                found[name] = StreetName(name, *free)
                taken.append(free[0])
        return tuple(found.values())

    def _stretches(self, frame: Frame) -> Iterator[tuple[str, shapely.LineString]]:
        """Yield the lines of named streets within a frame, the longest first, by name where two are equal."""
        inset = 0.06 * (frame[2] - frame[0])
        window = shapely.box(frame[0] + inset, frame[1] + inset, frame[2] - inset, frame[3] - inset)
        by_name: dict[str, list[BaseGeometry]] = {}
        for row in sorted(self._tree.query(window, predicate="intersects").tolist()):
            by_name.setdefault(self._names[row], []).append(shapely.intersection(self._shapes[row], window))
        lines = [
            (name, line)
            for name, shapes in by_name.items()
            for line in shapely.get_parts(shapely.line_merge(shapely.union_all(shapes))).tolist()
            if line.geom_type == "LineString"
        ]
        yield from sorted(lines, key=lambda pair: (-pair[1].length, pair[0]))


def _at(line: shapely.LineString, share: float) -> tuple[tuple[float, float], float]:
    """Return a point of a line and its direction there in degrees, as it is read from the left."""
    before, point, after = (line.interpolate(each, normalized=True) for each in (share - 0.1, share, share + 0.1))
    angle_deg = math.degrees(math.atan2(after.y - before.y, after.x - before.x))
    return (point.x, point.y), (angle_deg + 90.0) % 180.0 - 90.0


# What the legend of a map says, sign by sign; each format draws the signs in its own way.

HOLLOW = marked("hollow line: the view is only possible")
NIGHT = marked("Can see at night, by infrared")


class Sign(StrEnum):
    """What a sign of a map stands for."""

    CAMERA = "camera"
    PLANNED = "planned"
    TAKEN_DOWN = "taken_down"
    CERTAIN = "certain"
    NEAR = "near"
    FAR = "far"
    NOT_MAPPED = "not_mapped"
    NOT_SURVEYED = "not_surveyed"
    BAND = "band"
    NIGHT = "night"
    FRONTAGE = "frontage"
    HOLLOW = "hollow"
    BEYOND_GROUND = "beyond_ground"
    PART = "part"
    GAP = "gap"  # with the plan, where there is one
    GAP_TODAY = "gap_today"
    OVERLAP = "overlap"


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A sign with its words; ``low_px_m`` is where a band begins, ``cls`` the class of place whose frontage is in view."""

    sign: Sign
    text: str
    low_px_m: float = 0.0
    cls: str = ""


def legend_entries(assessment: Assessment, translations: Translations, *, with_parts: bool) -> list[LegendEntry]:
    """Return the signs of a map with their words, in the order of every legend: those alone that it shows."""
    found = [LegendEntry(sign, translations(text)) for sign, text in _fields(assessment)]
    for low in sorted(float(low) for low in load_style()["bands"]):
        text = translations(marked("from {low} px/m"), low=short_number(low, translations))
        found.append(LegendEntry(Sign.BAND, text, low_px_m=low))
    if any(result.night is not None for result in assessment.cameras):
        found.append(LegendEntry(Sign.NIGHT, translations(NIGHT)))
    lines = [one for result in assessment.cameras for one in result.sightings if one.geometry is not None]
    for cls in (cls for cls in CLASSES if cls in {str(one.cls) for one in lines}):
        text = translations(marked("frontage in view: {what}"), what=translations(CLASSES[cls]))
        found.append(LegendEntry(Sign.FRONTAGE, text, cls=cls))
    found += [LegendEntry(Sign.HOLLOW, translations(HOLLOW))] if any(not one.is_recorded for one in lines) else []
    found += [LegendEntry(Sign.BEYOND_GROUND, translations(BEYOND_GROUND))] if lines else []
    return [*found, *(LegendEntry(sign, translations(text)) for sign, text in _parts(assessment) if with_parts)]


def _fields(assessment: Assessment) -> Iterator[tuple[Sign, str]]:
    """Yield the signs of cameras, of the ground that they see, and of the ground of which nobody knows."""
    cameras = assessment.cameras
    yield Sign.CAMERA, marked("Camera")
    if any(result.placed.camera.status is Status.PLANNED for result in cameras):
        yield Sign.PLANNED, marked("Planned camera")
    if planned_removals(assessment):
        yield Sign.TAKEN_DOWN, marked("Camera to be taken down")
    if any(result.certain is not None for result in cameras):
        yield Sign.CERTAIN, marked("can see, certain")
    drawn = reaches(cameras)
    for sign, reach in ((Sign.NEAR, Reach.NEAR), (Sign.FAR, Reach.FAR)):
        if reach in drawn:
            yield sign, REACHES[reach]
    if any(result.not_mapped is not None for result in cameras):
        yield Sign.NOT_MAPPED, NO_BUILDING_NEAR
    if assessment.surveyed is not None:
        yield Sign.NOT_SURVEYED, NOBODY_LOOKED


def _parts(assessment: Assessment) -> Iterator[tuple[Sign, str]]:
    """Yield the signs of what is asked for: gaps of today, or those with the plan beside those of today."""
    yield Sign.PART, marked("confirmed part")
    if has_plan(assessment):
        yield Sign.GAP, marked("gap with the plan")
        yield Sign.GAP_TODAY, marked("gap today")
    else:
        yield Sign.GAP, marked("gap")
    yield Sign.OVERLAP, marked("overlap")
