"""Put the real readers, store and writers behind the ports; the only module that imports every package.

Packages are imported when first used, so that a command starts quickly and only the window needs Qt.
"""

from __future__ import annotations  # values are named here, not loaded

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, cast

from lhasaplan import io, report
from lhasaplan.core.results.formats import DRAFT_FORMATS, DraftFormat
from lhasaplan.deferred import later
from lhasaplan.ports import WHOLE, DraftOrder, ReportWriter, Services, Store

if TYPE_CHECKING:
    from lhasaplan.core.base.kept_shapes import ShapeSink
    from lhasaplan.core.base.translations import Translations
    from lhasaplan.core.project.place_key import PlaceKey
    from lhasaplan.core.project.project import ClosedPlaces, Project
    from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
    from lhasaplan.core.site.sight_backend import Sight
    from lhasaplan.store.opening import Stores

    Plain = Callable[[ShownProject, ShownAssessment, Path, Translations], Iterable[Path]]


class ByCamera(Protocol):
    """A writer whose draft may be about some cameras."""

    def __call__(
        self,
        project: ShownProject,
        assessment: ShownAssessment,
        folder: Path,
        translations: Translations,
        *,
        cameras: Sequence[str] = (),
    ) -> Iterable[Path]:
        """Write the draft."""


def _whole(write: Plain) -> ReportWriter:
    def call(
        project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
    ) -> Iterable[Path]:
        return write(project, assessment, folder, translations)

    return call


def _by_camera(write: ByCamera) -> ReportWriter:
    def call(
        project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
    ) -> Iterable[Path]:
        return write(project, assessment, folder, translations, cameras=order.cameras)

    return call


def _writer(of: DraftFormat) -> ReportWriter:
    """Return the writer of a form of drafts, found when it is first asked."""
    write: Any = later(lambda: getattr(report, f"write_{of.key}"))
    if of.takes == "nothing":
        return _whole(write)
    return _by_camera(write) if of.takes == "cameras" else cast("ReportWriter", write)


WRITERS: Mapping[str, ReportWriter] = {each.key: _writer(each) for each in DRAFT_FORMATS}


def open_services(language: Callable[[], str] = lambda: "en") -> Services:
    """Return the services, imported lazily; texts in files are written in the language of the moment."""
    stores = _LaterStores(language)
    return Services(
        open_store=stores,
        open_copy=stores.copy,
        open_derived=stores.derived,
        seal=stores.seal,
        break_seal=stores.break_seal,
        new_lock=_new_lock,
        open_box=_open_box,
        read_file=later(lambda: io.read_file),
        layers_in=later(lambda: io.layers_in),
        load_packs=later(lambda: io.load_packs),
        available_packs=later(lambda: io.available_packs),
        read_mandate=later(lambda: io.read_mandate),
        write_mandate=later(lambda: io.write_mandate),
        load_camera_classes=later(lambda: io.load_camera_classes),
        load_protected_kinds=later(lambda: io.load_protected_kinds),
        load_height_rules=later(lambda: io.load_height_rules),
        load_service_rules=later(lambda: io.load_service_rules),
        load_siting_rules=later(lambda: io.load_siting_rules),
        load_district_rules=later(lambda: io.load_district_rules),
        load_identity_rules=later(lambda: io.load_identity_rules),
        load_unit_prices=later(lambda: io.load_unit_prices),
        load_unusual_rules=later(lambda: io.load_unusual_rules),
        load_snap_rules=later(lambda: io.load_snap_rules),
        load_street_widths=later(lambda: io.load_street_widths),
        load_territory=later(lambda: io.load_territory),
        load_country_names=later(lambda: io.load_country_names),
        load_screen_rules=later(lambda: io.load_screen_rules),
        load_data_state=later(lambda: io.load_data_state),
        load_audit_policy=later(lambda: io.load_audit_policy),
        load_disclosure=later(lambda: io.load_disclosure),
        load_dossiers=later(lambda: io.load_dossiers),
        load_register_forms=later(lambda: io.load_register_forms),
        read_ground=later(lambda: io.read_ground),
        load_translations=later(lambda: io.load_translations),
        redact=later(lambda: report.public_values),
        write_json=later(lambda: report.write_json),
        write_compared_map=later(lambda: report.write_compared_map),
        write_place_sheet=later(lambda: report.write_place_sheet),
        write_counts=later(lambda: report.write_counts),
        template_faults=later(lambda: report.template_faults),
        template_remarks=later(lambda: report.template_remarks),
        read_sample=later(lambda: io.read_sample),
        sample_names=later(lambda: io.sample_names),
        read_points=later(lambda: io.read_points_told),
        filled_in_name=later(lambda: io.filled_in_name),
        read_filled_in=later(lambda: io.read_filled_in),
        read_declarations=later(lambda: io.read_declarations),
        digest=later(lambda: io.digest),
        writers=WRITERS,
        today=lambda: date.today().isoformat(),
        open_sight=_open_sight,
        spool_shapes=_spool_shapes,
    )


def _spool_shapes() -> ShapeSink:
    from lhasaplan.compute.freed_memory import give_back  # noqa: PLC0415  (an audit of a region alone needs it)
    from lhasaplan.files.spooled_shapes import ShapeSpool  # noqa: PLC0415  (an audit of a region alone needs it)

    return ShapeSpool(give_back)


def _open_sight(scheduler: str) -> AbstractContextManager[Sight]:
    from lhasaplan.compute import open_sight  # noqa: PLC0415  (most verbs need no sight)

    return open_sight(scheduler)


def _new_lock(passphrase: str) -> tuple[ClosedPlaces, PlaceKey]:
    from lhasaplan.store.strongbox import new_lock  # noqa: PLC0415  (most projects have no closed places)

    return new_lock(passphrase)


def _open_box(project: Project, passphrase: str) -> tuple[Project, PlaceKey]:
    from lhasaplan.store.strongbox import open_box  # noqa: PLC0415  (most projects have no closed places)

    return open_box(project, passphrase)


class _LaterStores:
    """Opens stores, imported at the first; one a start, since a store remembers what it loaded."""

    def __init__(self, language: Callable[[], str]) -> None:
        self._language = language

    @cached_property
    def _stores(self) -> Stores:
        from lhasaplan.store.opening import Stores  # noqa: PLC0415  (the point of this class)

        return Stores(symbols=lambda: report.project_symbols(io.load_translations(self._language()), io.load_legends()))

    def __call__(self, address: str | os.PathLike[str]) -> Store:
        return self._stores(address)

    def copy(self, of: Store | None, path: Path, secret: bytes = b"") -> Store:
        return self._stores.copy(of, path, secret)

    def derived(self, sources: Sequence[Store], address: str | os.PathLike[str]) -> Store:
        return self._stores.derived(sources, address)

    def seal(self, address: str | os.PathLike[str], passphrase: str) -> None:
        self._stores.seal(address, passphrase)

    def break_seal(self, address: str | os.PathLike[str]) -> None:
        self._stores.break_seal(address)
