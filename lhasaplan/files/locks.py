"""Find out whether a disk takes locks: some network drives refuse all, which looks like a file that another program holds."""

import errno
import os
import sys
from pathlib import Path

_FAR = 2**40  # a byte that no SQLite file locks for itself
_REFUSED = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}


def refuses_locks(path: Path) -> bool:
    """Tell whether the disk of a file refuses every lock; no where it cannot be opened. Never asked while it is locked here."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return no_locks(descriptor)
    finally:
        os.close(descriptor)


if sys.platform == "win32":

    def no_locks(_descriptor: int) -> bool:
        """Tell whether the disk of an open file refuses every lock: none does there."""
        return False

else:
    import fcntl

    def no_locks(descriptor: int) -> bool:
        """Tell whether the disk of an open file refuses every lock."""
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB, 1, _FAR)
            fcntl.lockf(descriptor, fcntl.LOCK_UN, 1, _FAR)
        except OSError as error:
            return error.errno in _REFUSED
        return False
