"""Check a bundle: its files by their digests, its answers computed anew, its inputs against the files that somebody has."""

import json
import math
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from platform import python_version

from lhasaplan import __version__
from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.spelling import iso_date
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.layer import feature_digests
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError, UserError, Where
from lhasaplan.files.scratch import scratch_folder
from lhasaplan.ports import Services
from lhasaplan.workflow.answers import audit
from lhasaplan.workflow.drafting import shown
from lhasaplan.workflow.projects import open_project

# Answers as they were stated beside answers as they come out anew: which values are equal, differ, or cannot be compared.

# What depends on the machine and not on the town: which files of an installation differ from its release.
OF_INSTALLATION = frozenset({"data"})
# Where something is withheld, notes on the records may come out otherwise without it. Of what cameras near withheld places see,
# outputs say less, and no more.
NOTES = frozenset({"notes", "closed_places"})
LESS_SAID = ("undisclosed_px_m", "cure")
BY_SOURCE = (".by", ".on")  # of a step of the plan that nobody decided: they are those of the record's source
NEARLY = 1e-6  # relative; another processor may round otherwise
NOTHING = object()


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """A value that came out otherwise: where it stands, as stated and as computed; None for one that is missing."""

    path: str
    stated: object
    computed: object


@dataclass(frozen=True, slots=True)
class AnswerComparison:
    """How answers compare, value by value.

    ``nearly`` are numbers that differ by a millionth at most. ``withheld`` are paths of values that rest on places which are not
    handed on, so that they cannot be computed from what was.
    """

    equal: int
    nearly: int
    differences: tuple[ValueDifference, ...]
    withheld: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Say whether every value that can be computed came out as stated."""
        return not self.differences


def compare_answers(stated: JsonObject, computed: JsonObject) -> AnswerComparison:
    """Compare two answers of an audit or a check in the form of docs/json.md.

    >>> compare_answers({"a": [1, 2.0], "b": {"c": "x"}}, {"a": [1, 2.5], "b": {"c": "x"}}).differences
    (ValueDifference(path='a[1]', stated=2.0, computed=2.5),)
    """
    near = near_withheld(stated)
    is_bare = bool(near) or bool(stated.get("withheld")) or stated.get("closed_places") is not None
    equal, nearly, differences, withheld = 0, 0, [], []
    for path, one, other in _pairs("", _without_installation(stated), _without_installation(computed)):
        if one == other and type(one) is type(other):
            equal += 1
        elif _is_near(one, other):
            nearly += 1
        elif _rests_on_withheld(path, near, is_bare=is_bare):
            withheld.append(path)
        else:
            differences.append(ValueDifference(path, *(None if each is NOTHING else each for each in (one, other))))
    return AnswerComparison(equal, nearly, tuple(differences), tuple(withheld))


def near_withheld(stated: JsonObject) -> frozenset[str]:
    """Return the cameras that stand within reach of a block with a withheld place, and the findings about them, by path."""
    cameras = {each["id"] for each in stated.get("cameras", ()) if each.get("undisclosed_px_m") is not None}
    findings = (each["id"] for each in stated.get("findings", ()) if cameras & {each.get("camera"), *each.get("cameras", ())})
    return frozenset((*(f"cameras[{name}]" for name in cameras), *(f"findings[{name}]" for name in findings)))


def _rests_on_withheld(path: str, near: frozenset[str], *, is_bare: bool) -> bool:
    head, _, rest = path.partition("]")
    if f"{head}]" in near:
        return any(name in rest for name in LESS_SAID)
    is_by_source = path.startswith("plan[") and rest in BY_SOURCE
    return is_bare and (is_by_source or path.partition(".")[0].partition("[")[0] in NOTES)


def _without_installation(answers: JsonObject) -> JsonObject:
    return {name: value for name, value in answers.items() if name not in OF_INSTALLATION}


def _pairs(path: str, one: object, other: object) -> Iterator[tuple[str, object, object]]:
    """Yield the single values of both by their path.

    Things with an ``id`` are matched by it, wherever they stand, and sentences by theirs.
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping) and (one or other):
        for name in dict.fromkeys((*one, *other)):
            yield from _pairs(f"{path}.{name}" if path else str(name), one.get(name, NOTHING), other.get(name, NOTHING))
    elif isinstance(one, list) and isinstance(other, list) and (one or other):
        named = _named(one), _named(other)
        for name in dict.fromkeys((*named[0], *named[1])):
            yield from _pairs(f"{path}[{name}]", named[0].get(name, NOTHING), named[1].get(name, NOTHING))
    else:
        yield path, one, other


def _named(values: Sequence[object]) -> dict[object, object]:
    ids = [each.get("id", each.get("template")) if isinstance(each, Mapping) else None for each in values]
    is_named = None not in ids and len(set(ids)) == len(ids)
    return dict(zip(ids, values, strict=True)) if is_named else dict(enumerate(values))


def _is_near(one: object, other: object) -> bool:
    if isinstance(one, bool) or isinstance(other, bool) or not isinstance(one, int | float) or not isinstance(other, int | float):
        return False
    return math.isclose(one, other, rel_tol=NEARLY, abs_tol=1e-9)


NO_PROJECT = marked("The bundle holds no project: its level gives only coarse positions, so nothing can be computed again")
NO_DATE = marked(
    "bundle.json does not state the day of the answers as YYYY-MM-DD. Without it the time limits of records cannot be computed"
)
NO_FOLDER = marked("this is not a folder. Name the folder with the files that the bundle lists as inputs")
EQUAL, DIFFERENT, MISSING, UNREADABLE = "equal", "different", "missing", "unreadable"


