"""Workers of a dask cluster: the scene goes to each once, batches come back as they are done, lost ones are sent again.

The connection is made with the first list of jobs that is worth sending: an audit that sends nothing waits for none.
"""

import asyncio
import logging
import socket
import time
from asyncio import CancelledError
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Generic, Protocol, TypeVar, cast
from urllib.parse import urlsplit

import numpy as np

from lhasaplan import __version__
from lhasaplan.compute.batched import Answer, Job, Threads
from lhasaplan.core.base.progress import Progress
from lhasaplan.core.base.translations import marked
from lhasaplan.core.sight import Scene
from lhasaplan.errors import Fault, InputError

VIEWS_A_BATCH = 128  # its answer travels in a megabyte
# Sending a view and taking its answer takes half as long as to look through it (0.08 of 0.17 ms), and the answer is waited for.
# What an audit asks of 128 cameras at a time is answered sooner here; sent away, 10,000 cameras took twice as much in all.
LEAST_JOBS = 8
RETRIES = 3
SCENES_KEPT = 5  # a town is looked at without trees, in leaf, leafless, and over coarse terrain freely and on level ground
TELL_S = 0.05
LOOK_S = 2.0  # between looks whether there are workers at all
PATIENCE_S = 60.0  # without any worker


Answer_co = TypeVar("Answer_co", covariant=True)


class _Future(Protocol[Answer_co]):
    """What is used of a future of dask, which says no types of it."""

    status: str

    def result(self) -> Answer_co: ...
    def exception(self) -> BaseException | None: ...
    def release(self) -> None: ...
    def add_done_callback(self, call: Callable[["_Future[Answer_co]"], object]) -> None: ...


class _Client(Protocol):
    """What is used of a client of dask, likewise."""

    status: str

    def submit(self, work: Callable[..., Answer], *words: object, pure: bool, retries: int) -> _Future[Answer]: ...
    def scatter(self, data: Answer, *, broadcast: bool, hash: bool) -> _Future[Answer]: ...
    def cancel(self, futures: Sequence[_Future[object]]) -> None: ...
    def nthreads(self) -> Mapping[str, int]: ...
    def wait_for_workers(self, count: int, timeout: float) -> None: ...
    def run(self, function: Callable[[], Answer], *, on_error: str) -> Mapping[str, Answer]: ...
    def close(self, timeout: float) -> None: ...


class Cluster:
    """Runs jobs on the workers of a client, which ``connect`` gives: the same one each time."""

    def __init__(
        self, connect: Callable[[], _Client], scheduler: str, views_a_batch: int = VIEWS_A_BATCH, least_jobs: int = LEAST_JOBS
    ) -> None:
        self.views_a_batch, self.least_jobs = views_a_batch, least_jobs
        self._connect, self._scheduler = connect, scheduler
        self._scattered: list[tuple[Scene, _Future[Scene]]] = []
        self._lock = Lock()

    def run(
        self, work: Callable[[Scene, *Job], Answer], scene: Scene, jobs: Sequence[tuple[*Job]], progress: Progress
    ) -> list[Answer]:
        """Return the answers in the order of the jobs; a worker that dies loses nothing, what it had is done again."""
        if len(jobs) < self.least_jobs:
            return Threads().run(work, scene, jobs, progress)
        return _Round(self, work, scene, jobs).collect(progress)

    def submit(self, work: Callable[[Scene, *Job], Answer], scene: Scene, job: tuple[*Job]) -> _Future[Answer]:
        """Send one job; its future."""
        client = self._connect()
        if client.status != "running":
            raise lost_connection(self._scheduler)
        return client.submit(work, self._on_workers(scene), *job, pure=False, retries=RETRIES)

    def forget_scene(self) -> None:
        """Send a scene anew with the next job if every worker that held it is gone."""
        with self._lock:
            self._scattered = [(scene, future) for scene, future in self._scattered if future.status == "finished"]

    def cancel(self, futures: Sequence[_Future[object]]) -> None:
        """Stop what has not begun; batches that run end by themselves and are dropped."""
        if futures and (client := self._connect()).status == "running":
            client.cancel(list(futures))

    def require_workers(self, idle_s: float) -> None:
        """Raise InputError when the connection is lost, or no worker has been there for a long time."""
        client = self._connect()
        if client.status != "running":
            raise lost_connection(self._scheduler)
        if idle_s > PATIENCE_S and not client.nthreads():
            template = marked("The scheduler {scheduler} has lost all its workers; nothing was changed")
            raise InputError(Fault(template, params={"scheduler": self._scheduler}))

    def fatal(self, error: BaseException | None, tries: int) -> BaseException:
        """Return what a failed job is to the user: an error of the work itself, or workers that keep dying."""
        from distributed import KilledWorker  # noqa: PLC0415  (an extra)

        if error is not None and not isinstance(error, KilledWorker):
            return error
        template = marked("The same batch was lost {count} times on {scheduler}; do its workers have enough memory?")
        return InputError(Fault(template, params={"count": tries, "scheduler": self._scheduler}))

    def _on_workers(self, scene: Scene) -> _Future[Scene]:
        """Return the scene on every worker; sent once, without names and tags, which sight does not need."""
        with self._lock:
            known = next((future for sent, future in self._scattered if sent is scene), None)
            if known is not None:
                return known
            future = self._connect().scatter(without_names(scene), broadcast=True, hash=False)
            self._scattered = [*self._scattered[1 - SCENES_KEPT :], (scene, future)]
            return future


