"""Draw what is in view of streets and walks: a page with a map of streets, and the profile of a walk as a chart."""

import html
import json
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.patches import Patch
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.exposure.along_lines import STATES, LengthsInView, Stretch, Walk
from lhasaplan.core.exposure.streets_in_view import StreetsInView
from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M
from lhasaplan.ports import Heads
from lhasaplan.report.formats.html import map_data, map_page
from lhasaplan.report.maps.figures import fonts
from lhasaplan.report.maps.map_decorations import CM_PER_INCH, PRINT_DPI
from lhasaplan.report.maps.map_layers import DIGITS, Lonlat, MapLayer, WebFeature, feature, popup
from lhasaplan.report.maps.result_symbols import MAP_TITLE, RAMPS, SHARES
from lhasaplan.report.text.numerals import number_text
from lhasaplan.report.text.style import load_style

# Draw the profile of a walk: metres across, the class of density up.

ALONG, UP = marked("metres along the route"), marked("px/m at least")
_WIDTH_CM, _HEIGHT_CM = 17.0, 6.0


def draw_profile(draft: Path, path: Path, walk: Walk, heads: Heads, translations: Translations) -> None:
    """Draw the profile into a draft, as the ending of the path says: svg, png or pdf."""
    colours = load_style()["colours"]
    looks = {
        "certain": {"facecolor": colours["certain"]},
        "possible": {"facecolor": "white", "edgecolor": colours["certain"], "hatch": "////"},
        "not_mapped": {"facecolor": "white", "edgecolor": colours["not_mapped"], "hatch": "...."},
    }
    with fonts():
        figure = Figure(figsize=(_WIDTH_CM / CM_PER_INCH, _HEIGHT_CM / CM_PER_INCH), layout="constrained")
        axes = figure.add_subplot()
        marks = []
        for state, look in looks.items():
            if rows := [each for each in walk.stretches or () if each.state == state]:
                left, width = [each.from_m for each in rows], [each.to_m - each.from_m for each in rows]
                axes.bar(left, [_height(each) for each in rows], width, align="edge", linewidth=0.0, **look)
                metres = number_text(getattr(walk.lengths, f"{state}_m"), translations)
                marks.append(Patch(label=f"{translations(STATES[state])}: {metres} m", **look))
        axes.set_xlim(0.0, max(walk.lengths.length_m, 1.0))
        axes.set_ylim(0.0, len(DENSITY_BANDS_PX_M) + 0.2)
        axes.set_yticks(range(1, len(DENSITY_BANDS_PX_M) + 1), [f"{px_m:g}" for px_m in DENSITY_BANDS_PX_M])
        axes.set_xlabel(translations(ALONG), fontsize=8)
        axes.set_ylabel(translations(UP), fontsize=8)
        axes.tick_params(labelsize=7)
        axes.legend(handles=marks, fontsize=7, frameon=False, ncols=3, loc="lower left", bbox_to_anchor=(0.0, 1.0))
        if heads.lines:
            figure.supxlabel(" ".join(heads.lines), fontsize=6, color="#b00000", wrap=True)
        kind = path.suffix.casefold().removeprefix(".")
        dated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {"Software": None}}[kind]
        figure.savefig(draft, format=kind, dpi=PRINT_DPI, metadata=dated)


def _height(stretch: Stretch) -> float:
    """Return the class of what makes the stretch what it is; of unmapped ground where nothing is in view, a low mark."""
    px_m = stretch.certain_px_m if stretch.state == "certain" else stretch.highest_px_m
    return 0.15 if px_m <= 0.0 else DENSITY_BANDS_PX_M.index(px_m) + 1.0


# Draw streets by the share that is in view: a page with a map for any browser, without a network.

LAYER_NAMES = {"certain": marked("Share in view, certain"), "possible": marked("Share in view, certain or possible")}
PART_IN_VIEW = marked("{state}: {length}, {share} %")
MOST_LISTED = 400


def streets_page(streets: StreetsInView, heads: Heads, translations: Translations) -> str:
    """Return the page: a layer for certain views and one for all, each street in the colour of its share, grey without any."""
    places = Lonlat(streets.crs, DIGITS)
    shapes = [places.geometry(each.geometry) for each in streets.streets]
    layers = [
        MapLayer(name, translations(LAYER_NAMES[name]), _coloured(streets, shapes, name, translations), shown=name == "possible")
        for name in RAMPS
    ]
    title = translations(MAP_TITLE)
    return map_page(
        title, heads.banners, _beside(streets, shapes, title, translations), map_data(layers, heads.credit), translations
    )


def _coloured(
    streets: StreetsInView, shapes: Sequence[BaseGeometry | None], name: str, translations: Translations
) -> list[WebFeature]:
    found: list[WebFeature] = []
    for street, shape in zip(streets.streets, shapes, strict=True):
        share = street.lengths.share(street.lengths.certain_m + (street.lengths.possible_m if name == "possible" else 0.0))
        ramp = str(load_style()["colours"]["road"]) if share <= 0.0 else RAMPS[name][bisect_left(SHARES, share) - 1]
        lines = [street.name or street.kind, *_in_view_lines(street.lengths, translations)]
        found += feature(shape, popup(lines), color=ramp, weight=5 if share > 0.0 else 3)
    return found


def _in_view_lines(lengths: LengthsInView, translations: Translations) -> list[str]:
    """Return the length, and what of it is in view or not mapped."""
    rows = [(name, getattr(lengths, f"{name}_m")) for name in lengths.states if name != "none"]
    return [
        f"{number_text(lengths.length_m, translations)} m",
        *(
            translations(
                PART_IN_VIEW,
                state=translations(STATES[name]),
                length=f"{number_text(metres, translations)} m",
                share=number_text(100.0 * lengths.share(metres), translations),
            )
            for name, metres in rows
        ),
    ]


def _beside(streets: StreetsInView, shapes: Sequence[BaseGeometry | None], title: str, translations: Translations) -> str:
    """Return the column beside the map: sums, legend, and the named streets to find."""
    sums = "".join(f"<li>{html.escape(line)}</li>" for line in _in_view_lines(streets.whole, translations))
    legend = "".join(
        _legend_line(colour, f"{translations(LAYER_NAMES[name])}: {low:.0%} – {low + 0.25:.0%}")
        for name, ramp in RAMPS.items()
        for low, colour in zip(SHARES, ramp, strict=True)
    )
    named = [(each.name, shape) for each, shape in zip(streets.streets, shapes, strict=True) if each.name and shape is not None]
    items = "".join(f"<li>{_button(name, shape)}</li>" for name, shape in named[:MOST_LISTED])
    hint = html.escape(translations(marked("find a street")), quote=True)
    find = f'<input id="find" type="search" placeholder="{hint}"><ul id="list">{items}</ul>'
    return f'<div id="panel"><h1>{html.escape(title)}</h1><ul>{sums}</ul><ul>{legend}</ul>{find}</div>'


def _legend_line(colour: str, text: str) -> str:
    return f'<li><span style="color:{colour}">&#9632;</span> {html.escape(text)}</li>'


def _button(name: str, shape: BaseGeometry) -> str:
    west, south, east, north = shape.bounds
    box = html.escape(json.dumps([[south, west], [north, east]]), quote=True)
    return f'<button type="button" data-box="{box}">{html.escape(name)}</button>'
