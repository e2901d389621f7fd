"""Run the notebooks of docs/notebooks and keep what they print: python tools/run_notebooks.py [NAME ...]

No Jupyter is needed: the cells are run in their order, and what a cell shows by its last line (a table, a map) is not kept.
"""

import contextlib
import io
import json
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "notebooks"


def outputs_of(path: Path) -> list[str]:
    """Run the cells of a notebook; return what each cell with code printed."""
    names: dict[str, object] = {}
    return [_run("".join(cell["source"]), names, path) for cell in _cells(path)]


def kept_outputs(path: Path) -> list[str]:
    """Return what stands in a notebook as printed."""
    return ["".join(line for each in cell["outputs"] for line in each["text"]) for cell in _cells(path)]


def keep(path: Path) -> None:
    """Run a notebook and write what it prints into it."""
    notebook, said = json.loads(path.read_text("utf-8")), iter(outputs_of(path))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            text = next(said)
            lines = text.splitlines(keepends=True)
            cell["outputs"] = [{"name": "stdout", "output_type": "stream", "text": lines}] if text else []
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _cells(path: Path) -> list[dict[str, list]]:
    return [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]


def _run(code: str, names: dict[str, object], path: Path) -> str:
    with contextlib.redirect_stdout(io.StringIO()) as said:
        exec(compile(code, path.name, "exec"), names)
    return said.getvalue()


if __name__ == "__main__":
    for each in sys.argv[1:] or sorted(file.stem for file in FOLDER.glob("*.ipynb")):
        keep(FOLDER / f"{each}.ipynb")
        print(each)
