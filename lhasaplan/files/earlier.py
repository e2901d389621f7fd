"""Clear what earlier versions of this program left beside a file when they were killed."""

import os
import re
import shutil
from contextlib import suppress
from pathlib import Path

from lhasaplan.files.scratch import is_old

_DRAFT = re.compile(r"\.draft-[a-z0-9_]{8}")


def clear_earlier(path: Path) -> None:
    """Remove half-written forms of ``path``: the project's, when their process is gone, and folders of drafts of before today."""
    with suppress(OSError):
        for each in list(path.parent.iterdir()):
            with suppress(OSError):
                _clear(each, path.name)


def _clear(each: Path, name: str) -> None:
    half = re.fullmatch(rf"\.{re.escape(name)}\.(\d+)\.new(-journal|-wal|-shm)?", each.name)
    if half and (not _is_running(int(half[1])) or is_old(each)):  # the number may be another process's by now
        each.unlink()
    elif _DRAFT.fullmatch(each.name) and is_old(each) and not any(inner.is_dir() for inner in each.iterdir()):
        shutil.rmtree(each)


def _is_running(process: int) -> bool:
    """Tell whether a process has this number; where that cannot be asked it counts as running."""
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
