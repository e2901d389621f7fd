"""The plugin asks about a field with words of protected places, and passes the answer on; QGIS itself is stood in for."""

import sys
from types import ModuleType, SimpleNamespace

import geopandas
import pytest
from shapely.geometry import Point, box
from test_qgis_plugin import CRS, ROOT, X, Y

from lhasaplan.cli.run import main
from lhasaplan.store.geopackage import GeoPackageStore


class Parameter:
    """What QGIS keeps of a parameter that an algorithm adds."""

    def __init__(self, name, *words, **options):
        self.name, self.words, self.options = name, words, options

    def flags(self):
        return 0

    def setFlags(self, flags):  # noqa: N802
        self.options["flags"] = flags


class QgisCore(ModuleType):
    """Stand in for qgis.core: every parameter is a plain one, all else has no inside."""

    QgsProcessingException = type("QgsProcessingException", (Exception,), {})
    QgsProcessing = SimpleNamespace(SourceType=SimpleNamespace(TypeVectorPoint=0, TypeVectorLine=1, TypeVectorPolygon=2))
    QgsApplication = SimpleNamespace(locale=lambda: "en_GB")

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name == "QgsProcessingParameterDefinition":
            return SimpleNamespace(Flag=SimpleNamespace(FlagAdvanced=2))
        return type(name, (Parameter,), {}) if name.startswith("QgsProcessingParameter") else type(name, (), {})


class Asked:
    """An algorithm with the parameters that somebody filled in."""

    ASKS_ROADS = False

    def __init__(self, **filled):
        self.filled, self.parameters = filled, {}

    def addParameter(self, parameter):  # noqa: N802
        self.parameters[parameter.name] = parameter

    def __getattr__(self, name):
        if not name.startswith("parameterAs"):
            raise AttributeError(name)
        empty = {"parameterAsString": "eu-gdpr", "parameterAsStrings": []}.get(name)
        return lambda _parameters, key, _context: self.filled.get(key, empty)


class Source:
    """A layer of the open project, by the file that it is written to."""

    def __init__(self, path):
        self.path = path

    def sourceCrs(self):  # noqa: N802
        return SimpleNamespace(isValid=lambda: True, isGeographic=lambda: False)


@pytest.fixture
def town(monkeypatch, tmp_path, capsys):
    """The plugin's module of towns, with the program run in this very process."""
    core, config = QgisCore("qgis.core"), ModuleType("processing.core.ProcessingConfig")
    config.ProcessingConfig = SimpleNamespace(getSetting=lambda _name: "")
    stands_in = {"qgis": ModuleType("qgis"), "qgis.core": core, "processing.core.ProcessingConfig": config}
    for name, module in {**stands_in, **{n: ModuleType(n) for n in ("processing", "processing.core")}}.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setitem(sys.modules, "lhasaplan_qgis", package := ModuleType("lhasaplan_qgis"))
    package.__path__ = [str(ROOT / "qgis-plugin" / "lhasaplan_qgis")]
    from lhasaplan_qgis import town as module

    def run(_feedback, *words):
        if main([*map(str, words)]) not in {0, 1}:
            raise core.QgsProcessingException(capsys.readouterr().err)

    monkeypatch.setattr(module, "run", run)
    monkeypatch.setattr(module, "scratch", lambda _context: tmp_path)
    monkeypatch.setattr(module, "written", lambda source, *_: source.path)
    yield module
    for name in [each for each in sys.modules if each.startswith("lhasaplan_qgis")]:
        del sys.modules[name]


@pytest.fixture
def layers(tmp_path):
    """A camera, and two shops whose mark, in a field that nobody reads, is once a church; its heading has a comma."""
    rows = {"building": ["retail"] * 2, "height": [6.0] * 2, "Art, Merkmal": ["Kirche", "blau"]}
    shapes = {"buildings": [box(X, Y + 20, X + 9, Y + 30), box(X + 20, Y + 20, X + 29, Y + 30)], "cameras": [Point(X, Y)]}
    for name, columns in (("buildings", rows), ("cameras", {"camera_id": ["A"]})):
        geopandas.GeoDataFrame(columns, geometry=shapes[name], crs=CRS).to_file(tmp_path / f"{name}.gpkg", layer=name)
    return {name.upper(): Source(tmp_path / f"{name}.gpkg") for name in shapes}


def test_that_a_field_that_nobody_reads_is_refused_with_where_it_is_answered(town, layers):
    with pytest.raises(Exception, match=r"(?s)Kirche.*tick the field under .*NO_USE"):
        town.town_of(Asked(**layers), {}, None, None)


def test_that_a_field_that_is_ticked_is_passed_on_whatever_its_heading_and_the_town_is_made(town, layers):
    project = town.town_of(Asked(**layers, NO_USE=["Art, Merkmal"]), {}, None, None)
    kept = GeoPackageStore(str(project)).load()
    assert (len(kept.layers["buildings"]), len(kept.cameras)) == (2, 1)


def test_that_the_parameter_offers_the_fields_of_the_buildings_several_and_none(town):
    algorithm = Asked()
    town.add_town(algorithm)
    options = algorithm.parameters["NO_USE"].options
    assert options == {"parentLayerParameterName": "BUILDINGS", "allowMultiple": True, "optional": True, "flags": 2}
