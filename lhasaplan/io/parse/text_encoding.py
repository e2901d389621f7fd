"""How a text file is encoded, the whole of it or piece by piece, and what encodings are called."""

import codecs
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.raw_import import LISTED

# What people and programs call encodings, and what they are called in messages.

# As messages call them: these names are the same in every language.
NAMES = {
    **{"utf-8": "UTF-8", "gb18030": "GB 18030", "cp950": "Big5", "cp1252": "Windows-1252", "cp1250": "Windows-1250"},
    **{"iso-8859-1": "ISO 8859-1", "iso-8859-2": "ISO 8859-2"},
}
_NUMBERS = {"65001": "utf-8", "8": "utf-8", "936": "gb18030", "2312": "gb18030", "18030": "gb18030", "950": "cp950", "5": "cp950"}
_WORDS = {"gbk": "gb18030", "utf8": "utf-8", "big5hkscs": "cp950"}


def known_encoding(text: str) -> str:
    """Return the encoding that a word means as Python calls it, empty where it means none.

    >>> [known_encoding(word) for word in ("ANSI 936", "88591", "CP1252", "OEM", "big5")]
    ['gb18030', 'iso-8859-1', 'cp1252', '', 'cp950']
    """
    word = re.sub(r"[^a-z0-9]", "", text.casefold())
    number = re.sub(r"\D", "", word)
    found = _WORDS.get(word) or _NUMBERS.get(number) or ""
    if not found and number.startswith("8859"):
        found = f"iso-8859-{number[4:]}"
    if not found and number:
        found = f"cp{number}"
    try:
        return found if codecs.lookup(found) else ""
    except LookupError:
        return ""


