"""Settings that every test shares."""

import gc
import math
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parent))

import amounts

GARBAGE_AFTER = 50_000  # things made anew; the 700 of Python are for programs that hold few


def pytest_configure(config):
    """Settle how many cases laws are tried on before the first of them is read."""
    amounts.take_amounts(config.option.markexpr)
    run_as_a_release()


def run_as_a_release():
    """Let the digests of this tree stand in for those of a build; what a checkout says is in ``test_rules_seal.py``."""
    import lhasaplan
    from lhasaplan.content import content_digests, content_folder

    built = ModuleType(f"{lhasaplan.__name__}.release_files")
    built.RELEASE, built.SHA256 = lhasaplan.__version__, content_digests(content_folder("data").parent)
    sys.modules.setdefault(built.__name__, built)


COMPILE = """
from lhasaplan.compute.kernels import NEEDED_FIRST, compile_beside
compile_beside((*NEEDED_FIRST, ("relief", "pictures", "colours")))
"""
_compiling: list[subprocess.Popen[bytes]] = []


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes():
    """Compile the kernels of a tree that never ran, once: each process of tests would, and keep the 400 MB that it took."""
    _compiling.append(subprocess.Popen([sys.executable, "-c", COMPILE], cwd=Path(__file__).resolve().parent.parent))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_node_collection_finished():
    """Begin with the tests when kernels are compiled, beside which they were collected."""
    for each in _compiling:
        each.wait()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Try every law at night too, since it is tried on more cases then."""
    for item in items if amounts.is_night() else ():
        if getattr(item.obj, "is_hypothesis_test", False):
            item.add_marker(pytest.mark.nightly)


def pytest_collection(session):
    """Look for no garbage while modules are loaded: nearly all that is made then stays."""
    gc.disable()


def pytest_collection_finish(session):
    """Leave modules and tests, some millions of things, out of each later search for garbage."""
    gc.freeze()
    gc.set_threshold(GARBAGE_AFTER)
    gc.enable()


@pytest.fixture(autouse=True, scope="module")
def _towns_kept_for_one_module(request):
    """Forget what a module of tests kept for its own facts: towns of a thousand situations are 350 MB, rays of a picture 300."""
    yield
    for kept in vars(request.module).values():
        if getattr(kept, "__module__", "") == request.module.__name__ and hasattr(kept, "cache_clear"):
            kept.cache_clear()
    rays = sys.modules.get("lhasaplan.core.sight.lines.meeting")
    if rays is not None:
        rays.fine_fan.cache_clear()
    from lhasaplan.compute import give_back

    give_back()


@pytest.fixture(autouse=True, scope="session")
def _borders_drawn_once():
    """Draw the borders of states around a town once a process: they hang on its box alone, and every check draws them anew."""
    from lhasaplan.core.city.territory import Territory

    drawn = cache(Territory.outlines)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Territory, "outlines", lambda self, box_deg: drawn(self, tuple(box_deg)))
        yield


@pytest.fixture(scope="session")
def postgis():
    """Give a database server of this run's own (``tests/postgis_server.py``)."""
    from postgis_server import running

    with running() as server:
        yield server


@pytest.fixture(autouse=True, scope="session")
def _files_of_the_program_digested_once():
    """List and digest the content of this checkout once: a user's process does so once, one of tests a thousand times.

    Content that a test changes lies in a folder of its own.
    """
    from lhasaplan.content import CONTENT, content_digests, content_folder
    from lhasaplan.io.content import catalogue, packs

    here = content_folder("data").parent
    known = cache(content_digests)

    with pytest.MonkeyPatch.context() as patch:
        for asking in (catalogue, packs):
            patch.setattr(
                *(asking, "content_digests"),
                lambda root, folders=CONTENT: known(root, folders) if root == here else content_digests(root, folders),
            )
        yield


@pytest.fixture(autouse=True, scope="session")
def _verbs_put_together_once():
    """Put the verbs of the command line together once a language: a user's process does so once, one of tests each time."""
    from lhasaplan.cli import run

    put_together, known = run._verbs_in, {}

    def verbs_in(translations):
        """Return the verbs that were put together of the same words."""
        words, verbs = known.get(translations.language, (None, None))
        if words != translations:
            verbs = put_together(translations)
            known[translations.language] = translations, verbs
        return verbs

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(run, "_verbs_in", verbs_in)
        yield


@pytest.fixture(autouse=True, scope="session")
def _no_wait_for_the_disk():
    """Let the system bring files to the disk when it likes: it keeps them through a kill, and a power cut no test tries."""
    from lhasaplan.store import project_lock

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda descriptor: None)
        patch.setattr(project_lock, "DURABLE", "PRAGMA synchronous = OFF")
        patch.setenv("OGR_SQLITE_SYNCHRONOUS", "OFF")
        yield


@pytest.fixture(autouse=True, scope="session")
def _lens_pictures_drawn_coarse():
    """Draw the views through lenses in drafts in a sixteenth of the pixels: each takes a second and 300 MB otherwise."""
    from lhasaplan.workflow import drafting

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drafting, "COLUMNS", drafting.COLUMNS // 2)
        patch.setattr(drafting, "FINENESS", 1)
        yield


COARSE_DPI = 60  # of maps in drafts; 300 in print, where a page of pixels takes as long as all the words beside it
_limit_dpi: list[float] = [COARSE_DPI]


@pytest.fixture(scope="module")
def fine_maps():
    """Draw maps as they are printed: for facts about their pixels."""
    _limit_dpi[0] = math.inf
    yield
    _limit_dpi[0] = COARSE_DPI


@pytest.fixture(autouse=True, scope="session")
def _maps_drawn_coarse():
    """Draw the maps of drafts in few pixels and the same size: whoever looks at their pixels asks for ``fine_maps``."""
    from lhasaplan.report.maps import map_decorations

    drawn = []

    class Coarse(map_decorations.FigureCanvasAgg):
        def draw(self):
            self.figure.set_dpi(min(self.figure.dpi, _limit_dpi[0]))
            drawn.append(self)
            super().draw()

    small = map_decorations._small

    def coarse(picture, colours=250, dpi=map_decorations.PRINT_DPI):
        """Say the size of what was just drawn coarse, and of a picture that comes from elsewhere its own."""
        return small(picture, colours, min(dpi, _limit_dpi[0]) if drawn and not drawn.clear() else dpi)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(map_decorations, "FigureCanvasAgg", Coarse)
        patch.setattr(map_decorations, "_small", coarse)
        yield
