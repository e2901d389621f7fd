"""Tell by a name that a building is called what is protected: a church, a school, a clinic, in many languages."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from lhasaplan.core.base.spelling import ends_of, figures_as_letters, joined_parts, plain, plain_key, sets_spaces
from lhasaplan.core.model.layer import Tags

NAME_KEYS = ("name", "alt_name", "official_name", "short_name", "loc_name", "int_name", "reg_name", "nat_name")
_WORD = re.compile(r"[^\W\d]+")
_SHORTEST_ENDING = 5  # letters: "Marienkirche" ends as a church does, "Churchill" and "Teller" are none
_SHORTEST_INFLECTED = 7
_SHORTEST_STEM, _LONGEST_TAIL = 6, 2  # "chapels" and "kościoła" begin as one, "hospitality" does not
_SEGMENTS = re.compile(
    r"[;,|/&+()\[\]\n\u3001\uff08\uff09\uff0c\uff0f\uff1b]|\s[-\u2013\u2014]\s"
)  # each says something of its own
_APART = re.compile(r"['\u00b7]")  # parts the words of a name as a blank does
_LATIN = re.compile(r"[A-Za-z]")
_SHORTEST_TRADE, _TRADE_TAIL, _LONGEST_LINK = 5, 3, 2  # "computers", "компьютерная"; "bilskolan"; letters that join a compound
_LONGEST = 4  # words of what a name begins or ends with
_TOKEN = re.compile(r"[^\W_]+")  # figures too: EB1
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")  # S.P.
_NUMERAL = re.compile(r"\d+[^\W\d_]?|[IVX]+")  # 3, XIV, 2ο
_SHORTEST_CAPITALS = 2
_MOST_OF_SAINT = 1  # words behind "St." and the like
_JOINING_SAINTS = ("und", "and", "et", "y", "e", "i", "en", "och", "og", "и", "και")
_SHORT_CHURCHES, _LONG_CHURCH = ("kerk",), 9  # letters: too short an ending for others
_SCHOOLS_AT_END = ("primary", "infants", "juniors")
_ARTICLES = ("ال", "وال", "ه")  # written together with the word


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What a name may say with such a word and mean something else: whole phrases, streets that are named so, a car park at one.

    ``others`` are words beside it that make it another thing, ``endings`` longer words that end as it does; ``after`` are words
    for streets and stops that stand behind the word, ``at_the_end`` such as say so at the end alone (Temple St, Temple St Mary),
    ``before`` those that stand before it, with words ``between``. ``first`` and ``last`` are other things which a name is that
    begins or ends with them. ``trades`` are what schools, clinics and hospitals (``trade_heads``) teach or mend that are none:
    driving, telephones, dolls; in one word with it, before it or behind it. ``equipment`` are tags that a condition for any value
    of their key does not mean,
    ``columns`` headings under which tables say what maps say by their tags.

    The rest says more of what names mean: words that no tag has (``also``), beginnings of longer ones (``stems``), words that
    count with their accents (``accented``, as they are written), abbreviations that count in capitals alone, anywhere or before
    a number or a name (``capitals``, ``capitals_first``), and saints, whose name by itself is that of a church, but not with
    ``saints_none``.
    """

    phrases: frozenset[str] = frozenset()
    after: frozenset[str] = frozenset()
    before: frozenset[str] = frozenset()
    between: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    endings: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    at_the_end: frozenset[str] = frozenset()
    equipment: frozenset[str] = frozenset()
    columns: frozenset[str] = frozenset()
    trades: frozenset[str] = frozenset()
    trade_heads: frozenset[str] = frozenset()
    also: frozenset[str] = frozenset()
    stems: frozenset[str] = frozenset()
    accented: frozenset[str] = frozenset()
    capitals: frozenset[str] = frozenset()
    capitals_first: frozenset[str] = frozenset()
    saints: frozenset[str] = frozenset()
    saints_none: frozenset[str] = frozenset()

    def left_of(self, reported: list[str], meant: frozenset[str] = frozenset()) -> list[str]:
        """Return the words of a name without those that mean something else; none of a name that is another thing.

        A name that is led or closed by one of the phrases that are ``meant`` is no other thing: a health station.
        """
        whole = f"_{'_'.join(reported)}_"
        if not _runs_in(reported, self.phrases).isdisjoint(_lookup(self.phrases)):
            for phrase in _spaced(self.phrases):
                whole = whole.replace(f"_{phrase}_", "_")
        if self._is_led_by(whole, meant) or self._is_closed_by(whole, meant):
            return []
        words = [word for word in whole.split("_") if word and not self._ends_otherwise(word)]
        return [word for n, word in enumerate(words) if not (self._is_street(words, n) or self._is_of_trade(words, n))]

    def _ends_otherwise(self, word: str) -> bool:
        """Say whether a word ends as another thing does, with an article behind it, too: körskolan."""
        return any(form.endswith(_endings(self.endings)) for form in (word, word[:-1], word[:-2]))

    def _is_of_trade(self, words: list[str], n: int) -> bool:
        """Say whether a word is a school or a clinic for a trade, by itself or by the word beside it."""
        word = words[n]
        starts = [
            start
            for head in _spaced(self.trade_heads)
            if (start := word.find(head)) >= 0 and len(word) - start - len(head) <= _TRADE_TAIL
        ]
        if any(word[: start - cut] in self.trades for start in starts for cut in range(_LONGEST_LINK + 1) if start > cut):
            return True
        beside = [next((each for each in side if each not in self.between), "") for side in (words[n + 1 :], words[:n][::-1])]
        return 0 in starts and any(map(self._is_trade, beside))

    def _is_trade(self, word: str) -> bool:
        """Say whether a word by itself names a trade, inflected or not; a short one may be a town: Ski sykehus."""
        bare = word.removeprefix(_ARTICLES[0])
        long = (each for each in self.trades if len(each) >= (_SHORTEST_TRADE if each.isascii() else _SHORTEST_TRADE - 1))
        return any(bare.startswith(each) and len(bare) - len(each) <= _TRADE_TAIL for each in long)

    def _is_led_by(self, whole: str, meant: frozenset[str]) -> bool:
        """Say whether a name begins with another thing, be it behind an article."""
        words = [word for word in whole.split("_") if word]
        while words and words[0] in self.between:
            words.pop(0)
        starts = {"_".join(words[:n]) for n in range(1, min(_LONGEST, len(words)) + 1)}
        return not starts.isdisjoint(_lookup(self.first)) and starts.isdisjoint(_lookup(meant))

    def _is_closed_by(self, whole: str, meant: frozenset[str]) -> bool:
        words = [word for word in whole.split("_") if word]
        tails = {"_".join(words[-n:]) for n in range(1, min(_LONGEST, len(words)) + 1)}
        return not tails.isdisjoint(_lookup(self.last)) and tails.isdisjoint(_lookup(meant))

    def _is_street(self, words: list[str], n: int) -> bool:
        if n + 1 < len(words) and words[n + 1] in self.after:
            return True
        if n + 2 == len(words) and words[n + 1] in self.at_the_end:
            return True
        before = next((word for word in reversed(words[:n]) if word not in self.between), "")
        return before in self.before

    def says(self, text: str, word: str, end: int) -> bool:
        """Say whether a word of a script without spaces, which ends there in a text, says what the text names.

        >>> rules = Elsewhere(phrases=frozenset({"手机医院"}), after=frozenset({"路"}), last=frozenset({"仓库"}))
        >>> [rules.says(text, "医院", text.index("医院") + 2) for text in ("手机医院", "医院路", "医院仓库", "第一医院南楼")]
        [False, False, False, True]
        """
        start = end - len(word)
        if text[end:].lstrip("_").startswith(tuple(each for each in _unspaced(self.after) if not word.endswith(each))):
            return False
        if any(end <= len(text) - len(each) and text.endswith(each) for each in _unspaced(self.last)):
            return False
        if any(start >= len(each) and text.startswith(each) for each in _unspaced(self.first)):
            return False
        if word in self.trade_heads and text[:start].rstrip("_").endswith(tuple(_unspaced(self.trades))):
            return False
        return not any(_lies_in(phrase, text, start, end) for phrase in _unspaced(self.phrases))

    def has_accented(self, name: str) -> bool:
        """Say whether a name has a word that counts with its accents alone."""
        said = set(_WORD.findall(unicodedata.normalize("NFC", name).casefold()))
        return not said.isdisjoint(self.accented) and bool(self.left_of(_WORD.findall(plain(name).replace("_", " "))))


