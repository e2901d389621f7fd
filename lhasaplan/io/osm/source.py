"""Find the OpenStreetMap data behind a file's name: as they are, inside a zip, or as the JSON of Overpass."""

import json
import re
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import osmium
from osmium.osm.mutable import Node, Relation, Way

from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.scratch import scratch_folder
from lhasaplan.io.parse.file_check import copy_within_limits, unpack

# Set an OpenStreetMap file in the order that one reading needs: nodes before ways, no id below zero.

Thing = TypeVar("Thing", osmium.osm.Node, osmium.osm.Way, osmium.osm.Relation)

OWN_IDS = 1 << 40  # above every id of OpenStreetMap: here lie those of things that were never uploaded, and have none above zero


def reported_id(number: int) -> int:
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
    for node in _once((each for each in osmium.FileProcessor(file, osmium.osm.NODE) if isinstance(each, osmium.osm.Node)), known):
        writer.add_node(Node(node, id=own_id(node.id)) if node.id < 0 else node)
    for way in _ways(file):
        for at in (at for at in way.nodes if at.location.valid() and at.ref not in known):
            known.add(at.ref)
            writer.add_node(Node(id=own_id(at.ref), location=(at.location.lon, at.location.lat)))
    for way in _once(_ways(file), set()):
        writer.add_way(Way(way, id=own_id(way.id), nodes=[own_id(at.ref) for at in way.nodes]))
    for relation in _once(
        (each for each in osmium.FileProcessor(file, osmium.osm.RELATION) if isinstance(each, osmium.osm.Relation)), set()
    ):
        members = [(member.type, own_id(member.ref), member.role) for member in relation.members]
        writer.add_relation(Relation(relation, id=own_id(relation.id), members=members))


def _ways(file: str) -> Iterator[osmium.osm.Way]:
    return (each for each in osmium.FileProcessor(file, osmium.osm.WAY) if isinstance(each, osmium.osm.Way))


def _once(things: Iterable[Thing], seen: set[int]) -> Iterator[Thing]:
    for each in things:
        if each.id not in seen:
            seen.add(each.id)
            yield each


_START_BYTES = 4096
_MADE = 1 << 41  # ids of positions that stand in an outline without a node of their own, above all others


def is_overpass(path: Path) -> bool:
    """Say whether a JSON file is an answer of Overpass: its elements come after a few words about the service."""
    if path.suffix.casefold() != ".json":
        return False
    with path.open("rb") as stream:
        start = stream.read(_START_BYTES)
    return b'"elements"' in start or b'"osm3s"' in start


def write_overpass(path: Path, copy: Path) -> tuple[Fault, ...]:
    """Write an answer of Overpass as an OpenStreetMap file; return remarks on what it does not hold.

    Positions in an outline (``out geom;``) become nodes; ways and relations with no more than a middle are left out.
    What fails on other JSON, or on an element without its id, is reported by the caller's :func:`foreign.reading`.
    """
    content = json.loads(path.read_text(encoding="utf-8-sig"))
    elements = content["elements"]
    if elements and all(isinstance(each, dict) and each.get("type") == "count" for each in elements):
        raise InputError(Fault(COUNTS, Where(path.name)))
    bare = _write_pieces(content, copy)
    text = "{count} ways or relations have no outline in this file and were left out; ask Overpass for out geom;"
    remarks = [Fault(text, Where(path.name), {"count": bare})] if bare else []
    if "remark" in content:
        remarks.append(Fault(CUT_SHORT, Where(path.name), {"reason": str(content["remark"])}))
    return tuple(remarks)


COUNTS = marked("Overpass was only asked to count (out count;); ask it for the things themselves: out geom;")
CUT_SHORT = "Overpass stopped before it had written all, so the file is incomplete: {reason}"


def _write_pieces(content: JsonObject, copy: Path) -> int:
    """Write all elements; return how many ways and relations have no outline."""
    nodes, ways, relations = (_of_kind(content["elements"], kind) for kind in ("node", "way", "relation"))
    ways = _lent(relations.values()) | ways
    drawn = {key: way for key, way in ways.items() if way.get("nodes") or way.get("geometry")}
    joined = {key: relation for key, relation in relations.items() if relation.get("members")}
    header = osmium.io.Header()
    if written_at := content.get("osm3s", {}).get("timestamp_osm_base"):
        header.set("osmosis_replication_timestamp", written_at)
    with osmium.SimpleWriter(str(copy), header=header) as writer:
        refs = _write_nodes(writer, nodes, drawn)
        for key, way in drawn.items():
            writer.add_way(Way(id=own_id(key), nodes=refs[key], **_about(way)))
        for key, relation in joined.items():
            members = [(one["type"][0], own_id(one["ref"]), _plain(one.get("role", ""))) for one in relation["members"]]
            writer.add_relation(Relation(id=own_id(key), members=members, **_about(relation)))
    return len(ways) - len(drawn) + len(relations) - len(joined)


def _of_kind(elements: Iterable[JsonObject], kind: str) -> dict[int, JsonObject]:
    """Return the elements of a kind by id; of one that a second statement repeats the first stands, for it has the tags."""
    found: dict[int, JsonObject] = {}
    for each in elements:
        if each["type"] == kind:
            found.setdefault(each["id"], each)
    return found


