"""What is wrong with the files of an office that drafts are put in, and what is not taken over: one of Word and one of slides."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.report.formats.word_template import NO_FILE as NO_WORD
from lhasaplan.report.formats.word_template import open_template
from lhasaplan.report.powerpoint.slide_template import NO_FILE as NO_SLIDES
from lhasaplan.report.powerpoint.slide_template import open_slides
from lhasaplan.report.text.template_marks import reading_template
from lhasaplan.report.text.template_parts import cleaned

NONE_OF = {".docx": NO_WORD, ".pptx": NO_SLIDES}
OPENED = {".docx": open_template, ".pptx": open_slides}
NO_KIND = marked("A template is a Word file (.docx) or a file of slides (.pptx)")
MISSING = marked("there is no such file")
ANOTHER = marked("There is another template of this kind: {file}")


def template_faults(paths: Sequence[Path]) -> tuple[Fault, ...]:
    """Return everything that is wrong with these templates, of all of them at once."""
    return tuple(_faults(paths))


def template_remarks(paths: Sequence[Path]) -> tuple[Fault, ...]:
    """Return what of these templates does not go into drafts, since it would run, fetch or open something, each by name."""
    return tuple(remark for path in paths for remark in _removed(path))


def _removed(path: Path) -> tuple[Fault, ...]:
    with reading_template(path, NONE_OF[path.suffix.lower()]):
        return cleaned(path.read_bytes(), path.name).removed


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
