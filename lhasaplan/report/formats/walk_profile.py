"""Draw the profile of a walk: metres across, the class of density up."""

from pathlib import Path

from matplotlib.figure import Figure
from matplotlib.patches import Patch

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.exposure.along_lines import STATES, Stretch, Walk
from lhasaplan.core.results.assessment import DENSITY_BANDS_PX_M
from lhasaplan.ports import Heads
from lhasaplan.report.maps.figures import fonts
from lhasaplan.report.maps.map_decorations import CM_PER_INCH, PRINT_DPI
from lhasaplan.report.text.numerals import number_text
from lhasaplan.report.text.style import load_style

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
