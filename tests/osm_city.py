"""A real city read twice: through the program's reader, and by osmium alone for counts that know nothing of the program."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import osmium
import shapely
from pyproj import Transformer
from sources import shared_data

from lhasaplan.content import content_folder
from lhasaplan.core.city.building_heights import buildings_from
from lhasaplan.io.content.layer_spec import load_height_rules
from lhasaplan.io.importing.importer import read_file

UTM = {"helsinki": "EPSG:32635", "monaco": "EPSG:32632"}


def file_of(city):
    return (
        content_folder("data") / "samples/helsinki/helsinki.osm.pbf"
        if city == "helsinki"
        else shared_data("monaco/monaco.osm.pbf")
    )


@cache
def through_the_program(city):
    """Return the layers and buildings as the program reads them."""
    layers = {layer.name: layer for layer in read_file(file_of(city), crs=UTM[city]).layers}
    return layers, buildings_from(layers["buildings"], load_height_rules())


@dataclass(frozen=True)
class Item:
    id: str
    tags: dict
    shape: object


@cache
def by_osmium_alone(city):
    """Return every tagged node, open way and area of the file in metres, and the ids of outline nodes of each area."""
    make, to_xy = osmium.geom.WKBFactory(), Transformer.from_crs("EPSG:4326", UTM[city], always_xy=True)
    rows = []
    for item in osmium.FileProcessor(str(file_of(city))).with_areas():
        tags = {tag.k: tag.v for tag in item.tags}
        try:
            if item.is_node() and tags:
                rows.append((f"node/{item.id}", tags, make.create_point(item)))
            elif item.is_area() and tags:
                rows.append(
                    (f"{'way' if item.from_way() else 'relation'}/{item.orig_id()}", tags, make.create_multipolygon(item))
                )
            elif item.is_way() and tags and not item.is_closed():
                rows.append((f"way/{item.id}", tags, make.create_linestring(item)))
        except (RuntimeError, osmium.InvalidLocationError):
            continue  # a way whose nodes the extract does not carry
    shapes = shapely.from_wkb([row[2] for row in rows])
    shapes = shapely.transform(shapes, lambda xy: np.column_stack(to_xy.transform(xy[:, 0], xy[:, 1])))
    return [Item(row[0], row[1], shape) for row, shape in zip(rows, shapes, strict=True)]
