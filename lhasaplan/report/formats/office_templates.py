"""All that is wrong with the files of an office that drafts are put in: one of Word and one of slides, told by their ending."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.report.formats.word_template import open_template
from lhasaplan.report.powerpoint.slide_template import open_slides

OPENED = {".docx": open_template, ".pptx": open_slides}
NO_KIND = marked("A template is a Word file (.docx) or a file of slides (.pptx)")
MISSING = marked("there is no such file")
ANOTHER = marked("There is another template of this kind: {file}")


def template_faults(paths: Sequence[Path]) -> tuple[Fault, ...]:
    """Return everything that is wrong with these templates, of all of them at once."""
    return tuple(_faults(paths))


def _faults(paths: Sequence[Path]) -> Iterator[Fault]:
    first: dict[str, Path] = {}
    for path in paths:
        kind, where = path.suffix.lower(), Where(file=path.name)
        if kind not in OPENED:
            yield Fault(NO_KIND, where)
            continue
        if kind in first:
            yield Fault(ANOTHER, where, params={"file": first[kind].name})
        first.setdefault(kind, path)
        if not path.is_file():
            yield Fault(MISSING, where)
            continue
        try:
            OPENED[kind](path)
        except InputError as error:
            yield from error.faults
