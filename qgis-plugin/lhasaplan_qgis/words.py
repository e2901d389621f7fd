"""The texts of the plugin in the language of QGIS: the English sentence is the key, as in the program."""

import json
from functools import cache
from pathlib import Path

from qgis.core import QgsApplication

# The files of texts by the first letters of QGIS's name for their language; English needs none.
LANGUAGES = {file.stem[6:8]: file.stem[6:] for file in Path(__file__).parent.glob("texts_*.json")}


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
