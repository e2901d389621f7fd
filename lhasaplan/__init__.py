"""Plan and audit fixed public cameras: what each can really see, must not see, and is needed for.

>>> import lhasaplan
>>> project = lhasaplan.open_project("city.gpkg")  # doctest: +SKIP
>>> answer = lhasaplan.audit(project)  # doctest: +SKIP
>>> answer.to_geopandas("fields")  # doctest: +SKIP

What a program may use stands in ``__init__.pyi``; it is imported when first used.
"""

import os

from lhasaplan.deferred import names_offered, offered

__version__ = "0.1.0"

# numpy's threads for large matrices, of which there are none here, wait for work with all their might: 25 ms on each further
# processor at every start, now 2**20 ticks of the clock. numpy asks when it is loaded.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "20")


def __getattr__(name: str) -> object:
    """Return a function of the public face from its module."""
    return offered(__file__, name)


def __dir__() -> list[str]:
    return ["__version__", *names_offered(__file__)]
