"""What drafts call cameras and parts: the number on the maps, the name or the street, and ids in the annex alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.changes.camera_change import AddCamera
from lhasaplan.core.city.human_names import camera_names, distinguished, part_names
from lhasaplan.core.city.streets import NearestStreet
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.numbering import labels, part_numbers
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Remembered
from lhasaplan.report.text.words import some_names

if TYPE_CHECKING:  # an audit is told without the siting of cameras
    from lhasaplan.core.siting.options import Option

# One numbering of cameras for every format: maps carry the number, lists the number and what it stands for.
#
# A number is given once and kept with the project (:mod:`lhasaplan.core.project.numbering`): an audit and a check, a city and
# its district give the same camera the same number, and a number on a map says at once whether anything stands there.


def camera_numbers(assessment: Assessment) -> Mapping[str, str]:
    """Return the number of each camera by its id, in the order of the assessment.

    Where the identifiers were replaced, as in coarse outputs, the cameras are counted anew.
    """
    cameras = [result.placed.camera for result in assessment.cameras]
    if all(camera.camera_id in assessment.numbers for camera in cameras):
        return {camera.camera_id: assessment.numbers[camera.camera_id] for camera in cameras}
    states = {result.placed.camera.camera_id: result.replaces for result in assessment.cameras if result.replaces}
    return labels(cameras, (), states)


# What the cameras of proposals are called: what they are, and the street where they would stand.


def new_camera_names(project: Project, options: "Iterable[Option]", translations: Translations) -> dict[str, str]:
    """Return what the new cameras of options are called, by their ids; those alike by number."""
    new = {
        change.camera_id: change.camera for each in options for change in each.proposal.changes if isinstance(change, AddCamera)
    }
    called = camera_names(list(new.values()), NearestStreet(project.layers.get("roads"), None), translations)
    return distinguished(called.items(), translations)


Terms = Mapping[str, Mapping[str, str]]
TITLE = marked("{number} · {name}")


@dataclass(frozen=True, slots=True)
class Called:
    """The number of each camera, its name, and the name of each part, by id."""

    numbers: Mapping[str, str]
    cameras: Mapping[str, str]
    parts: Mapping[str, str]
    translations: Translations

    def number(self, camera_id: str) -> str:
        """Return the number of a camera on maps and in lists; its id where it has none."""
        return self.numbers.get(camera_id, camera_id)

    def title(self, camera_id: str) -> str:
        """Return number and name of a camera."""
        name = self.cameras.get(camera_id, camera_id)
        return self.translations(TITLE, number=self.number(camera_id), name=name)

    def reported(self, ident: str) -> str:
        """Return what a sentence calls a camera, a part or anything else by its id: number and name, name, or the id."""
        return self.title(ident) if ident in self.numbers else self.parts.get(ident, ident)

    @property
    def titles(self) -> Mapping[str, str]:
        """Number and name of each camera, by id."""
        return {camera_id: self.title(camera_id) for camera_id in self.numbers}

    def some(self, camera_ids: tuple[str, ...] | list[str]) -> str:
        """Return the numbers of several cameras for running text."""
        return some_names(map(self.number, camera_ids), self.translations)

    def counted_up(self, camera_ids: Iterable[str]) -> str:
        """Return the same in the order of the numbers, where none of the cameras comes first for another reason."""
        places = {camera_id: place for place, camera_id in enumerate(self.numbers)}
        return self.some(sorted(camera_ids, key=lambda camera_id: places.get(camera_id, len(places))))


_called: Remembered[Called] = Remembered()


def called(project: Project, assessment: Assessment, translations: Translations) -> Called:
    """Return what the cameras and parts of a whole assessment are called."""
    return _called(assessment, (project, translations), lambda: _made(project, assessment, translations))


def _made(project: Project, assessment: Assessment, translations: Translations) -> Called:
    streets = NearestStreet(project.layers.get("roads"), None)
    parts = [result.part for result in assessment.parts or ()]
    placed = [result.placed.camera for result in assessment.cameras]
    cameras = camera_names(placed, streets, translations, has_number=True)
    return Called(
        camera_numbers(assessment), cameras, names_of_parts(project, parts, assessment.terms, translations), translations
    )


def names_of_parts(project: Project, parts: Sequence[Part], terms: Terms, translations: Translations) -> dict[str, str]:
    """Return what parts are called, by id; ``terms`` are the words of the packs."""
    kinds = {key: translations(text) for key, text in words.PART_KINDS.items()} | words.category_words(terms, translations)
    streets = NearestStreet(project.layers.get("roads"), None)
    return part_names(parts, project.layers, streets, kinds, translations, numbers=part_numbers(project))
