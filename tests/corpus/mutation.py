"""Change a small file at random: its bytes, and the structure that its form has (zip, SQLite, TIFF, JSON, XML, table)."""

import io
import json
import random
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Mutator = Callable[[bytes, random.Random], bytes]
_PAGE = 4096
_ODD_NUMBERS = (b"0", b"-1", b"1e999", b"nan", b"99999999999999999999", b"4294967296", b"-0.0", b"1e-320", b"", b"1,234", b"x")
_ODD_VALUES: tuple[Any, ...] = (None, [], {}, "", 0, -1, 1e308, "x" * 3000, True, [[[]]], {"type": None}, "\ud800", "\0", 10**40)
_ODD_WORDS = (0, 1, 0xFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000, 65535 * 65535)
_LONGEST = 8_000_000  # four doublings of fifty times each would fill the memory before anything is read
_SHORT = 200_000  # a longer member of a zip is not taken apart


def mutated(content: bytes, rng: random.Random) -> bytes:
    """Return the content after one to four changes."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        content = rng.choice((*_ANY, *_fitting(content)))(content, rng)[:_LONGEST]
    return content


def change_one(folder: Path, rng: random.Random) -> Path | None:
    """Change one file of a folder, as a Shapefile has several; return which, or None where there is none."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    if not files:
        return None
    chosen = rng.choice(files)
    chosen.write_bytes(mutated(chosen.read_bytes(), rng))
    return chosen


def _span(content: bytes, rng: random.Random) -> tuple[int, int]:
    start = rng.randrange(len(content) + 1)
    return start, min(len(content), start + rng.choice((1, 2, 4, 16, 64, 512, 4096)))


def _flip(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 2, 8, 40)) if content else 0):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def _noise(content: bytes, rng: random.Random) -> bytes:
    start, end = _span(content, rng)
    return content[:start] + rng.randbytes(end - start) + content[end:]


def _same_byte(content: bytes, rng: random.Random) -> bytes:
    start, end = _span(content, rng)
    return content[:start] + bytes([rng.choice((0, 0xFF, 0x20, 0x41))]) * (end - start) + content[end:]


def _cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content) + 1)]


def _without(content: bytes, rng: random.Random) -> bytes:
    start, end = _span(content, rng)
    return content[:start] + content[end:]


def _twice(content: bytes, rng: random.Random) -> bytes:
    start, end = _span(content, rng)
    return content[:end] + content[start:end] * rng.choice((1, 2, 50)) + content[end:]


def _swapped(content: bytes, rng: random.Random) -> bytes:
    a, b = sorted((_span(content, rng), _span(content, rng)))
    if a[1] > b[0]:
        return content
    return content[: a[0]] + content[b[0] : b[1]] + content[a[1] : b[0]] + content[a[0] : a[1]] + content[b[1] :]


def _odd_word(content: bytes, rng: random.Random) -> bytes:
    """Put a telling number where a length or an offset may stand."""
    form = rng.choice(("<I", ">I", "<H", ">H", "<Q", "<d"))
    word = rng.choice(_ODD_WORDS)
    packed = struct.pack(form, float(word)) if form == "<d" else struct.pack(form, word & ((1 << 8 * struct.calcsize(form)) - 1))
    start = rng.randrange(len(content) + 1)
    return content[:start] + packed + content[start + len(packed) :]


def _odd_number(content: bytes, rng: random.Random) -> bytes:
    """Replace a number that is written in digits."""
    found = list(re.finditer(rb"-?\d+(?:[.,]\d+)?", content[:_SHORT]))
    if not found:
        return content
    chosen = rng.choice(found)
    return content[: chosen.start()] + rng.choice(_ODD_NUMBERS) + content[chosen.end() :]


_ANY: tuple[Mutator, ...] = (_flip, _noise, _same_byte, _cut, _without, _twice, _swapped, _odd_word, _odd_number)


def _fitting(content: bytes) -> tuple[Mutator, ...]:
    """Return changes of the structure that a content has, each often, for they lead further than those of bytes."""
    start = content[:16].lstrip(b"\xef\xbb\xbf \r\n")
    if content.startswith(b"PK\x03\x04"):
        return (_zip,) * 9
    if content.startswith(b"SQLite format 3"):
        return (_pages, _pages, _cell_of_page) * 2
    if content[:4] in {b"II*\0", b"MM\0*"}:
        return (_tiff_tag,) * 8
    if start[:1] in {b"{", b"["}:
        return (_json,) * 8
    if start[:1] == b"<":
        return (_xml,) * 8
    return () if b"\0" in content[:400] else (_lines, _cells) * 3


