"""Write one format of the drafts: tell progress with its sentences, and turn whatever stops it into a fault."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path

from lhasaplan.core.audit.disclosure import INTERNAL, at_level
from lhasaplan.core.base.progress import Progress
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.context.audit_context import set_in, set_up
from lhasaplan.core.context.reference_data import ReferenceData
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.picture.camera_picture import CameraPicture, Look, picture_of
from lhasaplan.core.picture.picture_town import PictureTown
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
from lhasaplan.errors import Cancelled, Fault, InputError, UserError, Where
from lhasaplan.files.refusals import mendable_fault
from lhasaplan.ports import Services

# What cameras would show, drawn for drafts when one asks: only of a camera whose pose is known, veiled as outputs are.

LOOK = Look(columns=960, fineness=2)
POSE = ("mount_height_m", "azimuth_deg", "tilt_deg", "hfov_deg")


class LensPictures:
    """Draws the picture of a camera of a project; the town is set up when the first is asked for."""

    def __init__(self, project: Project, shown: Assessment, read_data: Callable[[], ReferenceData]) -> None:
        """Draw cameras of the project; ``shown`` has what outputs may tell of what they see."""
        self._project, self._read_data = project, read_data
        self._results: Mapping[str, CameraResult] = {result.placed.camera.camera_id: result for result in shown.cameras}
        self._cameras = {camera.camera_id: camera for camera in project.cameras}

    @cached_property
    def _town(self) -> PictureTown:
        return PictureTown(set_up(self._project, self._read_data()))

    def __call__(self, camera_id: str) -> CameraPicture | None:
        """Return the picture, None where the pose is not recorded or the camera is not of this project."""
        camera, result = self._cameras.get(camera_id), self._results.get(camera_id)
        if camera is None or result is None or not is_posed(camera):
            return None
        placed = set_in(self._town.city, [camera]).placed
        return picture_of(placed[0], self._town, LOOK, result.sightings) if placed else None


def is_posed(camera: Camera) -> bool:
    """Say whether height, direction, tilt and angle of view are all recorded: of a guess no picture is drawn."""
    return all(getattr(camera, name) is not None for name in POSE)


STEP = "write the drafts"
SENTENCES_A_WORD = 16
NO_LEVEL = marked("{level} is no level of disclosure; there are: {known}")
NOT_PRIVATE = marked("What is private is for the office alone: it is not written at the level {level}")


@dataclass(frozen=True, slots=True)
class HeardTranslations(Translations):
    """Translations that report their use; a cancel raised there ends the draft, whose file is not replaced."""

    hear: Callable[[], None] = field(default=lambda: None, compare=False)

    def __call__(self, template: str, **params: object) -> str:
        """Return the template in this language with its parameters filled in."""
        self.hear()
        return Translations.__call__(self, template, **params)


def shown(
    services: Services, project: Project, assessment: Assessment, private: bool = False, level: str = INTERNAL
) -> tuple[ShownProject, ShownAssessment]:
    """Return what outputs may show: the one place where values become those that writers take.

    InputError for a level that there is not, and for one for readers outside together with ``private``.
    """
    if level == INTERNAL:
        return services.redact(project, assessment, private)
    levels = services.load_disclosure()
    if level not in levels:
        raise InputError(Fault(NO_LEVEL, params={"level": level, "known": ", ".join(levels)}))
    if private:
        raise InputError(Fault(NOT_PRIVATE, params={"level": level}))
    return services.redact(*at_level(project, assessment, levels[level]), False)


def heard(translations: Translations, progress: Progress, share: float) -> Translations:
    """Return the translations of one draft, which tells the share of the work now and with every 16th sentence."""
    sentences = count()

    def hear() -> None:
        if next(sentences) % SENTENCES_A_WORD == 0:
            progress(share, STEP)

    hear()
    return HeardTranslations(translations.language, translations.catalogue, translations.state, translations.sealed, hear)


def written(name: str, write: Callable[[], Iterable[Path]]) -> tuple[list[Path], tuple[Fault, ...]]:
    """Return the files that a writer made, or why it made none: one format must not take the others with it.

    This is the one place where any failure of a writer, one of a library too, becomes a sentence; a cancel goes on.
    """
    try:
        return list(write()), ()
    except Cancelled:
        raise
    except UserError as error:
        return [], error.faults
    except OSError as error:
        return [], (_refused(name, error),)
    except Exception as error:  # noqa: BLE001  (see above)
        return [], (_unwritten(name, f"{type(error).__name__}: {error}"),)


def _refused(name: str, error: OSError) -> Fault:
    """Return what the system refused, in the user's language where it is a thing that a user can mend."""
    file = str(error.filename) if error.filename else ""
    mendable = mendable_fault(error, Where(file=file or None, item=name))
    return mendable or _unwritten(name, f"{file}: {error.strerror}" if file else error.strerror or str(error))


def _unwritten(name: str, cause: str) -> Fault:
    return Fault("Not all drafts of the format {format} could be written: {cause}", params={"format": name, "cause": cause})
