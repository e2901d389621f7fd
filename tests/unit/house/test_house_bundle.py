"""A desktop bundle has no Python to call: whatever the program starts of itself goes through the bundle's own program."""

import importlib.util
import json
import os
import re
import stat
import subprocess
import sys
from importlib.util import find_spec

import pytest
from sources import ROOT

from lhasaplan import __version__
from lhasaplan.errors import EXTRA_OF

ENTRY = ROOT / "tools" / "bundle" / "start.py"
AS_A_BUNDLE = """
import sys
sys.frozen, sys.executable = True, sys.argv[1]
from pathlib import Path
from lhasaplan import io
print(len(io.read_file(Path("cameras.csv")).cameras))
"""


def script():
    spec = importlib.util.spec_from_file_location("make_bundle", ROOT / "tools" / "make_bundle.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(*words, **named):
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([*words], capture_output=True, text=True, check=False, env=own, **named)


@pytest.mark.skipif(sys.platform == "win32", reason="the program is stood in for by a shell script")
def test_that_a_bundle_reads_files_in_a_process_of_its_own_program(tmp_path):
    program, said = tmp_path / "lhasaplan", tmp_path / "said.txt"
    program.write_text(f'#!/bin/sh\necho "$@" >> "{said}"\nexec "{sys.executable}" "{ENTRY}" "$@"\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "cameras.csv").write_text("camera_id,lon,lat,mount\nC1,24.9412,60.16987,pole\n")
    done = run(sys.executable, "-c", AS_A_BUNDLE, str(program), cwd=tmp_path)
    assert (done.stdout, done.stderr, said.read_text()) == ("1\n", "", "-m lhasaplan.io.apart.serving\n")


def test_that_a_bundle_has_the_verbs_and_runs_no_module_of_others():
    assert run(sys.executable, ENTRY, "--version").stdout == f"lhasaplan {__version__}\n"
    other = run(sys.executable, ENTRY, "-m", "timeit")
    assert (other.returncode, other.stderr) == (1, "-m runs modules of lhasaplan alone\n")


def test_that_the_program_starts_itself_by_names_of_its_modules_alone():
    """Python takes code and options besides, a bundle does not."""
    started = {
        path.relative_to(ROOT).as_posix(): re.findall(r"\[sys\.executable, ([^\]]*)", text)
        for path in (ROOT / "lhasaplan").rglob("*.py")
        if "sys.executable" in (text := path.read_text(encoding="utf-8"))
    }
    assert len(started) == 5
    assert len(started.pop("lhasaplan/io/apart/process.py")) == 2  # the other is Python's, with its path
    for words in started.values():
        assert all(each.startswith('"-m", ') for each in words)
        assert words


def test_that_a_bundle_leaves_out_the_scheduler_alone_of_the_extras():
    left_out = {name for name in script().LEFT_OUT if name in EXTRA_OF}
    assert left_out == {name for name, extra in EXTRA_OF.items() if extra == "cluster"}


def test_that_packages_that_are_taken_whole_are_there():
    made = script()
    assert [name for name in (*made.WHOLE, *made.MODULES, *made.FILES) if find_spec(name) is None] == []
    assert {"numba", "pyside6-essentials", "typst"} <= set(made.installed())


@pytest.mark.nightly
def test_that_a_bundle_audits_where_no_python_is(tmp_path):
    pytest.importorskip("PyInstaller", reason="pyinstaller is not installed: no bundle is built")
    pytest.importorskip("hatchling", reason="hatchling is not installed: no wheel is built")
    built = run(sys.executable, ROOT / "tools" / "make_bundle.py", "--out", tmp_path / "dist")
    assert built.returncode == 0, built.stderr
    program, bare = tmp_path / "dist" / "lhasaplan" / "lhasaplan", {"PATH": "", "HOME": str(tmp_path)}

    def verb(*words):
        done = subprocess.run([program, *words], capture_output=True, text=True, check=False, env=bare, cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert verb("--version") == f"lhasaplan {__version__}\n"
    verb("new", "town.gpkg", "--rules", "eu-gdpr")
    verb("import", "town.gpkg", str(ROOT / "data" / "samples" / "helsinki" / "helsinki.osm.pbf"))
    verb("audit", "town.gpkg", "--json", "audit.json")
    audit = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    assert (len(audit["cameras"]), audit["data"]) == (221, {"own_build": True, "changed": []})
    verb("export", "town.gpkg", "--format", "docx,pdf,html", "--out", "drafts")
    assert {"audit.docx", "audit.pdf", "audit.html"} <= {path.name for path in (tmp_path / "drafts").iterdir()}
