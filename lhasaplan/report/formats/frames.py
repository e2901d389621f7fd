"""Tables and map layers of an assessment as frames of pandas and GeoPandas, with the columns of the GeoPackage.

Stored values stay English (``due``, ``certain``); sentences are in the wording's language. A frame without rows keeps its
columns, so that a program need not ask first.
"""

from collections.abc import Iterable

import geopandas
import pandas as pd

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.shown_values import ShownAssessment
from lhasaplan.errors import Fault, InputError
from lhasaplan.report.formats.gis import LAYERS, MAPPED, PLANNING_LAYERS, gis_layer, map_frame, table_frame

UNKNOWN = marked("{name} is not a table of an answer; there are: {known}")
NOT_ASKED = marked("{name} is a table of a check; this answer is of an audit")


def plain_frame(assessment: ShownAssessment, name: str, wording: Wording) -> pd.DataFrame:
    """Return one table; InputError for a name that no table has, and for a table of a check where the answer is an audit's."""
    _require(assessment, name, LAYERS)
    return table_frame(gis_layer(assessment, name, wording))


def geo_frame(assessment: ShownAssessment, name: str, wording: Wording) -> geopandas.GeoDataFrame:
    """Return one map layer in the project's coordinate system; InputError as of :func:`plain_frame`."""
    _require(assessment, name, MAPPED)
    return map_frame(gis_layer(assessment, name, wording), assessment.crs)


def _require(assessment: ShownAssessment, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise InputError(Fault(UNKNOWN, params={"name": name, "known": ", ".join(known)}))
    if name in PLANNING_LAYERS and assessment.parts is None:
        raise InputError(Fault(NOT_ASKED, params={"name": name}))
