"""The one place where a foreign reader's failure of any kind becomes a sentence with the file.

GDAL, osmium, openpyxl, zipfile, pyproj and the others raise what they like on damaged files, and more with each version: a list
of exceptions in each reader would never be whole. So all of them are called inside :func:`reading`, and nowhere else in
``lhasaplan/io`` is an exception caught only to be reported.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lhasaplan.errors import Cancelled, InputError, UserError


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Read a file inside this block; whatever fails in it but a cancel is reported as an InputError that names the file."""
    try:
        yield
    except (UserError, Cancelled):
        raise
    except Exception as error:
        from lhasaplan.io.parse.failure_words import fault_of  # noqa: PLC0415 - loads the readers of all formats

        logging.getLogger(__name__).debug("cannot read %r", path.name, exc_info=error)
        raise InputError(fault_of(path, error)) from error
