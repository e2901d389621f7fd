"""Where the three content folders lie: in the checkout, or inside the installed wheel."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def content_folder(name: str) -> Path:
    """Return the folder ``data``, ``layers`` or ``reports``.

    A checkout has them beside the package; the wheel carries them in ``lhasaplan/_bundled``.
    """
    bundled = _PACKAGE / "_bundled" / name
    return bundled if bundled.is_dir() else _PACKAGE.parent / name
