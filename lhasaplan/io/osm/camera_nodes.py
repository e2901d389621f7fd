"""Read the nodes of cameras again as they stand in an extract, with version and all tags, to say what to change of them."""

from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

import osmium
import shapely
from osmium.osm.types import Node

from lhasaplan.core.records.osm_changes import CameraWords, OsmNode
from lhasaplan.io.content.layer_spec import load_layer_specs
from lhasaplan.io.osm.cameras import CameraTags
from lhasaplan.io.osm.source import opened
from lhasaplan.io.parse.file_check import look_at
from lhasaplan.io.parse.foreign import reading
from lhasaplan.io.parse.tags import readable

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


@cache
def load_camera_links() -> Mapping[str, str]:
    """Return the form of the address that a tag of a camera shows in a browser, by key (``layers/specs/cameras.toml``)."""
    return {key: forms[0] for key, forms in load_layer_specs()["cameras"].mapping["link"].items()}
