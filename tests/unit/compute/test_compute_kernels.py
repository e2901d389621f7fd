"""Kernels that are compiled ahead of time are those that answers need."""

import ast
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba
import pytest

from lhasaplan.core.sight.compiled import compilation, shipped_kernels, small_kernels

ROOT = Path(__file__).resolve().parents[3]
NEEDED = """
import numpy as np
from numba.core import event
from lhasaplan.core.sight import warming
with event.install_recorder("numba:compile") as compiled:
    warming.warm_up(over_relief=True)
print(len(compiled.buffer))
"""


@pytest.mark.nightly
def test_that_after_the_groups_were_compiled_nothing_is_left_to_compile(tmp_path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}

    def run(*words):
        done = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=True, env=environment)
        return done.stdout.strip()

    assert int(run("-c", NEEDED.replace("True)", "False)"))) > 0
    for groups in (["polygons"], ["points", "relief"]):
        run("-m", "lhasaplan.compute.kernels", *groups)
    assert run("-c", NEEDED) == "0"


FRESH = """
import subprocess
from types import SimpleNamespace
from lhasaplan.compute import kernels
from lhasaplan.core.sight.compiled.compilation import CACHE_FOLDER
from pathlib import Path

started = []
subprocess.Popen = lambda words, **_: started.append(words[3:]) or SimpleNamespace(wait=int)
kernels.compile_beside()
Path(CACHE_FOLDER, "points.nbi").touch()
kernels.compile_beside()
print(started)
"""


