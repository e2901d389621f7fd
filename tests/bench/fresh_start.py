"""The side of a duel that starts a fresh process each round, and times it by the clock from start to end."""

import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

from .worker import serve

# A process that ends in two seconds leaves no garbage in circles worth looking for, nor does its end: so ours starts from the
# command line, and both sides do here.
GARBAGE = "import atexit, gc; gc.disable(); atexit.register(gc.freeze)"
START = f"{GARBAGE}; import runpy, sys; sys.argv.pop(0); runpy.run_module(sys.argv[0], run_name='__main__', alter_sys=True)"


def prepare(folder: Path, module: str):
    """Return a run that starts the module anew; the first one fills the caches of files and kernels."""
    # Python keeps its compiled modules between starts, as it does where nobody forbids it.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    kept["OPENBLAS_THREAD_TIMEOUT"] = "20"  # as ours sets it at its start; numpy is loaded before ours is in a script
    count = json.loads((folder / "settings.json").read_text("utf-8"))["cameras"]

    def run():
        started = time.perf_counter()
        words = [sys.executable, "-c", START, module, str(folder)]
        done = subprocess.run(words, capture_output=True, text=True, check=True, env=kept)
        took = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024.0
        sampled = float(done.stdout or 0.0)
        return {"answers": count, "wall_s": took, "sampled_s": sampled, "peak_mb": peak}

    return run


def serve_fresh(module: str) -> None:
    """Serve rounds of a module."""
    serve(lambda folder: prepare(folder, module))