def _lent(relations: Iterable[JsonObject]) -> dict[int, JsonObject]:
    """Return the ways whose outline stands in a relation alone, without tags."""
    members = (one for relation in relations for one in relation.get("members", ()))
    return {one["ref"]: {"geometry": one["geometry"]} for one in members if one["type"] == "way" and "geometry" in one}


def _write_nodes(
    writer: osmium.SimpleWriter, nodes: Mapping[int, JsonObject], ways: Mapping[int, JsonObject]
) -> dict[int, list[int]]:
    """Write all nodes and all positions of outlines that are no node; return the nodes of each way by its id."""
    known = {key for key, node in nodes.items() if "lon" in node}
    for key in known:
        writer.add_node(Node(id=own_id(key), location=_spot(nodes[key]), **_about(nodes[key])))
    made: dict[tuple[float, float], int] = {}
    refs = {}
    for key, way in ways.items():
        spots = [None if at is None else _spot(at) for at in way.get("geometry") or ()]
        refs[key] = [own_id(ref) for ref in way.get("nodes") or ()] or [
            made.setdefault(at, _MADE + len(made)) for at in spots if at
        ]
        for ref, at in zip(way.get("nodes") or (), spots, strict=False):
            if at and ref not in known:
                writer.add_node(Node(id=own_id(ref), location=at))
                known.add(ref)
    for at, number in made.items():
        writer.add_node(Node(id=number, location=at))
    return refs


def _spot(at: JsonObject) -> tuple[float, float]:
    return float(at["lon"]), float(at["lat"])


def _plain(value: object) -> str:
    """Return a text without zeros: osmium ends the whole program on one."""
    return str(value).replace("\0", "")


def _about(element: JsonObject) -> JsonObject:
    tags = {_plain(key): _plain(value) for key, value in element.get("tags", {}).items()}
    kept: JsonObject = {key: element[key] for key in ("timestamp", "version") if key in element}
    return {"tags": tags, **kept}


ENDINGS = (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2")
_END_BYTES = 4096
_PIECE = 1 << 20
_DELETED = re.compile(rb"""<(node|way|relation)\s[^>]*?\b(?:action\s*=\s*["']delete|visible\s*=\s*["']false)["'][^>]*>""")
_ID = re.compile(rb"""\bid\s*=\s*["'](-?\d+)["']""")
_REMARK = re.compile(rb"<remark>(.*?)</remark>", re.DOTALL)


def is_osm(path: Path) -> bool:
    """Say whether a file holds OpenStreetMap data, by its name, the names in it, or its first words."""
    name = path.name.casefold()
    return name.endswith(ENDINGS) or (name.endswith(".zip") and _member(path) is not None) or is_overpass(path)


def _member(path: Path) -> str | None:
    try:
        with zipfile.ZipFile(path) as archive:
            return next((name for name in archive.namelist() if name.casefold().endswith(ENDINGS)), None)
    except zipfile.BadZipFile:
        return None  # told where the zip is opened as a map file


@contextmanager
def opened(path: Path) -> Iterator[tuple[Path, tuple[Fault, ...]]]:
    """Yield a file that osmium reads, which lasts as long as the block, and what is to be said of it.

    Raises
    ------
    InputError
        The file would unpack to too much.
    """
    with scratch_folder() as folder:
        if path.suffix.casefold() == ".json":
            copy = folder / "overpass.osm.pbf"
            yield copy, write_overpass(path, copy)
        elif path.suffix.casefold() == ".zip":
            copy = _unzipped(path, folder)
            yield copy, _cut_short(copy, path.name)
        elif path.suffix.casefold() in {".gz", ".bz2"}:
            copy = folder / path.stem
            unpack(path, copy)
            yield copy, _cut_short(copy, path.name)
        else:
            yield path, _cut_short(path, path.name)


def deleted_in(path: Path) -> frozenset[str]:
    """Return the ids (``way/12``) of the objects that are deleted, or that an editor as JOSM keeps in a file to delete them."""
    if not path.name.casefold().endswith(".osm"):
        return frozenset()
    found, rest = set[str](), b""
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            text = rest + piece
            for mark in _DELETED.finditer(text):
                number = _ID.search(mark[0])
                if number:
                    found.add(f"{mark[1].decode()}/{int(number[1])}")
            rest = text[text.rfind(b"<") :]
    return frozenset(found)


def _unzipped(path: Path, folder: Path) -> Path:
    member = _member(path)
    if member is None:
        raise InputError(Fault("this is no readable zip file", Where(path.name)))
    copy = folder / Path(member).name
    with zipfile.ZipFile(path) as archive, archive.open(member) as source, copy.open("wb") as target:
        copy_within_limits(source, target, path)
    return copy


def _cut_short(path: Path, file: str) -> tuple[Fault, ...]:
    """Return a remark where Overpass says at the end of its answer that its time or memory was up."""
    if not path.name.casefold().endswith(".osm"):
        return ()
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - _END_BYTES))
        found = _REMARK.search(stream.read())
    reason = found[1].decode("utf-8", "replace").strip() if found else ""
    return (Fault(CUT_SHORT, Where(file), {"reason": reason}),) if found else ()
