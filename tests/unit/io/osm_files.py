"""Small OpenStreetMap files for tests, written by osmium itself."""

import osmium
from osmium.osm.mutable import Node, Relation, Way


def square(first, lon, lat, size=0.001):
    """Return the four corner nodes of a square and the closed list of their ids."""
    corners = [(lon, lat), (lon + size, lat), (lon + size, lat + size), (lon, lat + size)]
    return [Node(id=first + i, location=corner) for i, corner in enumerate(corners)], [
        first,
        first + 1,
        first + 2,
        first + 3,
        first,
    ]


def write(path, nodes=(), ways=(), relations=(), header=None):
    """Write nodes, ways and relations, sorted as osmium wants them, and return the path."""
    settings = osmium.io.Header()
    for key, value in (header or {}).items():
        settings.set(key, value)
    with osmium.SimpleWriter(str(path), header=settings) as writer:
        for node in sorted(nodes, key=lambda each: each.id):
            writer.add_node(node)
        for way in sorted(ways, key=lambda each: each.id):
            writer.add_way(way)
        for relation in relations:
            writer.add_relation(relation)
    return path


__all__ = ["Node", "Relation", "Way", "square", "write"]
