"""Tell an answer from a word that people write where they have none: "n/a", "unknown", "keine Angabe"."""

import re

from lhasaplan.core.base.spelling import plain

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
    pieces = [bare for bare in map(_bare, _JOINED_BY.split(text)) if bare]
    return bool(pieces) and all(piece in words for piece in pieces)
