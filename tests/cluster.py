"""A scheduler and workers of dask in processes of their own, on the loopback alone."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = "127.0.0.1"
# Dask samples the stacks of its own processes a hundred times a second, also while they wait for work.
QUIET = {"DASK_DISTRIBUTED__WORKER__PROFILE__ENABLED": "False"}


@dataclass
class LoopbackCluster:
    """Processes that a test started, and nothing else."""

    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(self, what: str, *words: str) -> subprocess.Popen[bytes]:
        """Start a scheduler or worker."""
        command = [sys.executable, "-m", "distributed.cli." + what, *words]
        log = (self.folder / f"{what}-{len(self.processes)}.log").open("wb")
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **QUIET}
        process = subprocess.Popen(command, cwd=self.folder, stdout=log, stderr=log, env=environment)
        self.processes.append(process)
        return process

    def add_worker(self, address: str) -> subprocess.Popen[bytes]:
        """Start a worker with one thread, which nobody starts again when it dies."""
        return self.start(
            "dask_worker", address, "--host", LOOPBACK, "--nthreads", "1", "--nworkers", "1", "--no-nanny", "--no-dashboard",
            "--local-directory", str(self.folder),
        )  # fmt: skip

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process that this test started, as a power cut would."""
        os.kill(process.pid, signal.SIGKILL)
        process.wait()

    def address(self) -> str:
        """Return where the scheduler listens, as it wrote into its file."""
        import json

        file = self.folder / "scheduler.json"
        for _ in range(300):
            if file.exists() and file.stat().st_size:
                return json.loads(file.read_text())["address"]
            time.sleep(0.1)
        raise AssertionError("the scheduler does not start")


@contextmanager
def loopback_cluster(folder: Path, workers: int = 2) -> Iterator[tuple[LoopbackCluster, str, list[subprocess.Popen[bytes]]]]:
    """Give a scheduler with workers; their processes end with the block."""
    cluster = LoopbackCluster(folder)
    try:
        cluster.start(
            "dask_scheduler", "--host", LOOPBACK, "--port", "0", "--no-dashboard",
            "--scheduler-file", str(folder / "scheduler.json"),
        )  # fmt: skip
        address = cluster.address()
        yield cluster, address, [cluster.add_worker(address) for _ in range(workers)]
    finally:
        for process in cluster.processes:
            if process.poll() is None:
                cluster.kill(process)
