"""Read a text file: find its encoding, and name the lines that are in another one or are damaged."""

from collections.abc import Callable
from dataclasses import dataclass

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.raw_import import LISTED
from lhasaplan.io.parse.text_encoding import NAMES, decode_pieces, wide_encoding

_NO_TEXT = marked("this file is no text that can be read; save it as UTF-8")
_ZEROS = marked("this row holds zero bytes, as in a file that was not written to its end; write the row anew")
_DOUBT = marked(
    "this row holds letters that are broken or in an unknown encoding; write the row anew, and save the file as UTF-8"
)
_ODD = marked(
    "this row is in another encoding than the rest of the file and was read as {encoding}; see whether its text is right"
)
_MARK = "\ufeff"  # the sign at the beginning of many files; joined files have it in the middle, too


@dataclass(frozen=True, slots=True)
class Text:
    """The text of a file, and what is to be said of its lines: number from 1 -> sentence with its parameters."""

    text: str
    remarks: tuple[tuple[int, Fault], ...] = ()
    faults: tuple[tuple[int, Fault], ...] = ()

    def on_rows(self, file: str, row_of: Callable[[int], int]) -> tuple[Fault, ...]:
        """Return the remarks, each with its row; InputError with every damaged row."""
        if self.faults:
            raise InputError(*_placed(self.faults, file, row_of))
        return _placed(self.remarks, file, row_of)


def _placed(notes: tuple[tuple[int, Fault], ...], file: str, row_of: Callable[[int], int]) -> tuple[Fault, ...]:
    rows = {(row_of(line), fault.template): fault for line, fault in notes}
    return tuple(Fault(fault.template, Where(file, row), fault.params) for (row, _), fault in rows.items())


def text_of(content: bytes, file: str) -> Text:
    """Return the text of a file.

    Raises
    ------
    InputError
        The bytes are no text in any encoding that is known here.
    """
    if wide := wide_encoding(content):
        return Text(_of_wide(content, wide, file).replace(_MARK, ""))
    found = decode_pieces(content.splitlines(keepends=True))
    zeros = [number for number, text in enumerate(found.texts, start=1) if "\0" in text]
    if len(zeros) > max(LISTED, 0.1 * len(found.texts)) or len(found.doubtful) > 0.5 * len(found.texts):
        raise InputError(Fault(_NO_TEXT, Where(file)))
    faults = [(number, Fault(_ZEROS)) for number in zeros] + [(index + 1, Fault(_DOUBT)) for index in found.doubtful]
    remarks = [(index + 1, Fault(_ODD, params={"encoding": NAMES.get(name, name.upper())})) for index, name in found.odd.items()]
    return Text("".join(found.texts).replace(_MARK, ""), tuple(remarks), tuple(faults))


def _of_wide(content: bytes, encoding: str, file: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(Fault(_NO_TEXT, Where(file))) from error
