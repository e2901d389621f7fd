"""The user's language: named anywhere on the line or in the environment; help texts follow it."""

from collections.abc import Mapping
from typing import Any

from lhasaplan.core.base.wording import Wording, marked

# What the library of the command line says of its own options.
OF_THE_LIBRARY = (
    marked("Install completion for the current shell."),
    marked("Show completion for the current shell, to copy it or customize the installation."),
)


def take_language(words: list[str], environment: Mapping[str, str]) -> tuple[list[str], str]:
    """Return the words without ``--lang X``, and the language they or the environment name."""
    language, rest, position = environment.get("LHASAPLAN_LANG") or "en", [], 0
    while position < len(words):
        word = words[position]
        if word == "--lang" and position + 1 < len(words):
            position += 1
            language = words[position]
        elif word.startswith("--lang="):
            language = word.removeprefix("--lang=")
        else:
            rest.append(word)
        position += 1
    return rest, language


def translate_help(command: Any, wording: Wording) -> Any:
    """Put every help text of a command, its options and its sub-commands into the language."""
    command.help = wording(command.help) if command.help else command.help
    for parameter in command.params:
        if getattr(parameter, "help", None):
            parameter.help = wording(parameter.help)
    for verb in getattr(command, "commands", {}).values():
        translate_help(verb, wording)
    return command
