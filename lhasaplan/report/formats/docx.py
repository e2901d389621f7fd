"""Write a draft as a Word file: real headings, captions and references, tables whose head repeats, the banner on every page."""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import docx
from docx.document import Document as WordFile
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Length, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.assessment import ShownAssessment, ShownProject
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.documents.audit_and_plan import drafts_of
from lhasaplan.report.formats.docx_parts import (
    COVER_SMALL,
    COVER_STATE,
    DEEPEST,
    PARAGRAPHS,
    RED,
    WordBookmarks,
    add_contents,
    add_field,
    add_label,
    bookmark_of,
    set_page,
    set_properties,
    set_styles,
    settled,
    table_element,
)
from lhasaplan.report.formats.pptx import NO_FILE as NO_SLIDES
from lhasaplan.report.formats.pptx import open_slides
from lhasaplan.report.text.document import (
    SEPARATOR,
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
    pieces,
    stays_with_next,
)
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.style import text_width_cm
from lhasaplan.report.text.template_fields import CONTENT, MarkSpot, fill_marks, reading_template, spots_in, wrong_marks
from lhasaplan.report.text.template_parts import cleaned
from lhasaplan.report.text.text_width import shortened

# What is wrong with the files of an office that drafts are put in, and what is not taken over: one of Word and one of slides.

# An office's own Word file as the template of drafts: its styles, head, foot and logo stay, its marks are filled with text.
BODY = "document"
MARKS = (CONTENT, "title", "subtitle", "issuer", "state", "level", "date", "banner", "footer")
# Our own styles are added where a template has none of that name; those that every Word file has it must keep.
NEEDED = ("Normal", "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Caption", "List Bullet")
NO_FILE = marked("This is not a Word file that can serve as a template; save it as .docx")
NO_STYLE = marked("The template has no paragraph style called {style}; add it, or start from a file made by Word")
NO_CONTENT = marked("The template must have exactly one paragraph that holds only [[content]]: the draft goes there")


def open_template(path: Path) -> WordFile:
    """Return the file as a document, checked.

    InputError with every fault: what is no Word file, styles that are missing, marks that there are not, with part and paragraph.
    """
    with reading_template(path, NO_FILE):
        word = docx.Document(io.BytesIO(cleaned(path.read_bytes(), path.name).content))
        have = {style.name for style in word.styles}
        missing = [Fault(NO_STYLE, Where(file=path.name), params={"style": name}) for name in NEEDED if name not in have]
        faults = [*missing, *_wrong_marks(word, path)]
    if faults:
        raise InputError(*faults)
    return word


def _wrong_marks(word: WordFile, path: Path) -> Iterator[Fault]:
    found = list(spots(word))
    yield from wrong_marks(found, path, MARKS)
    if sum(spot.is_content for spot in found if spot.part == BODY) != 1:
        yield Fault(NO_CONTENT, Where(file=path.name))


def spots(word: WordFile) -> Iterator[MarkSpot]:
    """Give every paragraph of the text, of tables and text boxes, and of heads and feet."""
    parts = {BODY: word.element.body}
    for number, section in enumerate(word.sections, 1):
        for name in ("header", "first_page_header", "even_page_header", "footer", "first_page_footer", "even_page_footer"):
            part = getattr(section, name)
            if not part.is_linked_to_previous:
                parts[f"{name.replace('_', ' ')} {number}"] = part._element
    for name, root in parts.items():
        yield from spots_in(name, root, "w:p")


def values_of(draft: Document) -> Mapping[str, str]:
    """Return what the marks of a draft say; those of a cover are empty where a draft has none."""
    cover = next((block for block in draft.blocks if isinstance(block, Cover)), None)
    reported = {"title": draft.title, "subtitle": draft.subtitle, "date": draft.date, "footer": draft.footer}
    reported["banner"] = " · ".join(draft.banners)
    return reported | {name: getattr(cover, name) if cover else "" for name in ("issuer", "state", "level")}


def fill(word: WordFile, values: Mapping[str, str]) -> list[BaseOxmlElement]:
    """Put the values in, take what follows the content out of the body and return it: it comes back behind the draft."""
    behind: list[BaseOxmlElement] = []
    for spot in list(spots(word)):
        if spot.is_content:
            behind = [each for each in spot.element.itersiblings() if each.tag != qn("w:sectPr")]
            spot.element.getparent().remove(spot.element)
        else:
            fill_marks(spot.element, {**values, CONTENT: ""})
    for each in behind:
        each.getparent().remove(each)
    return behind


NONE_OF = {".docx": NO_FILE, ".pptx": NO_SLIDES}
OPENED = {".docx": open_template, ".pptx": open_slides}
NO_KIND = marked("A template is a Word file (.docx) or a slide file (.pptx)")
MISSING = marked("there is no such file")
ANOTHER = marked("There is already another template of this kind: {file}")


def template_faults(paths: Sequence[Path]) -> tuple[Fault, ...]:
    """Return everything that is wrong with these templates, of all of them at once."""
    return tuple(_faults(paths))


