"""Write the report as HTML, and one self-contained map: Leaflet inlined, no tiles, no network, layers, a list to find in.

The page is put together here from escaped text; scripts are constant files, and what they show is handed over as data. No
text passes through a template engine, which would read it again as a program (docs/adr/0010-text-is-never-a-template.md).
"""

import base64
import hashlib
import html
import json
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from xstatic.pkg import leaflet

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.base.translations import Translations, marked, spoken
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, CameraResult, ShownAssessment, ShownProject
from lhasaplan.core.results.finding import Finding
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.chapters.audit_chapters import sightings_grid, totals
from lhasaplan.report.chapters.draft_facts import DraftFacts, facts_of
from lhasaplan.report.documents.audit_and_plan import drafts_of
from lhasaplan.report.facts.basis import basis_text
from lhasaplan.report.facts.called import Called
from lhasaplan.report.facts.part_options import sums_blocks
from lhasaplan.report.facts.summary import has_plan, sorted_findings
from lhasaplan.report.formats.web_page import write_document
from lhasaplan.report.maps.base_map import Sign, attribution, legend_entries
from lhasaplan.report.maps.map_layers import MANY, Lonlat, MapLayer, map_layers
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.document import Grid
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.style import band_colour, load_style, long_date, template
from lhasaplan.report.text.text_width import flowing
from lhasaplan.report.text.words import banners

# Hand map layers to the script of a page in few letters: shapes as steps from point to point, repeated words once.
#
# A shape is a text of pieces. A piece begins with a sign that says what it is (``.`` a point, ``~`` a line, ``:`` lines of two
# points each, ``+`` a ring, ``=`` parallelograms of three points each, ``!`` a hole of the ring before) and goes on with whole
# numbers: for each point the steps east and north from the point before it, in units of ``10**-digits`` degrees, on from piece
# to piece and shape to shape of a layer. A number has its sign in its lowest bit and is written five bits at a time, the lowest
# first, in the 64 signs of ``ALPHABET``; the upper half says that more follow.

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
POINT, LINE, PAIR, RING, CORNERS, HOLE = ".~:+=!"
SERIES = PAIR, CORNERS  # of which several in a row need one sign
LEAST = {POINT: 1, LINE: 2, RING: 3, HOLE: 3}  # points that a piece has at least
SLOT = "\ue002"  # where a number stood in a line; no page can print it, so no line has it
BETWEEN_NUMBERS = "|"  # between numbers, which are none of it
BETWEEN_SHAPES = " "
NARROW_SPACE, SHORT_SPACE = "\u202f", "_"  # between thousands: three bytes, and one
NUMBER = re.compile(r"\d+(?:[.,\u00a0\u202f ]\d+)*")


def shape_texts(shapes: Sequence[BaseGeometry], digits: float) -> list[str]:
    """Return the shapes of one layer, in longitude and latitude, as texts; a piece that is smaller than a step is left out.

    All at once: a city has millions of points.
    """
    pieces, shape_of, signs = _pieces(shapes)
    points, piece_of = _points(pieces, signs)
    units = np.rint(points * 10.0**digits).astype(np.int64)
    is_first = np.diff(piece_of, prepend=-1) != 0
    moves = is_first | np.any(np.diff(units, axis=0, prepend=0) != 0, axis=1)
    units, piece_of = units[moves], piece_of[moves]
    counts = np.bincount(piece_of, minlength=len(pieces))
    is_long = counts >= np.array([LEAST[sign] for sign in signs], int)
    is_kept, counts = is_long[piece_of], np.where(is_long, counts, 0)
    _name_plain_kinds(signs, counts, units, is_kept)
    words = _written(np.diff(units[is_kept], axis=0, prepend=0), np.cumsum(counts))
    texts, last = [list[str]() for _ in shapes], (-1, "")
    for piece in np.flatnonzero(is_long).tolist():
        kind = shape_of[piece], signs[piece]
        texts[kind[0]] += [words[piece]] if kind == last and kind[1] in SERIES else [kind[1], words[piece]]
        last = kind
    return ["".join(text) for text in texts]


