"""Draw frames of answers on a map of folium for a notebook: no network, no tiles unless asked, every text as data.

folium reads what it has written as a template again, data too (docs/adr/0010-text-is-never-a-template.md). So it gets no text of
the data but percent-encoded, without a brace, which a constant script decodes and shows as text. This is the only module that may
import folium.
"""

import base64
import html
import json
import math
from collections.abc import Callable, Mapping
from urllib.parse import quote

import folium
import geopandas
import pandas as pd
import shapely

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import Heads
from lhasaplan.report.formats.gis_exchange import LONLAT, UNKNOWN
from lhasaplan.report.formats.html import leaflet_css, leaflet_js
from lhasaplan.report.maps.result_symbols import RAMPS, SHARE_TITLES, TITLES
from lhasaplan.report.text.style import band_colour, map_colour, template

Row = Mapping[str, object]
SIMPLIFY_M, DIGITS = 0.5, 6  # a notebook keeps its maps: half a metre is no longer told apart on them
TEMPLATE_MARKS = ("{{", "{%", "{#")
NOT_TILES = marked("{address} is no address of tiles; give one with {{z}}, {{x}} and {{y}} in single braces")
NO_CREDIT = marked("a background map is drawn by whoever made its tiles; say whom to credit (attribution)")
LAYER_TITLES: Mapping[str, str] = {
    **TITLES,
    **SHARE_TITLES,
    "stretches": marked("Stretches in view"),
    "paths": marked("The shortest and the least seen path"),
}


def explore_map(
    frames: Mapping[str, geopandas.GeoDataFrame],
    heads: Heads,
    translations: Translations,
    tiles: str | None = None,
    attribution: str = "",
) -> folium.Map:
    """Return a map of layers by name, from the lowest to the topmost.

    Parameters
    ----------
    tiles : address of background tiles, with {z}, {x} and {y}; a browser loads them when the map is shown. None loads nothing.
    attribution : whom the tiles are credited to.
    """
    if tiles and not attribution:
        raise InputError(Fault(NO_CREDIT))
    if tiles and any(mark in tiles for mark in TEMPLATE_MARKS):
        raise InputError(Fault(NOT_TILES, params={"address": tiles}))
    drawn = folium.Map(tiles=None, control_scale=True)
    drawn.default_js = [("leaflet", _inline("text/javascript", leaflet_js()))]  # all others would come from a network
    drawn.default_css = [("leaflet_css", _inline("text/css", leaflet_css()))]
    if tiles:
        # Leaflet shows braces as markup.
        folium.TileLayer(tiles, attr=html.escape(attribution).replace("{", "&#123;").replace("}", "&#125;")).add_to(drawn)
    credit = " · ".join(heads.lines)
    for name, frame in frames.items():
        features = _features(name, frame)
        if features:
            features[0]["properties"]["credit"] = _encoded(credit)
            _layer(name, features, translations).add_to(drawn)
    bounds = [frame.to_crs(LONLAT).total_bounds for frame in frames.values() if len(frame) and not frame.geometry.isna().all()]
    if bounds:
        west, south, east, north = shapely.total_bounds([shapely.box(*each) for each in bounds]).tolist()
        drawn.fit_bounds([[south, west], [north, east]])
    folium.LayerControl(collapsed=False).add_to(drawn)
    return drawn


def _encoded(text: str) -> str:
    """Return a text as folium may have it: letters, digits and percent signs, which no template reads."""
    return quote(text, safe="", errors="replace")


def _inline(kind: str, text: str) -> str:
    return f"data:{kind};base64,{base64.b64encode(text.encode('utf-8')).decode('ascii')}"


def _layer(name: str, features: list[dict[str, dict[str, object]]], translations: Translations) -> folium.GeoJson:
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        name=html.escape(translations(LAYER_TITLES[name])),
        on_each_feature=folium.JsCode(template("notebook_map.js")),
        marker=folium.CircleMarker(),
    )


LINE = 1  # dimensions: a bent street is no area


