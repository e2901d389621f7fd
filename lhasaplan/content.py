"""Where the content folders lie, in a checkout or in a wheel, and the digests of their files that a release carries.

The standard library alone: ``hatch_build.py`` loads this file by its path when it builds a wheel or an archive.
"""

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
CONTENT = ("data", "layers", "reports")
FONTS = "fonts"  # a content folder too, which changes no answer and so has no digest in a release
LOCK = "requirements.lock"
_TEXT = (".toml", ".md", ".typ", ".css", ".html", ".js")  # line ends do not count
# Outputs name the files of samples with their digests, as those of any input; their rule packs are rules as others are.
_SAMPLE_INPUT = re.compile(r"data/samples/(?![^/]+/rules/)")


def content_folder(name: str) -> Path:
    """Return the folder ``data``, ``layers``, ``reports`` or ``fonts``.

    A checkout has them beside the package; the wheel carries them in ``lhasaplan/_bundled``.
    """
    bundled = _PACKAGE / "_bundled" / name
    return bundled if bundled.is_dir() else _PACKAGE.parent / name


def font_files() -> tuple[Path, Path]:
    """Return the regular and the bold typeface that the window, the papers and the maps are set in."""
    folder = content_folder(FONTS)
    return folder / "NotoSansSC-Regular.otf", folder / "NotoSansCJKjp-Bold.otf"


def locked_packages() -> str:
    """Return the lock of packages that this program was tried with; empty where an installation does not carry it."""
    for path in (_PACKAGE / "_bundled" / LOCK, _PACKAGE.parent / LOCK):
        if path.is_file():
            return path.read_text("utf-8")
    return ""


def content_digests(root: Path, folders: tuple[str, ...] = CONTENT) -> dict[str, str]:
    """Return path -> SHA-256 of the files below the folders, the inputs of samples left out."""
    names = sorted(name for folder in folders for name in _files_in(root, folder))
    return {name: _digest(root / name) for name in names if not _SAMPLE_INPUT.match(name)}


def release_module(root: Path, version: str) -> str:
    """Return the module ``lhasaplan/release_files.py``: the digests of the content, and the version of a release.

    An empty version is that of an own build.
    """
    rows = "".join(f'    "{path}": "{digest}",\n' for path, digest in content_digests(root).items())
    return (
        '"""Digests of the content that this wheel or archive was built with, made by ``hatch_build.py``."""\n\n'
        f'RELEASE = "{version}"\nSHA256 = {{\n{rows}}}\n'
    )


def _files_in(root: Path, folder: str) -> Iterator[str]:
    """Yield the files below a folder, as they are called from the root; each reading of the translations asks for hundreds."""
    for inside, _, names in os.walk(root / folder):
        above = Path(inside).relative_to(root).as_posix()
        yield from (f"{above}/{name}" for name in names if name[0] != "." and os.path.isfile(os.path.join(inside, name)))


def _digest(path: Path) -> str:
    content = path.read_bytes()
    return hashlib.sha256(content.replace(b"\r\n", b"\n") if path.suffix in _TEXT else content).hexdigest()
