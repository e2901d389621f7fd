"""Say of imported areas what cannot be of a hierarchy, and what is doubtful of one."""

from collections.abc import Callable, Iterator, Sequence

from lhasaplan.core.base.wording import marked
from lhasaplan.core.city.area_hierarchy import (
    LEAST_INSIDE,
    Area,
    circles,
    not_deeper,
    outside_parent,
    read_areas,
    without_parent,
)
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import ImportedFile
from lhasaplan.workflow.import_checks import named

CIRCLE = marked("the areas {ids} are part of each other in a circle; mend the column parent")
NO_PARENT = marked("these areas are part of areas that are not there, so they stand by themselves: {ids}")
OUTSIDE = marked("these areas lie with less than {percent} % of their ground in what they are part of: {ids}")
NOT_DEEPER = marked("these areas have an admin_level that is not deeper than that of what they are part of: {ids}")


def remarks_on_areas(merged: Project, found: ImportedFile) -> tuple[Fault, ...]:
    """Return remarks on the hierarchy of areas once a file of areas is in the project.

    Raises
    ------
    InputError
        Areas are part of each other in a circle.
    """
    if "areas" not in {layer.name for layer in found.layers}:
        return ()
    areas, where = read_areas(merged.layers["areas"]), Where(found.record.path)
    faults = [Fault(CIRCLE, where, {"ids": named(ids)}) for ids in circles(areas)]
    if faults:
        raise InputError(*faults)
    return tuple(_remarks(areas, where))


_DOUBTS: tuple[tuple[str, Callable[[Sequence[Area]], list[Area]]], ...] = (
    (NO_PARENT, without_parent),
    (OUTSIDE, outside_parent),
    (NOT_DEEPER, not_deeper),
)


def _remarks(areas: Sequence[Area], where: Where) -> Iterator[Fault]:
    for template, doubtful in _DOUBTS:
        ids = [area.area_id for area in doubtful(areas)]
        if ids:
            percent = {"percent": f"{100.0 * LEAST_INSIDE:g}"} if template == OUTSIDE else {}
            yield Fault(template, where, {"ids": named(ids), **percent})
