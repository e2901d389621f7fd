"""Read OpenStreetMap data: every feature into the one layer that claims it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import cast

import numpy as np
import osmium
import shapely
from osmium.osm.types import Area, Node, Relation, Way

from lhasaplan.core.base.geometry_repair import untangled
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.building_heights import parse_length_m, parse_number
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.records.osm_changes import CameraWords, OsmNode
from lhasaplan.errors import Fault, Where
from lhasaplan.io.content.layer_spec import ORDER, PLACES, LayerSpec, LayerSpecs, load_layer_specs
from lhasaplan.io.osm.cameras import CameraTags
from lhasaplan.io.osm.source import deleted_in, needs_order, opened, ordered, reported_id
from lhasaplan.io.parse.file_check import look_at
from lhasaplan.io.parse.foreign import reading
from lhasaplan.io.parse.raw_import import Pile, RawImport, first_ids
from lhasaplan.io.parse.tags import readable

# Read the nodes of cameras again as they stand in an extract, with version and all tags, to say what to change of them.

DEVICE = "surveillance:type"


def read_camera_nodes(path: Path, ids: Collection[int]) -> tuple[OsmNode, ...]:
    """Return the nodes of these ids, by id, that may be written back whole.

    Left out are a node with a tag that is never read, or that cannot be written as it was read, one that is a protected place by
    its tags, one without a version, and one of several directions, which is several cameras.
    """
    specs, found = load_layer_specs(), list[OsmNode]()
    with reading(path):
        look_at(path)
        with opened(path) as (source, _):
            wanted = osmium.FileProcessor(str(source), osmium.osm.NODE).with_filter(osmium.filter.IdFilter(ids))
            for node in (each for each in wanted if isinstance(each, Node)):
                tags = {tag.k: tag.v for tag in node.tags}
                lon, lat = float(node.location.lon), float(node.location.lat)
                cameras = CameraTags(specs["cameras"], path.name).cameras(f"node/{node.id}", shapely.Point(lon, lat), tags, "")
                is_whole = readable(tags) == tags and not specs.protects(tags) and node.version > 0 and not node.deleted
                if is_whole and len(cameras) == 1:
                    found.append(OsmNode(int(node.id), int(node.version), lon, lat, tags, cameras[0]))
    return tuple(sorted(found, key=lambda each: each.node_id))


@cache
def load_camera_words() -> CameraWords:
    """Return how OpenStreetMap says kinds and mounts of cameras: the first word of each in ``layers/specs/cameras.toml``.

    A kind that has a type of device of its own there, as readers of plates, is said by that.
    """
    mapping = load_layer_specs()["cameras"].mapping
    kinds, mounts = (
        {meant: {f"camera:{key}": words[0]} for meant, words in mapping[of].items()}
        for of, key in (("kind", "type"), ("mount", "mount"))
    )
    by_tag = ((meant, *texts[0].split("=")) for meant, texts in mapping["kind_by_tag"].items())
    own = {meant: {key: values.split("|")[0]} for meant, key, values in by_tag if key == DEVICE}
    return CameraWords({**kinds, **own}, mounts)


OsmItem = Node | Way | Relation | Area
_LENT = ("height", "building:levels", "roof:height", "roof:levels")
_STOREY_M = 3.0  # only to say which part is the tallest


def lend_heights(outlines: Layer, parts: Layer) -> Layer:
    """Return the outlines, those without height and storeys with the tags of the tallest part that stands in them.

    A part belongs to the outline that holds a point of its inside. Parts without height or storeys lend nothing.
    """
    tall = np.array([_tall_m(tags) for tags in parts.tags], float)
    needs = np.array([not ("height" in tags or "building:levels" in tags) for tags in outlines.tags], bool)
    tree = shapely.STRtree(outlines.geometry)
    part, outline = tree.query(shapely.point_on_surface(parts.geometry), predicate="within")
    lends = (tall[part] > 0.0) & needs[outline]
    tags = list(outlines.tags)
    for lower_first in sorted(zip(part[lends], outline[lends], strict=True), key=lambda pair: tall[pair[0]]):
        lent = {key: value for key, value in parts.tags[lower_first[0]].items() if key in _LENT}
        tags[lower_first[1]] = {**outlines.tags[lower_first[1]], **lent}
    return Layer(outlines.name, outlines.ids, outlines.geometry, tuple(tags))


def _tall_m(tags: Mapping[str, str]) -> float:
    height_m = parse_length_m(tags.get("height", ""))
    levels = parse_number(tags.get("building:levels", ""))
    return height_m if height_m is not None else 0.0 if levels is None else levels * _STOREY_M


LICENCE = "© OpenStreetMap contributors, ODbL 1.0"
_NO_DATE = "1970-01-01"
_BROKEN = "this outline is incomplete or broken in the file and was left out"
_DELETED = marked(
    "{count} objects are in this file only to be deleted (action=delete or visible=false) and were left out ({ids})"
)
_FEW = 100  # missing nodes are enough to tell a file in another order from one that was cut out of a larger one
_BROKEN_MANY = "{count} outlines of the layer {layer} are incomplete or broken in the file and were left out"


def read_osm(path: Path, specs: LayerSpecs, kinds: Iterable[str] = ORDER) -> RawImport:
    """Return the wanted layers and cameras of an OpenStreetMap file, in longitude and latitude.

    Rings that cannot be closed become remarks. The date is that of the file's header, else of its newest feature.
    What osmium raises of a file that is cut off is reported by the caller's :func:`foreign.reading`.
    """
    with opened(path) as (source, remarks):
        deleted = deleted_in(source)
        reading = _Reading(path.name, specs, frozenset(kinds), deleted)
        is_sorted = _read_through(source, reading)
        if not is_sorted or needs_order(source, reading.missing):
            reading = _Reading(path.name, specs, frozenset(kinds), deleted, header_date=reading.header_date)
            with ordered(source) as copy:
                _read_through(copy, reading)
    found = reading.found()
    return replace(found, remarks=(*remarks, *found.remarks))


def _read_through(source: Path, reading: "_Reading") -> bool:
    """Read all of a file; return False where osmium stopped because ids do not rise."""
    objects = osmium.FileProcessor(str(source)).with_areas()
    written_on = objects.header.get("osmosis_replication_timestamp") or objects.header.get("timestamp") or ""
    reading.header_date = reading.header_date or str(written_on)[:10]
    try:
        for item in cast("Iterable[OsmItem]", objects.with_filter(osmium.filter.EmptyTagFilter())):  # maps hold no changesets
            reading.take(item)
    except RuntimeError as error:
        if "out of order" not in str(error):
            raise
        return False
    return True


@dataclass(slots=True)
class _Reading:
    """What has been read so far of one file."""

    file: str
    specs: LayerSpecs
    kinds: frozenset[str]
    deleted: frozenset[str] = frozenset()  # ids that are in the file only to be deleted
    left: dict[str, bool] = field(default_factory=dict)  # those of them that have tags, and whether they are protected
    piles: dict[str, Pile] = field(default_factory=dict)
    parts: Pile = field(default_factory=lambda: Pile("parts"))
    cameras: list[tuple[str, shapely.Geometry, dict[str, str], str]] = field(default_factory=list)
    # id of a ring or relation -> the layer that waits for its area, and whether it is protected
    awaited: dict[str, tuple[str, bool]] = field(default_factory=dict)
    # closed ways whose area is still to come: tags, outline, and whether the file has all of it
    rings: dict[int, tuple[dict[str, str], str | None, bool]] = field(default_factory=dict)
    newest: datetime | None = None
    header_date: str = ""
    missing: set[int] = field(default_factory=set)  # some of the nodes that ways name and that did not come before them
    wkb: osmium.geom.WKBFactory = field(default_factory=osmium.geom.WKBFactory)
    camera_tags: CameraTags = field(init=False)

    def __post_init__(self) -> None:
        self.camera_tags = CameraTags(self.specs["cameras"], self.file)

    def take(self, item: OsmItem) -> None:
        if self.deleted and (identity := _identity(item)) in self.deleted:
            self.left[identity] = self.specs.protects(readable({tag.k: tag.v for tag in item.tags}))
            return
        if isinstance(item, Area) and item.from_way():
            self._take_ring(item)
            return
        tags = readable({tag.k: tag.v for tag in item.tags})
        if self.newest is None or item.timestamp > self.newest:
            self.newest = item.timestamp
        if isinstance(item, Node):
            self._put(f"node/{reported_id(item.id)}", "point", tags, item)
        elif isinstance(item, Way):
            self._take_way(item, tags)
        elif isinstance(item, Relation):
            if tags.get("type") in {"multipolygon", "boundary"}:
                self._await(f"relation/{reported_id(item.id)}", tags)
        else:
            self._put(f"relation/{reported_id(item.orig_id())}", "polygon", tags, item)

    def _take_way(self, way: Way, tags: dict[str, str]) -> None:
        """Take an open way as a line; a closed one that is ground waits for the area that osmium makes of it."""
        feature_id = f"way/{reported_id(way.id)}"
        is_ground = way.is_closed() and self._is_ring_wanted(tags)
        if is_ground and not way.nodes[0].location.valid():
            self._miss(way)
        is_taken = not is_ground and self._put(feature_id, "line", tags, way)
        if is_ground:
            self.rings[way.id] = tags, *self._outline(way, tags)
        # An open outline of a home protects the ground at it (a place), and is no building.
        if is_ground or ((not is_taken or self.specs.protects(tags)) and self.specs["buildings"].match.matches(tags)):
            self._await(feature_id, tags)

    def _miss(self, way: Way) -> None:
        if len(self.missing) < _FEW:
            self.missing.update(node.ref for node in way.nodes if not node.location.valid())

    def _take_ring(self, area: Area) -> None:
        tags, *_ = self.rings.get(area.orig_id(), (None,))
        if tags is not None:
            feature_id = f"way/{reported_id(area.orig_id())}"
            self._put(feature_id, "polygon", tags, area)
            if feature_id not in self.awaited:  # else osmium made an area without rings of it
                del self.rings[area.orig_id()]

    def _outline(self, way: Way, tags: dict[str, str]) -> tuple[str | None, bool]:
        """Return the outline of what is protected, or a building: osmium may make no area of it; and whether it is whole."""
        if not (self.specs.protects(tags) or self.specs["buildings"].match.matches(tags)):
            return None, False
        try:
            return str(self.wkb.create_linestring(way)), True
        except (osmium.InvalidLocationError, RuntimeError):
            return _known_points(way), False

    def _mend(self) -> None:
        """Take closed ways of which osmium makes no area, since they cross themselves or are cut off, by their outlines.

        One that is whole is the ground within; of one that is cut off what is known of its outline protects the ground at it, but
        for walls of a building that do not come back to where they began: before those lies the street.
        """
        for way, (tags, outline, is_whole) in self.rings.items():
            feature_id, line = f"way/{reported_id(way)}", shapely.from_wkb(outline) if outline else None
            spec = self.specs.claim(tags, "polygon")
            if line is None or spec is None or spec.name not in self.kinds:
                continue
            ground = untangled(shapely.Polygon(shapely.get_coordinates(line))) if is_whole and line.is_closed else None
            if ground is not None and not ground.is_empty:
                self.piles.setdefault(spec.name, Pile(spec.name)).add(feature_id, ground.wkb_hex, spec.kept(tags))
                self.awaited.pop(feature_id, None)
            elif self.specs.protects(tags) and (line.is_closed or not self.specs["buildings"].match.matches(tags)):
                self.piles.setdefault(PLACES, Pile(PLACES)).add(feature_id, line.wkb_hex, spec.kept(tags))

    def _is_ring_wanted(self, tags: dict[str, str]) -> bool:
        """Say whether a closed way is ground: the first layer that would take it as line or ground decides."""
        for name in ORDER:
            spec = self.specs[name]
            if spec.match.matches(tags) and not spec.skip.matches(tags):
                return name == "cameras" or spec.is_ring_a_polygon(tags)
        return self.specs["buildings"].parts.matches(tags)

    def _await(self, feature_id: str, tags: dict[str, str]) -> None:
        spec = self.specs.claim(tags, "polygon")
        if spec is not None and spec.name in self.kinds:
            self.awaited[feature_id] = spec.name, self.specs.protects(tags)

    def _put(self, feature_id: str, shape: str, tags: dict[str, str], item: Node | Way | Area) -> bool:
        """Put a feature where it belongs; say whether a layer or the cameras claimed it."""
        camera, spec = self._camera_spec(tags), self.specs.claim(tags, shape)
        if camera is None and "cameras" in self.kinds and shape != "line":
            self.camera_tags.leave_out(tags)
        beside = self.specs.claim_beside(tags, shape)
        beside = beside if beside is not None and beside.name in self.kinds else None
        is_part = shape == "polygon" and spec is None and self.specs["buildings"].parts.matches(tags)
        is_also = spec is not None and (spec.name == "buildings" or self.specs.protects(tags))  # a school with a camera's tag
        if camera is not None and not is_also:
            spec = None
        wanted = spec is not None and spec.name in self.kinds
        if not (wanted or is_part or camera or beside):
            return spec is not None
        wkb = self._geometry(item)
        if wkb is None:
            return True
        if camera is not None:
            self.cameras.append((feature_id, shapely.from_wkb(wkb), camera.kept(tags), _date(item.timestamp)))
        if beside is not None:
            self.piles.setdefault(beside.name, Pile(beside.name)).add(feature_id, wkb, beside.kept(tags))
        if spec is not None and wanted:
            self.piles.setdefault(spec.name, Pile(spec.name)).add(feature_id, wkb, spec.kept(tags))
            if shape == "polygon":
                self.awaited.pop(feature_id, None)
        elif is_part:
            self.parts.add(feature_id, wkb, tags)
        return True

    def _camera_spec(self, tags: dict[str, str]) -> LayerSpec | None:
        spec = self.specs["cameras"]
        is_camera = "cameras" in self.kinds and spec.match.matches(tags) and not spec.skip.matches(tags)
        return spec if is_camera else None

    def _geometry(self, item: Node | Way | Area) -> str | None:
        """Return hexadecimal WKB, or None when the file lacks too many points of it."""
        try:
            if isinstance(item, Node):
                return str(self.wkb.create_point(item))
            return str(self.wkb.create_multipolygon(item) if isinstance(item, Area) else self.wkb.create_linestring(item))
        except (osmium.InvalidLocationError, RuntimeError):
            if isinstance(item, Way):
                self._miss(item)
            return _known_points(item) if isinstance(item, Way) else None

    def found(self) -> RawImport:
        self._mend()
        layers = {name: pile.layer() for name, pile in self.piles.items()}
        if "buildings" in layers and self.parts.ids:
            layers["buildings"] = lend_heights(layers["buildings"], self.parts.layer())
        date = self.header_date or ("" if self.newest is None else _date(self.newest))
        cameras: list[Camera] = []
        for feature_id, geometry, tags, changed in self.cameras:
            cameras.extend(self.camera_tags.cameras(feature_id, geometry.centroid, tags, changed or date))
        words = {"count": len(self.left), "ids": first_ids(sorted(self.left))}
        left = (Fault(_DELETED, Where(self.file), words),) if self.left else ()
        remarks = (*left, *self._broken(), *self.camera_tags.remarks)
        unread = sum(is_protected for _, is_protected in self.awaited.values()) + sum(self.left.values())
        return RawImport(tuple(layers.values()), tuple(cameras), date=date, licence=LICENCE, remarks=remarks, unread=unread)

    def _broken(self) -> list[Fault]:
        counts: dict[str, int] = {}
        for name, _ in self.awaited.values():
            counts[name] = counts.get(name, 0) + 1
        each = [Fault(_BROKEN, Where(self.file, item=key)) for key, (name, _) in self.awaited.items() if name == "buildings"]
        others = ((name, count) for name, count in counts.items() if name != "buildings")
        many = [Fault(_BROKEN_MANY, Where(self.file), {"count": count, "layer": name}) for name, count in others]
        return [*each, *many]


def _identity(item: OsmItem) -> str:
    """Return ``way/12`` for an object, of an area that of what it was made of."""
    if isinstance(item, Area):
        return f"{'way' if item.from_way() else 'relation'}/{reported_id(item.orig_id())}"
    return f"{'node' if item.is_node() else 'way' if item.is_way() else 'relation'}/{reported_id(item.id)}"


def _date(moment: datetime) -> str:
    day = moment.date().isoformat()
    return "" if day == _NO_DATE else day


def _known_points(way: Way) -> str | None:
    """Return a way cut at the edge of an extract as the line through the points that the file has."""
    points = [(node.lon, node.lat) for node in way.nodes if node.location.valid()]
    return str(shapely.LineString(points).wkb_hex) if len(set(points)) > 1 else None
