"""Put the real readers, store and writers behind the ports; the only module that imports every package.

A package stands behind a port itself where it offers what the port asks for. It is imported when first used, so that a command
starts quickly and none but the window needs Qt.
"""

from __future__ import annotations  # values are named here, not loaded

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lhasaplan import io, report
from lhasaplan.core.model.file_kinds import DRAFT_FORMATS, DraftFormat
from lhasaplan.deferred import later
from lhasaplan.ports import WHOLE, Compute, DraftOrder, ProjectStores, ReportWriter, Services

if TYPE_CHECKING:
    from lhasaplan.core.base.translations import Translations
    from lhasaplan.core.results.assessment import ShownAssessment, ShownProject


def _writer(of: DraftFormat) -> ReportWriter:
    """Return the writer of a form of drafts, found when it is first asked; it is handed what it takes of an order."""

    def write(
        project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
    ) -> Iterable[Path]:
        found: Callable[..., Iterable[Path]] = getattr(report, f"write_{of.key}")
        if of.takes == "nothing":
            return found(project, assessment, folder, translations)
        if of.takes == "cameras":
            return found(project, assessment, folder, translations, cameras=order.cameras)
        return found(project, assessment, folder, translations, order)

    return write


WRITERS: Mapping[str, ReportWriter] = {each.key: _writer(each) for each in DRAFT_FORMATS}


def open_services(language: Callable[[], str] = lambda: "en") -> Services:
    """Return the services, imported lazily; what files tell other programs is told in the language of the moment."""
    return Services(
        stores=later(lambda: _open_stores(language)),
        files=io,
        content=io,
        drafts=report,
        writers=WRITERS,
        compute=later(_find_compute),
        today=lambda: date.today().isoformat(),
    )


def _open_stores(language: Callable[[], str]) -> ProjectStores:
    """Return what opens stores; one a start, since a store remembers what it loaded."""
    from lhasaplan.store.opening import Stores  # noqa: PLC0415 - a command that opens no project does not wait for it

    return Stores(symbols=lambda: report.project_symbols(io.load_translations(language()), io.load_legends()))


def _find_compute() -> Compute:
    from lhasaplan import compute  # noqa: PLC0415 - most verbs need no sight

    return compute