@dataclass(frozen=True, slots=True)
class InputCheck:
    """A file that the bundle rests on, against the one that somebody has.

    ``state`` is of the file: equal, different (another digest), missing, unreadable. Of the features that the project has from
    it ``same`` are so in the file, ``other`` are not: somebody changed them since, or took them from an earlier version. ``why``
    says what keeps a file from being read.
    """

    name: str
    state: str
    same: int = 0
    other: int = 0
    why: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of a bundle.

    ``changed`` are files that are not as the bundle names them, ``versions`` packages that differ here: name, stated, here.
    ``comparison`` is None where nothing could be computed, which ``why_not`` explains.
    """

    contents: JsonObject
    changed: tuple[str, ...]
    comparison: AnswerComparison | None
    why_not: Fault | None
    inputs: tuple[InputCheck, ...]
    versions: tuple[tuple[str, str, str], ...]

    @property
    def holds(self) -> bool:
        """Say whether all that could be checked is as stated; an input that is not there could not be."""
        is_computed = self.comparison is None or self.comparison.holds
        return is_computed and not self.changed and all(each.state in (EQUAL, MISSING) for each in self.inputs)


def verify(services: Services, bundle: Path, inputs: Path | None = None, progress: Progress = no_progress) -> Verification:
    """Return how a bundle compares with what this program computes from it, and with a folder of input files.

    Raises InputError for a file that is no bundle, and for a folder that is none.
    """
    if inputs is not None and not inputs.is_dir():
        raise InputError(Fault(NO_FOLDER, Where(str(inputs))))
    with scratch_folder() as room:
        opened = services.files.open_bundle(bundle, room)
        project = None if opened.project is None else open_project(services, opened.project).project
        comparison = why_not = None
        if project is None:
            why_not = Fault(NO_PROJECT)
        elif iso_date(str(opened.contents["date"])) is None:
            why_not = Fault(NO_DATE)
        else:
            computed = _computed(services, project, opened.contents, room, part_of(progress, 0.0, 0.7))
            comparison = compare_answers(opened.answers, computed)
        stated = [each for each in opened.contents["inputs"] if isinstance(each, dict) and {"name", "sha256"} <= each.keys()]
        checks = () if inputs is None else _check_inputs(services, project, stated, inputs, part_of(progress, 0.7, 1.0))
        return Verification(opened.contents, opened.changed, comparison, why_not, checks, _versions(opened.contents))


def _computed(services: Services, project: Project, contents: JsonObject, room: Path, progress: Progress) -> JsonObject:
    """Return the answers anew, as of the day and at the level of the bundle, in the form in which it states them."""
    then = replace(services, today=lambda: str(contents["date"]))
    assessment = audit(then, project, progress, with_parts=contents["answers"] == "check")
    _, reported = shown(then, project, assessment, level=str(contents["level"]))
    anew: JsonObject = json.loads(services.drafts.write_json(reported, room / "anew.json").read_text("utf-8"))
    return anew


def _check_inputs(
    services: Services, project: Project | None, stated: Sequence[Mapping[str, str]], folder: Path, progress: Progress
) -> tuple[InputCheck, ...]:
    """Return how each input compares; a file counts by its digest, whatever it is called."""
    found = {services.files.digest(path): path for path in sorted(folder.iterdir()) if path.is_file()}
    names = {path.name for path in found.values()}
    checks = []
    for number, each in enumerate(stated):
        progress(number / len(stated), "verify the inputs")
        path = found.get(each["sha256"])
        if path is None:
            checks.append(InputCheck(each["name"], DIFFERENT if each["name"] in names else MISSING))
        else:
            checks.append(_read_again(services, project, each, path))
    return tuple(checks)


def _read_again(services: Services, project: Project | None, stated: Mapping[str, str], path: Path) -> InputCheck:
    """Return how many features of the project stand so in the file that it names."""
    if project is None:
        return InputCheck(stated["name"], EQUAL)
    try:
        fresh = services.files.read_file(path, kind=stated.get("kind") or None, project_crs=project.crs)
    except UserError as error:
        return InputCheck(stated["name"], UNREADABLE, why=error.faults)
    layers = {each.name: each for each in fresh.layers}
    known = {*feature_digests(layers).values(), *((each.camera_id, each.x_m, each.y_m) for each in fresh.cameras)}
    digests, name = feature_digests(project.layers), stated["name"]
    own = [
        digests[layer, row] for layer, each in project.layers.items() for row, source in enumerate(each.source) if source == name
    ]
    cameras = {each.camera_id for each in fresh.cameras}
    placed = [(each.camera_id, each.x_m, each.y_m) for each in project.cameras if _is_of(each, name, cameras)]
    same = sum(each in known for each in (*own, *placed))
    return InputCheck(name, EQUAL, same, len(own) + len(placed) - same)


def _is_of(camera: Camera, file: str, cameras: Container[str]) -> bool:
    """Say whether a camera came from a file; at a level that tells no sources its id says so."""
    return camera.input_file == file if camera.input_file else camera.camera_id in cameras


def _versions(contents: JsonObject) -> tuple[tuple[str, str, str], ...]:
    """Return what is installed in another version here than where the bundle was made."""
    stated = {"lhasaplan": contents["program"], **contents["packages"]}
    here = {name: _version_here(name) for name in stated}
    return tuple((name, str(number), here[name]) for name, number in stated.items() if str(number) != here[name])


def _version_here(name: str) -> str:
    own = {"lhasaplan": __version__, "python": python_version()}
    try:
        return own[name] if name in own else version(name)
    except PackageNotFoundError:
        return "–"
