"""Compare every file under ``data``, ``layers`` and ``reports`` with the sealed tables of the build."""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from lhasaplan.content import content_folder
from lhasaplan.core.base.data_state import REPORTS_SEAL, SEAL, DataState
from lhasaplan.core.base.translations import LANGUAGES
from lhasaplan.core.rules.shipped_digests import (
    DATA_SEAL_SHA256,
    RELEASED_REPORTS_SHA256,
    RELEASED_SEAL_SHA256,
    REPORTS_SEAL_SHA256,
)
from lhasaplan.errors import InputError
from lhasaplan.io.parse.toml_file import read_toml

_HEAD = "# Written by tools/seal_packs.py. A file that differs from its line is named on every output as changed.\n"
DATA, REPORTS = ("data", "layers"), ("reports",)
_SAMPLES = "data/samples/"  # outputs name their files with digests as those of any input; their packs have a table of their own
_TEXT = (".toml", ".md", ".typ", ".css", ".html", ".js")  # line ends do not count


def load_data_state(
    root: Path | None = None, sealed_sha256: str = DATA_SEAL_SHA256, released_sha256: str = RELEASED_SEAL_SHA256
) -> DataState:
    """Return which shipped files are changed, added or missing, in a checkout as in a wheel.

    A table that is not the sealed one vouches for nothing: it is named itself, with all files that differ from it.
    """
    root = root or content_folder("data").parent
    return DataState(_differing(root, SEAL, file_digests(root), sealed_sha256), own_build=sealed_sha256 != released_sha256)


def load_translations_state(
    language: str,
    root: Path | None = None,
    sealed_sha256: str = REPORTS_SEAL_SHA256,
    released_sha256: str = RELEASED_REPORTS_SHA256,
) -> DataState:
    """Return which files that drafts in a language are worded and laid out by are changed, added or missing.

    Outputs in other languages, and those that have no language, do not rest on them and name them not.
    """
    root = root or content_folder("reports").parent
    differing = _differing(root, REPORTS_SEAL, file_digests(root, REPORTS), sealed_sha256)
    others = tuple(f"reports/{kind}/{other}/" for kind in ("translations", "help") for other in LANGUAGES if other != language)
    mine = tuple(path for path in differing if not path.startswith(others))
    return DataState(mine, own_build=sealed_sha256 != released_sha256)


def _differing(root: Path, seal: str, found: dict[str, str], sealed_sha256: str) -> tuple[str, ...]:
    """Return the files that are not as their table says, and the table where it is another than the sealed one."""
    try:
        table, sha256 = read_toml(root / seal)
    except InputError:
        table, sha256 = {}, ""
    told = table.get("sha256", {})
    differing = [path for path in sorted({*found, *told}) if found.get(path) != told.get(path)]
    return tuple(differing if sha256 == sealed_sha256 else [seal, *(differing if told else ())])


def file_digests(root: Path, folders: tuple[str, ...] = DATA) -> dict[str, str]:
    """Return path -> SHA-256 of the shipped files but those of the samples and the seals themselves."""
    names = sorted(name for folder in folders for name in _files_in(root, folder))
    return {name: _digest(root / name) for name in names if name not in (SEAL, REPORTS_SEAL) and not name.startswith(_SAMPLES)}


def _files_in(root: Path, folder: str) -> Iterator[str]:
    """Yield the files below a folder, as they are called from the root; each reading of the translations asks for hundreds."""
    for inside, _, names in os.walk(root / folder):
        above = Path(inside).relative_to(root).as_posix()
        yield from (f"{above}/{name}" for name in names if name[0] != "." and os.path.isfile(os.path.join(inside, name)))


def seal_text(root: Path, folders: tuple[str, ...] = DATA) -> str:
    """Return the table of the files as TOML, the same text for the same files."""
    rows = sorted(file_digests(root, folders).items())
    return _HEAD + "[sha256]\n" + "".join(f'"{path}" = "{digest}"\n' for path, digest in rows)


def _digest(path: Path) -> str:
    content = path.read_bytes()
    return hashlib.sha256(content.replace(b"\r\n", b"\n") if path.suffix in _TEXT else content).hexdigest()
