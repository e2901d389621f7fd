"""Give cameras and parts their numbers: each once, in the order in which they came, and none that another had.

A district gives numbers of its own blocks, which nobody else gives: what two districts add apart keeps its numbers when they are
taken back. Cameras that stand are numbered 1, 2, 3 …, planned ones P1, P2 …: a number says whether anything is there. How a
camera is to be bears its number with an arrow. Parts are numbered 1, 2, 3 … when they are confirmed.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count

from lhasaplan.core.changes.proposal import replaced
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.plan import replacing
from lhasaplan.core.project.plan_step import GivenNumber, NumberBlock, Series
from lhasaplan.core.project.project import Project

PLANNED, TO_BE = "P", "→"
BLOCK = 100  # numbers that a district gets of each series, less one; ten times as many where a city has more than that


@dataclass(frozen=True, slots=True)
class Counting:
    """Which numbers may be given here: those of the ``own`` blocks, in a city those that no block of ``others`` holds."""

    own: tuple[NumberBlock, ...] = ()
    others: tuple[NumberBlock, ...] = ()

    def numbers(self, series: Series, given: Iterable[GivenNumber]) -> Iterator[int]:
        """Give the numbers of a series that come next: above all that were given here, own blocks first."""
        used = {each.number for each in given if each.series is series}
        for block in self.own:
            if block.series is series:
                yield from range(max(filter(block.holds, used), default=block.first - 1) + 1, block.last + 1)
        others = [block for block in self.others if block.series is series]
        mine = (number for number in used if not any(block.holds(number) for block in others))
        above = (*mine, *(block.last for block in self.own if block.series is series))
        number = max(above, default=0) + 1
        while True:
            held = next((block.last for block in others if block.holds(number)), None)
            if held is None:
                yield number
            number = (held or number) + 1


NO_BLOCKS = Counting()
# In which series a camera is counted; one that was gone before it had a number has none.
_SERIES = {Status.OPERATING: Series.STANDING, Status.PLANNED: Series.PLANNED, Status.REMOVED: None}


def counting_of(project: Project) -> Counting:
    """Return which numbers a project may give: a district those that its city handed it."""
    return Counting((), project.number_blocks) if project.district is None else Counting(project.district.blocks)


def next_blocks(project: Project, handed: Sequence[NumberBlock]) -> tuple[NumberBlock, ...]:
    """Return a block of each series for a district: above all numbers that a city gave or handed out before.

    It begins behind a round number, so that one sees whose it is: a district has 101 to 199, the next one 201 to 299.
    """
    found = []
    for series in Series:
        given = [each.number for each in project.numbers if each.series is series]
        size = next(BLOCK * 10**power for power in count() if BLOCK * 10**power > len(given))
        top = max((1, *given, *(block.last for block in handed if block.series is series)))
        first = (top // size + 1) * size + 1
        found.append(NumberBlock(series, first, first + size - 2))
    return tuple(found)


def numbered(project: Project) -> Project:
    """Return the project in which each camera that stands or is planned, and each confirmed part, has a number."""
    numbers = given_to(project.cameras, project.numbers, replacing(project), _confirmed(project), counting_of(project))
    return project if numbers is project.numbers else replace(project, numbers=numbers)


def _confirmed(project: Project) -> Iterator[str]:
    return (each.part_id for each in project.confirmations)


def given_to(
    cameras: Iterable[Camera],
    given: tuple[GivenNumber, ...],
    states: Mapping[str, str],
    parts: Iterable[str] = (),
    counting: Counting = NO_BLOCKS,
) -> tuple[GivenNumber, ...]:
    """Return the numbers with those of cameras and parts that have none yet, each above all that were ever given in its series.

    ``states`` are the planned cameras that say how another one is to be; they have no number of their own.
    """
    known = {(each.series, each.camera_id) for each in given}
    coming: dict[Series, Iterator[int]] = {}
    new = []
    counted = [(_SERIES[camera.status], camera.camera_id) for camera in cameras if camera.camera_id not in states]
    counted += [(Series.PART, part) for part in dict.fromkeys(parts)]
    for series, ident in counted:
        if series is None or (series, ident) in known:
            continue
        numbers = coming.setdefault(series, counting.numbers(series, given))
        new.append(GivenNumber(series, ident, next(numbers)))
    return (*given, *new) if new else given


def labels(cameras: Iterable[Camera], given: tuple[GivenNumber, ...], states: Mapping[str, str]) -> dict[str, str]:
    """Return what each camera is called by: its number, that of a planned one after P, that of how one is to be with an arrow."""
    listed = tuple(cameras)
    numbers = {(each.series, each.camera_id): each.number for each in given_to(listed, given, states)}
    found = {}
    for camera in listed:
        if camera.camera_id in states:
            found[camera.camera_id] = f"{numbers.get((Series.STANDING, states[camera.camera_id]), '')}{TO_BE}"
        elif camera.status is Status.PLANNED:
            found[camera.camera_id] = f"{PLANNED}{numbers[Series.PLANNED, camera.camera_id]}"
        else:
            found[camera.camera_id] = str(numbers.get((Series.STANDING, camera.camera_id), ""))
    return found


def camera_labels(project: Project) -> dict[str, str]:
    """Return what each camera of a project is called by on maps and in lists, by id."""
    return labels(project.cameras, numbered(project).numbers, replacing(project))


def plan_numbers(project: Project) -> dict[str, str]:
    """Return what planned cameras are called by: P3, or 7→ for how camera 7 is to be; by id."""
    planned = {camera.camera_id for camera in project.cameras if camera.status is Status.PLANNED}
    return {key: name for key, name in camera_labels(project).items() if key in planned} if planned else {}


def alike_in_city(project: Project) -> tuple[str, ...]:
    """Return the names that several cameras bear in the city of a district's project; none of a city's own."""
    return project.district.alike if project.district is not None else ()


def part_numbers(project: Project) -> dict[str, int]:
    """Return the number of each confirmed part by its id."""
    return {each.camera_id: each.number for each in numbered(project).numbers if each.series is Series.PART}


def numbered_after(before: Project, after: Project) -> Project:
    """Return a changed project with numbers: those that what was there had before are given first, in their order."""
    rows = () if before.cameras is after.cameras else replaced(before.cameras, after.cameras)
    same_cameras = rows is not None and not any(before.cameras[row].status is not after.cameras[row].status for row in rows)
    if same_cameras and before.confirmations is after.confirmations:
        return after
    missed = numbered(before).numbers[len(before.numbers) :]
    return numbered(replace(after, numbers=(*after.numbers, *missed)) if missed else after)


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A camera or a part that bears another number in the city than in the district that gave it one, since another has that."""

    district: str
    camera_id: str
    there: str
    here: str
    is_part: bool = False


