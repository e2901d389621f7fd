"""What a start loads, told by the packages that are there at its end."""

import ast
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lhasaplan.core.demand.neighbourhood import sums_in_disc

HEAVY = {"numpy", "scipy", "shapely", "pyproj", "numba", "pandas", "geopandas", "matplotlib", "PySide6", "docx"}
SPOKEN = """
import json, sys
from lhasaplan.cli import main
try:
    main({words!r})
finally:
    print("LOADED" + json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def _loaded_by(words: list[str]) -> set[str]:
    done = subprocess.run([sys.executable, "-c", SPOKEN.format(words=words)], capture_output=True, text=True, check=False)
    return set(json.loads(done.stderr.rpartition("LOADED")[2]))


@pytest.mark.parametrize("words", [["--help"], ["audit", "--help"], ["--version"]])
def test_that_help_loads_no_package_that_computes(words):
    assert {name.partition(".")[0] for name in _loaded_by(words)} & HEAVY == set()


def test_that_an_audit_loads_no_package_that_only_drafts_the_window_or_one_filter_need(tmp_path):
    file = tmp_path / "town.gpkg"
    subprocess.run([sys.executable, "-m", "lhasaplan", "new", str(file), "--rules", "eu-gdpr"], check=True, capture_output=True)
    loaded = _loaded_by(["audit", str(file)])
    assert "lhasaplan.core.audit.pipeline" in loaded
    assert loaded & {"scipy.spatial", "scipy.sparse.csgraph", "scipy.linalg", "rasterio"} == set()
    assert loaded & {"scipy.signal", "scipy.stats", "matplotlib", "pandas", "docx", "pptx", "folium", "typst", "PySide6"} == set()


def test_that_the_window_is_loaded_without_the_compiler():
    reported = "import sys, lhasaplan.app.shell; print(sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", reported], capture_output=True, text=True, check=True)
    assert "PySide6" in done.stdout
    assert "numba" not in done.stdout


def test_that_the_first_map_is_loaded_without_panels_tools_sparse_matrices_and_readers_of_packs():
    reported = "import sys, lhasaplan.app.shell; print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", reported], capture_output=True, text=True, check=True)
    loaded = set(ast.literal_eval(done.stdout))
    assert "lhasaplan.app.map.ground" in loaded
    late = ("lhasaplan.app.tools", "lhasaplan.app.panels", "lhasaplan.app.commands", "lhasaplan.app.dialogs", "scipy", "pydantic")
    assert not [name for name in loaded if name.startswith(late)]


def test_that_the_window_with_all_its_panels_needs_no_reader_of_foreign_files():
    reported = (
        "import sys; from PySide6.QtWidgets import QApplication; app = QApplication(['window']);"
        "from lhasaplan.app.jobs.app_context import AppContext; from lhasaplan.app.look import Language;"
        "from lhasaplan.app.shell import MainWindow; context = AppContext();"
        "window = MainWindow(context, Language(context.services.content.load_translations, 'en'), '2026-12-01');"
        "assert window.is_furnished; print(sorted({name.partition('.')[0] for name in sys.modules}), flush=True);"
        "import os; os._exit(0)"
    )
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", reported], capture_output=True, text=True, check=True, env=surroundings)
    loaded = set(ast.literal_eval(done.stdout))
    assert loaded & {"osmium", "pandas", "geopandas", "pyogrio", "rasterio", "openpyxl"} == set()


def test_that_a_map_of_openstreetmap_is_read_without_the_compiler_and_the_readers_of_other_formats():
    reported = (
        "import sys; from lhasaplan import bootstrap, workflow; services = bootstrap.open_services();"
        "assert len(workflow.open_sample(services, services.content.read_sample('helsinki')).cameras) > 200;"
        "print(sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", reported], capture_output=True, text=True, check=True)
    loaded = set(ast.literal_eval(done.stdout))
    assert loaded & {"osmium", "numba", "pandas", "geopandas", "pyogrio", "rasterio", "openpyxl", "highspy"} == set()


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_that_running_sums_over_a_disc_are_the_convolution(seed, reach):
    from scipy.signal import fftconvolve  # a second to load, in each process that collects tests

    offset = np.arange(-reach, reach + 1)
    disc = (np.hypot(*np.meshgrid(offset, offset)) <= reach).astype(float)
    cells = np.random.default_rng(seed).integers(0, 2, (2 * reach + 5, 2 * reach + 9)).astype(float)
    np.testing.assert_allclose(sums_in_disc(cells, disc), fftconvolve(cells, disc, mode="valid"), atol=1e-9)


def test_that_sparse_matrices_load_no_compiler_of_fortran_no_masked_arrays_and_nothing_that_tests_are_written_with():
    reported = "import sys, lhasaplan.core.base.arrays, scipy.sparse; print(sorted(sys.modules));"
    reported += "import numpy.testing, numpy.f2py; numpy.testing.assert_equal(1, 1); print(numpy.f2py.get_include.__name__);"
    reported += "print(numpy.ma.masked_equal([1, 2], 2).sum(), numpy.polynomial.Polynomial([1, 2])(3))"
    done = subprocess.run([sys.executable, "-c", reported], capture_output=True, text=True, check=True)
    loaded, *used = done.stdout.splitlines()
    assert (
        set(ast.literal_eval(loaded)) & {"unittest", "numpy.f2py", "charset_normalizer", "numpy.ma", "numpy.polynomial"} == set()
    )
    assert used == ["get_include", "1 7.0"]  # who asks for them has them


def test_that_threads_for_large_matrices_are_told_before_numpy_is_loaded_not_to_wait_long():
    reported = "import sys, os, lhasaplan; print('numpy' in sys.modules, os.environ['OPENBLAS_THREAD_TIMEOUT'])"
    for asked, heard in (({}, "20"), ({"OPENBLAS_THREAD_TIMEOUT": "26"}, "26")):
        variables = {name: value for name, value in os.environ.items() if name != "OPENBLAS_THREAD_TIMEOUT"} | asked
        done = subprocess.run([sys.executable, "-c", reported], capture_output=True, text=True, check=True, env=variables)
        assert done.stdout.split() == ["False", heard]
