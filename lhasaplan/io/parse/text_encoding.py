"""Find out how a text file is encoded: UTF-8, UTF-16, else Chinese by its byte pairs, else western or central European."""

import re

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


def candidates(content: bytes) -> tuple[str, ...]:
    """Return the encodings that a text may be in, the likeliest first."""
    return ("utf-8-sig", *other_candidates(content))


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
