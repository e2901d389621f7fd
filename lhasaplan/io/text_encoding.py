"""Find out how a text file is encoded: UTF-8, else Chinese by its byte pairs, else western or central European."""

import re

from lhasaplan.errors import Fault, InputError, Where

_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
# Letters of the west that central European tables do not have, and the reverse, by byte: è à ê ù û â against š ž ł ą đ ś.
_WESTERN = frozenset(b"\xe0\xe2\xe8\xea\xf9\xfb\xef\xf1\xe6\xe5\xf8\x9c")
_CENTRAL = frozenset(b"\xa9\xae\xb9\xbe\xa3\xb3\xa1\xb1\xa6\xb6\xf0\xd0\x9a\x9e\x8a\x8e\xe6\xc6\xc8\xe8")
_CUT = 0.02  # share of the bytes above ASCII that may belong to letters cut in two
_ONLY_WINDOWS = frozenset(range(0x80, 0xA0))


def decoded(content: bytes, file: str) -> str:
    """Return the text of a file.

    Raises
    ------
    InputError
        The bytes are no text in any encoding that is known here.
    """
    for encoding in _candidates(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise InputError(Fault("this file is no text that can be read; save it as UTF-8", Where(file)))


def encoding_of(content: bytes) -> str:
    """Return the most likely encoding of texts that may be cut within a letter, as the cells of a Shapefile are."""
    above_ascii = sum(map(len, _HIGH_RUN.findall(content)))
    fits = (each for each in _candidates(content) if content.decode(each, "replace").count("\ufffd") <= _CUT * above_ascii)
    return next(fits, "iso-8859-1")


def _candidates(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16",)
    if _looks_chinese(content):
        return ("utf-8-sig", "gb18030")
    return ("utf-8-sig", *_european(content))


def _looks_chinese(content: bytes) -> bool:
    """Say whether letters above ASCII come in pairs: Chinese words do, while a European accent mostly stands alone."""
    runs = [len(run) for run in _HIGH_RUN.findall(content)]
    return bool(runs) and sum(length for length in runs if length % 2 == 0) > 0.8 * sum(runs)


def _european(content: bytes) -> tuple[str, ...]:
    used = frozenset(content)
    western, central = len(used & (_WESTERN - _CENTRAL)), len(used & (_CENTRAL - _WESTERN))
    if western > central:
        return ("cp1252", "iso-8859-1")
    return ("cp1250", "iso-8859-2") if used & _ONLY_WINDOWS else ("iso-8859-2",)
