"""A draft before it has a format: headings, paragraphs, tables, figures, and what every page must say."""

from dataclasses import dataclass, replace

from lhasaplan.report.text.numerals import bound


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 opens a chapter."""

    text: str
    level: int = 1
    on_new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; ``style`` is body, lead, small, warning, or record, which stays with what follows."""

    text: str
    style: str = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A short list."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of finished text. ``widths`` are relative; numeric columns stand to the right."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    caption: str = ""
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its caption; ``width`` is a share of the text width, ``alt`` the words for who cannot see it."""

    png: bytes
    caption: str
    width: float = 1.0
    alt: str = ""


Block = Heading | Paragraph | Bullets | Grid | Figure


@dataclass(frozen=True, slots=True)
class Document:
    """A whole draft. ``banners`` stand at the head of every page."""

    title: str
    subtitle: str
    language: str
    banners: tuple[str, ...]
    blocks: tuple[Block, ...]
    footer: str = ""

    def text(self) -> str:
        """Return all words of the draft, for comparing by meaning."""
        return "\n".join([self.title, self.subtitle, *self.banners, *map(_words, self.blocks)])


def bound_draft(draft: Document) -> Document:
    """Return a draft in which no line may end inside a number or between it and its unit."""
    title, subtitle, footer = map(bound, (draft.title, draft.subtitle, draft.footer))
    blocks = tuple(map(_bound_block, draft.blocks))
    return replace(draft, title=title, subtitle=subtitle, footer=footer, banners=tuple(map(bound, draft.banners)), blocks=blocks)


def _bound_block(block: Block) -> Block:
    if isinstance(block, Bullets):
        return Bullets(tuple(map(bound, block.items)))
    if isinstance(block, Grid):
        rows = tuple(tuple(map(bound, row)) for row in block.rows)
        return replace(block, headings=tuple(map(bound, block.headings)), rows=rows, caption=bound(block.caption))
    if isinstance(block, Figure):
        return replace(block, caption=bound(block.caption))
    return replace(block, text=bound(block.text))


def _words(block: Block) -> str:
    if isinstance(block, Bullets):
        return "\n".join(block.items)
    if isinstance(block, Grid):
        return "\n".join([block.caption, *(" | ".join(row) for row in (block.headings, *block.rows))])
    return block.caption if isinstance(block, Figure) else block.text
