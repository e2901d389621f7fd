"""The layers of the HTML map: GeoJSON features with plain popup text and a drawing style."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import shapely
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, ObjectArray
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.city.surveys import NOBODY_LOOKED
from lhasaplan.core.demand.ground_in_view import DrawnField, Reach
from lhasaplan.core.model.camera import Mount
from lhasaplan.core.model.place import NOT_MET
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, CameraResult, PartResult
from lhasaplan.core.results.finding import GRAVE, rank
from lhasaplan.report.facts.called import Called, called
from lhasaplan.report.facts.part_options import blocker_kinds_text, service_lines
from lhasaplan.report.facts.summary import grade_of, has_plan, sorted_findings
from lhasaplan.report.facts.tables import in_plan
from lhasaplan.report.maps.base_map import NIGHT, BaseMap, drawn, drawn_of, frame_of
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.finding_words import ground_words
from lhasaplan.report.text.numerals import number_text, sharpest_text
from lhasaplan.report.text.style import band_colour, map_colour

# Geometry of an assessment in longitude and latitude.

LONLAT_DIGITS = 7  # about 1 cm
# How much the area of what is simplified may differ; the tests allow a drawing more (test_report_map_areas.py).
AREA_SHARE, AREA_M2 = 0.008, 4.0


class Lonlat:
    """Turns geometry of one project CRS into longitude and latitude."""

    def __init__(self, authority: str, digits: int = LONLAT_DIGITS, least_m: float = 0.0) -> None:
        """Turn geometry; what is simplified at all is simplified by ``least_m`` at least."""
        self._digits, self._least_m = digits, least_m
        self._crs = Crs(authority) if authority else None

    def geometry(self, geometry: BaseGeometry | None, simplify_m: float = 0.0) -> BaseGeometry | None:
        """Return the geometry in longitude and latitude, ``None`` where there is none to show."""
        plain = self.plain(geometry, simplify_m)
        return None if plain is None else self.turned([plain])[0]

    def plain(self, geometry: BaseGeometry | None, simplify_m: float = 0.0) -> BaseGeometry | None:
        """Return the geometry as it is drawn, still in metres, ``None`` where there is none to show."""
        if geometry is None or geometry.is_empty or self._crs is None:
            return None
        plain = simplified(geometry, simplify_m, self._least_m) if simplify_m else geometry
        plain = shapely.force_2d(plain)
        return None if plain.is_empty else plain

    def turned(self, shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
        """Return shapes in metres in longitude and latitude."""
        every: ObjectArray = np.array([*shapes, None], object)[:-1]
        found: list[BaseGeometry] = shapely.transform(every, self._coordinates).tolist() if shapes else []
        return found

    def geojson(self, geometry: BaseGeometry | None) -> dict[str, object] | None:
        """Return the geometry as GeoJSON, or ``None``."""
        turned = self.geometry(geometry)
        if turned is None:
            return None
        shape: dict[str, object] = json.loads(shapely.to_geojson(turned))
        return shape

    def lines(self, lines: BaseGeometry | None) -> BaseGeometry | None:
        """Return lines; of many, those that go on in each other as one, and coarser."""
        if lines is None or lines.is_empty or not self._least_m:
            return self.geometry(lines)
        return self.geometry(shapely.line_merge(lines), self._least_m)

    def _coordinates(self, xy: FloatArray) -> FloatArray:
        assert self._crs is not None
        lon, lat = self._crs.to_lonlat(xy[:, 0], xy[:, 1])
        pairs: FloatArray = np.column_stack([lon, lat])
        return np.round(pairs, self._digits)


class _Plane(Lonlat):
    """Leaves geometry in metres until all of a layer is turned at once: for each of thousands of shapes that takes longer."""

    def geometry(self, geometry: BaseGeometry | None, simplify_m: float = 0.0) -> BaseGeometry | None:
        """Return the geometry as it is drawn, in metres."""
        return self.plain(geometry, simplify_m)

    def layer(self, plane: "MapLayer") -> "MapLayer":
        """Return a layer in longitude and latitude."""
        shapes = self.turned([one.shape for one in plane.features])
        return replace(plane, features=[one._replace(shape=shape) for one, shape in zip(plane.features, shapes, strict=True)])


def simplified(geometry: BaseGeometry, least_m: float, most_m: float) -> BaseGeometry:
    """Return a shape with fewer corners, by ``most_m`` or as much less as keeps its area, by ``least_m`` at least."""
    step_m, most_off_m2 = max(most_m, least_m), max(AREA_M2, AREA_SHARE * geometry.area)
    while step_m > least_m:
        plain = geometry.simplify(step_m)
        if abs(plain.area - geometry.area) <= most_off_m2:
            return plain
        step_m /= 2.0
    return geometry.simplify(least_m)


SIMPLIFY_M = 0.15  # less than the width of a drawn line
NEAR_M, NEAR_MANY_M = 60.0, 5.0  # of the ground that cameras can see: so far from it streets and buildings are drawn
GROUND = ("roads", "buildings", "floor_walls", "not_surveyed")
DIGITS = 6  # 0.1 m: a drawing, not the data
# Of a city with more cameras lines are simplified in step with their number, up to what a map of a city shows, and no further
# than areas stay what the text says.
MANY, COARSEST_M = 500, 2.5
# Steps of 0.2 m for its areas, and of 2 m, less than it is simplified by, for lines that bound no area that a text states and
# for the ground below.
DIGITS_OF_MANY, ROUGH_DIGITS = 5.7, 4.75
FIELD_LAYERS = {
    Reach.FAR: marked("Can see: possible (sweep of a pan-tilt)"),
    Reach.NEAR: marked("Can see: possible (any lens within the limits)"),
    Reach.CERTAIN: marked("Can see: certain"),
}
EDGES = {Reach.FAR: "far", Reach.NEAR: "possible", Reach.CERTAIN: "certain"}


class WebFeature(NamedTuple):
    """A shape in longitude and latitude, the plain text of its popup, and its look in Leaflet's words."""

    shape: BaseGeometry
    text: str
    style: dict[str, Any]


