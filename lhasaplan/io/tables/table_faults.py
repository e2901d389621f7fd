"""Tell what is wrong with a table together with what is wrong with its cells, row by row, at once."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from lhasaplan.errors import Fault, InputError


@contextmanager
def told_with(faults: Sequence[Fault]) -> Iterator[None]:
    """Read the cells of a table inside this block; its faults and those of the table are raised together, by row."""
    try:
        yield
    except InputError as error:
        raise InputError(*sorted((*faults, *error.faults), key=lambda fault: fault.where.row or 0)) from error
    if faults:
        raise InputError(*faults)
