"""Measure the texts that readers get: words a sentence, share of passive, long sentences and banned phrases, by language.

python tools/measure_language.py            a line for each language
python tools/measure_language.py --worst 10 the longest sentences of each language beside it
"""

import argparse
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from lhasaplan.core.base.translations import LANGUAGES  # noqa: E402

RULES = Path(__file__).with_name("plain_language.toml")
SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])|\n+")
WORD = re.compile(r"\w+(?:['’-]\w+)*")


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found in the texts of one language."""

    language: str
    texts: int
    sentences: int
    mean_words: float
    long_share: float
    passive_share: float
    banned: tuple[str, ...]
    worst: tuple[str, ...]


def texts_of(language: str) -> Iterator[str]:
    """Give every text in a language: translations (English ones are the keys), data with terms, and pages of help."""
    folder = ROOT / "reports" / "translations"
    for path in sorted((folder / ("fr" if language == "en" else language)).glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        yield from (table if language == "en" else table.values())
    for path in [folder / "singular.toml", *sorted((ROOT / "data").glob("**/*.toml"))]:
        yield from _said(tomllib.loads(path.read_text("utf-8")), language)
    for path in sorted((ROOT / "reports" / "help" / language).glob("*.md")):
        yield from path.read_text("utf-8").splitlines()


def _said(value: Any, language: str) -> Iterator[str]:
    """Give what stands by a language's code, wherever in a file."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == language and isinstance(inner, str):
                yield inner
            yield from _said(inner, language)
    elif isinstance(value, list):
        for inner in value:
            yield from _said(inner, language)


def measured(language: str, worst: int = 0) -> Measured:
    """Measure all texts of a language by its rule."""
    rule = tomllib.loads(RULES.read_text("utf-8"))[language]
    texts = list(dict.fromkeys(texts_of(language)))
    sentences = [one for text in texts for one in SENTENCE.split(text) if _length(one, language) > 2]
    lengths = [_length(one, language) for one in sentences]
    passive, phrases = re.compile(rule["passive"]), (*rule["banned"], *(row[2] for row in rule["terms"]))
    longest = sorted(zip(lengths, sentences, strict=True), reverse=True)[:worst]
    return Measured(
        language,
        len(texts),
        len(sentences),
        sum(lengths) / max(len(lengths), 1),
        sum(length > rule["long_words"] for length in lengths) / max(len(lengths), 1),
        sum(bool(passive.search(one)) for one in sentences) / max(len(sentences), 1),
        tuple(f"{phrase}: {text}" for phrase in phrases for text in texts if re.search(phrase, text)),
        tuple(f"{length} {text}" for length, text in longest),
    )


def _length(sentence: str, language: str) -> int:
    """Return the words of a sentence; of Chinese its signs."""
    return sum(char > "\u2e80" for char in sentence) if language == "zh_CN" else len(WORD.findall(sentence))


def main() -> int:
    """Print the figures; exit code 1 where a banned phrase came back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worst", type=int, default=0)
    found = [measured(language, parser.parse_args().worst) for language in LANGUAGES]
    print("language  texts  sentences  words/sentence  long  passive  banned")
    for one in found:
        shares = f"{one.long_share:5.1%}  {one.passive_share:7.1%}"
        print(f"{one.language:8} {one.texts:6} {one.sentences:10} {one.mean_words:15.1f} {shares}  {len(one.banned):6}")
    for line in (f"{one.language}: {text}" for one in found for text in (*one.banned, *one.worst)):
        print(line)
    return 1 if any(one.banned for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