def with_numbers_of(city: Project, districts: Sequence[tuple[str, Project]]) -> tuple[Project, tuple[Renumbered, ...]]:
    """Return a city with the numbers that its districts gave since, as far as no other has them, and those it could not take."""
    blocks = (each for _, project in districts if project.district is not None for each in project.district.blocks)
    city = replace(city, number_blocks=tuple(dict.fromkeys((*city.number_blocks, *blocks))))
    there = {camera.camera_id for camera in city.cameras} | set(_confirmed(city))
    known = {(each.series, each.camera_id) for each in city.numbers}
    taken = {(each.series, each.number) for each in city.numbers}
    numbers = list(city.numbers)
    otherwise = []
    for name, project in districts:
        for each in project.numbers:
            if (each.series, each.camera_id) in known or each.camera_id not in there:
                continue
            if (each.series, each.number) in taken:
                otherwise.append((name, each))
                continue
            numbers.append(each)
            known.add((each.series, each.camera_id))
            taken.add((each.series, each.number))
    whole = numbered(replace(city, numbers=tuple(numbers)))
    called = {(each.series, each.camera_id): each for each in whole.numbers}
    return whole, tuple(
        Renumbered(name, each.camera_id, _label(each), _label(called[each.series, each.camera_id]), each.series is Series.PART)
        for name, each in otherwise
        if (each.series, each.camera_id) in called
    )


def each_once(numbers: tuple[GivenNumber, ...]) -> tuple[GivenNumber, ...]:
    """Return numbers without those that an earlier camera has in its series: who was given one twice is given another."""
    first: dict[tuple[Series, int], GivenNumber] = {}
    for each in numbers:
        first.setdefault((each.series, each.number), each)
    return numbers if len(first) == len(numbers) else tuple(first.values())


def handed_numbers(numbers: Sequence[GivenNumber], ids: Container[str]) -> tuple[GivenNumber, ...]:
    """Return the numbers of some cameras and parts, and the last of each series: a district goes on above it."""
    last = [
        max((each for each in numbers if each.series is series), key=lambda given: given.number, default=None)
        for series in Series
    ]
    return tuple(each for each in numbers if each.camera_id in ids or each in last)


def _label(number: GivenNumber) -> str:
    return f"{PLANNED if number.series is Series.PLANNED else ''}{number.number}"
