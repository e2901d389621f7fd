"""Find the OpenStreetMap data behind a file's name: as they are, inside a zip, or as the JSON of Overpass."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.scratch import scratch_folder
from lhasaplan.io.osm.overpass_json import CUT_SHORT, is_overpass, write_overpass
from lhasaplan.io.parse.packed_files import copy_within_limits, unpack

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
