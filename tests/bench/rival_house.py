"""Where rivals live: a throw-away environment for those of PyPI, Debian's Python for GDAL."""

import os
import subprocess
import sys
from pathlib import Path

from .duel import ROOT, Side

FOLDER = ROOT / ".venv-rivals"
# VisiLibity comes as source and is built with swig, which must be there first.
BUILD_TOOLS = ("swig", "setuptools", "wheel")
PLANE = {"VisiLibity": "visilibity", "pyvispoly (CGAL)": "pyvispoly", "pysovist": "pysovist"}
COVERING = ("spopt", "highspy")
RAYS = ("embreex",)
DEBIAN_PYTHON = Path("/usr/bin/python3")


def plane_sides() -> list[Side]:
    """Return the tools of the plane; one that is not installed is absent."""
    python = FOLDER / "bin/python"
    sides = {name: f"tests.bench.rivals.{package}_plane" for name, package in PLANE.items()}
    missing = "" if python.exists() else "not installed; run with --install-rivals"
    return [Side(name, module, str(python), missing) for name, module in sides.items()]


def gdal_side() -> Side:
    """Return GDAL in Debian's Python."""
    missing = "" if DEBIAN_PYTHON.exists() else "no Debian Python here (apt-get install python3-gdal)"
    return Side("GDAL ViewshedGenerate", "tests.bench.rivals.gdal_viewshed", str(DEBIAN_PYTHON), missing)


def embree_side() -> Side:
    """Return Embree, a ray engine for pictures; absent if it is not installed."""
    python = FOLDER / "bin/python"
    missing = "" if python.exists() else "not installed; run with --install-rivals"
    return Side("Embree (embreex)", "tests.bench.rivals.embree_rays", str(python), missing)


def install() -> None:
    """Make the throw-away environment; a package that cannot be installed stays absent, and the reason is printed."""
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], check=True)
    _pip(BUILD_TOOLS)
    for package in (*PLANE.values(), *COVERING, *RAYS):
        options = ("--no-build-isolation",) if package == "visilibity" else ()
        if _pip((*options, package)):
            print(f"{package} could not be installed", file=sys.stderr)


def _pip(words: tuple[str, ...]) -> int:
    path = os.pathsep.join((str(FOLDER / "bin"), os.environ.get("PATH", "")))
    command = [str(FOLDER / "bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *words]
    return subprocess.run(command, env={**os.environ, "PATH": path}, check=False).returncode
