"""Small towns for the tests of answers: everything near x 500,000 in UTM 35N, where grid north is true north."""

from collections.abc import Sequence

import numpy as np
import shapely

from lhasaplan.core.city.building_heights import HeightRules
from lhasaplan.core.city.territory import Territory
from lhasaplan.core.context.audit_context import ReferenceData
from lhasaplan.core.model.camera import Camera, Kind, Mount
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.kind_types import ProtectedKinds
from lhasaplan.core.protection.minimum import KNOWN_USES, MINIMUM
from lhasaplan.core.rules.pack import Article, How, Pack, Thresholds
from lhasaplan.io.content.policy_files import load_audit_policy, load_camera_classes, load_service_rules

X0, Y0 = 500_000.0, 6_670_000.0
CRS = "EPSG:32635"


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Return a rectangle, in metres from the town's origin."""
    return shapely.box(X0 + west, Y0 + south, X0 + east, Y0 + north)


def layer(name: str, *features: tuple[str, shapely.Geometry, dict[str, str]]) -> Layer:
    """Return a layer of (id, geometry, tags)."""
    shapes = np.empty(len(features), object)
    shapes[:] = [shape for _, shape, _ in features]
    return Layer(name, np.array([each[0] for each in features], object), shapes, tuple(tags for _, _, tags in features))


def house(number: int, west: float, south: float, east: float, north: float, kind: str = "house", height: float = 6.0):
    """Return a building feature."""
    return f"way/{number}", box(west, south, east, north), {"building": kind, "height": str(height)}


# Behind a camera that looks north, and no protected place: with it the ground around is mapped (core/demand/ground_in_view.py).
SHED = house(99, -5, -20, 5, -15, kind="shed", height=2.5)


def town(*buildings, cameras: Sequence[Camera] = (), **others: Layer) -> Project:
    """Return a project with buildings and cameras."""
    return Project("town", CRS, layers={"buildings": layer("buildings", *buildings), **others}, cameras=tuple(cameras))


def camera(name: str = "c1", x: float = 0.0, y: float = 0.0, azimuth: float | None = 0.0, **changes) -> Camera:
    """Return a level camera on a pole: 4 m high, 1920 x 1080 px at 68 degrees, all recorded unless changed."""
    values = {
        "mount_height_m": 4.0,
        "tilt_deg": 0.0,
        "hfov_deg": 68.0,
        "image_width_px": 1920,
        "image_height_px": 1080,
        "range_m": 60.0,
        "kind": Kind.FIXED,
        "mount": Mount.POLE,
    }
    return Camera(name, X0 + x, Y0 + y, azimuth_deg=azimuth, **{**values, **changes})


def bare_camera(name: str = "c1", x: float = 0.0, y: float = 0.0, **values) -> Camera:
    """Return a camera of which only the place is known."""
    return Camera(name, X0 + x, Y0 + y, **values)


def pack(name: str = "example", planning: str = "never", articles: Sequence[Article] = (), **thresholds: float) -> Pack:
    """Return a made-up rule pack."""
    terms = {"en": name, "zh_CN": name, "fr": name}
    return Pack(name, terms, "1", planning, (), "", (), tuple(articles), (), Thresholds(**thresholds))


def article(number: str, *kinds: str) -> Article:
    """Return a made-up article that finding kinds cite."""
    return Article(number, {"en": number, "zh_CN": number, "fr": number}, How.COMPUTED, "P", kinds)


def reference_data(*packs: Pack) -> ReferenceData:
    """Return the shipped camera classes with the core's protected kinds and the given packs."""
    kinds = ProtectedKinds(tuple(MINIMUM.values()), KNOWN_USES)
    return ReferenceData(
        packs,
        load_camera_classes(),
        kinds,
        HeightRules(),
        Territory({}),
        "2026-11-25",
        load_service_rules(),
        policy=load_audit_policy(),
    )
