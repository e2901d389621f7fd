"""Say in a sentence why the system would not read or write a file."""

import errno

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, Where

NO_ROOM = marked("There is no room left on the disk; make some and repeat the step")
NO_RIGHT = marked("The rights of this file or of its folder do not allow it; change them or choose another place")
NO_FOLDER = marked("There is no such file or folder any more")
IN_USE = marked("Another program holds this file open; close it there first")
_SENTENCES = {
    errno.ENOSPC: NO_ROOM,
    errno.EDQUOT: NO_ROOM,
    errno.EACCES: NO_RIGHT,
    errno.EPERM: NO_RIGHT,
    errno.EROFS: NO_RIGHT,
    errno.ENOENT: NO_FOLDER,
    errno.ENOTDIR: NO_FOLDER,
    errno.EBUSY: IN_USE,
    errno.ETXTBSY: IN_USE,
}


OTHERWISE = marked("The file could not be read or written: {error}")


def fault_of(error: OSError, where: Where, otherwise: str = OTHERWISE) -> Fault:
    """Return the fault that a user can act on; an error of another kind is reported in the system's words."""
    return mendable_fault(error, where) or Fault(otherwise, where, {"error": error.strerror or str(error)})


def mendable_fault(error: OSError, where: Where) -> Fault | None:
    """Return the fault of what a user can mend: room, rights, a folder, another program; None for any other error."""
    sentence = _SENTENCES.get(error.errno or 0)
    return Fault(sentence, where) if sentence else None


def named_fault_of(error: OSError) -> Fault:
    """Return the fault of an error that names its file itself."""
    return fault_of(error, Where(file=str(error.filename) if error.filename else None))
