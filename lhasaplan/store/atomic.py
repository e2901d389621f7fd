"""Write a file beside the old one and put it in its place in one step, so that a failure changes nothing."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a free path in the same folder; when the block ends well it takes the place of ``path``."""
    target = path.resolve()
    fresh = target.with_name(f".{target.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    try:
        yield fresh
        if target.exists():
            shutil.copymode(target, fresh)
        _to_disk(fresh)
        os.replace(fresh, target)
        _to_disk(target.parent)
    finally:
        fresh.unlink(missing_ok=True)


def _to_disk(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows cannot open a folder
        return
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
