"""The notebooks of docs/notebooks print what stands in them."""

import json
import sys

import pytest
from translation_keys import ROOT

FOLDER = ROOT / "docs" / "notebooks"
NAMES = ("walk", "two-places", "mask", "uncertainty", "siting")


@pytest.fixture
def run_notebooks(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    import run_notebooks

    yield run_notebooks
    sys.modules.pop("run_notebooks")


def test_that_each_notebook_keeps_what_it_prints_and_is_named_on_the_page_on_python(run_notebooks):
    page = (ROOT / "docs" / "python.md").read_text("utf-8")
    assert {file.stem for file in FOLDER.glob("*.ipynb")} == set(NAMES)
    for name in NAMES:
        path = FOLDER / f"{name}.ipynb"
        notebook = json.loads(path.read_text("utf-8"))
        assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
        assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
        assert any(run_notebooks.kept_outputs(path))
        assert f"notebooks/{name}.ipynb" in page


@pytest.mark.nightly  # each opens a town and works it out
@pytest.mark.parametrize("name", NAMES)
def test_that_a_notebook_prints_what_stands_in_it(name, run_notebooks):
    path = FOLDER / f"{name}.ipynb"
    assert run_notebooks.outputs_of(path) == run_notebooks.kept_outputs(path)
