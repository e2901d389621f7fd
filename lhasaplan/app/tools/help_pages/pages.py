"""Which pages of help there are: files of Markdown under reports/help, a folder a language, with their pictures."""

from dataclasses import dataclass
from pathlib import Path

from lhasaplan.content import content_folder


@dataclass(frozen=True, slots=True)
class Page:
    """A page by its title, the first heading in it."""

    title: str
    text: str


def help_folder() -> Path:
    """Return where the pages lie."""
    return content_folder("reports") / "help"


def pages_of(language: str) -> tuple[Page, ...]:
    """Return the pages in a language in their order; in English where there are none in it."""
    folder = help_folder() / language
    files = sorted((folder if folder.is_dir() else help_folder() / "en").glob("*.md"))
    texts = (file.read_text("utf-8") for file in files)
    return tuple(Page(text.splitlines()[0].lstrip("# ").strip(), text) for text in texts)
