"""The least that a start takes: import what others wrote and it used, read the bytes of its files, write those of its answers.

``python -m tests.bench.floors.start FILE`` does what the file says (JSON with ``imports``, ``read`` and ``written``) and prints
seconds of the processor, with the start of Python and without. Documents that are zipped are zipped anew; the time in which what
they hold was read counts for neither.
"""

import importlib
import io
import json
import re
import subprocess
import sys
import time
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

OURS = ("lhasaplan", "tests", "__main__")


def libraries_of(words: Sequence[str], surroundings: Mapping[str, str], folder: Path) -> list[str]:
    """Return the modules of others that a command of Python imports, in the order in which they were there."""
    python, *rest = words
    seen = subprocess.run(
        [python, "-X", "importtime", *rest], capture_output=True, text=True, env=surroundings, cwd=folder, check=False
    )
    names = re.findall(r"^import time:.*\| +([\w.]+)$", seen.stderr, re.MULTILINE)
    return [name for name in names if name.split(".")[0] not in OURS]


def main(order: str) -> None:
    """Do the least and say what it took, the start of Python included."""
    told = json.loads(Path(order).read_text("utf-8"))
    started = time.process_time()
    files = {path: _parts(path) for path in map(Path, told["written"])}
    before = time.process_time()
    only = set(told["imports"])
    sys.meta_path.insert(0, _NothingElse(only))
    for name in told["imports"]:
        with suppress(ImportError, AttributeError):
            importlib.import_module(name)
    for path in told["read"]:
        Path(path).read_bytes()
    for number, parts in enumerate(files.values()):
        Path(f"{order}-{number}").write_bytes(_packed(parts))
    worked = time.process_time() - before
    print(started + worked, worked)


class _NothingElse:
    """Refuses modules that ours did without."""

    def __init__(self, names: set[str]) -> None:
        self._names = names

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        if name not in self._names:
            raise ModuleNotFoundError(name)


def _parts(path: Path) -> bytes | dict[str, bytes]:
    """Return a file's bytes, of one that is zipped what it holds by name."""
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def _packed(parts: bytes | dict[str, bytes]) -> bytes:
    if isinstance(parts, bytes):
        return parts
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return whole.getvalue()


if __name__ == "__main__":
    main(*sys.argv[1:])
