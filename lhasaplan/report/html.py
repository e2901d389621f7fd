"""Write the report as HTML, and one self-contained map: Leaflet inlined, no tiles, no network, layers, a list to find in."""

import base64
import html
import json
import re
from pathlib import Path
from typing import Any

import folium
from branca.element import Element, MacroElement
from jinja2 import Template
from xstatic.pkg import leaflet

from lhasaplan.core.assessment import Assessment
from lhasaplan.core.project import Project
from lhasaplan.core.wording import Wording, marked
from lhasaplan.report.base_map import attribution
from lhasaplan.report.compose import compose_audit, compose_plan
from lhasaplan.report.files import replacing
from lhasaplan.report.map_layers import MapLayer, map_layers
from lhasaplan.report.map_panel import panel
from lhasaplan.report.redaction import public_values
from lhasaplan.report.style import template
from lhasaplan.report.web_page import LANGUAGE_TAGS, write_document
from lhasaplan.report.words import banners

POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:"
WORLD = (-60.0, -179.0, 75.0, 179.0)  # south, west, north, east: shown when nothing has a place


def write_html(
    project: Project, assessment: Assessment, folder: Path, wording: Wording, private: bool = False, *, area: str = ""
) -> list[Path]:
    """Write ``audit.html``, behind the gate ``plan.html`` (of one area if given), and ``map.html``; return the files."""
    project, assessment = public_values(project, assessment, private)
    files = [write_document(compose_audit(project, assessment, wording), folder / "audit.html", wording)]
    if assessment.gate.open and assessment.parts is not None:
        plan = compose_plan(project, assessment, wording, area)
        files.append(write_document(plan, folder / "plan.html", wording))
    return [*files, write_map(project, assessment, folder / "map.html", wording)]


def write_map(project: Project, assessment: Assessment, path: Path, wording: Wording) -> Path:
    """Write the map of values that may be public, whole or not at all."""
    with replacing(path) as draft:
        draft.write_text(page(project, assessment, wording), encoding="utf-8")
    return path


def page(project: Project, assessment: Assessment, wording: Wording) -> str:
    """Return the whole page as text."""
    layers = map_layers(project, assessment, wording)
    south, west, north, east = bounds_of(layers) or WORLD
    middle = [(south + north) / 2, (west + east) / 2]
    chart = folium.Map(middle, tiles=None, prefer_canvas=True, zoom_start=15, max_zoom=21, zoom_snap=0.25, zoom_delta=0.5)
    chart.default_js, chart.default_css = [], []
    chart.fit_bounds([[south, west], [north, east]], padding=(24, 24))
    for layer in layers:
        _add(chart, layer)
    folium.LayerControl(collapsed=False).add_to(chart)
    chart.add_child(_Script(_own_script(chart, assessment)))
    root = chart.get_root()
    root.header.add_child(Element(_head(assessment, wording)), name="own_head")
    root.html.add_child(Element(_body(assessment, wording)), name="own_body")
    return _settle(root.render(), assessment, wording)


class _Script(MacroElement):
    """A script that runs after the map is made."""

    _template = Template("{% macro script(this, kwargs) %}{{ this.text }}{% endmacro %}")

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text


def bounds_of(layers: list[MapLayer]) -> tuple[float, float, float, float] | None:
    """Return south, west, north, east of the layers that carry results; the ground does not count."""
    points = [xy for layer in layers if layer.has_text for one in layer.features for xy in _points(one["geometry"])]
    if not points:
        return None
    lon, lat = zip(*points, strict=True)
    return min(lat), min(lon), max(lat), max(lon)


def _points(geometry: dict[str, Any]) -> list[tuple[float, float]]:
    if "geometries" in geometry:
        return [xy for one in geometry["geometries"] for xy in _points(one)]
    return _flat(geometry["coordinates"])


def _flat(coordinates: Any) -> list[tuple[float, float]]:
    if coordinates and isinstance(coordinates[0], (int, float)):
        return [(coordinates[0], coordinates[1])]
    return [xy for one in coordinates for xy in _flat(one)]


def _add(chart: folium.Map, layer: MapLayer) -> None:
    """Add a layer; its name and popups are escaped, for Leaflet takes both as HTML."""
    group = folium.FeatureGroup(name=html.escape(layer.name), show=layer.shown).add_to(chart)
    popup = folium.GeoJsonPopup(fields=["text"], labels=False, max_width=340) if layer.has_text else None
    data = {"type": "FeatureCollection", "features": layer.features}
    folium.GeoJson(data, style_function=_style, marker=folium.CircleMarker(radius=5), popup=popup).add_to(group)


def _style(one: dict[str, Any]) -> dict[str, Any]:
    return dict(one["properties"]["style"])


def _own_script(chart: folium.Map, assessment: Assessment) -> str:
    lines = html.escape(" · ".join(attribution(assessment)))
    return template("map.js").replace("__MAP__", chart.get_name()).replace("__ATTRIBUTION__", _script_json(lines))


def _script_json(value: Any) -> str:
    """Return JSON that cannot end the script it stands in."""
    return json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _head(assessment: Assessment, wording: Wording) -> str:
    title = html.escape(f"{assessment.project}: {wording(marked('what the cameras can see'))}")
    return (
        f"<title>{title}</title><style>{leaflet_css()}</style><style>{template('map.css')}</style><script>{leaflet_js()}</script>"
    )


def leaflet_js() -> str:
    """Return Leaflet's script without the addresses of its home page and source map; its licence notice stays."""
    text = (Path(leaflet.BASE_DIR) / "leaflet.js").read_text("utf-8")
    return re.sub(r"//# sourceMappingURL=\S+", "", text).replace("https://leafletjs.com", "").replace("</script", "<\\/script")


def leaflet_css() -> str:
    """Return Leaflet's style sheet with its pictures inside."""
    folder = Path(leaflet.BASE_DIR)
    text = re.sub(r"/\*.*?\*/", "", (folder / "leaflet.css").read_text("utf-8"), flags=re.DOTALL)
    return re.sub(r"url\((images/[^)]+)\)", lambda found: f"url({_data_address(folder / found[1])})", text)


def _data_address(path: Path) -> str:
    return "data:image/png;base64," + base64.b64encode(path.read_bytes()).decode("ascii")


def _body(assessment: Assessment, wording: Wording) -> str:
    lines = " · ".join(banners(assessment, wording))
    banner = f'<div id="banner">{html.escape(lines)}</div>' if lines else ""
    return banner + panel(assessment, wording)


def _settle(text: str, assessment: Assessment, wording: Wording) -> str:
    """Put the content policy first, say the language, and number folium's random names: same input, same bytes."""
    policy = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    text = text.replace("<head>", f"<head>{policy}", 1)
    text = text.replace("<html>", f'<html lang="{LANGUAGE_TAGS.get(wording.language, "en")}">', 1)
    if banners(assessment, wording):
        text = text.replace("<body>", '<body class="has-banner">', 1)
    numbers: dict[str, str] = {}
    return re.sub(r"(?<=_)[0-9a-f]{32}(?![0-9a-f])", lambda found: numbers.setdefault(found[0], str(len(numbers))), text)