def _zip(content: bytes, rng: random.Random) -> bytes:
    """Change a member, leave it out, call it otherwise, or give it the content of another."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {name: archive.read(name) for name in archive.namelist()}
    except Exception:  # noqa: BLE001 - what is no zip any more is changed as bytes
        return _flip(content, rng)
    if not members:
        return content
    name = rng.choice(sorted(members))
    what = rng.randrange(6)
    if what == 0:
        del members[name]
    elif what == 1:
        members[name] = members[rng.choice(sorted(members))]
    elif what == 2:
        members[rng.choice(("../../x", "a/" * 40 + name, "\udcff".encode("utf-8", "replace").decode(), name.upper()))] = (
            members.pop(name)
        )
    else:
        members[name] = members[name] if len(members[name]) > _SHORT else mutated(members[name], rng)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for member, text in members.items():
            archive.writestr(member, text)
    return made.getvalue()


def _pages(content: bytes, rng: random.Random) -> bytes:
    """Swap, copy or blank whole pages of a database."""
    pages = [content[at : at + _PAGE] for at in range(0, len(content), _PAGE)]
    a, b = rng.randrange(len(pages)), rng.randrange(len(pages))
    what = rng.randrange(4)
    if what == 0:
        pages[a], pages[b] = pages[b], pages[a]
    elif what == 1:
        pages[a] = pages[b]
    elif what == 2:
        pages[a] = bytes(len(pages[a]))
    else:
        del pages[a]
    return b"".join(pages)


def _cell_of_page(content: bytes, rng: random.Random) -> bytes:
    """Change bytes of one page, past its head: rows, texts and geometries."""
    at = _PAGE * rng.randrange(max(1, len(content) // _PAGE)) + 100
    page = _noise if rng.random() < 0.5 else _odd_word
    return content[:at] + page(content[at : at + _PAGE - 100], rng) + content[at + _PAGE - 100 :]


def _tiff_tag(content: bytes, rng: random.Random) -> bytes:
    """Change kind, count or value of an entry in the first directory of a TIFF."""
    order = "<" if content.startswith(b"II") else ">"
    if len(content) < 10:
        return content
    directory = struct.unpack_from(f"{order}I", content, 4)[0]
    if directory + 2 > len(content):
        return content
    entries = struct.unpack_from(f"{order}H", content, directory)[0]
    at = directory + 2 + 12 * rng.randrange(max(1, min(entries, 60))) + rng.choice((0, 2, 4, 8))
    packed = struct.pack(f"{order}I", rng.choice(_ODD_WORDS) & 0xFFFFFFFF if rng.random() < 0.6 else rng.randrange(1 << 16))
    width = rng.choice((2, 4))
    return content[:at] + packed[-width:] + content[at + width :] if at + 4 <= len(content) else content


def _json(content: bytes, rng: random.Random) -> bytes:
    """Put an odd value somewhere into a tree, or take a key away."""
    try:
        tree = json.loads(content)
        spots = list(_spots(tree))
    except (ValueError, RecursionError):
        return _flip(content, rng)
    if not spots:
        return json.dumps(rng.choice(_ODD_VALUES)).encode()
    holder, key = rng.choice(spots)
    what = rng.random()
    if what < 0.2:
        del holder[key]
    elif what < 0.4:
        other, there = rng.choice(spots)
        holder[key] = json.loads(json.dumps(other[there]))
    else:
        holder[key] = rng.choice(_ODD_VALUES)
    return json.dumps(tree, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def _spots(tree: Any) -> Any:
    """Yield every place of a tree as (dict or list, key)."""
    pairs = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in list(pairs):
        yield tree, key
        yield from _spots(value)


def _xml(content: bytes, rng: random.Random) -> bytes:
    """Take a tag away, write it twice, or change the value of an attribute."""
    tags = list(re.finditer(rb"<[^<>]*>", content[:_SHORT]))
    values = list(re.finditer(rb'"[^"<>]*"', content[:_SHORT]))
    if values and rng.random() < 0.6:
        chosen = rng.choice(values)
        value = rng.choice((b"", b"-1", b"nan", b"1e400", b"9" * 40, b"&x;", b"\xff", "𠮷".encode(), b"a" * 5000))
        return content[: chosen.start() + 1] + value + content[chosen.end() - 1 :]
    if not tags:
        return content
    chosen = rng.choice(tags)
    return content[: chosen.start()] + chosen[0] * rng.choice((0, 0, 2, 300)) + content[chosen.end() :]


def _lines(content: bytes, rng: random.Random) -> bytes:
    """Swap, copy or drop lines."""
    lines = content.splitlines(keepends=True)
    if not lines:
        return content
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    what = rng.randrange(3)
    if what == 0:
        lines[a], lines[b] = lines[b], lines[a]
    elif what == 1:
        lines[a] = lines[a] * rng.choice((2, 100))
    else:
        del lines[a]
    return b"".join(lines)


def _cells(content: bytes, rng: random.Random) -> bytes:
    """Change a cell of a table, or the sign between cells."""
    sign = next((each for each in (b";", b"\t", b",", b"=") if each in content), b",")
    cells = content.split(sign)
    at = rng.randrange(len(cells))
    odd = (*_ODD_NUMBERS, b'"', b"'", b"\0", b"\xff\xfe", "东".encode("gb18030"), b"POINT(1e400 2)", b"{" * 400, b"9" * 400)
    cells[at] = rng.choice(odd) if rng.random() < 0.8 else cells[rng.randrange(len(cells))]
    return sign.join(cells)
