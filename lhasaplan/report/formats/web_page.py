"""Write a draft as one HTML page to read and print: the words, tables and figures of the Word file, no script, no address."""

import base64
import html
from collections.abc import Iterable, Iterator
from pathlib import Path

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.report.text.document import Block, Bullets, Document, Figure, Grid, Heading, Paragraph, bound_draft
from lhasaplan.report.text.style import template
from lhasaplan.report.text.whole_files import replacing

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
LANGUAGE_TAGS = {"en": "en", "fr": "fr", "zh_CN": "zh-Hans"}
FEWEST_LINKS = 3  # a paper of one or two chapters needs no list of them
TOGETHER = 6  # rows of a table that a printed page does not split


def write_document(draft: Document, path: Path, wording: Wording) -> Path:
    """Write any draft as a page, whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(build(draft, wording), encoding="utf-8")
    return path


def build(draft: Document, wording: Wording) -> str:
    """Return the page of a draft; every word of it is escaped."""
    draft = bound_draft(draft)
    title, subtitle = html.escape(draft.title), html.escape(draft.subtitle)
    banner = html.escape(" · ".join(draft.banners))
    body = f'<body class="has-banner"><p class="banner">{banner}</p>' if banner else "<body>"
    pieces = [
        f'<!DOCTYPE html>\n<html lang="{LANGUAGE_TAGS.get(draft.language, "en")}">\n<head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}: {subtitle}</title><style>{template('report.css')}</style></head>",
        body,
        f'<main><h1>{title}</h1><p class="subtitle">{subtitle}</p>{_contents(draft, wording)}',
        *_blocks(draft.blocks),
        f"</main><footer><p>{html.escape(draft.footer)}</p></footer></body></html>\n",
    ]
    return "\n".join(pieces)


def _contents(draft: Document, wording: Wording) -> str:
    """Return links to the chapters."""
    chapters = [(n, b.text) for n, b in enumerate(draft.blocks) if isinstance(b, Heading) and b.level == 1]
    if len(chapters) < FEWEST_LINKS:
        return ""
    name = html.escape(wording(marked("Contents")), quote=True)
    links = "".join(f'<li><a href="#s{number}">{html.escape(text)}</a></li>' for number, text in chapters)
    return f'<nav aria-label="{name}"><ul>{links}</ul></nav>'


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    """Give each block as HTML; until a chapter opens, sections stand one level higher, so that no level is left out."""
    deeper = 0
    for number, block in enumerate(blocks):
        if isinstance(block, Heading):
            deeper = 1 if block.level == 1 else deeper
            level = 2 if block.level == 1 else block.level + deeper
            page = ' class="new-page"' if block.on_new_page else ""
            yield f'<h{level} id="s{number}"{page}>{html.escape(block.text)}</h{level}>'
        else:
            yield _block(block)


def _block(block: Paragraph | Bullets | Grid | Figure) -> str:
    if isinstance(block, Paragraph):
        return f'<p class="{block.style}">{html.escape(block.text)}</p>'
    if isinstance(block, Bullets):
        return f"<ul>{''.join(f'<li>{html.escape(item)}</li>' for item in block.items)}</ul>"
    return _figure(block) if isinstance(block, Figure) else _table(block)


def _figure(block: Figure) -> str:
    picture = base64.b64encode(block.png).decode("ascii")
    alt = html.escape(block.alt or block.caption, quote=True)
    caption = f"<figcaption>{html.escape(block.caption)}</figcaption>" if block.caption else ""
    size = "wide" if block.width > 0.9 else "small"
    return f'<figure class="{size}"><img alt="{alt}" src="data:image/png;base64,{picture}">{caption}</figure>'


def _table(block: Grid) -> str:
    """Return a table whose heads name their columns and whose first column, where it holds words, names its rows."""
    caption = f"<caption>{html.escape(block.caption)}</caption>" if block.caption else ""
    head = "".join(_cell("th", text, n, block, ' scope="col"') if text else "<td></td>" for n, text in enumerate(block.headings))
    rows = "".join(f"<tr>{''.join(_body(row, block))}</tr>" for row in block.rows)
    body = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    kind = "table short" if len(block.rows) <= TOGETHER else "table"
    shares = "".join(f'<col style="width:{100 * width / sum(block.widths):.1f}%">' for width in block.widths)
    columns = f"<colgroup>{shares}</colgroup>"
    return f'<div class="{kind}"><table>{caption}{columns}{body}</table></div>'


def _body(row: tuple[str, ...], block: Grid) -> Iterator[str]:
    for n, text in enumerate(row):
        names_row = n == 0 and 0 not in block.numeric
        yield _cell("th", text, n, block, ' scope="row"') if names_row else _cell("td", text, n, block)


def _cell(tag: str, text: str, column: int, block: Grid, scope: str = "") -> str:
    number = ' class="number"' if column in block.numeric else ""
    return f"<{tag}{scope}{number}>{html.escape(text)}</{tag}>"
