"""Write a draft whole or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lhasaplan.files import replacing as whole
from lhasaplan.files.earlier import clear_earlier


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``, whose folder is made, and put it in its place only when the block ended well."""
    path.parent.mkdir(parents=True, exist_ok=True)
    clear_earlier(path)
    with whole.replacing(path) as draft:
        yield draft
