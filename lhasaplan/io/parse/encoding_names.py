"""What people and programs call encodings, and what they are called in messages."""

import codecs
import re

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