def _name_plain_kinds(signs: list[str], counts: IntArray, units: IntArray, is_kept: BoolArray) -> None:
    """Give lines of two points and parallelograms without holes their signs; of the latter the fourth corner is not kept."""
    first, kinds = np.cumsum(counts) - counts, np.array(signs, object)
    at = np.flatnonzero(is_kept)
    for piece in np.flatnonzero((kinds == LINE) & (counts == 2)).tolist():
        signs[piece] = PAIR
    four = np.flatnonzero((kinds == RING) & (counts == 4) & (np.append(kinds[1:], "") != HOLE))
    a, b, c, d = (units[at[first[four] + n]] for n in range(4))
    for piece in four[np.all(a + c == b + d, axis=1)].tolist():
        signs[piece] = CORNERS
        is_kept[at[first[piece] + 3]] = False
        counts[piece] = 3


def _pieces(shapes: Sequence[BaseGeometry]) -> tuple[ObjectArray, list[int], list[str]]:
    """Return the rings, lines and points of shapes in their order, the shape that each is of, and the sign of each."""
    collections, of = shapely.get_parts(np.array([*shapes, None], object)[:-1], return_index=True)
    parts, inner = shapely.get_parts(collections, return_index=True)
    shape_of, is_shown = of[inner], ~shapely.is_empty(parts)
    parts, shape_of = parts[is_shown], shape_of[is_shown]
    kinds = shapely.get_type_id(parts)
    areas, others = np.flatnonzero(kinds == shapely.GeometryType.POLYGON), np.flatnonzero(kinds != shapely.GeometryType.POLYGON)
    rings, ring_of = shapely.get_rings(parts[areas], return_index=True)
    is_hole = np.diff(ring_of, prepend=-1) == 0
    marks = [HOLE if hole else RING for hole in is_hole.tolist()]
    marks += [POINT if is_point else LINE for is_point in (kinds[others] == shapely.GeometryType.POINT).tolist()]
    part_of = np.concatenate([areas[ring_of], others])
    order = np.argsort(part_of, kind="stable")
    pieces: ObjectArray = np.concatenate([rings, parts[others]])[order]
    return pieces, shape_of[part_of[order]].tolist(), [marks[n] for n in order.tolist()]


def _points(pieces: ObjectArray, signs: Sequence[str]) -> tuple[FloatArray, IntArray]:
    """Return the points of all pieces and the piece that each is of; a ring goes without the point that closes it."""
    points, piece_of = shapely.get_coordinates(pieces, return_index=True)
    is_ring = np.array([sign in (RING, HOLE) for sign in signs], bool)
    is_last = np.diff(piece_of, append=len(pieces)) != 0
    is_kept = ~(is_last & is_ring[piece_of])
    return points[is_kept], piece_of[is_kept]


def _written(steps: IntArray, ends: IntArray) -> list[str]:
    """Return the steps as words, one for each piece, which ends before so many steps."""
    rest = np.where(steps >= 0, steps << 1, (-steps << 1) - 1).ravel()
    signs, columns, is_open = np.frombuffer(ALPHABET.encode("ascii"), np.uint8), [], np.ones(len(rest), bool)
    while is_open.any():
        goes_on = rest > 31
        columns.append(np.where(is_open, signs[(rest & 31) + 32 * goes_on], 0))
        is_open, rest = is_open & goes_on, rest >> 5
    table = np.column_stack(columns) if columns else np.empty((0, 0), np.uint8)
    lengths = np.count_nonzero(table, axis=1)
    text = table[table != 0].tobytes().decode("ascii")
    stops = np.concatenate([[0], np.cumsum(lengths)])[2 * ends].tolist()
    return [text[start:stop] for start, stop in zip([0, *stops], stops, strict=False)]


class PackedTexts:
    """Texts of popups without their numbers, each kind once: ten thousand cameras say the same of other figures."""

    def __init__(self) -> None:
        self._lines: dict[str, int] = {}
        self._kinds: dict[tuple[int, ...], int] = {}

    def code(self, text: str) -> list[int | str]:
        """Return a text as the number of its kind, and what stands in its slots, if it has some."""
        if not text:
            return []
        plain = text.replace(SLOT, "").split("\n")
        lines = tuple(self._lines.setdefault(NUMBER.sub(SLOT, line), len(self._lines)) for line in plain)
        numbers = BETWEEN_NUMBERS.join(NUMBER.findall("\n".join(plain))).replace(NARROW_SPACE, SHORT_SPACE)
        kind = self._kinds.setdefault(lines, len(self._kinds))
        return [kind, numbers] if numbers else [kind]

    def values(self) -> JsonObject:
        """Return the lines, and of each kind of text the numbers of its lines."""
        return {"lines": list(self._lines), "texts": [list(kind) for kind in self._kinds]}


