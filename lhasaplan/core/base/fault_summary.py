"""Shorten a long list of faults to what a person can read: some of each kind, the rest counted, and the total."""

from collections.abc import Sequence

from lhasaplan.errors import Fault, Where

READABLE = 20  # so many are told as they are
_OF_EACH = 5


def shortened(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return a short list as it is; of a long one the first of each kind and file, how many more there are, and the total."""
    if len(faults) <= READABLE:
        return tuple(faults)
    alike: dict[tuple[str, str | None], list[Fault]] = {}
    for fault in faults:
        alike.setdefault((fault.template, fault.where.file), []).append(fault)
    listed = [line for (_, file), kind in alike.items() for line in _some(kind, file)]
    return (*listed, Fault("{count} faults in all", params={"count": len(faults)}))


def _some(kind: list[Fault], file: str | None) -> list[Fault]:
    more = len(kind) - _OF_EACH
    if more <= 0:
        return kind
    return [*kind[:_OF_EACH], Fault("and {count} more like the one before", Where(file), {"count": more})]