class _Round(Generic[Answer, *Job]):
    """One list of jobs on its way: what is out, what has come back."""

    def __init__(
        self, cluster: Cluster, work: Callable[[Scene, *Job], Answer], scene: Scene, jobs: Sequence[tuple[*Job]]
    ) -> None:
        self._cluster, self._work, self._scene, self._jobs = cluster, work, scene, jobs
        self._done: SimpleQueue[_Future[Answer]] = SimpleQueue()
        self._out: dict[_Future[Answer], int] = {}
        self._tries = [0] * len(jobs)
        self._answers: dict[int, Answer] = {}

    def collect(self, progress: Progress) -> list[Answer]:
        try:
            for number in range(len(self._jobs)):
                progress(0.0, "sight")
                self._send(number)
            self._take_all(progress)
        except BaseException:
            self._cluster.cancel(tuple(self._out))
            raise
        return [self._answers[number] for number in range(len(self._jobs))]

    def _send(self, number: int) -> None:
        future = self._cluster.submit(self._work, self._scene, self._jobs[number])
        self._out[future] = number
        self._tries[number] += 1
        future.add_done_callback(self._done.put)

    def _take_all(self, progress: Progress) -> None:
        heard = looked = time.monotonic()
        while self._out:
            progress(1.0 - len(self._out) / len(self._jobs), "sight")
            try:
                self._take(self._done.get(timeout=TELL_S))
                heard = time.monotonic()
            except Empty:
                if time.monotonic() - looked > LOOK_S:
                    looked = time.monotonic()
                    self._cluster.require_workers(looked - heard)

    def _take(self, future: _Future[Answer]) -> None:
        """Keep an answer, or send the job again when it was lost."""
        number = self._out.pop(future)
        if future.status == "finished" and self._keep(number, future):
            return
        error = None if is_lost(future) else future.exception()
        if error is not None or self._tries[number] >= RETRIES:
            raise self._cluster.fatal(error, self._tries[number])
        self._cluster.forget_scene()
        self._send(number)

    def _keep(self, number: int, future: _Future[Answer]) -> bool:
        """Fetch a finished answer; tell whether it came. A worker that dies after the work takes the answer with it."""
        try:
            self._answers[number] = future.result()
        except gone_on_the_way():
            return False
        future.release()
        return True


def is_lost(future: _Future[object]) -> bool:
    """Tell whether a job, or the scene that it needs, went away with a worker, rather than failed."""
    return future.status != "error" or isinstance(future.exception(), gone_on_the_way())


def gone_on_the_way() -> tuple[type[BaseException], ...]:
    """Return what dask raises for an answer that went away with its worker."""
    from distributed.client import FutureCancelledError  # noqa: PLC0415  (an extra)

    return FutureCancelledError, CancelledError


def without_names(scene: Scene) -> Scene:
    """Return the scene with walls and heights alone: names and tags of buildings stay on this machine."""
    count = len(scene.buildings)
    walls = replace(scene.buildings, ids=np.full(count, "", object), tags=({},) * count)
    return replace(scene, buildings=walls)


def lost_connection(scheduler: str) -> InputError:
    """Return the error of a scheduler that went away."""
    template = marked("The connection to the scheduler {scheduler} was lost; nothing was changed")
    return InputError(Fault(template, params={"scheduler": scheduler}))


# A connection to a dask scheduler: made when it is first needed, checked, and closed at the end.

