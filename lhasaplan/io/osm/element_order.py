"""Set an OpenStreetMap file in the order that one reading needs: nodes before ways, no id below zero."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import osmium
from osmium.osm.mutable import Node, Relation, Way

from lhasaplan.files.scratch import scratch_folder

Thing = TypeVar("Thing", osmium.osm.Node, osmium.osm.Way, osmium.osm.Relation)

OWN_IDS = 1 << 40  # above every id of OpenStreetMap: here lie those of things that were never uploaded, and have none above zero


def told_id(number: int) -> int:
    """Return the id that the file itself gives to an object of an ordered copy.

    >>> told_id(7), told_id(OWN_IDS + 5)
    (7, -5)
    """
    return number if number < OWN_IDS else OWN_IDS - number


def own_id(number: int) -> int:
    """Return the id that an object has in an ordered copy."""
    return number if number >= 0 else OWN_IDS - number


def needs_order(file: Path, missing: Collection[int]) -> bool:
    """Say whether points that a reading missed are in the file all the same.

    Overpass writes ways before their nodes (``out body; >; out skel;``) or positions into the ways (``out geom;``), and what
    an editor has not uploaded yet has ids below zero.

    Parameters
    ----------
    missing : ids of some nodes that were missed; none where nothing was.
    """
    if not missing:
        return False
    if min(missing) < 0:
        return True
    if _holds_positions(file):
        return True
    nodes = osmium.FileProcessor(str(file), osmium.osm.NODE).with_filter(osmium.filter.IdFilter(missing))
    return any(True for _ in nodes)


def _holds_positions(file: Path) -> bool:
    for way in _ways(str(file)):
        return bool(way.nodes[0].location.valid())  # the first one tells
    return False


@contextmanager
def ordered(path: Path) -> Iterator[Path]:
    """Yield a copy of the file, which lasts as long as the block, in the order that one reading needs."""
    with scratch_folder() as folder:
        renumbered, copy = folder / "renumbered.osm.pbf", folder / "ordered.osm.pbf"
        with osmium.SimpleWriter(str(renumbered)) as writer:
            _write(writer, str(path))
        things = osmium.MergeInputReader()
        things.add_file(str(renumbered))
        with osmium.SimpleWriter(str(copy)) as writer:
            things.apply(writer)
        yield copy


def _write(writer: osmium.SimpleWriter, file: str) -> None:
    """Write each thing once: a second statement of Overpass repeats things, without their tags."""
    known: set[int] = set()
    for node in _once(_nodes(file), known):
        writer.add_node(Node(node, id=own_id(node.id)) if node.id < 0 else node)
    for way in _ways(file):
        for at in (at for at in way.nodes if at.location.valid() and at.ref not in known):
            known.add(at.ref)
            writer.add_node(Node(id=own_id(at.ref), location=(at.location.lon, at.location.lat)))
    for way in _once(_ways(file), set()):
        writer.add_way(Way(way, id=own_id(way.id), nodes=[own_id(at.ref) for at in way.nodes]))
    for relation in _once(_relations(file), set()):
        members = [(member.type, own_id(member.ref), member.role) for member in relation.members]
        writer.add_relation(Relation(relation, id=own_id(relation.id), members=members))


def _nodes(file: str) -> Iterator[osmium.osm.Node]:
    return (each for each in osmium.FileProcessor(file, osmium.osm.NODE) if isinstance(each, osmium.osm.Node))


def _ways(file: str) -> Iterator[osmium.osm.Way]:
    return (each for each in osmium.FileProcessor(file, osmium.osm.WAY) if isinstance(each, osmium.osm.Way))


def _relations(file: str) -> Iterator[osmium.osm.Relation]:
    return (each for each in osmium.FileProcessor(file, osmium.osm.RELATION) if isinstance(each, osmium.osm.Relation))


def _once(things: Iterable[Thing], seen: set[int]) -> Iterator[Thing]:
    for each in things:
        if each.id not in seen:
            seen.add(each.id)
            yield each