Features = list[WebFeature]
Said = Callable[[CameraResult], list[str]]  # what a popup says of a camera


@dataclass(frozen=True, eq=False, slots=True)
class MapLayer:
    """One layer that a reader can switch: English key, shown name, features; ``has_text`` when features have a popup.

    ``digits`` are those of the degrees in which its points are handed to the page.
    """

    key: str
    name: str
    features: Features
    shown: bool = True
    has_text: bool = field(default=True)
    digits: float = DIGITS

    @property
    def is_result(self) -> bool:
        """Say whether it carries results; what lies below them does not count for the frame."""
        return self.key not in GROUND


def map_layers(project: Project, assessment: Assessment, translations: Translations) -> list[MapLayer]:
    """Return the layers from the ground up; those without features are left out."""
    places = _places(assessment)
    base, named = BaseMap(project), called(project, assessment, translations)
    said = cache(lambda result: camera_lines(result, named, translations))  # by the fields of a camera and its point
    layers = [
        _ground(base, "roads", translations(marked("Streets")), assessment, places),
        _ground(base, "buildings", translations(marked("Buildings")), assessment, places),
        _floor_walls(base, translations(marked("Walls of floor plans")), assessment, places),
        _not_surveyed(assessment, translations, places),
        *(_fields(assessment, said, translations, places, reach) for reach in (Reach.FAR, Reach.NEAR, Reach.CERTAIN)),
        _not_mapped(assessment, translations, places),
        _night(assessment, said, translations, places),
        *_planning(assessment, named, translations, places),
        *(_frontage(assessment, named, translations, places, cls) for cls in words.CLASSES),
        _findings(assessment, named, translations, places),
        _cameras(assessment, said, translations, places),
    ]
    return [places.layer(layer) for layer in layers if layer.features]


