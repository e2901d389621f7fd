"""The texts of the plugin in the language of QGIS: the English sentence is the key, as in the program."""

import json
from functools import cache
from pathlib import Path

from qgis.core import QgsApplication

LANGUAGES = {"zh": "zh_CN", "fr": "fr", "de": "de"}


def language():
    """Return the program's language that is nearest to QGIS's."""
    return LANGUAGES.get(QgsApplication.locale()[:2], "en")


def marked(text):
    """Return a text that is translated when it is shown."""
    return text


def say(text, **values):
    """Return a text in the language of QGIS; values are set in once and are not read again."""
    return _texts(language()).get(text, text).format(**values)


@cache
def _texts(of):
    return {} if of == "en" else json.loads(Path(__file__).with_name(f"texts_{of}.json").read_text("utf-8"))
