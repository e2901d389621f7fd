"""The only module that knows all rooms: it puts the real readers, store and writers behind the ports.

Rooms are imported when first used, so that a command starts quickly and none but the window needs Qt.
"""

from __future__ import annotations  # values are named here, not loaded

from collections.abc import Callable
from datetime import date
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lhasaplan.ports import Rooms

if TYPE_CHECKING:
    from lhasaplan.core.project.project import ClosedPlaces, Project
    from lhasaplan.core.results.assessment import Assessment

# format -> module of the report room
FORMATS = {
    **{"docx": "docx", "xlsx": "xlsx", "gpkg": "gis", "html": "html", "pdf": "pdf", "pptx": "pptx"},
    **{"pages": "papers", "summary": "papers", "letter": "papers", "register": "register"},
    "questionnaire": "questionnaire",
}


def open_rooms() -> Rooms:
    """Return every room, none of them entered yet."""
    return Rooms(
        store=_LazyStore(),
        read_file=_later("io.importer", "read_file"),
        load_packs=_later("io.packs", "load_packs"),
        available_packs=_later("io.packs", "available_packs"),
        read_mandate=_later("io.mandate", "read_mandate"),
        load_camera_classes=_later("io.classes", "load_camera_classes"),
        load_protected_kinds=_later("io.protected_kinds", "load_protected_kinds"),
        load_height_rules=_later("io.layer_spec", "load_height_rules"),
        load_service_rules=_later("io.service_rules", "load_service_rules"),
        load_street_widths=_later("io.street_widths", "load_street_widths"),
        load_territory=_later("io.territory", "load_territory"),
        load_country_names=_later("io.territory", "load_country_names"),
        load_screen_rules=_later("io.screen_rules", "load_screen_rules"),
        load_data_state=_later("io.shipped_data", "load_data_state"),
        load_audit_policy=_later("io.audit_policy", "load_audit_policy"),
        read_ground=_later("io.terrain_grid", "read_ground"),
        load_wording=_later("io.catalogue", "load_wording"),
        redact=_later("report.redaction", "public_values"),
        write_json=_later("report.data", "write_json"),
        write_counts=_later("report.count_grid", "write_counts"),
        read_sample=_later("io.content_files", "read_sample"),
        sample_names=_later("io.content_files", "sample_names"),
        read_points=_later("io.points", "read_points_told"),
        is_questionnaire=_later("io.answer_table", "is_questionnaire"),
        read_answers=_later("io.answer_table", "read_answers"),
        digest=_later("io.importer", "digest"),
        writers={name: _later(f"report.{module}", f"write_{name}") for name, module in FORMATS.items()},
        today=lambda: date.today().isoformat(),
        open_sight=_later("compute", "open_sight"),
    )


def _later(module: str, function: str) -> Callable[..., Any]:
    """Return the function of a room, which is imported at the first call."""

    def call(*args: Any, **kwargs: Any) -> Any:
        return getattr(import_module(f"lhasaplan.{module}"), function)(*args, **kwargs)

    return call


class _LazyStore:
    """The GeoPackage store, imported when it first loads or saves; one a start, since it remembers what it loaded."""

    @cached_property
    def _store(self) -> Any:
        return import_module("lhasaplan.store.geopackage").GeoPackageStore()

    def load(self, path: Path) -> Project:
        project: Project = self._store.load(path)
        return project

    def has_results(self, path: Path) -> bool:
        return bool(self._store.has_results(path))

    def save(self, project: Project, path: Path, assessment: Assessment | None = None) -> None:
        self._store.save(project, path, assessment)

    def new_lock(self, passphrase: str) -> ClosedPlaces:
        lock: ClosedPlaces = self._store.new_lock(passphrase)
        return lock

    def open_closed(self, project: Project, passphrase: str) -> Project:
        opened: Project = self._store.open_closed(project, passphrase)
        return opened
