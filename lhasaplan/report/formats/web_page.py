"""Write a draft as one HTML page to read and print: the words, tables and figures of the Word file, no script, no address."""

import base64
import html
from collections.abc import Iterator
from pathlib import Path

from lhasaplan.core.base.translations import Translations, marked, spoken
from lhasaplan.report.text.document import (
    TOGETHER,
    Block,
    Bullets,
    Contents,
    Cover,
    Document,
    Figure,
    Grid,
    Heading,
    PageFormat,
    Paragraph,
    bound_draft,
    captioned,
    heading_levels,
    pieces,
)
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.style import template

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
FEWEST_LINKS = 3  # a paper of one or two chapters needs no list of them
DEEPEST = 2  # levels of headings in a list of contents


def write_document(draft: Document, path: Path, translations: Translations) -> Path:
    """Write any draft as a page, whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(build(draft, translations), encoding="utf-8")
    return path


def build(draft: Document, translations: Translations) -> str:
    """Return the page of a draft; every word of it is escaped."""
    draft = bound_draft(draft)
    title, subtitle = html.escape(draft.title), html.escape(draft.subtitle)
    banner = html.escape(" · ".join(draft.banners))
    body = f'<body class="has-banner"><p class="banner">{banner}</p>' if banner else "<body>"
    pieces = [
        f'<!DOCTYPE html>\n<html lang="{spoken(draft.language).web_tag}">\n<head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}: {subtitle}</title><style>{template('report.css')}</style></head>",
        body,
        f"<main>{_head(draft, title, subtitle, translations)}",
        *_blocks(draft),
        f"</main><footer><p>{html.escape(draft.footer)}</p></footer></body></html>\n",
    ]
    return "\n".join(pieces)


def _head(draft: Document, title: str, subtitle: str, translations: Translations) -> str:
    """Return title and links to the chapters; a draft with a cover has them there."""
    if any(isinstance(block, Cover) for block in draft.blocks):
        return ""
    return f'<h1>{title}</h1><p class="subtitle">{subtitle}</p>{_contents(draft, translations)}'


def _contents(draft: Document, translations: Translations) -> str:
    """Return links to the chapters."""
    chapters = [(n, b.text) for n, b in enumerate(draft.blocks) if isinstance(b, Heading) and b.level == 1]
    if len(chapters) < FEWEST_LINKS:
        return ""
    name = html.escape(translations(marked("Contents")), quote=True)
    links = "".join(f'<li><a href="#s{number}">{html.escape(text)}</a></li>' for number, text in chapters)
    return f'<nav aria-label="{name}"><ul>{links}</ul></nav>'


def _blocks(draft: Document) -> Iterator[str]:
    """Give each block as HTML; the title is the only heading of the first level."""
    for number, (block, level) in enumerate(heading_levels(draft.blocks)):
        if isinstance(block, Heading):
            page = ' class="new-page"' if block.on_new_page else ""
            yield f'<h{level + 1} id="s{number}"{page}>{html.escape(block.text)}</h{level + 1}>'
        else:
            yield _block(block, draft)


def _block(block: Block, draft: Document) -> str:
    if isinstance(block, Paragraph):
        return f'<p class="{block.style}">{_running(block.text, draft)}</p>'
    if isinstance(block, Bullets):
        kind = "ol" if block.numbered else "ul"
        return f"<{kind}>{''.join(f'<li>{_running(item, draft)}</li>' for item in block.items)}</{kind}>"
    if isinstance(block, Cover):
        return _cover(block)
    if isinstance(block, Contents):
        return _all_contents(block, draft)
    if isinstance(block, PageFormat):
        return ""  # a page of the web has no format
    return _figure(block, draft) if isinstance(block, Figure) else _table(block) if isinstance(block, Grid) else ""


def _running(text: str, draft: Document) -> str:
    """Return running text; what it refers to is a link."""
    found = pieces(text, draft.labels)
    return "".join(
        f'<a href="#{html.escape(anchor, quote=True)}">{html.escape(piece)}</a>' if anchor else html.escape(piece)
        for piece, anchor in found
    )


def _cover(block: Cover) -> str:
    row = '<tr><th scope="row">{}</th><td>{}</td></tr>'
    rows = "".join(row.format(html.escape(name), html.escape(value)) for name, value in block.facts)
    issuer, title, subtitle = map(html.escape, (block.issuer, block.title, block.subtitle))
    state = "".join(f'<p class="warning">{html.escape(text)}</p>' for text in (block.state, block.level))
    head = f'<p>{issuer}</p><h1>{title}</h1><p class="subtitle">{subtitle}</p>{state}'
    return f'<header class="cover">{head}<table><tbody>{rows}</tbody></table></header>'


def _all_contents(block: Contents, draft: Document) -> str:
    found = [(n, b) for n, b in enumerate(draft.blocks) if isinstance(b, Heading) and b.level <= DEEPEST]
    links = "".join(f'<li class="level-{b.level}"><a href="#s{n}">{html.escape(b.text)}</a></li>' for n, b in found)
    title = html.escape(block.title, quote=True)
    return f'<nav aria-label="{title}"><p class="subtitle">{title}</p><ul>{links}</ul></nav>'


def _anchor(block: Grid | Figure) -> str:
    return f' id="{html.escape(block.anchor, quote=True)}"' if block.anchor else ""


def _figure(block: Figure, draft: Document) -> str:
    picture = base64.b64encode(block.png).decode("ascii")
    alt = html.escape(block.alt or block.caption, quote=True)
    caption = f"<figcaption>{_running(captioned(block), draft)}</figcaption>" if block.caption else ""
    size = "wide" if block.width > 0.9 else "small"
    return f'<figure{_anchor(block)} class="{size}"><img alt="{alt}" src="data:image/png;base64,{picture}">{caption}</figure>'


def _table(block: Grid) -> str:
    """Return a table whose heads name their columns and whose first column, where it holds words, names its rows."""
    shown = ' class="shown"' if block.label else ""
    caption = f"<caption{shown}>{html.escape(captioned(block))}</caption>" if block.caption else ""
    head = "".join(_cell("th", text, n, block, ' scope="col"') if text else "<td></td>" for n, text in enumerate(block.headings))
    rows = "".join(f"<tr>{''.join(_body(row, block))}</tr>" for row in block.rows)
    body = f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    kind = "table short" if len(block.rows) <= TOGETHER else "table"
    kind = f"{kind} large" if block.is_large else kind
    shares = "".join(f'<col style="width:{100 * width / sum(block.widths):.1f}%">' for width in block.widths)
    columns = f"<colgroup>{shares}</colgroup>"
    return f'<div{_anchor(block)} class="{kind}"><table>{caption}{columns}{body}</table></div>'


def _body(row: tuple[str, ...], block: Grid) -> Iterator[str]:
    for n, text in enumerate(row):
        names_row = n == 0 and 0 not in block.numeric
        yield _cell("th", text, n, block, ' scope="row"') if names_row else _cell("td", text, n, block)


def _cell(tag: str, text: str, column: int, block: Grid, scope: str = "") -> str:
    number = ' class="number"' if column in block.numeric else ""
    return f"<{tag}{scope}{number}>{html.escape(text)}</{tag}>"