NO_DASK = marked(
    "A cluster needs the packages dask and distributed; install them by: pip install lhasaplan[cluster], "
    "or in a checkout into its environment: pip install -r requirements-test.lock"
)
WAIT_S = 10.0  # for the scheduler to answer, and for its first worker


@contextmanager
def connected(scheduler: str) -> Iterator[Cluster]:
    """Give the workers of a scheduler (tcp://HOST:PORT or tls://HOST:PORT); the connection ends with the block.

    Whether the port answers is asked at once, whether there are workers of this edition with the first jobs that are sent.
    """
    if find_spec("distributed") is None:
        raise InputError(Fault(NO_DASK))
    _require_address(scheduler)
    _require_answer(scheduler)
    connection = _Connection(scheduler)
    try:
        yield Cluster(connection.client, scheduler)
    finally:
        connection.close()


class _Connection:
    """A connection that is made when it is first asked for, and once."""

    def __init__(self, scheduler: str) -> None:
        self._scheduler, self._lock, self._client = scheduler, Lock(), cast("_Client | None", None)

    def client(self) -> _Client:
        """Return the client, connected and with workers that compute as this program does."""
        with self._lock:
            if self._client is None:
                client = _connect(self._scheduler)
                try:
                    _require_workers(client, self._scheduler)
                except BaseException:
                    client.close(timeout=2)
                    raise
                self._client = client
            return self._client

    def close(self) -> None:
        if self._client is not None:
            self._client.close(timeout=2)


def _require_address(scheduler: str) -> None:
    try:
        parts = urlsplit(scheduler)
        is_address = parts.scheme in ("tcp", "tls") and bool(parts.hostname) and parts.port is not None
    except ValueError:
        is_address = False
    if not is_address:
        fault = Fault("{scheduler} is not the address of a scheduler; write tcp://HOST:PORT", params={"scheduler": scheduler})
        raise InputError(fault)


def _require_answer(scheduler: str) -> None:
    """Refuse a scheduler whose port nobody answers, before any work; loading dask to ask takes seconds."""
    parts = urlsplit(scheduler)
    try:
        socket.create_connection((parts.hostname or "", parts.port or 0), timeout=WAIT_S).close()
    except (OSError, ValueError) as error:  # no name of a host, as "a..b", is a UnicodeError
        raise unreachable(scheduler) from error


def unreachable(scheduler: str) -> InputError:
    """Return the error of a scheduler that does not answer."""
    template = marked(
        "The scheduler {scheduler} cannot be reached; does it run, and is its port open? Leave it out to compute here"
    )
    return InputError(Fault(template, params={"scheduler": scheduler}))


def _connect(scheduler: str) -> _Client:
    from distributed import Client  # noqa: PLC0415  (an extra)

    # Dask logs nothing: what goes wrong is reported once, in the user's words.
    for name in [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        connect = cast("Callable[..., _Client]", Client)  # untyped
        return connect(scheduler, timeout=WAIT_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        raise unreachable(scheduler) from error


def _require_workers(client: _Client, scheduler: str) -> None:
    """Refuse a cluster without workers, and workers that would compute otherwise than this program."""
    try:
        client.wait_for_workers(1, timeout=WAIT_S)
        found = client.run(edition, on_error="return")
    except TimeoutError as error:
        template = marked("The scheduler {scheduler} has no workers; start one by: dask worker {scheduler}")
        raise InputError(Fault(template, params={"scheduler": scheduler})) from error
    except (OSError, asyncio.CancelledError) as error:
        raise lost_connection(scheduler) from error
    ours = edition()
    faults = [_other_edition(worker, theirs, ours) for worker, theirs in sorted(found.items()) if theirs != ours]
    if faults:
        raise InputError(*faults)


def edition() -> str:
    """Return what must be the same here and there for the same answer: this program and what it computes with."""
    import numba  # noqa: PLC0415  (loaded when it is first needed)
    import numpy as np  # noqa: PLC0415
    import scipy  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    geos = ".".join(str(part) for part in shapely.geos_version)
    parts = {"lhasaplan": __version__, "numpy": np.__version__, "scipy": scipy.__version__, "numba": numba.__version__}
    return ", ".join(f"{name} {version}" for name, version in {**parts, "shapely": shapely.__version__, "geos": geos}.items())


def _other_edition(worker: str, theirs: object, ours: str) -> Fault:
    found = theirs if isinstance(theirs, str) else type(theirs).__name__
    template = marked("The worker {worker} has {theirs}, this program {ours}; install the same on all, or answers could differ")
    return Fault(template, params={"worker": worker, "theirs": found, "ours": ours})
