"""Say where somebody looked for cameras, and how many cameras all who looked at one place may have missed.

Outside surveyed ground no absence of cameras is claimed. Nothing here is demand or a candidate: demand, options and proposals
read none of it.
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.base.spelling import iso_date
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.layer import Layer, Tags, empty_layer
from lhasaplan.core.project.project import Project

SURVEYS = "surveys"  # the layer; its tags are SURVEYED (a day), OBSERVER (one or several, by ;) and SITE (a name)
SURVEYED, OBSERVER, SITE = "surveyed", "observer", "survey_site"
CHECKED = ("check_date", "survey:date")  # of a camera in OpenStreetMap: somebody stood there on that day
OBSERVERS = "observers"  # of a camera: who of those who looked recorded it
NOBODY_LOOKED = marked("nobody looked for cameras there")  # of streets and ground, in lists and legends
NO_SURVEY = marked("It is not recorded where anybody looked for cameras, so where none is known there may be some.")
NOT_LOOKED = marked("Nobody is recorded to have looked for cameras at this place, so there may be others.")
Z_95, TAIL = 1.959964, 0.025  # of the normal distribution 95 % lie within, and so much beyond either end
RARE = TAIL * (1.0 - 1e-9)  # logarithms round: what is as likely as that is not rarer


@dataclass(frozen=True, eq=False, slots=True)
class SurveyedGround:
    """Where somebody looked for cameras.

    Parameters
    ----------
    areas : survey areas whose day is known.   undated : those that do not count, for their day is not known or still to come.
    checked : places of cameras that somebody checked there on a known day.
    first, last : days, empty where nothing counts.
    """

    ground: BaseGeometry
    areas: int
    undated: int
    checked: int
    first: str = ""
    last: str = ""

    def holds(self, xy_m: FloatArray) -> BoolArray:
        """Return at which places, shape (P, 2), somebody looked; shape (P,)."""
        shapely.prepare(self.ground)
        return np.asarray(shapely.intersects_xy(self.ground, xy_m[:, 0], xy_m[:, 1]), bool)

    def length_m(self, lines: ObjectArray) -> float:
        """Return how much of lines lies on this ground."""
        parts = shapely.get_parts(self.ground)  # of a union: none lies on another
        line, part = shapely.STRtree(parts).query(lines, predicate="intersects")
        return float(shapely.length(shapely.intersection(lines[line], parts[part])).sum())


@lru_cache(maxsize=2)  # of a city that is answered about: each answer asks again
def surveyed_ground(project: Project, evidence_m: float, today: str) -> SurveyedGround | None:
    """Return where somebody looked; None where the project has neither survey areas nor checked cameras.

    ``evidence_m`` is how far round a checked camera somebody looked.
    """
    layer, latest = project.layers.get(SURVEYS) or empty_layer(SURVEYS), iso_date(today)
    days = [_day(tags.get(SURVEYED, ""), latest) for tags in layer.tags]
    dated = np.array([day is not None for day in days], bool)
    checks = {(each.x_m, each.y_m): day for each in project.cameras if (day := _checked_on(each, latest)) is not None}
    if not len(layer) and not checks:
        return None
    discs = shapely.buffer(shapely.points(np.array([*checks], float).reshape(-1, 2)), evidence_m)
    known = sorted([*(day for day in days if day is not None), *checks.values()])
    ground = shapely.union_all([*layer.geometry[dated], *discs])
    ends = (known[0].isoformat(), known[-1].isoformat()) if known else ("", "")
    return SurveyedGround(ground, int(dated.sum()), int((~dated).sum()), len(checks), *ends)


def _checked_on(camera: Camera, latest: date | None) -> date | None:
    if camera.status is Status.PLANNED:
        return None
    days = (_day(camera.extra.get(key, ""), latest) for key in CHECKED)
    return next((day for day in days if day is not None), None)


def _day(text: str, latest: date | None) -> date | None:
    """Return a day, of a month its first; None for no day, and for one that is still to come."""
    day = iso_date(text.strip()) or iso_date(f"{text.strip()}-01")
    return None if day is None or (latest is not None and day > latest) else day


# How many cameras all observers of one place missed.


@dataclass(frozen=True, slots=True)
class SiteEstimate:
    """How many cameras there are at a place that several people surveyed apart from each other.

    Parameters
    ----------
    found : cameras that at least one of them recorded.   besides : known cameras there that none of them recorded.
    estimate, low, high : of all there, with the ends of a 95 % interval; never fewer than are known.
    method : chapman of two observers, chao of more: a lower bound, for some cameras are harder to see than others.
    """

    observers: int
    found: int
    besides: int
    estimate: float
    low: float
    high: float
    method: str


def site_estimates(project: Project, today: str) -> tuple[SiteEstimate, ...]:
    """Return the estimate of every place that two people or more surveyed, on the ground that all of them did.

    Survey areas of one name are one place, and those without a name where they are drawn alike.
    """
    layer, latest = project.layers.get(SURVEYS) or empty_layer(SURVEYS), iso_date(today)
    rows = [row for row, tags in enumerate(layer.tags) if _day(tags.get(SURVEYED, ""), latest) is not None]
    sites: dict[object, list[int]] = {}
    for row in rows:
        name = layer.tags[row].get(SITE, "").strip().casefold()
        sites.setdefault(name or shapely.normalize(layer.geometry[row]).wkb, []).append(row)
    return tuple(found for own in sites.values() if (found := _at_site(project, layer, own)) is not None)


def _at_site(project: Project, layer: Layer, rows: Sequence[int]) -> SiteEstimate | None:
    grounds: dict[str, list[BaseGeometry]] = {}
    for row in rows:
        for name in names_in(layer.tags[row], OBSERVER):
            grounds.setdefault(name, []).append(layer.geometry[row])
    if len(grounds) < 2:
        return None
    common = shapely.intersection_all([shapely.union_all(own) for own in grounds.values()])
    there = [
        camera
        for camera in project.cameras
        if camera.status is Status.OPERATING and shapely.intersects_xy(common, camera.x_m, camera.y_m)
    ]
    seen = [names_in(camera.extra, OBSERVERS) & grounds.keys() for camera in there]
    known, found = len(seen), [each for each in seen if each]
    if not found:  # who recorded nothing says nothing of how much he misses
        return None
    method, (estimate, low, high) = (
        ("chapman", chapman(*_of_two(found, sorted(grounds))))
        if len(grounds) == 2
        else ("chao", chao(map(len, found), len(grounds)))
    )
    least = float(known)
    return SiteEstimate(
        len(grounds), len(found), known - len(found), max(estimate, least), max(low, least), max(high, least), method
    )


def names_in(tags: Tags | Mapping[str, str], key: str) -> frozenset[str]:
    """Return the names that a list with semicolons holds, in small letters."""
    return frozenset(name for text in tags.get(key, "").split(";") if (name := text.strip().casefold()))


def without_names(project: Project) -> Project:
    """Return the project with a number for everybody who looked for cameras, the same wherever they stand: estimates stay."""
    layer = project.layers.get(SURVEYS) or empty_layer(SURVEYS)
    named = [names_in(tags, OBSERVER) for tags in layer.tags], [names_in(camera.extra, OBSERVERS) for camera in project.cameras]
    number = {name: str(n) for n, name in enumerate(sorted(frozenset().union(*named[0], *named[1])), 1)}
    if not number:
        return project

    def numbered(tags: Mapping[str, str], key: str) -> dict[str, str]:
        return {**tags, key: ";".join(sorted(number[name] for name in names_in(tags, key)))} if tags.get(key) else {**tags}

    cameras = tuple(replace(each, extra=numbered(each.extra, OBSERVERS)) for each in project.cameras)
    bare = replace(layer, tags=tuple(numbered(tags, OBSERVER) for tags in layer.tags))
    return replace(project, cameras=cameras, layers={**project.layers, **({SURVEYS: bare} if len(layer) else {})})


def _of_two(seen: Iterable[frozenset[str]], names: Sequence[str]) -> tuple[int, int, int]:
    """Return how many cameras the first found, the second, and both."""
    found = Counter((names[0] in each, names[1] in each) for each in seen)
    both = found[True, True]
    return both + found[True, False], both + found[False, True], both


def chapman(first: int, second: int, both: int) -> tuple[float, float, float]:
    """Return the number of cameras by what two observers recorded, and the ends of its 95 % interval.

    Chapman (1951). Of so many cameras, how many both record is hypergeometric: the interval has every number with which
    neither so few in common nor so many is rarer than 2.5 %. It has no upper end where they have none in common.

    >>> chapman(4, 4, 4), [round(value, 1) for value in chapman(10, 15, 5)]
    ((4.0, 4.0, 7.0), [28.3, 21.0, 73.0])
    """
    estimate, seen = (first + 1) * (second + 1) / (both + 1) - 1, first + second - both
    # Of more cameras than this the two would hardly have one in common (Markov), so both ends lie below.
    most = seen + math.ceil(first * second / TAIL)
    low = bisect_left(range(most), True, lo=seen, key=lambda n: _in_common(n, first, second, range(both + 1)) >= RARE)
    if not both:
        return estimate, float(low), math.inf
    shared = range(both, min(first, second) + 1)
    beyond = bisect_left(range(most + 1), True, lo=low + 1, key=lambda n: _in_common(n, first, second, shared) < RARE)
    return estimate, float(low), float(beyond - 1)


def _in_common(cameras: int, first: int, second: int, shared: Iterable[int]) -> float:
    """Return how likely two observers have one of these numbers of cameras in common."""
    others, ways = cameras - first, _log_ways(cameras, second)
    possible = (k for k in shared if second - others <= k <= second)
    return math.fsum(math.exp(_log_ways(first, k) + _log_ways(others, second - k) - ways) for k in possible)


def _log_ways(of: int, chosen: int) -> float:
    """Return the logarithm of how many ways there are to choose so many of so many: the numbers themselves have many digits."""
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)


def chao(times: Iterable[int], observers: int) -> tuple[float, float, float]:
    """Return at least how many cameras there are by what several observers recorded, and the ends of its 95 % interval.

    Chao (1987), corrected for bias, with the interval of the logarithm of what was missed; where no camera was recorded by
    one observer alone, that of Colwell (EstimateS). ``times`` is by how many observers each camera was recorded.

    >>> [round(value, 2) for value in chao([1, 1, 1, 1, 2, 2, 3, 3], 3)]
    [9.33, 8.16, 19.45]
    """
    counts = Counter(times)
    seen, once, twice = sum(counts.values()), counts[1], counts[2]
    share = (observers - 1) / observers
    missed = share * once * (once - 1) / (2 * (twice + 1))
    if missed <= 0.0:
        rate = math.exp(-sum(k * n for k, n in counts.items()) / seen)
        middle, aside = seen / (1 - rate), Z_95 * math.sqrt(seen * rate) / (1 - rate)
        return float(seen), max(float(seen), middle - aside), middle + aside
    variance = (
        missed
        + share**2 * once * (2 * once - 1) ** 2 / (4 * (twice + 1) ** 2)
        + share**2 * once**2 * twice * (once - 1) ** 2 / (4 * (twice + 1) ** 4)
    )
    spread = math.exp(Z_95 * math.sqrt(math.log(1 + variance / missed**2)))
    return seen + missed, seen + missed / spread, seen + missed * spread


def survey_figures(ground: SurveyedGround, ways: ObjectArray, sites: Sequence[SiteEstimate]) -> dict[str, object]:
    """Return what outputs tell of the surveys: counts, days, street lengths in metres and estimates, no place and no person."""
    return {
        "areas": ground.areas,
        "undated": ground.undated,
        "checked": ground.checked,
        "first": ground.first,
        "last": ground.last,
        "streets_m": float(shapely.length(ways).sum()),
        "streets_surveyed_m": ground.length_m(ways),
        "sites": tuple(asdict(each) for each in sites),
        "estimate": _together(sites),
    }


def _together(sites: Sequence[SiteEstimate]) -> dict[str, float] | None:
    """Return the sums over all places; the interval is at least as wide as need be, since their errors rarely agree."""
    if not sites:
        return None
    sums = {name: sum(getattr(each, name) for each in sites) for name in ("found", "besides", "estimate", "low", "high")}
    return {"sites": len(sites), **sums}


def without_days(figures: Mapping[str, object]) -> dict[str, object]:
    """Return the figures without days and without what is told of single places."""
    return {**figures, "first": None, "last": None, "sites": None}
