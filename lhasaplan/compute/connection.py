"""A connection to a dask scheduler: made when one is named, checked, and closed at the end."""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any
from urllib.parse import urlsplit

from lhasaplan import __version__
from lhasaplan.compute.cluster import Cluster, lost_connection
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError

NO_DASK = marked(
    "A cluster needs the packages dask and distributed; install them by: pip install lhasaplan[cluster], "
    "or in a checkout into its environment: pip install -r requirements-test.lock"
)
WAIT_S = 10.0  # for the scheduler to answer, and for its first worker


@contextmanager
def connected(scheduler: str) -> Iterator[Cluster]:
    """Give the workers of a scheduler (tcp://HOST:PORT or tls://HOST:PORT); the connection ends with the block."""
    _require_dask()
    _require_address(scheduler)
    client = _connect(scheduler)
    try:
        _require_workers(client, scheduler)
        yield Cluster(client, scheduler)
    finally:
        client.close(timeout=2)


def _require_dask() -> None:
    if find_spec("distributed") is None:
        raise InputError(Fault(NO_DASK))


def _require_address(scheduler: str) -> None:
    try:
        parts = urlsplit(scheduler)
        is_address = parts.scheme in ("tcp", "tls") and bool(parts.hostname) and parts.port is not None
    except ValueError:
        is_address = False
    if not is_address:
        fault = Fault("{scheduler} is not the address of a scheduler; write tcp://HOST:PORT", params={"scheduler": scheduler})
        raise InputError(fault)


def _connect(scheduler: str) -> Any:
    from distributed import Client  # noqa: PLC0415  (an extra)

    _silence()
    try:
        connect: Callable[..., Any] = Client  # untyped
        return connect(scheduler, timeout=WAIT_S, set_as_default=False)
    except (OSError, TimeoutError, ValueError) as error:
        template = marked(
            "The scheduler {scheduler} cannot be reached; does it run, and is its port open? Leave it out to compute here"
        )
        raise InputError(Fault(template, params={"scheduler": scheduler})) from error


def _silence() -> None:
    """Let dask log nothing: what goes wrong is told once, in the user's words."""
    for name in [name for name in logging.root.manager.loggerDict if name.split(".")[0] == "distributed"]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)


def _require_workers(client: Any, scheduler: str) -> None:
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
