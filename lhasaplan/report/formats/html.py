"""Write the report as HTML, and one self-contained map: Leaflet inlined, no tiles, no network, layers, a list to find in.

The page is put together here from escaped text; scripts are constant files, and what they show is handed over as data. No
text passes through a template engine, which would read it again as a program (docs/adr/0010-text-is-never-a-template.md).
"""

import base64
import hashlib
import html
import json
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import shapely
from xstatic.pkg import leaflet

from lhasaplan.core.base.translations import Translations, marked, spoken
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.city_plan.compose import drafts_of
from lhasaplan.report.drafts.map_panel import panel
from lhasaplan.report.facts.basis import worded
from lhasaplan.report.facts.called import called
from lhasaplan.report.formats.web_page import write_document
from lhasaplan.report.maps.base_map import attribution
from lhasaplan.report.maps.map_layers import MapLayer, map_layers
from lhasaplan.report.maps.packed_layers import Lines, packed
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.style import template
from lhasaplan.report.text.words import banners

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
    translations = worded(translations, assessment)
    title = f"{assessment.project}: {translations(marked('what the cameras can see'))}"
    beside = panel(assessment, called(project, assessment, translations), translations)
    return map_page(title, banners(assessment, translations), beside, _data(project, assessment, translations), translations)


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


def _data(project: Project, assessment: Assessment, translations: Translations) -> str:
    """Return what the script draws: layers with plain text, the frame, and what must be said of the data."""
    return map_data(map_layers(project, assessment, translations), attribution(assessment))


def map_data(layers: Sequence[MapLayer], credit: Sequence[str]) -> str:
    """Return layers with the frame of those that carry results, and what must be said of the data."""
    lines = Lines()
    south, west, north, east = bounds_of(layers) or WORLD
    shown = [
        {"name": one.name, "shown": one.shown, "has_text": one.has_text, **packed(one.features, one.digits, lines)}
        for one in layers
    ]
    value = {"bounds": [[south, west], [north, east]], "attribution": " · ".join(credit)}
    return script_json({**value, "layers": shown, "lines": lines.kinds()})


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
