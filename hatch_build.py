"""Put the digests of the content into a wheel or an archive that is built, so that outputs name what is changed in it later.

Built by anybody it is an own build; ``tools/make_release.py`` names the version of a release (``LHASAPLAN_RELEASE``).
"""

import os
import runpy
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODULE = "lhasaplan/release_files.py"


class DigestsOfContent(BuildHookInterface):
    """Add ``lhasaplan/release_files.py``; that of an unpacked archive goes on unchanged into the wheel built from it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the module before the files are packed; an editable install is a checkout and has none."""
        if version == "editable":
            return
        made = Path(self.root) / MODULE
        if not made.exists():
            content = runpy.run_path(str(Path(self.root) / "lhasaplan" / "content.py"))
            self._folder = tempfile.TemporaryDirectory()  # goes with the builder
            made = Path(self._folder.name) / "release_files.py"
            made.write_text(content["release_module"](Path(self.root), self._release()), encoding="utf-8", newline="\n")
        build_data["force_include"][str(made)] = MODULE

    def _release(self) -> str:
        named = os.environ.get("LHASAPLAN_RELEASE", "")
        if named and named != self.metadata.version:
            raise SystemExit(f"LHASAPLAN_RELEASE is {named}, but lhasaplan/__init__.py says {self.metadata.version}")
        return named
