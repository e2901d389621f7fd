"""Write keys, values and names in one way, so that they can be compared in any script, and without signs that no page prints."""

from __future__ import annotations  # types that are named here alone are not loaded

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from operator import is_
from typing import TYPE_CHECKING, Any, TypeVar, cast

from lhasaplan.core.base.kept_shapes import kept_readers, replace_kept

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# Text from files, without signs that no page can print.

# Spell a name in letters that every system takes in the name of a file.
LONGEST = 40


def unaccented(text: str) -> str:
    """Return a text in small letters without accents, whatever its script.

    >>> unaccented("Größe")
    'grosse'
    """
    # Squared and circled capitals are letters with a case only once they are taken apart, and small ones come apart again.
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def plain_letters(text: str) -> str:
    """Return small letters and digits of ASCII with hyphens between words; empty for a name without any.

    >>> plain_letters("Straßen- & Tiefbauamt / Süd")
    'strassen-tiefbauamt-sud'
    """
    plain = unaccented(text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-")


# Controls but tab and line ends, signs that turn the reading direction, halves of surrogate pairs, and what is no character.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]+")
_NO_TEXT = frozenset((float, int, bool, type(None)))
Value = TypeVar("Value")


def printable(text: str) -> str:
    r"""Return the text without signs that no document may hold or that make it read otherwise than it is stored.

    >>> printable("Gate \x07north"), printable("a\tb"), printable("\u202egnp.exe")
    ('Gate north', 'a\tb', 'gnp.exe')
    """
    return text if text.isprintable() else _UNPRINTABLE.sub("", text)


def printable_values(value: Value, skipped: Collection[str] = ()) -> Value:
    """Return a value with every text in it printable; the very same object where all was.

    Frozen dataclasses, tuples, lists and mappings are walked, ``skipped`` names fields that are not.
    """
    return cast("Value", _walked(value, skipped))


def _walked(value: object, skipped: Collection[str]) -> object:
    cls: type = type(value)
    return _way_through(cls)(value, skipped)


@cache
def _way_through(cls: type) -> Callable[[Any, Collection[str]], object]:
    """Return how values of a class are walked; asking each value of a city what it is would take longest."""
    if issubclass(cls, str) and not issubclass(cls, Enum):
        return _walked_text
    if issubclass(cls, Mapping):
        return _walked_mapping
    if cls in (tuple, list):
        return _walked_members
    return _walked_fields if is_dataclass(cls) else _as_it_is


def _as_it_is(value: object, _skipped: Collection[str]) -> object:
    return value


def _walked_text(text: str, _skipped: Collection[str]) -> object:
    return printable(text)


def _walked_mapping(value: Mapping[object, object], skipped: Collection[str]) -> object:
    after = {_walked(key, skipped): _walked(each, skipped) for key, each in value.items()}
    return value if _is_same((*value, *value.values()), (*after, *after.values())) else after


def _walked_members(value: tuple[object, ...] | list[object], skipped: Collection[str]) -> object:
    members = [each if type(each) in _NO_TEXT else _walked(each, skipped) for each in value]
    return value if _is_same(value, members) else type(value)(members)


def _walked_fields(value: DataclassInstance, skipped: Collection[str]) -> object:
    changed: dict[str, object] = {}
    for name, read in kept_readers(type(value)):
        if name not in skipped and type(before := read(value)) not in _NO_TEXT:
            after = _walked(before, skipped)
            if after is not before:
                changed[name] = after
    return replace_kept(value, **changed) if changed else value


def _is_same(before: Sequence[object], after: Sequence[object]) -> bool:
    return len(before) == len(after) and all(map(is_, before, after))


# Write keys, values and names in one way, so that they can be compared in any script.
_JOINTS = re.compile(r"[\s_-]+")
_NUMBERED = re.compile(r"[_:]\d{1,2}$")
# Scripts whose words stand apart; in others (Chinese, Thai …) a word may stand anywhere in a text.
_SPACED = re.compile(
    r"[a-z'_\u00b7\u00df-\u024f\u0370-\u03ff\u0400-\u052f\u0531-\u058f\u0590-\u06ff\u0750-\u077f\u10a0-\u10ff\u2c80-\u2cff]+"
)
_TSHEG, _SHAD = "\u0f0b", "\u0f0c\u0f0d\u0f0e\u0f11\u0f14"  # what parts the syllables of Tibetan, and its sentences
_GENITIVE = "\u0f60"  # written on the last syllable of a word, without a tsheg: དགོན་པའི
_ENDS = f"_{_TSHEG}{_SHAD}"  # that a word has at its end or has not
_FIGURED = re.compile(r"(?:[a-z][0-9|$@]|[0-9|$@][a-z])")
_FIGURES = (str.maketrans("01345789$@|", "oieastbgsai"), str.maketrans("01345789$@|", "oleastbgsal"))  # m0sque, c1inic, schoo1
_SIGNS = r"""[;,|/&+<>()\[\]{}\n:?!.…=#*"“”„«»\\→·\u0f0d\u0f0e"""
_LISTED = re.compile(_SIGNS + r"\u3001\u3002\uff0c\uff1b\uff0f\uff1a\u060c\u061b\u061f\u2022]")
# Words that join two uses in one value, "bench and mosque"; East Asian scripts set no spaces round them.
_JOINING = re.compile(
    r"_(?:and|or|oder|ou|lub|nebo|alebo|eller|veya|или|або|או|أو|und|et"
    r"|y|e|i|en|og|och|ja|ve|va|with|mit|avec|con|com|dan|na|и|та|с|во|و|ו|και)_|[和与與及と]|및"
)
# Accents and vowel points that writers leave out: of Latin, Greek and Cyrillic, Hebrew, Arabic. In Thai, Tibetan and the
# scripts of India such marks are letters, and without them one word is another.
_LEFT_OUT = re.compile(
    "[\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]"
)
# Letters that a reader takes for Latin ones, small and large (Unicode TS 39, the common ones).
_LOOK_ALIKES = {
    "аеорсухіјѕһԁԛԝӏкмт": "aeopcyxijshdqwlkmt",  # Cyrillic
    "АВЕКМНОРСТУХІЈЅԚԜ": "ABEKMHOPCTYXIJSQW",
    "αορνικτχευ": "aopviktxeu",  # Greek
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ": "ABEZHIKMNOPTYX",
    "օոսհցզգք": "onuhgqqp",  # Armenian
    "ՕՍՏԼՈՀ": "OUSLNH",
    "ⲟⲣⲥⲭⲕ": "opcxk",  # Coptic
    "ⲀⲂⲤⲈⲎⲒⲔⲘⲚⲞⲢⲦⲨⲬ": "ABCEHIKMNOPTYX",
    "ᎪᏴᏟᎠᎬᎶᎻᎫᏦᏞᎷᏢᎡᏚᎢᏙᏔᏃ": "ABCDEGHJKLMPRSTVWZ",  # Cherokee
    "ꓮꓐꓚꓓꓰꓝꓖꓧꓲꓙꓗꓡꓟꓠꓳꓑꓣꓢꓔꓴꓦꓪꓫꓬꓜ": "ABCDEFGHIJKLMNOPRSTUVWXYZ",  # Lisu
    "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫꞯʀꜱᴛᴜᴠᴡʏᴢ": "abcdefghijklmnopqqrstuvwyz",  # small capitals
    "ıɑɡɩʋ": "iagiu",
    "łøđħŧŋ": "lodhtn",  # Latin letters that no accent comes off from
    "ŁØĐĦŦŊ": "LODHTN",
    "ةىیېکگڪۀھہە": "هيييكككهههه",  # Arabic letters that one writer has for another
    "’ʼʻ‘´`": "''''''",
}
_ONE_FOR_ONE = {ord(each): other for letters, others in _LOOK_ALIKES.items() for each, other in zip(letters, others, strict=True)}
_LETTERS = {**_ONE_FOR_ONE, ord("æ"): "ae", ord("Æ"): "AE", ord("œ"): "oe", ord("Œ"): "OE", ord("þ"): "th", ord("ð"): "d"}


@lru_cache(maxsize=65536)
def plain(text: str) -> str:
    """Return a key, value or name as it is compared: without case, accents, invisible signs, and the sign that joins words.

    A letter that looks like a Latin one counts as that. The last tsheg of a Tibetan word is no part of it.

    >>> plain(" Place of Worship"), plain("Résidentiel"), plain("m\u043esque"), plain("Kościół"), plain("ལྷ་ཁང་")
    ('place_of_worship', 'residentiel', 'mosque', 'kosciol', 'ལྷ་ཁང')
    """
    if text.isascii():
        return _JOINTS.sub("_", text.casefold()).strip("_")
    signs = unicodedata.normalize("NFKD", text.translate(_LETTERS)).translate(_LETTERS).casefold().translate(_LETTERS)
    bare = _LEFT_OUT.sub("", unicodedata.normalize("NFKD", signs))
    shown = "".join(c for c in bare if unicodedata.category(c) != "Cf").strip()
    return _JOINTS.sub("_", unicodedata.normalize("NFC", shown)).strip(_ENDS)


@lru_cache(maxsize=65536)
def plain_key(text: str) -> str:
    """Return a key as it is compared: the second of two alike is numbered, by mappers and by programs that join tables.

    >>> plain_key("Amenity_1"), plain_key("amenity:2")
    ('amenity', 'amenity')
    """
    return plain(_NUMBERED.sub("", text.strip()))


@lru_cache(maxsize=65536)
def plain_values_of(text: str) -> tuple[str, ...]:
    """Return the single values of a tag as they are compared, however listed or joined; what is joined counts whole, too.

    >>> plain_values_of("Clinic / Doctors"), plain_values_of("bench and mosque")
    (('clinic_/_doctors', 'clinic', 'doctors'), ('bench_and_mosque', 'bench', 'mosque'))
    """
    # Capitals of other scripts are read both ways: a Greek eta is small no H.
    readings = (text,) if text.isascii() else (text, text.lower())
    listed = [plain(each.strip().strip("'")) for reading in readings for each in (reading, *_LISTED.split(reading))]
    return tuple(dict.fromkeys(part for value in listed for part in (value, *joined_parts(value), *figures_as_letters(value))))


def joined_parts(value: str) -> list[str]:
    """Return the parts of a value that a word joins, none of one that is whole."""
    # Twice the joints, so that one word may stand between two that join.
    parts = [part.strip("_") for part in _JOINING.split(value.replace("_", "__"))]
    return [part.replace("__", "_") for part in parts] if len(parts) > 1 else []


def sets_spaces(word: str) -> bool:
    """Say whether a word is of a script whose words stand apart.

    >>> sets_spaces("mosque"), sets_spaces("мечеть"), sets_spaces("清真寺"), sets_spaces("วัด")
    (True, True, False, False)
    """
    return _SPACED.fullmatch(word) is not None


def ends_of(word: str, text: str) -> tuple[int, ...]:
    """Return where a word of a script without spaces ends in a text, each time that it stands there.

    A single sign begins no longer word: 昭觉寺 is a temple, 寺田 a family; one of Hangul is a word alone. Tibetan words begin and
    end with syllables.

    >>> ends_of("医院", "第一医院"), ends_of("寺", "大昭寺"), ends_of("寺", "寺田"), ends_of("ལྷ་ཁང", "རྩེ་ལྷ་ཁང་ཆེན")
    ((4,), (3,), (), (10,))
    """
    if word not in text:
        return ()
    ends = [found.end() for found in re.finditer(re.escape(word), text)]
    if len(word) == 1:
        is_hangul = "\uac00" <= word <= "\ud7a3"
        return tuple(end for end in ends if text == word or (end > 1 and not is_hangul))
    if _is_tibetan(word):
        ends = [end for end in ends if _is_whole(text, end - len(word), end)]
    return tuple(ends)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Say whether a Tibetan word stands between ends of syllables."""
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    is_begun = not before or not _is_tibetan(before) or before in _ENDS
    return is_begun and (not after or not _is_tibetan(after) or after in _ENDS + _GENITIVE)


def _is_tibetan(text: str) -> bool:
    return "\u0f00" <= text[0] <= "\u0fff"


def figures_as_letters(value: str) -> tuple[str, ...]:
    """Return a word with the letters that its figures look like, both ways where a 1 may be two; none where it has none.

    >>> figures_as_letters("m0sque"), figures_as_letters("c1inic"), figures_as_letters("2024")
    (('mosque',), ('ciinic', 'clinic'), ())
    """
    return tuple(dict.fromkeys(value.translate(table) for table in _FIGURES)) if _FIGURED.search(value) else ()


def is_one_letter_off(word: str, other: str) -> bool:
    """Say whether one letter is wrong, too many or missing, or two have changed places.

    >>> [is_one_letter_off(word, "mosque") for word in ("mosqe", "mosqque", "mozque", "moqsue", "mosque", "masquer")]
    [True, True, True, True, False, False]
    """
    if len(word) == len(other):
        wrong = [n for n, (one, another) in enumerate(zip(word, other, strict=True)) if one != another]
        return len(wrong) == 1 or (len(wrong) == 2 and _is_swapped(word, other, *wrong))
    longer, shorter = (word, other) if len(word) > len(other) else (other, word)
    return any(left == shorter for left in without_a_letter(longer))


def _is_swapped(word: str, other: str, first: int, second: int) -> bool:
    """Say whether two neighbouring letters changed places."""
    return second == first + 1 and word[first] == other[second] and word[second] == other[first]


def without_a_letter(word: str) -> tuple[str, ...]:
    """Return the word without its first letter, without its second, and so on."""
    return tuple(word[:n] + word[n + 1 :] for n in range(len(word)))


def runs_of(value: str, others: frozenset[str]) -> tuple[str, ...]:
    """Return what a value of several words begins and ends with: a "Catholic church" is one; none where a word makes it another.

    >>> runs_of("no_2_mosque", frozenset()), runs_of("school_bus_stop", frozenset({"bus"}))
    (('mosque', 'no', 'no_mosque'), ())
    """
    words = [word for part in value.split("_") if (word := part.strip("0123456789"))]
    if words == [value] or not others.isdisjoint(words):
        return ()
    runs = {"_".join(part) for n in range(1, len(words) + 1) for part in (words[:n], words[-n:])}
    return tuple(sorted(runs))


# Tell an answer from a word that people write where they have none: "n/a", "unknown", "keine Angabe".

# The least that counts as no answer in a mandate or a decision; data may add words (data/audit.toml), never take one away.
# Written without case, accents, signs and spaces.
_WORDS = (
    *("na", "nan", "null", "nil", "none", "nothing", "nobody", "noone", "no", "unknown", "notknown", "notapplicable"),
    *("notavailable", "undefined", "unspecified", "notspecified", "notstated", "notyet", "notdecided", "undecided", "open"),
    *("pending", "tbd", "tba", "tbc", "tobedefined", "tobedetermined", "tobedecided", "tobenamed", "tobeconfirmed"),
    *("tobeannounced", "todo", "empty", "missing", "placeholder", "dummy", "xx", "xxx", "xxxx", "asap"),
    *("inconnu", "inconnue", "neant", "aucun", "aucune", "sans", "sansobjet", "so", "nonrenseigne", "nonprecise", "nr", "nd"),
    *("adefinir", "adeterminer", "apreciser", "acompleter", "aconfirmer", "afaire", "encours", "rien", "personne"),
    *("unbekannt", "keine", "keiner", "kein", "keines", "ka", "keineangabe", "keineangaben", "entfallt", "offen", "niemand"),
    *("nichtbekannt", "nochoffen", "nochunbekannt", "folgt", "nichts", "fehlt", "ohne"),
    *("无", "未知", "不详", "待定", "没有", "暂无", "未定", "不适用", "不明", "空", "无此项", "待补充", "待确认", "未填"),
    *("desconocido", "ninguno", "ninguna", "nada", "pordefinir", "sconosciuto", "nessuno", "nessuna", "dadefinire"),
    *("onbekend", "geen", "nvt", "okand", "ukjent", "ukendt", "ingen", "tuntematon", "eitiedossa", "brak", "nieznany"),
    *(
        "nonapplicable",
        "noaplica",
        "noaplicable",
        "naoaplicavel",
        "naoseaplica",
        "nonapplicabile",
        "nichtzutreffend",
        "entfaellt",
    ),
    *(
        "nichtanwendbar",
        "nn",
        "nietvantoepassing",
        "ejtillampligt",
        "ikkeaktuelt",
        "eisovellettavissa",
        "niedotyczy",
        "brakdanych",
    ),
    *(
        "neuvedeno",
        "nezadano",
        "neznamo",
        "nincs",
        "nincsadat",
        "necunoscut",
        "niciunul",
        "άγνωστο",
        "κανένα",
        "bilinmiyor",
        "yok",
    ),
    *("неприменимо", "неуказано", "отсутствует", "невідомо", "немає", "لا يوجد", "غير معروف", "غير محدد", "لا شيء", "نامشخص"),
    *("ندارد", "לא ידוע", "אין", "लागू नहीं", "अज्ञात", "প্রযোজ্য নয়", "ไม่มี", "ไม่ทราบ", "không có", "không rõ", "tidak ada"),
    *(
        "tidakdiketahui",
        "tiada",
        "不適用",
        "未知",
        "無",
        "不詳",
        "該当なし",
        "不明",
        "해당없음",
        "미상",
        "མེད",
        "мэдэгдэхгүй",
        "байхгүй",
    ),
    *("უცნობია", "անհայտ", "haijulikani", "hakuna", "የለም"),
    *("desconhecido", "nenhum", "неизвестно", "нет", "未定義", "なし", "未登録", "없음", "미정"),
)
_JOINED_BY = re.compile(r"[/,;:()|\[\]–—-]+")


def _bare(text: str) -> str:
    """Return the letters and digits of a text as they are compared, whatever stands between them."""
    return "".join(filter(str.isalnum, plain(text)))


NO_ANSWER = frozenset(map(_bare, _WORDS))


def is_answer(value: object, words: frozenset[str] = NO_ANSWER) -> bool:
    """Return whether a value says something: a number, or a text with a letter that is no word for having no answer.

    A text of several such words, as "unknown (tbd)", is none either; of several texts each has to say something.

    >>> is_answer("N/A"), is_answer("unknown (t.b.d.)"), is_answer("None Road Residents' Board")
    (False, False, True)
    """
    if isinstance(value, str):
        return any(map(str.isalpha, value)) and _bare(value) not in words and not _is_pieces(value, words)
    if isinstance(value, tuple):
        return bool(value) and all(is_answer(one, words) for one in value)
    return value is not None


def bare_words(words: frozenset[str]) -> frozenset[str]:
    """Return words as they are compared, with those that always count."""
    return NO_ANSWER | {bare for bare in map(_bare, words) if bare}


def _is_pieces(text: str, words: frozenset[str]) -> bool:
    """Say whether a text is words of a set alone, joined by slashes or commas."""
    pieces = [bare for bare in map(_bare, _JOINED_BY.split(text)) if bare]
    return bool(pieces) and all(piece in words for piece in pieces)


def iso_date(text: str) -> date | None:
    """Return the calendar date that ISO 8601 writes as YYYY-MM-DD, None for any other text.

    >>> iso_date("2026-02-30") is None
    True
    """
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-31") else None
    except ValueError:
        return None