def _features(name: str, frame: geopandas.GeoDataFrame) -> list[dict[str, dict[str, object]]]:
    if name not in STYLES:
        raise InputError(Fault(UNKNOWN, params={"name": name, "known": ", ".join(STYLES)}))
    shown = frame[frame.geometry.notna() & ~frame.geometry.is_empty]
    kept = shapely.simplify(shown.geometry.to_numpy(), SIMPLIFY_M)
    shapes = geopandas.GeoSeries(kept, crs=frame.crs).to_crs(LONLAT).to_numpy()
    columns = [each for each in frame.columns if each != frame.geometry.name]
    rows = (
        [dict(zip(columns, row, strict=True)) for row in shown[columns].itertuples(index=False)] if columns else [{}] * len(shown)
    )
    made = []
    for row, shape in zip(rows, shapes, strict=True):
        properties = {
            "style": STYLES[name](row) | ({"fill": False} if shapely.get_dimensions(shape) == LINE else {}),
            "lines": [_encoded(f"{key}: {_said(value)}") for key, value in row.items() if not pd.isna(value) and value != ""],
        }
        geometry = json.loads(shapely.to_geojson(shapely.transform(shape, lambda xy: xy.round(DIGITS))))
        made.append({"type": "Feature", "properties": properties, "geometry": geometry})
    return made


def _said(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) and not math.isinf(value) and abs(value) < 1000 else str(value)


# The look of a feature, by layer; colours are those of drafts.


def _line(ink: str, width: float = 4.0) -> dict[str, object]:
    return {"color": ink, "weight": width, "fill": False}


def _area(fill: str, opacity: float = 0.5) -> dict[str, object]:
    return {"stroke": False, "fill": True, "fillColor": fill, "fillOpacity": opacity}


def _dot(fill: str) -> dict[str, object]:
    return {"color": "#ffffff", "weight": 1, "fill": True, "fillColor": fill, "fillOpacity": 1.0}


def _field(row: Row) -> dict[str, object]:
    far = row.get("reach") == "far"
    return _area(map_colour("far_ground") if far else band_colour(_number(row, "from_px_m")), 0.35 if far else 0.55)


def _share(row: Row) -> dict[str, object]:
    share = _number(row, "share_certain") + _number(row, "share_possible")
    ink = map_colour("road") if share <= 0.0 else RAMPS["possible"][min(int(share * 4.0), 3)]
    return {**_line(ink), "fill": True, "fillColor": ink, "fillOpacity": 0.3}


def _stretch(row: Row) -> dict[str, object]:
    state = str(row.get("state"))
    if state == "not_mapped":
        return _line(map_colour("not_mapped"))
    low = max(_number(row, "highest_px_m"), DENSITY_BANDS_PX_M[0])
    return _line(band_colour(low) if state == "certain" else RAMPS["possible"][DENSITY_BANDS_PX_M.index(low)])


def _number(row: Row, key: str) -> float:
    value = row.get(key)
    return float(value) if isinstance(value, (int, float)) else 0.0


STYLES: Mapping[str, Callable[[Row], dict[str, object]]] = {
    "fields": _field,
    "not_mapped": lambda row: _area(map_colour("not_mapped"), 0.2),
    "night": lambda row: _area(map_colour("night"), 0.2),
    "seen_frontage": lambda row: _line(map_colour(str(row["class"]))),
    "findings": lambda row: {**_line(map_colour(str(row["severity"]))), "radius": 6},
    "parts": lambda row: {**_line("#000000", 2.0), "dashArray": "4 4"},
    "gaps": lambda row: _area(map_colour("gap")),
    "gaps_with_plan": lambda row: _area(map_colour("gap"), 0.7),
    "overlaps": lambda row: _area(map_colour("overlap"), 0.3),
    "service": lambda row: {**_line(map_colour("candidate")), "radius": 8},
    "areas": _share,
    "streets": _share,
    "stretches": _stretch,
    "paths": lambda row: _line(map_colour("certain") if row.get("path") == "shortest" else map_colour("overlap")),
    "cameras": lambda row: {**_dot(map_colour("camera")), "radius": 4},
}