def template_remarks(paths: Sequence[Path]) -> tuple[Fault, ...]:
    """Return what of these templates does not go into drafts, since it would run, fetch or open something, each by name."""
    return tuple(remark for path in paths for remark in _removed(path))


def _removed(path: Path) -> tuple[Fault, ...]:
    with reading_template(path, NONE_OF[path.suffix.lower()]):
        return cleaned(path.read_bytes(), path.name).removed


def _faults(paths: Sequence[Path]) -> Iterator[Fault]:
    first: dict[str, Path] = {}
    for path in paths:
        kind, where = path.suffix.lower(), Where(file=path.name)
        if kind not in OPENED:
            yield Fault(NO_KIND, where)
            continue
        if kind in first:
            yield Fault(ANOTHER, where, params={"file": first[kind].name})
        first.setdefault(kind, path)
        if not path.is_file():
            yield Fault(MISSING, where)
            continue
        try:
            OPENED[kind](path)
        except InputError as error:
            yield from error.faults


HEAD_LINES, FOOT_LINES = 2, 4  # at most: the first page and the chapter on data have all words
ROOM_CM = {"A4": 20.0, "A3": 21.5}  # height that a page leaves for a picture with its heading and caption


def write_docx(
    project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write ``audit.docx`` and, behind the gate, ``plan.docx`` (of one area if given); return the files."""
    drafts = drafts_of(project, assessment, translations, order)
    return [write_document(draft, folder / f"{name}.docx", translations, order.template) for name, draft in drafts.items()]


def write_document(draft: Document, path: Path, translations: Translations, template: Path | None = None) -> Path:
    """Write any draft as a Word file, whole or not at all; ``template`` is the office's own file that it is put in."""
    with replacing(path) as temporary:
        stream = io.BytesIO()
        build(draft, translations, template).save(stream)
        temporary.write_bytes(settled(stream.getvalue(), draft.date))
    return path


def build(draft: Document, translations: Translations, template: Path | None = None) -> WordFile:
    """Return the Word document of a draft.

    InputError for a template that cannot be one, with every fault of it.
    """
    draft = bound_draft(draft)
    word = docx.Document() if template is None else open_template(template)
    behind = [] if template is None else fill(word, values_of(draft))
    set_page(word.sections[-1], PageFormat())
    set_styles(word, draft.language, is_own=template is not None)
    set_properties(word, draft)
    _head_and_foot(word, draft, translations, is_own=template is not None)
    if not any(isinstance(block, Cover) for block in draft.blocks):
        word.add_paragraph(draft.title, style="Title")
        word.add_paragraph(draft.subtitle, style="Subtitle")
    _Body(word, draft).add_all()
    for element in behind:
        word.element.body.insert_element_before(element, "w:sectPr")
    return word


def _head_and_foot(word: WordFile, draft: Document, translations: Translations, *, is_own: bool = False) -> None:
    """Print head and foot; below those of an office's own file stands what every page must say, and its number."""
    section, width = word.sections[0], text_width_cm(PageFormat())
    if not is_own:
        _run(section.header.paragraphs[0], shortened(f"{draft.title} · {draft.subtitle}", width, 8, HEAD_LINES), size=8)
    for banner in draft.banners:
        mark = section.header.add_paragraph()
        mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _run(mark, banner, size=10, bold=True, colour=RED)
    foot = section.footer.add_paragraph() if is_own else section.footer.paragraphs[0]
    _run(foot, f"{shortened(draft.footer, width, 7.5, FOOT_LINES)}    ", size=7.5)
    before, between, after = translations(marked("Page {page} of {pages}")).replace("{pages}", "{page}").split("{page}")
    for text, code in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        _run(foot, text, size=7.5)
        if code:
            add_field(foot, code, "1", Pt(7.5))


def _run(paragraph: WordParagraph, text: str, size: float, bold: bool = False, colour: RGBColor | None = None) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    if colour is not None:
        run.font.color.rgb = colour


class _Body:
    """The blocks of a draft, set one after the other on pages of their formats."""

    def __init__(self, word: WordFile, draft: Document) -> None:
        self._word, self._draft, self._page, self._bookmarks = word, draft, PageFormat(), WordBookmarks()
        self._sticky, self._style_ids = stays_with_next(draft.blocks), dict[str, str | None]()
        self._headings = {number: f"_Toc{number:06d}" for number, block in enumerate(draft.blocks) if isinstance(block, Heading)}

    def add_all(self) -> None:
        """Set all blocks."""
        for number, block in enumerate(self._draft.blocks):
            self._add(number, block)

    def _add(self, number: int, block: Block) -> None:
        if isinstance(block, Heading):
            self._heading(number, block)
        elif isinstance(block, Paragraph):
            paragraph = self._paragraph(PARAGRAPHS[block.style])
            if number in self._sticky or (self._has_tail(number) and self._ends_page(number + 1)):
                paragraph.paragraph_format.keep_with_next = True
            self._text(paragraph, block.text)
        elif isinstance(block, Bullets):
            self._bullets(block)
        elif isinstance(block, Figure):
            self._figure(block)
        elif isinstance(block, Grid):
            self._grid(block, keeps_next=number in self._sticky, number=number)
        elif isinstance(block, PageFormat):
            self._page = block
            set_page(self._word.add_section(WD_SECTION.NEW_PAGE), block)
        elif isinstance(block, Cover):
            self._cover(block)
        else:
            self._contents(block)

    def _paragraph(self, style: str) -> WordParagraph:
        """Add a paragraph in a style, whose id is looked up once: python-docx goes through all styles of the file for each."""
        if style not in self._style_ids:
            of_style: Callable[..., str | None] = self._word.part.get_style_id  # untyped
            self._style_ids[style] = of_style(style, WD_STYLE_TYPE.PARAGRAPH)
        paragraph = self._word.add_paragraph()
        paragraph._p.style = self._style_ids[style]
        return paragraph

    def _heading(self, number: int, block: Heading) -> None:
        heading = self._paragraph(f"Heading {block.level}")
        heading.paragraph_format.page_break_before = block.on_new_page
        if block.text:
            self._bookmarks.around(self._headings[number], heading.add_run(block.text)._r)

    def _contents(self, block: Contents) -> None:
        self._word.add_paragraph(block.title, style="Subtitle").paragraph_format.page_break_before = True
        headings = [(self._headings[n], each) for n, each in enumerate(self._draft.blocks) if isinstance(each, Heading)]
        listed = [(name, heading) for name, heading in headings if heading.level <= DEEPEST]
        add_contents(self._word, listed, text_width_cm(self._page))

    def _cover(self, block: Cover) -> None:
        issuer = self._word.add_paragraph(block.issuer, style=COVER_SMALL)
        issuer.paragraph_format.space_before = Pt(90)
        self._word.add_paragraph(block.title, style="Title")
        self._word.add_paragraph(block.subtitle, style="Subtitle")
        for text in (block.state, block.level):
            self._word.add_paragraph(text, style=COVER_STATE)
        self._grid(Grid(("", ""), block.facts, (1, 2)), headless=True)

    def _text(self, paragraph: WordParagraph, text: str) -> None:
        for piece, anchor in pieces(text, self._draft.labels):
            if anchor:
                add_field(paragraph, f"REF {bookmark_of(anchor)} \\h", piece)
            else:
                paragraph.add_run(piece)

    def _bullets(self, block: Bullets) -> None:
        for number, item in enumerate(block.items, 1):
            paragraph = self._paragraph("List Bullet" if not block.numbered else "Normal")
            paragraph.paragraph_format.space_after = Pt(1)
            paragraph.paragraph_format.keep_with_next = number in (1, len(block.items) - 1) and number < len(block.items)
            if block.numbered:  # Word would go on counting through all lists of the file
                paragraph.paragraph_format.left_indent, paragraph.paragraph_format.first_line_indent = Cm(0.7), Cm(-0.7)
                paragraph.add_run(f"{number}.\t")
                paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(0.7))
            self._text(paragraph, item)

    def _caption(self, block: Grid | Figure, counter: str) -> None:
        caption = self._paragraph("Caption")
        caption.paragraph_format.keep_with_next = isinstance(block, Grid)
        if block.label:
            add_label(caption, block.label, counter, block.anchor, self._bookmarks)
            caption.add_run(SEPARATOR)
        self._text(caption, block.caption)

    def _figure(self, block: Figure) -> None:
        paragraph = self._word.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        width = Cm(text_width_cm(self._page) * block.width)
        picture = paragraph.add_run().add_picture(io.BytesIO(block.png), width=width)
        picture._inline.docPr.set("descr", block.alt or block.caption)
        limit_cm = ROOM_CM[self._page.size]
        if picture.height > Cm(limit_cm):
            picture.width, picture.height = Length(picture.width * Cm(limit_cm) / picture.height), Cm(limit_cm)
        paragraph.paragraph_format.keep_with_next = True
        if block.caption:
            self._caption(block, "figure")

    def _next(self, number: int) -> Block | None:
        return self._draft.blocks[number + 1] if 0 <= number < len(self._draft.blocks) - 1 else None

    def _has_tail(self, number: int) -> bool:
        """Say whether words follow a table: its last rows go with them to a page that would hold little else."""
        return isinstance(self._next(number), (Bullets, Paragraph))

    def _ends_page(self, number: int) -> bool:
        """Say whether nothing more stands on a block's page."""
        follows = self._next(number)
        return follows is None or isinstance(follows, PageFormat) or (isinstance(follows, Heading) and follows.on_new_page)

    def _grid(self, block: Grid, *, headless: bool = False, keeps_next: bool = False, number: int = -1) -> None:
        has_tail, ends_page = self._has_tail(number), self._ends_page(number)
        if block.label:
            self._caption(block, "table")
        element = table_element(block, text_width_cm(self._page), headless=headless, keeps_next=keeps_next, has_tail=has_tail)
        self._word.element.body.insert_element_before(element, "w:sectPr")
        # Word joins two tables without a paragraph between them, and a full line may open an empty page.
        gap = self._word.add_paragraph().paragraph_format
        gap.keep_with_next = keeps_next or has_tail
        gap.space_after, gap.line_spacing = Pt(0), Pt(1 if ends_page else 6)
