"""Decode the pieces of one text (lines, cells), of which some may be in another encoding than the rest."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lhasaplan.io.parse.text_encoding import looks_chinese, other_candidates

UTF8 = "utf-8"
_LONGEST_LETTER = 4  # bytes
_MOST = 1 << 20  # bytes that are looked at
_EUROPEAN = ("cp1252", "cp1250")
_CJK = 0x2E80
_LATIN = range(0xC0, 0x250)
_C1 = frozenset(map(chr, range(0x80, 0xA0)))


@dataclass(frozen=True, slots=True)
class Pieces:
    """Decoded pieces; ``odd`` holds index -> encoding of those in another one, ``doubtful`` the indexes of those in none."""

    texts: tuple[str, ...]
    encoding: str
    odd: Mapping[int, str] = field(default_factory=dict)
    doubtful: tuple[int, ...] = ()


def decode_pieces(pieces: Sequence[bytes], said: str = "", may_be_cut: bool = False) -> Pieces:
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
    return Pieces(tuple(texts), main, odd, tuple(doubtful))


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
    western, central = (sum(_is_in(letter, each) for letter in letters) for each in _EUROPEAN)
    return _Rest((*(_EUROPEAN if western > central else ()), first, *_EUROPEAN), letters)


def _is_in(letter: str, encoding: str) -> bool:
    return letter.encode(encoding, "replace") != b"?"


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
