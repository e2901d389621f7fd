"""How drafts look, and how each language cites a law and writes a day, read from the tables in reports/templates."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from lhasaplan.content import content_folder
from lhasaplan.core.base.spelling import iso_date
from lhasaplan.report.text.document import PageFormat

# How drafts look, read from reports/templates/style.toml.


@lru_cache(maxsize=1)
def load_style() -> Mapping[str, Mapping[str, Any]]:
    """Return fonts, page, limits, colours and bands."""
    return tomllib.loads((content_folder("reports") / "templates" / "style.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def load_slide_style() -> Mapping[str, Mapping[str, Any]]:
    """Return page, letter sizes, fit, colours and verdict colours of the slides."""
    return tomllib.loads(template("slides.toml"))


def template(name: str) -> str:
    """Return the text of a file of reports/templates."""
    return (content_folder("reports") / "templates" / name).read_text("utf-8")


def map_colour(name: str) -> str:
    """Return a colour of maps, by what is drawn in it."""
    return str(load_style()["colours"][name])


def band_colour(lower_px_m: float) -> str:
    """Return the colour of the finest band that starts at or below the density."""
    bands = sorted((float(low), str(colour)) for low, colour in load_style()["bands"].items())
    return next((colour for low, colour in reversed(bands) if low <= lower_px_m), bands[0][1])


# How large the pages of drafts are.
A3_CM = (29.7, 42.0)


def page_size_cm(page: PageFormat) -> tuple[float, float]:
    """Return width and height of a page; A4 is what the style file says."""
    style = load_style()["page"]
    short, long = A3_CM if page.size == "A3" else (float(style["width_cm"]), float(style["height_cm"]))
    return (long, short) if page.landscape else (short, long)


def text_width_cm(page: PageFormat) -> float:
    """Return the width between the margins."""
    return page_size_cm(page)[0] - 2.0 * float(load_style()["page"]["margin_cm"])


# Cite a law, guideline or court as lawyers of each language do, by the forms of reports/templates/citations.toml.

APART = re.compile(r" \([^()]*[a-z]{3,}[^()]*\)$")  # what tells two uses of one source apart in a pack
ARTICLE = r"(?:[LR]\d{3}(?:-\d+)?|\d+[a-z]?)"
PLACE = re.compile(rf"({ARTICLE})((?: ?\([0-9a-z]+\))*)")
RANGE = re.compile(r"(\d+[a-z]?)(?:-|–| to )(\d+[a-z]?)|([LR]\d{3}-\d+)(?: to | – )([LR]\d{3}-\d+)")
CHOICE = re.compile(r"\{many:([^|}]*)\|([^}]*)\}")


@lru_cache(maxsize=1)
def load_citations() -> Mapping[str, Any]:
    """Return the forms of all sources."""
    return tomllib.loads(template("citations.toml"))


@lru_cache(maxsize=1024)
def cited(number: str, language: str) -> str:
    """Return the citation of a number of a pack, empty where no form fits it.

    >>> cited("GDPR 5(1)(e)", "de"), cited("EDPB 18-20", "fr")
    ('Art. 5 Abs. 1 lit. e DSGVO', 'lignes directrices 3/2019 du CEPD, points 18 à 20')
    """
    bare = APART.sub("", number)
    if found := _cited_whole(number, language) or _cited_whole(bare, language):
        return found
    for mark in ("; ", ", "):
        pieces = [_cited_whole(piece, language) for piece in bare.split(mark)]
        if len(pieces) > 1 and all(pieces):
            return str(load_citations()["languages"][language]["then"]).join(pieces)
    return ""


def pack_tag(pack: str, language: str) -> str:
    """Return what stands in brackets behind a number that no form fits: a shipped pack in words, another by its name.

    >>> pack_tag("municipal-safety", "de"), pack_tag("town-code", "de")
    ('kommunale Sicherheit', 'town-code')
    """
    return str(load_citations()["packs"].get(pack, {}).get(language, pack))


def rights_of(packs: Iterable[str], language: str) -> dict[str, str]:
    """Return by what a person's rights to access and complaint are cited under the first of these packs that is known for it."""
    known = load_citations()["rights"]
    numbers: Mapping[str, str] = next((row for pack in packs for row in known if pack in row["packs"]), {})
    return {name: cited(number, language) for name, number in numbers.items() if name != "packs"}