def _places(assessment: Assessment) -> _Plane:
    """Return what turns geometry; the more cameras a page has, the coarser it draws them, or no browser could open it."""
    count = len(assessment.cameras)
    if count <= MANY:
        return _Plane(assessment.crs, DIGITS)
    return _Plane(assessment.crs, DIGITS, min(COARSEST_M, SIMPLIFY_M * count / MANY))


def _digits(assessment: Assessment) -> float:
    """Return the digits of what bounds an area."""
    return DIGITS if len(assessment.cameras) <= MANY else DIGITS_OF_MANY


def _rough(assessment: Assessment) -> float:
    """Return the digits of what bounds no area."""
    return DIGITS if len(assessment.cameras) <= MANY else ROUGH_DIGITS


def feature(shape: BaseGeometry | None, text: str, **style: object) -> Features:
    """Return the feature as a list of one, or nothing without a shape. ``text`` is plain: the page shows it as text."""
    return [] if shape is None else [WebFeature(shape, text, style)]


def popup(lines: Iterable[str]) -> str:
    """Return lines of data as plain text; one with a line end in it stays one line."""
    return "\n".join(" ".join(line.splitlines()) for line in lines if line)


def _ground(base: BaseMap, name: str, title: str, assessment: Assessment, places: Lonlat) -> MapLayer:
    """Return the buildings or streets near what cameras can see, without any text: no kind, no name."""
    frame = frame_of(assessment.cameras, margin_m=NEAR_M)
    shapes = base.inside(name, frame) if frame else np.empty(0, object)
    shapes = _near(shapes, assessment)
    look = {"color": map_colour("road"), "weight": 2}
    if name == "buildings":
        look = {"color": map_colour("building_edge"), "weight": 0.7, "fillColor": map_colour("building"), "fillOpacity": 0.8}
    whole = shapely.geometrycollections(shapes) if len(shapes) else None
    drawn_ground = feature(places.geometry(whole, SIMPLIFY_M), "", interactive=False, **look)
    return MapLayer(name, title, drawn_ground, has_text=False, digits=_rough(assessment))


def _floor_walls(base: BaseMap, title: str, assessment: Assessment, places: Lonlat) -> MapLayer:
    """Return the inner walls that end the view of an indoor camera, without any text; those of other houses are not drawn."""
    fields = [g for c in assessment.cameras if c.placed.mount is Mount.INDOOR for g in drawn_of(c)]
    found = [wall for g in fields for wall in base.inside("floor_walls", g.bounds) if shapely.dwithin(wall, g, SIMPLIFY_M)]
    whole = shapely.geometrycollections(found) if found else None
    look = {"color": map_colour("building_edge"), "weight": 1.5, "fill": False}
    return MapLayer("floor_walls", title, feature(places.geometry(whole), "", interactive=False, **look), has_text=False)


def _near(shapes: Any, assessment: Assessment) -> Any:
    """Keep what lies near a camera's field: a whole city would make the page heavy."""
    is_many = len(assessment.cameras) > MANY
    fields = [g if is_many else shapely.box(*g.bounds) for c in assessment.cameras for g in drawn_of(c)]
    if not fields or not len(shapes):
        return shapes
    pairs = shapely.STRtree(shapes).query(fields, predicate="dwithin", distance=NEAR_MANY_M if is_many else NEAR_M)
    return shapes[np.unique(pairs[1])]


def _fields(assessment: Assessment, said: Said, translations: Translations, places: Lonlat, reach: Reach) -> MapLayer:
    features: Features = []
    is_many = len(assessment.cameras) > MANY  # then the text stands on the camera's own point alone
    for result in assessment.cameras:
        fields = [one for one in drawn(result).fields if one.reach is reach]
        text = popup(said(result)) if fields and not is_many else ""
        for one in fields:
            features += _outline_of(one, places) if is_many else _field(one, text, places)
    return MapLayer(
        f"fields_{reach}", translations(FIELD_LAYERS[reach]), features, has_text=not is_many, digits=_digits(assessment)
    )


