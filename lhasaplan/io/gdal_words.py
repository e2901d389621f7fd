"""Put what GDAL says of a file it cannot read into words for a person: no path of the machine, no advice to programmers."""

from pathlib import Path

from lhasaplan.errors import Fault, Where

_OTHER_FORM = ("not recognized as being in a supported file format", "not recognised as being in a supported file format")
_ADVICE = "; It might help to specify"


def unreadable(path: Path, error: Exception, text: str) -> Fault:
    """Return the fault of a file that GDAL refuses; ``text`` has a field for the reason, where there is one to tell."""
    reason = str(error).partition(_ADVICE)[0]
    if any(each in reason for each in _OTHER_FORM):
        return Fault("what is in this file does not fit its name; is it whole, and is its ending right?", Where(path.name))
    for form in (str(path.resolve()), str(path)):
        reason = reason.replace(f"/vsizip/{form}", path.name).replace(form, path.name)
    return Fault(text, Where(path.name), {"reason": reason})
