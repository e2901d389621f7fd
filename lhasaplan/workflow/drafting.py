"""Write one format of the drafts: tell progress with its sentences, and turn whatever stops it into a fault."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from lhasaplan.core.audit.disclosure import INTERNAL, at_level
from lhasaplan.core.base.progress import Progress
from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
from lhasaplan.errors import Cancelled, Fault, InputError, UserError, Where
from lhasaplan.files.refusals import mendable_fault
from lhasaplan.ports import Services

STEP = "write the drafts"
SENTENCES_A_WORD = 16
NO_LEVEL = marked("{level} is no level of disclosure; there are: {known}")
NOT_PRIVATE = marked("What is private is for the office alone: it is not written at the level {level}")


@dataclass(frozen=True, slots=True)
class HeardWording(Wording):
    """Wording that lets somebody hear that it is used; a cancel raised there ends the draft, whose file is not replaced."""

    hear: Callable[[], None] = field(default=lambda: None, compare=False)

    def __call__(self, template: str, **params: object) -> str:
        """Return the template in this language with its parameters filled in."""
        self.hear()
        return Wording.__call__(self, template, **params)


def shown(
    services: Services, project: Project, assessment: Assessment, private: bool = False, level: str = INTERNAL
) -> tuple[ShownProject, ShownAssessment]:
    """Return what outputs may show: the one place where values become those that writers take.

    InputError for a level that there is not, and for one that is to be told outside together with ``private``.
    """
    if level == INTERNAL:
        return services.redact(project, assessment, private)
    levels = services.load_disclosure()
    if level not in levels:
        raise InputError(Fault(NO_LEVEL, params={"level": level, "known": ", ".join(levels)}))
    if private:
        raise InputError(Fault(NOT_PRIVATE, params={"level": level}))
    return services.redact(*at_level(project, assessment, levels[level]), False)


def heard(wording: Wording, progress: Progress, share: float) -> Wording:
    """Return the wording of one draft, which tells the share of the work now and with every 16th sentence."""
    sentences = count()

    def hear() -> None:
        if next(sentences) % SENTENCES_A_WORD == 0:
            progress(share, STEP)

    hear()
    return HeardWording(wording.language, wording.catalogue, wording.state, wording.sealed, hear)


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
