"""Put the digests of the content into a wheel or an archive that is built, so that outputs name what is changed in it later.

Built by anybody it is an own build; ``tools/make_release.py`` names the version of a release (``LHASAPLAN_RELEASE``).
With ``LHASAPLAN_KERNELS=1`` a wheel is made for this system and Python alone, with the sight kernels compiled.
"""

import os
import re
import runpy
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

MODULE, KERNELS = "lhasaplan/release_files.py", "lhasaplan/kernels"


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
        if self.target_name == "wheel" and os.environ.get("LHASAPLAN_KERNELS") == "1":
            self._kernels = tempfile.TemporaryDirectory()
            build_data["force_include"][str(compiled_kernels(Path(self.root), Path(self._kernels.name)))] = KERNELS
            build_data.update(pure_python=False, infer_tag=True)

    def _release(self) -> str:
        named = os.environ.get("LHASAPLAN_RELEASE", "")
        if named and named != self.metadata.version:
            raise SystemExit(f"LHASAPLAN_RELEASE is {named}, but lhasaplan/__init__.py says {self.metadata.version}")
        return named


def compiled_kernels(root: Path, work: Path) -> Path:
    """Return a folder with all sight kernels, compiled for any processor that ``shipped_kernels.SHIPPED_CPU`` names."""
    code = (root / "lhasaplan" / "core" / "sight" / "compiled" / "shipped_kernels.py").read_text("utf-8")
    processor = re.search(r'^SHIPPED_CPU = "(.+)"', code, re.MULTILINE)
    if processor is None:
        raise SystemExit("shipped_kernels.py names no SHIPPED_CPU")
    own = {"NUMBA_CACHE_DIR": str(work), "NUMBA_CPU_NAME": processor[1], "NUMBA_CPU_FEATURES": "", "PYTHONPATH": str(root)}
    words = [sys.executable, "-m", "lhasaplan.compute.kernels"]
    subprocess.run(words, check=True, env={**os.environ, **own}, cwd=root)
    (made,) = work.iterdir()  # the one edition
    return made