def _lies_in(phrase: str, text: str, start: int, end: int) -> bool:
    """Say whether a piece of a text lies in this phrase there."""
    return any(found <= start and end <= found + len(phrase) for found in range(len(text)) if text.startswith(phrase, found))


@lru_cache(maxsize=32)
def _spaced(words: frozenset[str]) -> tuple[str, ...]:
    """Return the words of scripts with spaces, with one sign between their words."""
    return tuple(_APART.sub("_", word) for word in words if sets_spaces(word))


@lru_cache(maxsize=32)
def _lookup(words: frozenset[str]) -> frozenset[str]:
    return frozenset(_spaced(words))


@lru_cache(maxsize=32)
def _most_words(phrases: frozenset[str]) -> int:
    return max((phrase.count("_") + 1 for phrase in _spaced(phrases)), default=0)


def _runs_in(words: list[str], phrases: frozenset[str]) -> frozenset[str]:
    """Return all that stands in a name word by word, as long as the longest phrase: far fewer than there are phrases."""
    most = _most_words(phrases)
    return frozenset("_".join(words[n:end]) for n in range(len(words)) for end in range(n + 1, min(n + most, len(words)) + 1))


@lru_cache(maxsize=32)
def _endings(words: frozenset[str]) -> tuple[str, ...]:
    return tuple(words)