def _field(one: DrawnField, text: str, places: Lonlat) -> Features:
    """Return the bands of a field and its edge; a far field is an outline over a tint, without bands."""
    colour = map_colour(EDGES[one.reach])
    if one.reach is Reach.FAR:
        look = {"color": colour, "weight": 1, "fillColor": colour, "fillOpacity": 0.04}
        return feature(places.geometry(one.ground, SIMPLIFY_M), text, **look)
    is_certain = one.reach is Reach.CERTAIN
    features: Features = []
    for low, band in one.field.bands:
        look = {"stroke": False, "fillColor": band_colour(low), "fillOpacity": 0.7 if is_certain else 0.4}
        features += feature(places.geometry(band, SIMPLIFY_M), text, **look)
    edge = {"color": colour, "weight": 1, "fill": False} | ({} if is_certain else {"dashArray": "5 4"})
    return features + feature(places.geometry(one.ground, SIMPLIFY_M), text, **edge)


def _outline_of(one: DrawnField, places: Lonlat) -> Features:
    """Return a field of one of many cameras: its ground in one tint, without bands."""
    colour = map_colour(EDGES[one.reach])
    look = {"color": colour, "weight": 1, "fillColor": colour, "fillOpacity": 0.04 if one.reach is Reach.FAR else 0.25}
    return feature(places.geometry(one.ground, SIMPLIFY_M), "", **look)


def _not_surveyed(assessment: Assessment, translations: Translations, places: Lonlat) -> MapLayer:
    """Return a veil over the ground where nobody looked for cameras; none where no survey is recorded."""
    frame, features = frame_of(assessment.cameras, margin_m=NEAR_M), Features()
    if assessment.surveyed is not None and frame is not None:
        look = {"color": map_colour("not_surveyed"), "weight": 1, "dashArray": "6 6", "fillOpacity": 0.16}
        features = feature(places.geometry(shapely.box(*frame) - assessment.surveyed), "", interactive=False, **look)
    return MapLayer("not_surveyed", translations(NOBODY_LOOKED), features, has_text=False, digits=_rough(assessment))


def _not_mapped(assessment: Assessment, translations: Translations, places: Lonlat) -> MapLayer:
    """Return the ground in view that is not mapped, as a veil over it."""
    look = {"color": map_colour("not_mapped"), "weight": 1, "dashArray": "1 4", "fillColor": "#ffffff", "fillOpacity": 0.75}
    shapes = [result.not_mapped for result in assessment.cameras if result.not_mapped is not None]
    if len(assessment.cameras) > MANY:
        shapes = [shapely.union_all(shapes)]
    features = [one for shape in shapes for one in feature(places.geometry(shape, SIMPLIFY_M), "", interactive=False, **look)]
    return MapLayer("not_mapped", translations(words.NO_BUILDING_NEAR), features, has_text=False, digits=_rough(assessment))


def _night(assessment: Assessment, said: Said, translations: Translations, places: Lonlat) -> MapLayer:
    """Return an outline around what each camera can see at night, where its range at night is recorded."""
    features: Features = []
    look = {
        "color": map_colour("night"),
        "weight": 1.5,
        "dashArray": "2 4",
        "fillColor": map_colour("night"),
        "fillOpacity": 0.12,
    }
    for result in assessment.cameras:
        text = popup(said(result))
        features += feature(places.geometry(result.night, SIMPLIFY_M), text, **look)
    return MapLayer("night", translations(NIGHT), features, shown=False)