def _cited_whole(number: str, language: str) -> str:
    for source in load_citations()["sources"]:
        found = re.fullmatch(source["match"], number)
        if found and language in source:
            return _filled(source, found.groupdict(), language)
    return ""


def _filled(source: Mapping[str, Any], groups: Mapping[str, str], language: str) -> str:
    """Return the form of a source in a language with the places that a number names."""
    known = load_citations()
    texts = {name: _spelt(text) for name, text in groups.items()}
    place = texts.pop("place", "")
    pieces = place.removesuffix(" ff.").split(", ")
    has_more, has_parts = place.endswith(" ff."), "(" in pieces[-1]
    is_many = len(pieces) > 1 or has_more or RANGE.fullmatch(place) is not None
    if "places" in source:
        style, marks = known["places"][source["places"]][language], known["languages"][language]
        pieces = _without_repeats(pieces, style, marks)
        join = marks["after_parts" if any(", " in piece for piece in pieces) else "join"]
        place = join.join([*([marks["between"].join(pieces[:-1])] if pieces[1:] else []), pieces[-1]])
        place += marks["following"] if has_more else ""
    form = CHOICE.sub(r"\2" if is_many else r"\1", source[language])
    return str(form.format(place=place, comma="," if has_parts else "", **texts))


def _without_repeats(pieces: Sequence[str], style: Sequence[str], marks: Mapping[str, str]) -> list[str]:
    """Return several places as a language names them: an article once for all of its parts, the word for many before numbers."""
    found = [_placed(piece, style, marks["to"]) for piece in pieces]
    word, articles = style[0].removesuffix("{}"), [re.split(r"[ (]", piece)[0] for piece in pieces]
    if style[0].endswith("{}") and not any("(" in piece for piece in pieces) and (found[1:] or RANGE.fullmatch(pieces[0])):
        return [marks["many"] * (word != "") + found[0].removeprefix(word), *(each.removeprefix(word) for each in found[1:])]
    if not word and style[0] == "{}":
        return found
    heads = [style[0].format(article) for article in articles]
    return [
        each.removeprefix(heads[n]).lstrip(", ") if n and heads[n] == heads[n - 1] and "(" in pieces[n] else each
        for n, each in enumerate(found)
    ]


def _spelt(text: str) -> str:
    for plain, written in load_citations()["spelling"].items():
        text = text.replace(plain, written)
    return text


def _placed(place: str, style: Sequence[str], to: str) -> str:
    """Return one place, or the two ends of a range, in the style of a language: 5(1)(e) as Abs. 1 lit. e."""
    ends = RANGE.fullmatch(place)
    if not ends:
        return _numbered(place, style)
    first, last = (_numbered(end, style) for end in ends.groups() if end)
    return first + to + (last.removeprefix(style[0][:-2]) if style[0].endswith("{}") else last)


def _numbered(place: str, style: Sequence[str]) -> str:
    found = PLACE.fullmatch(place)
    if not found:
        return place
    article, paragraph, letter = style
    text = article.format(re.sub(r"^([LR])(?=\d)", r"\1. ", found[1]))
    for part in re.findall(r"\(([0-9a-z]+)\)", found[2]):
        text += (paragraph if part.isdigit() else letter).format(part)
    return text


# A day as letters write it.


@lru_cache(maxsize=1)
def _date_forms() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(template("dates.toml"))


def long_date(date: str, language: str) -> str:
    """Return a day as a letter writes it; what is no day of a calendar stays as it is.

    >>> long_date("2026-12-31", "de"), long_date("2026-05-01", "fr"), long_date("2026-05-01", "zh_CN")
    ('31. Dezember 2026', '1er mai 2026', '2026年5月1日')
    """
    day = iso_date(date)
    if day is None:
        return date
    form = _date_forms()[language]
    first = form.get("first", "1") if day.day == 1 else str(day.day)
    return str(form["form"].format(day=first, month=form["months"][day.month - 1], year=day.year))
