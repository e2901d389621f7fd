"""The headings of help, and what is said of a verb that is called wrongly, in the user's language.

The library of the command line (typer) writes both in English and takes no catalogue, so its sentences are known here by their
form. One that it words anew in another version is shown as it is.
"""

import re
from collections.abc import Callable
from typing import Any

import typer

from lhasaplan.core.base.translations import Translations, marked

# What typer writes into a page of help.
IN_HELP = (
    (r"^Usage:", marked("Usage:")),
    (r"^Arguments:$", marked("Arguments:")),
    (r"^Options:$", marked("Options:")),
    (r"^Commands:$", marked("Commands:")),
    (r"\[required\]", marked("[required]")),
    (r"\[default:", marked("[default:")),
    (r"Show\s+this\s+message\s+and\s+exit\.", marked("Show this message and exit.")),
)

# What typer says of a line that it does not understand, and what we say: the groups of the form are the names in the sentence.
SAID_OF_CALLS = (
    (r"Missing argument '(?P<name>\S+?)'\.", marked("{name} is missing.")),
    (r"Missing option '--rules'.*", marked("Name the rule packs: --rules PACK,PACK. The command packs lists them.")),
    (r"Missing option '(?P<name>[^']+)'\..*", marked("The option {name} is missing.")),
    (r"Missing command\.", marked("Name a command.")),
    (
        r"No such option: (?P<name>\S+) \(Possible options: (?P<others>.+)\)",
        marked("There is no option {name}. Do you mean {others}?"),
    ),
    (r"No such option: (?P<name>\S+)", marked("There is no option {name}.")),
    (
        r"No such command '(?P<name>[^']*)'\. Did you mean (?P<others>[^?]*)\?",
        marked("There is no command {name}. Do you mean {others}?"),
    ),
    (r"No such command '(?P<name>[^']*)'\.", marked("There is no command {name}.")),
    (
        r"Invalid value for '(?P<name>[^']+)': Input should be a valid integer.*",
        marked("{name} takes a whole number, e.g. 3."),
    ),
    (r"Invalid value for '(?P<name>[^']+)': Input should be a valid number.*", marked("{name} takes a number, e.g. 2.5.")),
    (r"Got unexpected extra argument\(s\) \((?P<words>.*)\)", marked("This is one word too many: {words}")),
    (r"Option '(?P<name>[^']+)' requires an argument\.", marked("{name} takes a value; none follows it.")),
    (r"Option '(?P<name>[^']+)' does not take a value\.", marked("{name} takes no value.")),
)


def usage_sentence(message: str, translations: Translations) -> str:
    """Return what typer says of a wrong call in the user's language; as it is where its form is not known.

    >>> usage_sentence("No such option: --bogus", Translations())
    'There is no option --bogus.'
    """
    for form, sentence in SAID_OF_CALLS:
        if found := re.fullmatch(form, message, re.DOTALL):
            names = {key: text.replace("'", "") for key, text in found.groupdict().items()}
            return translations(sentence, **names)
    return message


def help_in_language(text: str, translations: Translations) -> str:
    """Return a page of help, or its first line, with the words of typer in the user's language."""
    for form, words in IN_HELP:
        text = re.sub(form, translations(words), text, flags=re.MULTILINE)
    return text


def in_short(text: str) -> str:
    """Return what a verb does as the list of verbs says it: its help up to the first stop or colon.

    >>> in_short("Say how two plans differ: camera by camera. They are judged in one town.")
    'Say how two plans differ.'
    """
    return re.split(r"\s?[:：]|。|\.(?:\s|$)", text, maxsplit=1)[0].strip() + ("。" if "。" in text else ".")


def translate_pages(command: Any, translations: Translations) -> None:
    """Have a command write its page of help, its line of usage and its line in the list of verbs in the user's language."""
    command.short_help = in_short(command.help) if command.help else None
    for name in ("get_help", "get_usage"):
        setattr(command, name, _translated(getattr(command, name), translations))


def _translated(write: Callable[[typer.Context], str], translations: Translations) -> Callable[[typer.Context], str]:
    return lambda context: help_in_language(write(context), translations)


def wrong_call(error: typer.TyperException, translations: Translations) -> str:
    """Return what is said of a wrong call: how the verb is called, where its help is, and what is wrong; or the whole help."""
    context = getattr(error, "ctx", None)
    message = usage_sentence(error.format_message(), translations)
    if context is None or message.startswith(translations(marked("Usage:"))):
        return message
    where = translations(marked("{command} --help says more."), command=context.command_path)
    return f"{context.get_usage()}\n{where}\n\n{message}"