def camera_lines(result: CameraResult, named: Called, translations: Translations) -> list[str]:
    """Return what a popup says of a camera, its id last."""
    camera = result.placed.camera
    lines = [named.title(camera.camera_id), words.word(words.STATUSES, camera.status, translations)]
    if in_plan(result) in ("goes", "changed", "to_be"):
        lines.append(translations(marked("in the plan: {what}"), what=words.word(words.IN_PLAN, in_plan(result), translations)))
    lines.append(ground_words(result, translations, digits=1))
    if result.night_m2 is not None:
        lines.append(translations(marked("at night, by infrared, {area} m²"), area=number_text(result.night_m2, translations, 1)))
    for sighting in result.sightings:
        lines.append(sighting_line(sighting, translations))
    if result.placed.assumed:
        lines.append(
            translations(marked("assumed: {fields}"), fields=words.listed(words.FIELDS, result.placed.assumed, translations))
        )
    if result.placed.model is not None:
        lines.append(finding_words.model_text(result.placed.model, translations))
    return [*lines, camera.camera_id]


def sighting_line(sighting: Any, translations: Translations) -> str:
    """Return one sighting as a line."""
    text = marked("may be able to see {what}: {grade} ({basis}); {views}")
    if sighting.is_recorded:
        text = marked("can see {what}: {grade} ({basis}); {views}")
    return translations(
        text,
        what=words.word(words.CLASSES, str(sighting.cls), translations),
        grade=words.word(words.GRADES, grade_of(sighting.grade), translations),
        basis=words.word(words.BASES, sighting.basis, translations),
        views=sharpest_text(sighting, translations),
    )


# Lines of walls in view that are not of homes: told apart without colour too.
DASHES = {"protected": "12 4", "dwelling_likely": "5 3"}


def _frontage(assessment: Assessment, named: Called, translations: Translations, places: Lonlat, cls: str) -> MapLayer:
    """Return the walls in view of a class; those that only upper floors show, beyond the ground that is drawn, are dotted."""
    is_many = len(assessment.cameras) > MANY  # then the text stands on the camera's own point alone
    features: Features = []
    for result in assessment.cameras:
        for sighting, (at, beyond) in drawn(result).frontages:
            if sighting.cls != cls:
                continue
            weight = rank(sighting.grade) + 2 if sighting.grade in GRAVE else 2
            near = far = ""
            if not is_many:
                lines = [
                    named.title(sighting.camera_id),
                    sighting_line(sighting, translations),
                    finding_words.mitigation_text(sighting.mitigation, translations),
                ]
                near, far = popup(lines), popup([*lines, translations(words.BEYOND_GROUND)])
            look = {"color": map_colour(cls), "weight": weight, "opacity": 0.9}
            features += feature(places.lines(at), near, **{**look, **({"dashArray": DASHES[cls]} if cls in DASHES else {})})
            dots = {**look, "dashArray": f"1 {2 * weight}"}
            features += feature(places.lines(beyond), far, **dots)
    if is_many:  # shapes of one look share a row of the page; what is graver lies on top
        features.sort(key=lambda one: (one.style["weight"], one.style.get("dashArray", "")))
    name = translations(marked("frontage in view: {what}"), what=translations(words.CLASSES[cls]))
    return MapLayer(f"frontage_{cls}", name, features, has_text=not is_many, digits=_rough(assessment))


def _findings(assessment: Assessment, named: Called, translations: Translations, places: Lonlat) -> MapLayer:
    features: Features = []
    # Those of many cameras stand in the list beside the map and in the workbook; their views are drawn as frontage.
    for finding in sorted_findings(assessment) if len(assessment.cameras) <= MANY else ():
        if finding.certainty != "certain":
            continue
        look = {"color": map_colour(str(finding.severity)), "weight": 2, "fillOpacity": 0.1, "radius": 9}
        text = popup(
            [
                finding_words.sentence(finding, translations, named.reported),
                finding_words.mitigation_text(finding.mitigation, translations),
            ]
        )
        features += feature(places.geometry(finding.geometry, SIMPLIFY_M), text, **look)
    return MapLayer("findings", translations(marked("Findings, certain")), features, shown=False)