# Find out how a text file is encoded: UTF-8, UTF-16, else Chinese by its byte pairs, else western or central European.
_HIGH_RUN = re.compile(rb"[\x80-\xff]+")
# Letters of the west that central European tables do not have, and the reverse, by byte: è à ê ù û â against š ž ł ą đ ś.
_WESTERN = frozenset(b"\xe0\xe2\xe8\xea\xf9\xfb\xef\xf1\xe6\xe5\xf8\x9c")
_CENTRAL = frozenset(b"\xa9\xae\xb9\xbe\xa3\xb3\xa1\xb1\xa6\xb6\xf0\xd0\x9a\x9e\x8a\x8e\xe6\xc6\xc8\xe8")
_ONLY_WINDOWS = frozenset(range(0x80, 0xA0))
_PAIR = re.compile(rb"[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_NEIGHBOURS = re.compile(rb"%b(?=%b)" % (_PAIR.pattern, _PAIR.pattern))
# The first half of each Chinese set holds the words that people use: GB 2312 and Big5, level 1.
_COMMON_GB = re.compile(rb"[\xb0-\xd7][\xa1-\xfe]")
_COMMON_BIG5 = re.compile(rb"[\xa4-\xc6][\x40-\x7e\xa1-\xfe]")
_MOST = 1 << 20  # bytes that are looked at
_WIDE = 0.3  # share of zero bytes above which a text is made of pairs of bytes


def wide_encoding(content: bytes) -> str | None:
    """Return which form of UTF-16 or UTF-32 a text is in, with its mark at the beginning or without; None for any other text."""
    if content.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return "utf-32"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = content[: 1 << 16]
    zeros = [start[place::4].count(0) for place in range(4)]
    fours = len(start) // 4
    if fours and len(content) % 4 == 0 and zeros[0] == 0 and min(zeros[2:]) == fours:
        return "utf-32-le"
    if fours and len(content) % 4 == 0 and zeros[3] == 0 and min(zeros[:2]) == fours:
        return "utf-32-be"
    odd, even = zeros[1] + zeros[3], zeros[0] + zeros[2]
    if odd + even < _WIDE * len(start) or len(content) % 2:
        return None
    return "utf-16-le" if odd > 9 * even else "utf-16-be" if even > 9 * odd else None


def other_candidates(content: bytes) -> tuple[str, ...]:
    """Return the encodings that a text may be in if it is not UTF-8, the likeliest first."""
    content = content[:_MOST]
    if chinese := _chinese(content):
        return chinese
    return _european(content)


def looks_chinese(content: bytes) -> bool:
    """Say whether letters above ASCII come in pairs: Chinese words do, while a European accent mostly stands alone."""
    return bool(_chinese(content[:_MOST]))


def _chinese(content: bytes) -> tuple[str, ...]:
    runs = [len(run) for run in _HIGH_RUN.findall(content)]
    is_even = bool(runs) and sum(length for length in runs if length % 2 == 0) > 0.8 * sum(runs)
    pairs = _PAIR.findall(content)
    gb, big5 = (sum(map(bool, map(common.fullmatch, pairs))) for common in (_COMMON_GB, _COMMON_BIG5))
    # A second byte may be an ASCII letter; what parts such words from accents is that their pairs follow each other.
    is_in_rows = len(_NEIGHBOURS.findall(content)) > 0.4 * len(pairs) > 0
    if is_in_rows and big5 > max(gb, 0.8 * len(pairs)) and _decodes(content, "cp950"):
        return ("cp950", "gb18030")
    return ("gb18030",) if is_even or (is_in_rows and _decodes(content, "gb18030")) else ()


def _decodes(content: bytes, encoding: str) -> bool:
    return content.decode(encoding, "replace").count("\ufffd") == 0


def _european(content: bytes) -> tuple[str, ...]:
    used = frozenset(content)
    western, central = len(used & (_WESTERN - _CENTRAL)), len(used & (_CENTRAL - _WESTERN))
    if western > central:
        return ("cp1252", "iso-8859-1")
    if content.decode("cp1252", "replace") == content.decode("iso-8859-2", "replace"):  # é, ö and ü are the same in both
        return ("cp1252", "iso-8859-1")
    return ("cp1250", "iso-8859-2") if used & _ONLY_WINDOWS else ("iso-8859-2",)


# Decode the pieces of one text (lines, cells), of which some may be in another encoding than the rest.
UTF8 = "utf-8"
_LONGEST_LETTER = 4  # bytes
_EUROPEAN = ("cp1252", "cp1250")
_CJK = 0x2E80
_LATIN = range(0xC0, 0x250)
_C1 = frozenset(map(chr, range(0x80, 0xA0)))


@dataclass(frozen=True, slots=True)
class TextPieces:
    """Decoded pieces; ``odd`` holds index -> encoding of those in another one, ``doubtful`` the indexes of those in none."""

    texts: tuple[str, ...]
    encoding: str
    odd: Mapping[int, str] = field(default_factory=dict)
    doubtful: tuple[int, ...] = ()


def decode_pieces(pieces: Sequence[bytes], said: str = "", may_be_cut: bool = False) -> TextPieces:
    """Return the pieces as text: most of them in one encoding, each of the others alone in the likely one.

    Parameters
    ----------
    said : the encoding that the file names, empty where it names none; it is taken where the pieces fit it.
    may_be_cut : a piece may end within a letter, as cells of a Shapefile do; the half letter is dropped.
    """
    high = [index for index, piece in enumerate(pieces) if not piece.isascii()]
    plain = {index for index in high if _utf8(pieces[index], may_be_cut) is not None}
    main = _main(pieces, high, plain, said)
    texts, odd, doubtful = [piece.decode("ascii", "replace") for piece in pieces], {}, []
    parts = [[pieces[index] for index in high if (index in plain) is is_plain] for is_plain in (False, True)]
    rest = _rest(*(b"\n".join(each)[:_MOST] for each in parts))
    for index in high:
        text, encoding = _decoded(pieces[index], main, rest, may_be_cut)
        texts[index] = text
        if not encoding:
            doubtful.append(index)
        elif encoding != main:
            odd[index] = encoding
    return TextPieces(tuple(texts), main, odd, tuple(doubtful))


def _utf8(piece: bytes, may_be_cut: bool) -> str | None:
    for less in range(_LONGEST_LETTER if may_be_cut else 1):
        try:
            return piece[: len(piece) - less].decode(UTF8)
        except UnicodeDecodeError:
            continue
    return None


def _main(pieces: Sequence[bytes], high: Sequence[int], plain: set[int], said: str) -> str:
    """Return the encoding of most pieces: UTF-8 where more bytes fit it than not, else what the file says or the likely one."""
    weights = Counter({True: 0, False: 0})
    for index in high:
        weights[index in plain] += sum(byte > 0x7F for byte in pieces[index])
    if weights[True] >= weights[False]:
        return UTF8
    rest = b"\n".join(pieces[index] for index in high)
    likely = next((each for each in other_candidates(rest) if _fits(rest, each)), "iso-8859-1")
    is_lie = said == UTF8 or (looks_chinese(rest) and said and not _is_chinese(said))
    return said if said and not is_lie and _fits(rest, said) else likely


def _is_chinese(encoding: str) -> bool:
    return encoding in {"gb18030", "cp950", "gbk", "big5", "cp936"}


def _fits(content: bytes, encoding: str) -> bool:
    bad = content.decode(encoding, "replace").count("\ufffd")
    return bad <= 0.02 * len(content)


def _decoded(piece: bytes, main: str, rest: "_Rest", may_be_cut: bool) -> tuple[str, str]:
    """Return a piece as text and its encoding, empty where that is in doubt."""
    as_utf8 = _utf8(piece, may_be_cut)
    if as_utf8 is not None and (main == UTF8 or _is_surely_utf8(as_utf8, main)):
        return as_utf8, UTF8
    if main != UTF8:
        text = piece.decode(main, "ignore" if may_be_cut else "replace")
        return text, "" if "\ufffd" in text else main
    fits = [] if _is_part_utf8(piece, rest.letters) else [each for each in rest.encodings if _is_text(piece, each)]
    likely = max(fits, key=lambda each: sum(letter in rest.letters for letter in piece.decode(each)), default="")
    return piece.decode(likely or UTF8, "replace"), likely


@dataclass(frozen=True, slots=True)
class _Rest:
    """What is known of the pieces that are no UTF-8: their likely encodings, and the letters of those that are."""

    encodings: tuple[str, ...]
    letters: frozenset[str]


def _rest(others: bytes, whole: bytes) -> _Rest:
    letters = frozenset(letter for letter in whole.decode(UTF8, "ignore") if ord(letter) > 0x7F)
    if not others or looks_chinese(others):
        return _Rest(other_candidates(others), letters)
    first = other_candidates(others)[0]
    western, central = (sum(letter.encode(each, "replace") != b"?" for letter in letters) for each in _EUROPEAN)
    return _Rest((*(_EUROPEAN if western > central else ()), first, *_EUROPEAN), letters)


def _is_text(piece: bytes, encoding: str) -> bool:
    text = piece.decode(encoding, "replace")
    return "\ufffd" not in text and not _C1.intersection(text)


def _is_surely_utf8(text: str, main: str) -> bool:
    """Say whether a piece that fits UTF-8 is a foreign one: Chinese pairs fit it by chance, whole Chinese letters do not."""
    letters = [letter for letter in text if ord(letter) > 0x7F]
    return not _is_chinese(main) or all(ord(letter) >= _CJK for letter in letters)


def _is_part_utf8(piece: bytes, known: frozenset[str]) -> bool:
    """Say whether some letters of a piece are whole in UTF-8, so that others are broken rather than in another encoding."""
    letters = {letter for letter in piece.decode(UTF8, "ignore") if ord(letter) > 0x7F}
    if any(ord(each) >= _CJK for each in letters) or letters & known:
        return True
    return not looks_chinese(piece) and any(ord(each) in _LATIN for each in letters)


# Read a text file: find its encoding, and name the lines that are in another one or are damaged.

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
