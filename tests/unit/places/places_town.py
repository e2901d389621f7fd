"""A town of a few rectangles to put protected places and candidates into."""

import numpy as np
import shapely

from lhasaplan.core.model.layer import Buildings, Layer
from lhasaplan.core.model.place import Part, Required
from lhasaplan.core.rules.pack import Category, Pack, Thresholds
from lhasaplan.io.content.protected_kinds import load_protected_kinds

KINDS = load_protected_kinds()


def objects(items):
    return np.array([*items, None], object)[:-1]


def layer(name, *features):
    """Features are (id, geometry, tags)."""
    return Layer(name, objects(f[0] for f in features), objects(f[1] for f in features), tuple(f[2] for f in features))


def buildings(*rows):
    """Rows are (id, polygon, tags, height), the height 9 m when left out."""
    full = [(*row, 9.0)[:4] for row in rows]
    return Buildings(
        objects(r[0] for r in full),
        objects(r[1] for r in full),
        np.zeros(len(full)),
        np.array([r[3] for r in full], float),
        objects("height" for _ in full),
        tuple(r[2] for r in full),
    )


def as_layer(houses):
    return Layer("buildings", houses.ids, houses.polygons, houses.tags)


def part(geometry, shape="area", kind="crossing", **more):
    given = {
        "part_id": "p",
        "place_id": "p",
        "name": "",
        "pack": "",
        "category": "pedestrian_crossing",
        "required": Required(25.0),
    }
    return Part(**{**given, "kind": kind, "shape": shape, "geometry": geometry, **more})


def category(name, match, kind, shape, **params):
    return Category(name, {"en": name}, match, kind, shape, Required(25.0), {"en": "someone"}, "policy", params)


def pack(*categories):
    return Pack("duties", {"en": "duties"}, "1", "duties", (), "", (), (), categories, Thresholds())


BOX = shapely.box(0, 0, 10, 10)