def packed(features: Sequence[tuple[BaseGeometry, str, JsonObject]], digits: float, texts: PackedTexts) -> JsonObject:
    """Return shapes with texts and looks: ``styles`` once each, ``features`` as style, text, shapes; ``digits`` of steps.

    Shapes that follow each other and have one look and no text share a row; each still is a shape of its own.
    """
    styles, rows = list[JsonObject](), list[list[Any]]()
    shapes = shape_texts([shape for shape, _, _ in features], digits)
    for (_, text, style), shape in zip(features, shapes, strict=True):
        if style not in styles:
            styles.append(style)
        look = styles.index(style)
        if rows and not text and rows[-1][:2] == [look, []]:
            rows[-1][2].append(shape)
        else:
            rows.append([look, texts.code(text), [shape]])
    return {"digits": digits, "styles": styles, "features": [[look, text, BETWEEN_SHAPES.join(of)] for look, text, of in rows]}


FEW_FINDINGS = 12  # which stand open below their cameras


# The column beside the HTML map: what it is, totals, legend, list of findings, data. All text is escaped.
def panel(facts: DraftFacts) -> str:
    """Return the panel as HTML."""
    assessment, called, translations = facts.assessment, facts.called, facts.translations
    intro = translations(
        marked("The map shows what cameras can see, never what was seen. A possible view rests on assumptions and stays a note.")
    )
    tables = "".join(_table(block) for block in totals(facts) if isinstance(block, Grid))
    tables += "".join(_table(_turned(block)) for block in sightings_grid(facts.present) if isinstance(block, Grid))
    tables += "".join(_table(block) for block in sums_blocks(assessment, translations) if isinstance(block, Grid))
    basis = html.escape(basis_text(assessment, translations))
    facts_of_inputs = ((r.path, long_date(r.date, translations.language), r.licence) for r in assessment.inputs)
    inputs = (f"<li>{html.escape(' · '.join(part for part in row if part))}</li>" for row in facts_of_inputs)
    pieces = [
        f"<h1>{html.escape(assessment.project)}</h1><p>{html.escape(intro)}</p><p>{basis}</p>",
        f"{_coarser(assessment, translations)}{tables}",
        f"<h2>{html.escape(translations(marked('Legend')))}</h2>{_legend(assessment, translations)}",
        f"<h2>{html.escape(translations(marked('Findings')))} ({len(assessment.findings)})</h2>"
        f"{_list(assessment, called, translations)}",
        f"<h2>{html.escape(translations(marked('Data')))}</h2><ul>{''.join(inputs)}</ul>",
    ]
    return f'<div id="panel">{"".join(pieces)}</div>'


def _coarser(assessment: Assessment, translations: Translations) -> str:
    """Return that so many cameras are drawn by their outlines alone."""
    if len(assessment.cameras) <= MANY:
        return ""
    text = marked(
        "With so many cameras this map draws outlines only. The workbook and the GIS layers show the bands of "
        "density and what is seen twice."
    )
    return f"<p>{html.escape(translations(text))}</p>"


def _turned(grid: Grid) -> Grid:
    """Return the table with rows and columns changed, for a narrow column."""
    table = list(zip(grid.headings, *grid.rows, strict=True))
    width = len(table[0])
    return Grid(tuple(table[0]), tuple(tuple(row) for row in table[1:]), (1.0,) * width, numeric=frozenset(range(1, width)))


