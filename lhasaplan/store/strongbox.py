"""Close drawn protected places with a passphrase, and open them: scrypt (RFC 7914) makes the key, AES-256-GCM the box."""

import json
import os
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.plain_values import JsonObject, from_plain, to_plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.layer import InputRecord, Layer
from lhasaplan.core.project.project import ClosedPlaces, PlaceKey, Project
from lhasaplan.core.protection.drawn_places import Drawn, count_drawn, with_drawn, without_drawn
from lhasaplan.errors import Fault, InputError

SHORTEST = 12
SALT_BYTES, NONCE_BYTES, _KEY_BYTES = 16, 12, 32
_WORK, _BLOCK, _LANES = 2**17, 8, 1  # 128 MB and some tenths of a second for each guess (OWASP, password storage)
_PAD_BYTES = 4096  # the length of the box must not tell how large or crooked a place is
_BOUND = b"lhasaplan closed places 1"
NO_KEY = marked(
    "The closed places lie open here and their key is missing, so nothing was saved; open the project again with its passphrase"
)


def new_lock(passphrase: str) -> tuple[ClosedPlaces, PlaceKey]:
    """Return the lock of a new passphrase, and its key; InputError when it is short. The passphrase itself is kept nowhere."""
    salt, secret = new_secret(passphrase)
    return ClosedPlaces(0, salt, lie_open=True), PlaceKey(salt, secret)


def new_secret(passphrase: str) -> tuple[bytes, bytes]:
    """Return a salt and the secret that it gives with a new passphrase; InputError when that is short."""
    if len(_plain(passphrase)) < SHORTEST:
        raise InputError(Fault("This passphrase is short; take at least {count} signs", params={"count": SHORTEST}))
    salt = os.urandom(SALT_BYTES)
    return salt, secret_of(passphrase, salt)


def open_box(project: Project, passphrase: str) -> tuple[Project, PlaceKey]:
    """Return the project with its closed places in the layers, and their key; InputError when the passphrase is another."""
    closed = project.closed
    if closed is None or closed.lie_open:
        raise ValueError("nothing is closed in this project")
    key = PlaceKey(closed.salt, secret_of(passphrase, closed.salt))
    return _opened(project, closed, key), key


def opened_by(project: Project, key: PlaceKey | None) -> Project:
    """Return the project with its closed places in the layers where this is their key, else as it is."""
    closed = project.closed
    is_shut = closed is not None and not closed.lie_open
    return _opened(project, closed, key) if closed and key and is_shut and key.fits(closed) else project


def _opened(project: Project, closed: ClosedPlaces, key: PlaceKey) -> Project:
    facts = json.loads(_content(closed.box, key))
    layers = {name: _layer(name, rows) for name, rows in facts["layers"].items()}
    drawn = Drawn(layers, from_plain(tuple[InputRecord, ...], facts["inputs"]))
    return replace(with_drawn(project, drawn), closed=replace(closed, count=len(drawn), lie_open=True))


def shut(project: Project, key: PlaceKey | None) -> Project:
    """Return the project as it is kept: places that lie open under a lock go back into the box.

    Raises InputError where they lie open and their key is missing or another: they are never kept open instead.
    """
    closed = project.closed
    if closed is None or not closed.lie_open:
        return project
    if key is None or not key.fits(closed):
        raise InputError(Fault(NO_KEY))
    bare, drawn = without_drawn(project)
    # Filled up with spaces, which JSON ignores.
    layers = {name: [_row(layer, n) for n in range(len(layer))] for name, layer in drawn.layers.items()}
    text = json.dumps({"layers": layers, "inputs": to_plain(drawn.inputs)}, ensure_ascii=False).encode()
    reported = text + b" " * (-len(text) % _PAD_BYTES)
    box = _filled(closed, reported, key)
    return replace(bare, closed=replace(closed, count=count_drawn(project), box=box, lie_open=False))


def _filled(closed: ClosedPlaces, content: bytes, key: PlaceKey) -> bytes:
    """Return the box with this content: the same one where nothing changed, so that saving again gives the same file."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415  (most projects need none)

    if closed.box and _content(closed.box, key) == content:
        return closed.box
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key.reveal()).encrypt(nonce, content, _BOUND)


def _content(box: bytes, key: PlaceKey) -> bytes:
    from cryptography.exceptions import InvalidTag  # noqa: PLC0415
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

    try:
        return AESGCM(key.reveal()).decrypt(box[:NONCE_BYTES], box[NONCE_BYTES:], _BOUND)
    except (InvalidTag, ValueError) as error:  # a box that was cut short is no box
        text = "This passphrase does not open the closed places, or somebody changed them in the file"
        raise InputError(Fault(text)) from error


def secret_of(passphrase: str, salt: bytes) -> bytes:
    """Return what a passphrase and a salt give: a key of AES-256."""
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt  # noqa: PLC0415

    return Scrypt(salt=salt, length=_KEY_BYTES, n=_WORK, r=_BLOCK, p=_LANES).derive(_plain(passphrase).encode())


def _plain(passphrase: str) -> str:
    """Return the passphrase as every keyboard gives it: an accent is one sign or two, and a line may end it."""
    return unicodedata.normalize("NFKC", passphrase.strip("\r\n"))


def _row(layer: Layer, n: int) -> dict[str, object]:
    shape = layer.geometry[n]
    place = {"id": str(layer.ids[n]), "tags": dict(layer.tags[n]), "source": layer.source[n] if layer.source else ""}
    return {**place, "wkb": None if shape is None else shapely.to_wkb(shape, hex=True)}


def _layer(name: str, rows: Sequence[JsonObject]) -> Layer:
    ids, geometry = np.empty(len(rows), object), np.empty(len(rows), object)
    ids[:] = [row["id"] for row in rows]
    geometry[:] = [None if row["wkb"] is None else shapely.from_wkb(row["wkb"]) for row in rows]
    source = tuple(row["source"] for row in rows)
    return Layer(name, ids, geometry, tuple(row["tags"] for row in rows), source if any(source) else ())