@lru_cache(maxsize=32)
def _unspaced(words: frozenset[str]) -> tuple[str, ...]:
    """Return the words of scripts without spaces."""
    return tuple(word for word in words if not sets_spaces(word))


NOTHING_ELSE = Elsewhere()


@lru_cache(maxsize=4096)
def is_name(key: str) -> bool:
    """Say whether a key tells a name of a thing today, in any language: ``name:ar`` and ``alt_name``, no former one."""
    return plain_key(key) in NAME_KEYS or key.startswith("name:")


def is_named(tags: Tags, words: frozenset[str], elsewhere: Elsewhere = NOTHING_ELSE) -> bool:
    """Say whether any name of a feature calls it one of these."""
    return any(is_called(tags[key], words, elsewhere) for key in tags if is_name(key))


@lru_cache(maxsize=16384)
def is_called(name: str, words: frozenset[str], elsewhere: Elsewhere = NOTHING_ELSE) -> bool:
    """Say whether a name has one of these words, or a word that ends as one does.

    Capitals of other scripts are read both ways beside Latin letters, as look-alikes of such and as their own. What stands
    between brackets, commas and dashes, or is joined by a word, is asked by itself, too: a car park and mosque is a mosque.
    """
    readings = (name, name.lower()) if _LATIN.search(name) else (name.lower(),)
    if _is_abbreviated(name, elsewhere) or elsewhere.has_accented(name):
        return True
    words = _with(words, elsewhere.also)
    reported = {plain(part) for reading in readings for part in (reading, *_SEGMENTS.split(reading))}
    reported |= {part for text in reported for part in joined_parts(text)}
    reported |= {reading for text in reported for reading in figures_as_letters(text)}
    return any(_has_one(text, words, elsewhere) or _is_saint(text, elsewhere) for text in reported)


@lru_cache(maxsize=8)
def _with(words: frozenset[str], also: frozenset[str]) -> frozenset[str]:
    return words | also


