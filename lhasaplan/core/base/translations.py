"""User text in the user's language: the English sentence is the key, a catalogue gives the other languages."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lhasaplan.errors import Fault, Where

# Whether the data that the program came with are as shipped, and which of its files are not.


@dataclass(frozen=True, slots=True)
class DataState:
    """Changed, added and missing files, by their paths; ``own_build`` tells that the program is no release."""

    changed: tuple[str, ...] = ()
    own_build: bool = False

    def with_other(self, other: "DataState") -> "DataState":
        """Return what is changed here and there, each file once."""
        return DataState(tuple(dict.fromkeys((*self.changed, *other.changed))), self.own_build or other.own_build)


AS_SHIPPED = DataState()


# Shorten a long list of faults to what a person can read: some of each kind, the rest counted, and the total.
READABLE = 20  # so many are told as they are
_OF_EACH = 5
_MORE = "and {count} more like the one before"


def shortened(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return a short list as it is; of a long one the first of each kind and file, how many more there are, and the total."""
    listed = first_of_each(faults)
    return listed if len(faults) <= READABLE else (*listed, Fault("{count} faults in all", params={"count": count_of(faults)}))


def first_of_each(faults: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return a short list as it is; of a long one the first of each kind and file, and how many more there are."""
    return tuple(faults) if len(faults) <= READABLE else with_counts(faults, _OF_EACH)


def with_counts(faults: Sequence[Fault], most: int) -> tuple[Fault, ...]:
    """Return at most so many faults of each kind and file, and after them how many more there are.

    A list that was shortened before has such counts already: each is added to that of its kind.
    """
    kinds, left_out = dict[tuple[str, str | None], list[Fault]](), Counter[tuple[str, str | None]]()
    key: tuple[str, str | None] = "", None
    for fault in faults:
        if fault.template == _MORE and key in kinds:
            left_out[key] += count_of([fault])
        else:
            key = fault.template, fault.where.file
            kinds.setdefault(key, []).append(fault)
    return tuple(line for key, alike in kinds.items() for line in _listed(alike, most, left_out[key]))


def _listed(alike: Sequence[Fault], most: int, left_out: int) -> list[Fault]:
    """Return the first faults of one kind, and one that says how many more there are."""
    more = max(len(alike) - most, 0) + left_out
    return [*alike[:most], *([Fault(_MORE, Where(alike[0].where.file), {"count": more})] if more else [])]


def count_of(faults: Sequence[Fault]) -> int:
    """Return how many faults a list tells of, with those that it only counts."""
    return sum(int(str(fault.params["count"])) if fault.template == _MORE else 1 for fault in faults)


@dataclass(frozen=True, slots=True)
class SpokenLanguage:
    """A language of the program: its name in itself, its tag on web pages (BCP 47), and its locale in office files.

    ``is_in_every_pack``: a text of the data must have it. Where a text lacks another language the English stands for it.
    """

    name: str
    web_tag: str
    locale: str
    is_in_every_pack: bool = False


SPOKEN = {
    "en": SpokenLanguage("English", "en", "en-GB", is_in_every_pack=True),
    "zh_CN": SpokenLanguage("简体中文", "zh-Hans", "zh-CN", is_in_every_pack=True),
    "fr": SpokenLanguage("Français", "fr", "fr-FR", is_in_every_pack=True),
    "de": SpokenLanguage("Deutsch", "de", "de-DE"),
}  # with a folder of reports/translations each: a language is a row here and its folder
LANGUAGES = tuple(SPOKEN)


def spoken(language: str) -> SpokenLanguage:
    """Return a language by its code; English for one that the program does not speak."""
    return SPOKEN.get(language, SPOKEN["en"])


def in_each_language(texts: Mapping[str, str]) -> dict[str, str]:
    """Return a text of the data in each language; in English where it has none of its own.

    >>> in_each_language({"en": "Moon", "fr": "Lune"})["de"]
    'Moon'
    """
    return {language: texts.get(language, texts["en"]) for language in SPOKEN}


ONE = "{name}=1: "  # before a sentence in a catalogue: how it reads when the number of this name in it is 1


@dataclass(frozen=True, slots=True)
class Translations:
    """Translate ``{name}``-style English templates; without an entry the English text is shown.

    ``state`` says whether the catalogue and the templates of drafts are as shipped, ``sealed`` has the lines of those of
    its files that are.
    """

    language: str = "en"
    catalogue: Mapping[str, str] = field(default_factory=dict)
    state: DataState = AS_SHIPPED
    sealed: Mapping[str, str] = field(default_factory=dict)

    def __call__(self, template: str, **params: object) -> str:
        """Return the template in this language with its parameters filled in; a count of one takes the singular."""
        if not params:
            return self.catalogue.get(template) or template
        text = self._of_one(template, params) or self.catalogue.get(template) or template
        return text.format(**params)

    def number(self, value: float, digits: int = 0) -> str:
        """Return a number as sentences and tables write it: thousands set apart, with the decimal mark of the language.

        >>> Translations("fr", {".": ","}).number(2892.45, 1)
        '2 892,4'
        """
        return f"{value:,.{digits}f}".replace(",", " ").replace(".", self(marked(".")))

    def _of_one(self, template: str, params: Mapping[str, object]) -> str | None:
        """Return how the sentence reads where one of its numbers is 1, if there is a way of its own."""
        for name, value in params.items():
            if str(value) == "1" and (text := self.catalogue.get(ONE.format(name=name) + template)):
                return text
        return None

    @property
    def untouched(self) -> "Translations":
        """Return unchanged translations: English, where an edited file could remove a warning."""
        return self if self.state == AS_SHIPPED else Translations(self.language, self.sealed, sealed=self.sealed)

    def fault(self, fault: Fault) -> str:
        """Return one fault, its place first, in this language."""
        place = fault.where.text(self(marked("row {row}")), self(marked("column {column}")))
        text = self(fault.template, **fault.params) if fault.params else self(fault.template)
        return f"{place}: {text}" if place else text


def marked(template: str) -> str:
    """Mark an English sentence as a key that catalogues must carry (it is translated where it is shown)."""
    return template
