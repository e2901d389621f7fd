"""Compare every file under ``data`` and ``layers`` with the sealed table of the build."""

import hashlib
from pathlib import Path

from lhasaplan.content import content_folder
from lhasaplan.core.base.data_state import SEAL, DataState
from lhasaplan.core.rules.shipped_digests import DATA_SEAL_SHA256, RELEASED_SEAL_SHA256
from lhasaplan.errors import InputError
from lhasaplan.io.parse.toml_file import read_toml

_HEAD = "# Written by tools/seal_packs.py. A file that differs from its line is named on every output as changed.\n"
_SAMPLES = "data/samples/"  # outputs name their files with digests as those of any input; their packs have a table of their own
_TEXT = (".toml", ".md")  # line ends do not count


def load_data_state(
    root: Path | None = None, sealed_sha256: str = DATA_SEAL_SHA256, released_sha256: str = RELEASED_SEAL_SHA256
) -> DataState:
    """Return which shipped files are changed, added or missing, in a checkout as in a wheel.

    A table that is not the sealed one vouches for nothing: it is named itself, with all files that differ from it.
    """
    root = root or content_folder("data").parent
    found = file_digests(root)
    try:
        table, sha256 = read_toml(root / SEAL)
    except InputError:
        table, sha256 = {}, ""
    told = table.get("sha256", {})
    differing = [path for path in sorted({*found, *told}) if found.get(path) != told.get(path)]
    changed = differing if sha256 == sealed_sha256 else [SEAL, *(differing if told else ())]
    return DataState(tuple(changed), own_build=sealed_sha256 != released_sha256)


def file_digests(root: Path) -> dict[str, str]:
    """Return path -> SHA-256 of the shipped files but those of the samples and the seal itself."""
    files = (path for name in ("data", "layers") for path in sorted((root / name).rglob("*")) if path.is_file())
    named = ((path.relative_to(root).as_posix(), path) for path in files if not path.name.startswith("."))
    return {name: _digest(path) for name, path in named if name != SEAL and not name.startswith(_SAMPLES)}


def seal_text(root: Path) -> str:
    """Return the table of the files as TOML, the same text for the same files."""
    return _HEAD + "[sha256]\n" + "".join(f'"{path}" = "{digest}"\n' for path, digest in sorted(file_digests(root).items()))


def _digest(path: Path) -> str:
    content = path.read_bytes()
    return hashlib.sha256(content.replace(b"\r\n", b"\n") if path.suffix in _TEXT else content).hexdigest()