def _is_abbreviated(name: str, elsewhere: Elsewhere) -> bool:
    """Say whether a name has an abbreviation of a school or a clinic: СОШ № 5, ZŠ Lipová, SP nr 12, XIV LO.

    >>> rules = Elsewhere(capitals=frozenset({"ehpad"}), capitals_first=frozenset({"sp"}), last=frozenset({"motors"}))
    >>> [_is_abbreviated(name, rules) for name in ("EHPAD Les Tilleuls", "S.P. nr 12", "SP Motors", "Vespa SP", "Sp. z o.o.")]
    [True, True, False, False, False]
    """
    tokens = _TOKEN.findall(_DOTTED.sub(lambda found: found[0].replace(".", ""), name))
    while tokens and (_NUMERAL.fullmatch(tokens[0]) or len(tokens[0]) < _SHORTEST_CAPITALS):
        tokens.pop(0)
    if not any(len(token) >= _SHORTEST_CAPITALS and token.isupper() for token in tokens):
        return False
    if not elsewhere.left_of(_WORD.findall(plain(name).replace("_", " "))):
        return False
    if any(token.isupper() and plain(token) in elsewhere.capitals for token in tokens):
        return True
    is_all_capitals = len(tokens) > 1 and not any(token.islower() or token.istitle() for token in tokens[1:])
    is_numbered = any(sign.isdigit() for sign in name)
    first = plain(tokens[0]).rstrip("0123456789")
    return first in elsewhere.capitals_first and tokens[0].isupper() and (is_numbered or not is_all_capitals)


def _is_saint(text: str, elsewhere: Elsewhere) -> bool:
    """Say whether a name is that of a saint and no more: St. Bonifatius, Notre-Dame-des-Champs, St. Peter und Paul.

    >>> words = {"saints": {"st", "santa"}, "saints_none": {"court"}, "between": {"delle"}}
    >>> rules = Elsewhere(**{name: frozenset(each) for name, each in words.items()})
    >>> [_is_saint(text, rules) for text in ("st._bonifatius", "santa_maria_delle_grazie", "st_johns_court", "st")]
    [True, True, False, False]
    """
    words = _WORD.findall(text.replace("_", " "))
    opened = next((n for n in (2, 1) if "_".join(words[:n]) in elsewhere.saints and len(words) >= n), 0)
    rest = [word for word in words[opened:] if word not in elsewhere.between and len(word) > 1]
    most = _MOST_OF_SAINT + (opened == 2) + any(word in _JOINING_SAINTS for word in rest) * 2 + ("maria" in rest)
    is_long_enough = opened == 2 or bool(rest)
    return (
        opened > 0
        and is_long_enough
        and len(rest) <= most
        and elsewhere.saints_none.isdisjoint(rest)
        and len(elsewhere.left_of(words)) == len(words)
        and elsewhere.others.isdisjoint(rest)
    )


def _has_one(text: str, words: frozenset[str], elsewhere: Elsewhere) -> bool:
    reported = elsewhere.left_of(_WORD.findall(text.replace("_", " ")), words)
    return (
        any(
            elsewhere.says(text, word, end)
            for word in (() if text.isascii() else _unspaced(words))
            for end in ends_of(word, text)
        )
        or any(
            _ends_as(word, words) or _begins_as(word, words) or word.startswith(_endings(elsewhere.stems)) for word in reported
        )
        or _is_saints_church(reported, elsewhere.saints)
        or (len(reported) > 1 and reported[-1] in _SCHOOLS_AT_END)
        or not _runs_in(reported, words).isdisjoint(_lookup(words))
    )


def _ends_as(word: str, words: frozenset[str]) -> bool:
    if word in words or any(word.removeprefix(article) in words for article in _ARTICLES):
        return True
    if any(word[start:] in words for start in range(1, len(word) - _SHORTEST_ENDING + 1)):
        return True
    # A compound with an article or a case behind it: rigshospitalet.
    inflected = (word[:-tail] for tail in range(1, _LONGEST_TAIL + 1))
    return any(form[start:] in words for form in inflected for start in range(1, len(form) - _SHORTEST_INFLECTED + 1))


def _is_saints_church(words: list[str], saints: frozenset[str]) -> bool:
    """Say whether a word ends as a church of the Netherlands does: a long one (Westerkerk), or behind a saint (Sint-Jankerk)."""
    ends = [word for word in words if word.endswith(_SHORT_CHURCHES) and len(word) >= _LONG_CHURCH]
    return bool(ends) or any(one in saints and other.endswith(_SHORT_CHURCHES) for one, other in pairwise(words))


def _begins_as(word: str, words: frozenset[str]) -> bool:
    """Say whether a word is one of a set with a few letters behind it: an ending of case or number."""
    return any(word[:-tail] in words for tail in range(1, _LONGEST_TAIL + 1) if len(word) - tail >= _SHORTEST_STEM)
