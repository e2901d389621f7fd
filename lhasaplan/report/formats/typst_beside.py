"""Set a long draft in a process of its own: typst keeps fonts, pictures and pages of what it has set, hundreds of megabytes."""

import json
import subprocess
import sys
from pathlib import Path

import typst


def set_beside(folder: Path, how: dict[str, object]) -> bytes:
    """Return what typst makes of ``document.typ`` in a folder; its memory goes with its process."""
    output, order = folder / "document.out", folder / "order.json"
    order.write_text(json.dumps(how), encoding="utf-8")
    words = [sys.executable, "-m", "lhasaplan.report.formats.typst_beside", str(order), str(output)]
    no_window = int(getattr(subprocess, "CREATE_NO_WINDOW", 0))
    done = subprocess.run(words, capture_output=True, text=True, check=False, creationflags=no_window)
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1] if done.stderr.strip() else f"typst: {done.returncode}")
    return output.read_bytes()


if __name__ == "__main__":
    typst.compile(**json.loads(Path(sys.argv[1]).read_text("utf-8")), output=sys.argv[2])