def _table(grid: Grid) -> str:
    head = "".join(f'<th scope="col">{html.escape(text)}</th>' if text else "<td></td>" for text in grid.headings)
    rows = "".join(f"<tr>{_cells(row, grid.numeric)}</tr>" for row in grid.rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cells(row: tuple[str, ...], numeric: frozenset[int]) -> str:
    kinds = ("number" if i in numeric else "text" if flowing(text) == text else "text long" for i, text in enumerate(row))
    return "".join(f'<td class="{kind}">{html.escape(text)}</td>' for kind, text in zip(kinds, row, strict=True))


def _legend(assessment: Assessment, translations: Translations) -> str:
    colours = load_style()["colours"]
    looks = {
        Sign.CAMERA: ("round", f"background:{colours['camera']}"),
        Sign.PLANNED: ("round", f"border:2px solid {colours['camera']};background:#fff"),
        Sign.CERTAIN: ("", f"border:2px solid {colours['certain']};background:{band_colour(62.5)}"),
        Sign.NEAR: ("", f"border:2px dashed {colours['possible']};background:{band_colour(62.5)}55"),
        Sign.FAR: ("", f"border:1.5px solid {colours['far']};background:{colours['far']}0f"),
        Sign.BAND: ("", "background:{band}"),
        Sign.NIGHT: ("", f"border:2px dotted {colours['night']};background:{colours['night']}1f"),
        Sign.FRONTAGE: ("line", "background:{frontage}"),
        Sign.BEYOND_GROUND: ("", f"border-bottom:3px dotted {colours['camera']}"),
        Sign.PART: ("", "border:2px dashed #000"),
        Sign.GAP: ("", f"border:{1.5 if has_plan(assessment) else 0}px dashed #fff;background:{colours['gap']}"),
        Sign.GAP_TODAY: ("", f"background:{colours['gap']}"),
        Sign.OVERLAP: ("", f"background:{colours['overlap']}"),
    }
    entries = legend_entries(assessment, translations, with_parts=assessment.parts is not None)
    items = [
        (kind, style.format(band=band_colour(each.low_px_m), frontage=colours.get(each.cls, "")), each.text)
        for each in entries
        if each.sign in looks
        for kind, style in (looks[each.sign],)
    ]
    rows = (f'<li><span class="swatch {kind}" style="{style}"></span>{html.escape(text)}</li>' for kind, style, text in items)
    return f"<ul>{''.join(rows)}</ul>"


def _list(assessment: Assessment, called: Called, translations: Translations) -> str:
    """Return the findings camera by camera, the gravest first; a click shows the place of one where it has a place."""
    limit = int(load_style()["limits"]["list_rows"])
    found = sorted_findings(assessment)
    boxes = {c.placed.camera.camera_id: _camera_box(c) for c in assessment.cameras if c.placed.views}
    places = Lonlat(assessment.crs)
    groups: dict[str, list[Finding]] = {}
    for one in found[:limit]:
        groups.setdefault(one.camera_id, []).append(one)
    counts = Counter(one.camera_id for one in found)
    lists = []
    for camera_id, findings in groups.items():
        items = (_item(one, _box(one, places) or boxes.get(camera_id, ""), called, translations) for one in findings)
        title = _group_title(called.title(camera_id) if camera_id else "", findings[0], counts[camera_id], translations)
        is_open = " open" if len(found) <= FEW_FINDINGS else ""
        lists.append(f"<details{is_open}>{title}<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul></details>")
    more = translations(marked("The workbook lists {count} more."), count=len(found) - limit) if len(found) > limit else ""
    hint = html.escape(translations(marked("find a camera or a word")), quote=True)
    search = f'<input id="find" type="search" placeholder="{hint}">'
    return f'{search}<div id="list">{"".join(lists)}</div><p>{html.escape(more)}</p>'


def _group_title(camera: str, gravest: Finding, count: int, translations: Translations) -> str:
    """Return the line above the findings of a camera: its name, how grave they are at most, and how many there are."""
    texts = marked("{camera}: {severity}, findings: {count}"), marked("Of no single camera: {severity}, findings: {count}")
    severity = words.word(words.SEVERITIES, str(gravest.severity), translations)
    text = translations(texts[not camera], camera=camera, severity=severity, count=count)
    colour = load_style()["colours"][str(gravest.severity)]
    return f'<summary style="border-left-color:{colour}">{html.escape(text)}</summary>'


def _camera_box(result: CameraResult) -> str:
    step = 0.0004  # about 40 m
    return json.dumps([[result.lat - step, result.lon - 2 * step], [result.lat + step, result.lon + 2 * step]])


def _box(finding: Finding, places: Lonlat) -> str:
    """Return the corners that a click shows, as JSON; empty where the finding has no geometry."""
    shape = places.geometry(finding.geometry)
    if shape is None:
        return ""
    west, south, east, north = shape.bounds
    return json.dumps([[south, west], [north, east]])


def _item(finding: Finding, box: str, called: Called, translations: Translations) -> str:
    colour = load_style()["colours"][str(finding.severity)]
    severity = words.word(words.SEVERITIES, str(finding.severity), translations)
    certainty = words.word(words.CERTAINTIES, str(finding.certainty), translations)
    mitigation = finding_words.mitigation_text(finding.mitigation, translations)
    rests = finding_words.article_text(finding.pack, finding.article, translations)
    small = html.escape(" · ".join(part for part in (severity, certainty, rests, mitigation) if part))
    where = f' data-box="{html.escape(box, quote=True)}"' if box else " disabled"
    text = html.escape(finding_words.sentence(finding, translations, called.reported))
    return f'<button type="button" style="border-left-color:{colour}"{where}>{text}<span class="small">{small}</span></button>'


WORLD = (-60.0, -179.0, 75.0, 179.0)  # south, west, north, east: shown when nothing has a place


def write_html(
    project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write ``audit.html``, behind the gate ``plan.html`` (of one area if given), and ``map.html``; return the files."""
    drafts = drafts_of(project, assessment, translations, order)
    files = [write_document(draft, folder / f"{name}.html", translations) for name, draft in drafts.items()]
    return [*files, write_map(project, assessment, folder / "map.html", translations)]


def write_map(project: Project, assessment: Assessment, path: Path, translations: Translations) -> Path:
    """Write the map of values that may be public, whole or not at all."""
    with replacing(path) as draft:
        draft.write_text(page(project, assessment, translations), encoding="utf-8", newline="\n")
    return path


def page(project: Project, assessment: Assessment, translations: Translations) -> str:
    """Return the whole page as text: the policy comes first, then style, words, data, and the two scripts that it allows."""
    facts = facts_of(project, assessment, translations)
    translations = facts.translations
    title = f"{assessment.project}: {translations(marked('what the cameras can see'))}"
    html_data = map_data(map_layers(project, assessment, translations), attribution(assessment))
    return map_page(title, banners(assessment, translations), panel(facts), html_data, translations)


def map_page(title: str, lines: Sequence[str], beside: str, data: str, translations: Translations) -> str:
    """Return a page with a map.

    Parameters
    ----------
    title, lines : plain text; the lines stand above the map.
    beside : HTML of the column beside the map, whose text is escaped.
    data : what the script draws, as :func:`script_json` writes it.
    """
    said = html.escape(" · ".join(lines))
    pieces = [
        f'<!DOCTYPE html>\n<html lang="{spoken(translations.language).web_tag}">\n<head><meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy()}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{html.escape(title)}</title><style>{leaflet_css()}</style><style>{template('map.css')}</style></head>",
        f'<body class="has-banner"><div id="banner">{said}</div>' if said else "<body>",
        f'<div id="map"></div>{beside}',
        f'<script id="data" type="application/json">{data}</script>',
        *(f"<script>{text}</script>" for text in scripts()),
        "</body></html>\n",
    ]
    return "\n".join(pieces)


def scripts() -> tuple[str, str]:
    """Return all that runs on the page: Leaflet, and what draws the data. Both are files; nothing is ever set into them."""
    return leaflet_js(), template("map.js")


@lru_cache(maxsize=1)
def policy() -> str:
    """Return what the page may do: no network, and no script but these two, known by their digests."""
    digests = (base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii") for text in scripts())
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:"


def map_data(layers: Sequence[MapLayer], credit: Sequence[str]) -> str:
    """Return layers with the frame of those that carry results, and what must be said of the data."""
    texts = PackedTexts()
    south, west, north, east = bounds_of(layers) or WORLD
    shown = [
        {"name": one.name, "shown": one.shown, "has_text": one.has_text, **packed(one.features, one.digits, texts)}
        for one in layers
    ]
    value = {"bounds": [[south, west], [north, east]], "attribution": " · ".join(credit)}
    return script_json({**value, "layers": shown, **texts.values()})


def bounds_of(layers: Sequence[MapLayer]) -> tuple[float, float, float, float] | None:
    """Return south, west, north, east of the layers that carry results; the ground does not count."""
    shapes = [one.shape for layer in layers if layer.is_result for one in layer.features]
    if not shapes:
        return None
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    return south, west, north, east


def script_json(value: object) -> str:
    """Return JSON that cannot end the element it stands in."""
    return (
        json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
    )


@lru_cache(maxsize=1)
def leaflet_js() -> str:
    """Return Leaflet's script without the addresses of its home page and source map; its licence notice stays."""
    text = (Path(leaflet.BASE_DIR) / "leaflet.js").read_text("utf-8")
    return re.sub(r"//# sourceMappingURL=\S+", "", text).replace("https://leafletjs.com", "").replace("</script", "<\\/script")


@lru_cache(maxsize=1)
def leaflet_css() -> str:
    """Return Leaflet's style sheet with its pictures inside."""
    folder = Path(leaflet.BASE_DIR)
    text = re.sub(r"/\*.*?\*/", "", (folder / "leaflet.css").read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"url\((images/[^)]+)\)", lambda found: f"url({_data_address(folder / found[1])})", text)


def _data_address(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode("ascii")
