"""Without a package of an extra the base works, and what needs it says in one sentence which extra to install."""

import os
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from sources import ROOT

from lhasaplan import report
from lhasaplan.cli import main
from lhasaplan.core.base.translations import LANGUAGES
from lhasaplan.errors import EXTRA_OF, MissingExtraError
from lhasaplan.io.parse.foreign import fault_of
from lhasaplan.store import opening


def settings():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.fixture
def without(monkeypatch):
    """Take a package away, and what of the program has loaded it."""

    def take(package, *loaded):
        monkeypatch.setitem(sys.modules, package, None)
        # A part of it that an earlier test has loaded would be found without the package.
        parts = [name for name in sys.modules if name.startswith(f"{package}.")]
        for name in (*parts, *loaded):
            monkeypatch.delitem(sys.modules, name, raising=False)

    return take


def test_that_the_extras_of_the_wheel_are_those_that_sentences_name():
    extras = settings()["optional-dependencies"]
    assert set(extras) - {"all", "dev", "launcher"} == set(EXTRA_OF.values())
    assert extras["all"] == ["lhasaplan[window,drafts,dxf,postgis,cluster,notebook]"]  # parquet: docs/dependencies.md


def test_that_a_draft_without_its_package_names_the_extra(without):
    without("xlsxwriter", "lhasaplan.report.formats.schedule", "lhasaplan.report.formats.xlsx")
    with pytest.raises(MissingExtraError, match=r"needs the package xlsxwriter.* pip install lhasaplan\[drafts\]"):
        report.write_xlsx  # noqa: B018 - looked for, and not found


def test_that_a_package_that_no_extra_brings_is_an_error_of_the_program(without):
    without("pyogrio", "lhasaplan.report.formats.gis")
    with pytest.raises(ModuleNotFoundError):
        report.write_gpkg  # noqa: B018


def test_that_tables_and_layers_of_walks_and_streets_need_no_extra():
    gone = [package for package, extra in EXTRA_OF.items() if extra == "drafts"]
    assert {"matplotlib", "xstatic"} <= set(gone)
    code = f"import sys; sys.modules.update(dict.fromkeys({gone!r})); import lhasaplan.report.formats.exposure_files as made; "
    code += "from lhasaplan.report.maps.base_map import attribution; print(made.write_walk.__name__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "write_walk\n"


@pytest.mark.parametrize("language", LANGUAGES)
def test_that_the_window_without_qt_is_one_sentence_and_no_process(language, without, capsys, monkeypatch):
    without("PySide6")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    monkeypatch.setattr(subprocess, "call", lambda *_words, **_more: pytest.fail("a process was started"))
    assert main(["open", "--lang", language]) == 2
    said = capsys.readouterr().err.strip()
    assert "pip install lhasaplan[window]" in said
    assert len(said.splitlines()) == 1


def test_that_a_database_without_its_driver_names_the_extra(without, capsys):
    without("psycopg", *[name for name in sys.modules if name.startswith("lhasaplan.store.shared")])
    assert main(["audit", "postgresql://nobody@127.0.0.1:1/none?project=town"]) == 2
    assert "pip install lhasaplan[postgis]" in capsys.readouterr().err
    assert opening.POSTGRESQL in opening.BY_SCHEME


def test_that_a_drawing_without_its_reader_names_the_extra_and_the_file(without):
    without("ezdxf", "lhasaplan.io.maps.drawing")
    with pytest.raises(ModuleNotFoundError) as missing:
        import_module("lhasaplan.io.maps.drawing")
    assert str(fault_of(Path("plan.dxf"), missing.value)).startswith("plan.dxf: This needs the package ezdxf")


BASE_ALONE = """
import sys
class Extras:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in NAMES:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Extras())
from lhasaplan.cli import main
def run(wanted, *words):
    assert main(list(words)) == wanted, words
run(0, "new", "town.gpkg", "--rules", "eu-gdpr")
run(0, "import", "town.gpkg", "houses.geojson", "--as", "buildings")
run(0, "import", "town.gpkg", "cameras.csv", "--as", "cameras")
run(0, "audit", "town.gpkg", "--json", "audit.json")
run(0, "export", "town.gpkg", "--format", "gpkg,geojson", "--out", "out")
run(2, "export", "town.gpkg", "--format", "docx", "--out", "out")
import lhasaplan
assert lhasaplan.audit(lhasaplan.open_project("town.gpkg")).assessment.findings
"""
HOUSE = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"building":"house","height":"6"},"geometry":'
    '{"type":"Polygon","coordinates":[[[24.9410,60.17],[24.9414,60.17],[24.9414,60.1702],[24.941,60.1702],[24.941,60.17]]]}}]}'
)


@pytest.mark.nightly
def test_that_the_base_alone_audits_from_the_command_line_and_from_python(tmp_path):
    (tmp_path / "houses.geojson").write_text(HOUSE)
    (tmp_path / "cameras.csv").write_text("camera_id,lon,lat,mount\nC1,24.9412,60.16987,pole\n")
    names = set(EXTRA_OF)
    own = {**os.environ, "PYTHONPATH": str(ROOT)}
    code = BASE_ALONE.replace("NAMES", repr(names))
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "pip install lhasaplan[drafts]" in done.stderr
    assert "Traceback" not in done.stderr