def test_that_kernels_are_compiled_beside_where_there_are_none_and_never_again(tmp_path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.strip() == "[['polygons', 'points'], ['walls']]"


def test_that_kernels_stay_valid_in_a_checkout_of_another_day_and_not_once_a_source_differs(tmp_path, monkeypatch):
    folder = tmp_path / "sight" / "compiled"
    folder.mkdir(parents=True)
    source = folder / "compilation.py"
    source.write_text("LIMIT = 1")
    monkeypatch.setattr(compilation, "__file__", str(source))
    before = compilation.cache_folder()
    os.utime(source, (1_000_000_000, 1_000_000_000))
    assert compilation.cache_folder() == before
    source.write_text("LIMIT = 2")  # as long as it was
    os.utime(source, (1_000_000_000, 1_000_000_000))
    assert compilation.cache_folder() != before


def test_that_kernels_are_compiled_anew_once_a_constant_differs_that_they_take_from_elsewhere(tmp_path, monkeypatch):
    (tmp_path / "sight" / "compiled").mkdir(parents=True)
    monkeypatch.setattr(compilation, "__file__", str(tmp_path / "sight" / "compiled" / "compilation.py"))
    for name in compilation.CONSTANTS:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("BEFORE_M = 0.05")
        before = compilation.cache_folder()
        (tmp_path / name).write_text("BEFORE_M = 0.06")
        assert compilation.cache_folder() != before


def test_that_kernels_take_constants_of_no_module_that_does_not_name_their_edition():
    core = ROOT / "lhasaplan" / "core"
    known = {"lhasaplan.core." + name.removesuffix(".py").replace(os.sep, ".") for name in compilation.CONSTANTS}
    taken = {module for path in core.rglob("*.py") for module in modules_that_kernels_use(ast.parse(path.read_text("utf-8")))}
    others = {module for module in taken if not module.startswith("lhasaplan.core.sight.")}
    assert others == known


def test_that_nothing_compiled_calls_a_kernel_of_which_little_more_than_machine_code_is_kept():
    modules = {path: ast.parse(path.read_text("utf-8")) for path in (ROOT / "lhasaplan" / "core").rglob("*.py")}
    kernels = {(module_of(path), name) for path, source in modules.items() for name in marked_with(source, {"kernel"})}
    assert (f"{SIGHT}.sweep.rotational_sweep", "sweep_views") in kernels
    for path, source in modules.items():
        home = {name.asname or name.name: (each.module, name.name) for each in imports_of(source) for name in each.names}
        for function in marked_with(source, {"kernel", "inner", "called"}).values():
            called = [ast.unparse(word.func) for word in ast.walk(function) if isinstance(word, ast.Call)]
            assert not kernels & {home.get(name, (module_of(path), name)) for name in called}, function.name


SIGHT = "lhasaplan.core.sight"


def module_of(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def imports_of(source):
    return [each for each in source.body if isinstance(each, ast.ImportFrom)]


def marked_with(source, marks):
    functions = [each for each in source.body if isinstance(each, ast.FunctionDef)]
    return {each.name: each for each in functions if {ast.unparse(d) for d in each.decorator_list} & marks}


KEPT = """
import numpy as np
from numba.core import event
from lhasaplan.core.sight.compiled.small_kernels import joined
with event.install_recorder("numba:compile") as compiled:
    first, high = joined(np.array([0, 0, 1]), np.array([0.0, 2.0, 9.0]), np.array([1.0, 3.0, 10.0]), 1.0)
print(len(compiled.buffer) > 0, *first, *high)
"""


def test_that_a_kept_kernel_gives_in_the_next_start_what_it_gave_when_it_was_compiled(tmp_path):
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-c", KEPT]
    starts = [subprocess.run(words, capture_output=True, text=True, check=True, env=environment).stdout for _ in range(2)]
    runs = "0 2 3.0 10.0"  # where two arcs of one group, 1 m apart, begin and end, and where one of another group does
    assert [start.strip() for start in starts] == [f"True {runs}", f"False {runs}"]


def modules_that_kernels_use(source):
    """The modules of this program from which the kernels of a module take names."""
    imports = [each for each in source.body if isinstance(each, ast.ImportFrom) and str(each.module).startswith("lhasaplan.")]
    home = {name.asname or name.name: each.module for each in imports for name in each.names}
    functions = [each for each in source.body if isinstance(each, ast.FunctionDef)]
    kernels = [each for each in functions if {ast.unparse(d) for d in each.decorator_list} & {"kernel", "inner", "called"}]
    words = [word for each in kernels for line in each.body for word in ast.walk(line) if isinstance(word, ast.Name)]
    return {home[word.id] for word in words if word.id in home}


def test_that_a_start_beside_another_start_does_not_stumble_over_what_that_one_is_writing(tmp_path, monkeypatch):
    """Python writes a compiled module under a passing name: between list and look it may be gone, as this link's end is."""
    folder = tmp_path / "sight" / "compiled"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "compilation.py").write_text("")
    monkeypatch.setattr(compilation, "__file__", str(folder / "compilation.py"))
    before = compilation.cache_folder()
    (folder / "__pycache__" / "compilation.cpython-311.pyc.1404").symlink_to(tmp_path / "gone")
    assert compilation.cache_folder() == before
    (folder / "arcs.py").write_text("")
    assert compilation.cache_folder() != before


@pytest.mark.parametrize("able", [True, False])
def test_that_shipped_kernels_are_brought_once_where_the_processor_runs_them(tmp_path, monkeypatch, able):
    shipped, folder = tmp_path / "shipped", tmp_path / "kept" / "edition"
    (shipped / "core").mkdir(parents=True)
    (shipped / "core" / "sweep.nbi").write_text("compiled before")
    monkeypatch.setattr(shipped_kernels, "SHIPPED", str(shipped))
    monkeypatch.setattr(shipped_kernels, "is_able", lambda: able)
    monkeypatch.setattr(numba.config, "CPU_NAME", None)
    monkeypatch.setattr(numba.config, "CPU_FEATURES", None)
    shipped_kernels.bring_shipped(str(folder))
    brought = [(path.name, path.read_text()) for path in (tmp_path / "kept").rglob("*.nbi")]
    assert brought == [("sweep.nbi", "compiled before")] * able
    named = shipped_kernels.SHIPPED_CPU if able else None
    assert named == numba.config.CPU_NAME
    if able:
        (folder / "core" / "sweep.nbi").write_text("compiled since")
        shipped_kernels.bring_shipped(str(folder))
        assert (folder / "core" / "sweep.nbi").read_text() == "compiled since"
        assert [path.name for path in (tmp_path / "kept").iterdir()] == ["edition"]


def test_that_a_kernel_lies_in_the_room_of_its_module_and_is_valid_for_its_text(monkeypatch):
    kernel = small_kernels.metres_at.py_func
    place = shipped_kernels.KernelLocator.from_function(kernel, small_kernels.__file__)
    assert Path(place.get_cache_path()).relative_to(compilation.CACHE_FOLDER) == Path("core", "sight", "compiled")
    text = Path(small_kernels.__file__).read_bytes()
    assert place.get_source_stamp() == hashlib.sha256(text).digest()
    monkeypatch.setattr(sys, "frozen", True, raising=False)  # in a bundle too, where numba takes its executable
    assert place.get_source_stamp() == hashlib.sha256(text).digest()
    assert shipped_kernels.KernelLocator.from_function(script, __file__) is None


def script():
    """Stand for a function of another program."""


IN_A_BUNDLE = "import sys; sys.frozen, sys.executable = True, sys.argv[1]\n"


@pytest.mark.nightly
def test_that_a_wheel_with_kernels_compiles_nothing(tmp_path):
    pytest.importorskip("hatchling", reason="hatchling is not installed: no wheel is built")
    if not shipped_kernels.is_able():
        pytest.skip("kernels are shipped for x86-64 processors with AVX2, which this is not")
    words = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "wheel")]
    subprocess.run(words, check=True, cwd=ROOT, env={**os.environ, "LHASAPLAN_KERNELS": "1"})
    (wheel,) = (tmp_path / "wheel").glob("*.whl")
    assert not wheel.name.endswith("-any.whl")
    shutil.unpack_archive(wheel, tmp_path / "site", "zip")

    def compiled(code, home, **own):
        environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / home), "PYTHONPATH": str(tmp_path / "site"), **own}
        words = [sys.executable, "-c", code, str(wheel)]  # from elsewhere: Python looks where it starts first
        done = subprocess.run(words, capture_output=True, text=True, check=True, env=environment, cwd=tmp_path)
        return int(done.stdout)

    assert compiled(NEEDED, "home") == 0
    assert compiled(IN_A_BUNDLE + NEEDED, "bundle") == 0
    assert compiled(NEEDED.replace("True)", "False)"), "other", NUMBA_CPU_NAME="generic", NUMBA_CPU_FEATURES="") > 0