def _planning(assessment: Assessment, named: Called, translations: Translations, places: Lonlat) -> list[MapLayer]:
    """Return parts, gaps and overlaps; nothing outside the gate."""
    parts, gaps, left, overlaps = [], [], [], []
    with_plan = has_plan(assessment)
    is_many = len(assessment.cameras) > MANY
    for result in assessment.parts or ():
        verdict = words.word(words.VERDICTS, result.verdict, translations)
        after = words.word(words.VERDICTS, result.verdict_after, translations)
        state = translations(marked("{verdict} today, {after} with planned cameras"), verdict=verdict, after=after)
        text = popup([named.reported(result.part.part_id), state, *part_lines(result, translations, named.reported)])
        look = {"color": "#000", "weight": 1.5, "dashArray": "4 3", "fillOpacity": 0.04, "radius": 6}
        parts += feature(
            places.geometry(result.part.geometry, SIMPLIFY_M if len(assessment.cameras) > MANY else 0.0), text, **look
        )
        gap = {"color": map_colour("gap"), "weight": 1.5, "fillColor": map_colour("gap"), "fillOpacity": 0.45}
        gaps += feature(places.geometry(result.gap, SIMPLIFY_M), "" if is_many else text, **gap)
        if with_plan:
            left += feature(places.geometry(result.gap_after, SIMPLIFY_M), "" if is_many else text, **{**gap, "dashArray": "2 3"})
    for overlap in () if is_many else assessment.overlaps or ():
        area = number_text(overlap.area_m2, translations, 1)
        line = translations(
            marked("{a} and {b}: {area} m² seen by both"), a=named.reported(overlap.a), b=named.reported(overlap.b), area=area
        )
        look = {"color": map_colour("overlap"), "weight": 1, "fillColor": map_colour("overlap"), "fillOpacity": 0.3}
        overlaps += feature(places.geometry(overlap.geometry, SIMPLIFY_M), popup([line]), **look)
    digits = _digits(assessment)
    planned = [MapLayer("gaps_with_plan", translations(marked("Gaps with the plan")), left, digits=digits)] if with_plan else []
    title = translations(marked("Gaps today") if with_plan else marked("Gaps"))
    return [
        MapLayer("overlaps", translations(marked("Overlaps")), overlaps, shown=False),
        MapLayer("gaps", title, gaps, shown=not with_plan, digits=digits),
        *planned,
        MapLayer("parts", translations(marked("Confirmed parts")), parts, digits=digits),
    ]


def part_lines(result: PartResult, translations: Translations, named: finding_words.Named = str) -> list[str]:
    """Return what a popup says of a part that is not met: what blocks it and what would serve it."""
    if result.verdict not in NOT_MET:
        return []
    blocked = blocker_kinds_text(result, translations)
    why = [translations(marked("Not seen because: {blockers}"), blockers=blocked)] if blocked else []
    return [*why, *service_lines(result, translations, named)]


def _cameras(assessment: Assessment, said: Said, translations: Translations, places: Lonlat) -> MapLayer:
    features: Features = []
    is_many = len(assessment.cameras) > MANY  # then ids stand in the annex and the workbook alone
    for result in assessment.cameras:
        camera = result.placed.camera
        fill = "#ffffff" if camera.status == "planned" else map_colour("camera")
        look: dict[str, object] = {"color": "#ffffff" if camera.status != "planned" else map_colour("camera"), "weight": 1.5}
        look |= {"fill": True, "fillColor": fill, "fillOpacity": 1, "radius": 5 if len(assessment.cameras) < 60 else 3.5}
        point: BaseGeometry = Point(camera.x_m, camera.y_m)
        lines = said(result)
        features += feature(places.geometry(point), popup(lines[:-1] if is_many else lines), **look)
    return MapLayer("cameras", translations(marked("Cameras")), features)
