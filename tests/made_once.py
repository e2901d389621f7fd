"""Folders that many tests begin with: made once a process, and copied for each of them."""

import shutil
from collections.abc import Callable, Hashable
from contextlib import chdir
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

_MADE: dict[Hashable, Path] = {}
_MADE_IN = TemporaryDirectory(prefix="lhasaplan-made-once-")


def made_once(folder: Path, key: Hashable, make: Callable[[], object]) -> Path:
    """Fill a folder with what ``make`` puts into the current one, made anew only for a key that is asked for first."""
    if key not in _MADE:
        first = Path(mkdtemp(dir=_MADE_IN.name))
        with chdir(first):
            make()
        _MADE[key] = first
    shutil.copytree(_MADE[key], folder, dirs_exist_ok=True)
    return folder
