"""The column beside the HTML map: what it is, totals, legend, list of findings, data. All text is escaped."""

import html
import json

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.demand.drawn_fields import Reach
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.finding import Finding
from lhasaplan.report.drafts.chapters import sightings_grid, totals
from lhasaplan.report.facts.basis import basis_text
from lhasaplan.report.facts.called import Called
from lhasaplan.report.facts.part_options import sums_blocks
from lhasaplan.report.facts.summary import today
from lhasaplan.report.facts.tables import sorted_findings
from lhasaplan.report.maps.base_map import reaches
from lhasaplan.report.maps.map_layers import MANY, NIGHT, Lonlat
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Grid
from lhasaplan.report.text.numerals import short_number
from lhasaplan.report.text.style import band_colour, load_style
from lhasaplan.report.text.text_width import flowing


def panel(assessment: Assessment, called: Called, translations: Translations) -> str:
    """Return the panel as HTML."""
    intro = translations(
        marked("The map shows what cameras can see, never what was seen. A possible view rests on assumptions and stays a note.")
    )
    tables = "".join(_table(block) for block in totals(assessment, translations) if isinstance(block, Grid))
    tables += "".join(
        _table(_turned(block)) for block in sightings_grid(today(assessment), translations) if isinstance(block, Grid)
    )
    tables += "".join(_table(block) for block in sums_blocks(assessment, translations) if isinstance(block, Grid))
    basis = html.escape(basis_text(assessment, translations))
    pieces = [
        f"<h1>{html.escape(assessment.project)}</h1><p>{html.escape(intro)}</p><p>{basis}</p>",
        f"{_coarser(assessment, translations)}{tables}",
        f"<h2>{html.escape(translations(marked('Legend')))}</h2>{_legend(assessment, translations)}",
        f"<h2>{html.escape(translations(marked('Findings')))} ({len(assessment.findings)})</h2>"
        f"{_list(assessment, called, translations)}",
        f"<h2>{html.escape(translations(marked('Data')))}</h2>{_data(assessment)}",
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
    present = {str(s.cls) for c in assessment.cameras for s in c.sightings}
    items = [("round", f"background:{colours['camera']}", translations(marked("Camera")))]
    if any(result.placed.camera.status is Status.PLANNED for result in assessment.cameras):
        items.append(("round", f"border:2px solid {colours['camera']};background:#fff", translations(marked("Planned camera"))))
    items.append(
        ("", f"border:2px solid {colours['certain']};background:{band_colour(62.5)}", translations(marked("can see, certain")))
    )
    looks = {
        Reach.NEAR: f"border:2px dashed {colours['possible']};background:{band_colour(62.5)}55",
        Reach.FAR: f"border:1.5px solid {colours['far']};background:{colours['far']}0f",
    }
    items += [
        ("", look, translations(words.REACHES[reach])) for reach, look in looks.items() if reach in reaches(assessment.cameras)
    ]
    lows = sorted(float(low) for low in load_style()["bands"])
    items += [
        ("", f"background:{band_colour(low)}", translations(marked("from {low} px/m"), low=short_number(low, translations)))
        for low in lows
    ]
    if any(result.night is not None for result in assessment.cameras):
        items.append(("", f"border:2px dotted {colours['night']};background:{colours['night']}1f", translations(NIGHT)))
    for cls in (cls for cls in words.CLASSES if cls in present):
        text = translations(marked("frontage in view: {what}"), what=translations(words.CLASSES[cls]))
        items.append(("line", f"background:{colours[cls]}", text))
    if present:
        items.append(("", f"border-bottom:3px dotted {colours['camera']}", translations(words.BEYOND_GROUND)))
    if assessment.parts is not None:
        items.append(("", "border:2px dashed #000", translations(marked("confirmed part"))))
        items.append(("", f"background:{colours['gap']}", translations(marked("gap"))))
        items.append(("", f"background:{colours['overlap']}", translations(marked("overlap"))))
    rows = (f'<li><span class="swatch {kind}" style="{style}"></span>{html.escape(text)}</li>' for kind, style, text in items)
    return f"<ul>{''.join(rows)}</ul>"


def _list(assessment: Assessment, called: Called, translations: Translations) -> str:
    """Return the findings, gravest first; a click shows the place where it has one."""
    limit = int(load_style()["limits"]["list_rows"])
    found = sorted_findings(assessment)
    boxes = {c.placed.camera.camera_id: _camera_box(c) for c in assessment.cameras if c.placed.views}
    places = Lonlat(assessment.crs)
    items = "".join(
        f"<li>{_item(one, _box(one, places) or boxes.get(one.camera_id, ''), called, translations)}</li>" for one in found[:limit]
    )
    more = translations(marked("The workbook lists {count} more."), count=len(found) - limit) if len(found) > limit else ""
    hint = html.escape(translations(marked("find a camera or a word")), quote=True)
    return f'<input id="find" type="search" placeholder="{hint}"><ul id="list">{items}</ul><p>{html.escape(more)}</p>'


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
    mitigation = words.mitigation_text(finding.mitigation, translations)
    rests = words.article_text(finding.pack, finding.article, translations)
    small = html.escape(" · ".join(part for part in (severity, certainty, rests, mitigation) if part))
    where = f' data-box="{html.escape(box, quote=True)}"' if box else " disabled"
    text = html.escape(words.sentence(finding, translations, called.reported))
    return f'<button type="button" style="border-left-color:{colour}"{where}>{text}<span class="small">{small}</span></button>'


def _data(assessment: Assessment) -> str:
    rows = (" · ".join(part for part in (r.path, r.date, r.licence) if part) for r in assessment.inputs)
    return f"<ul>{''.join(f'<li>{html.escape(row)}</li>' for row in rows)}</ul>"
