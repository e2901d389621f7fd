"""The town that an algorithm asks about: a project file, or one made of layers of the open project in a temporary folder."""

from pathlib import Path

from qgis.core import (
    QgsCoordinateTransform,
    QgsFeatureRequest,
    QgsProcessing,
    QgsProcessingException,
    QgsProcessingParameterBoolean,
    QgsProcessingParameterDefinition,
    QgsProcessingParameterFeatureSource,
    QgsProcessingParameterField,
    QgsProcessingParameterFile,
    QgsProcessingParameterRasterLayer,
    QgsProcessingParameterString,
    QgsProcessingUtils,
    QgsVectorFileWriter,
)

from .program import run
from .words import marked, say

PROJECT, CAMERAS, BUILDINGS, TERRAIN, ROADS = "PROJECT_FILE", "CAMERAS", "BUILDINGS", "TERRAIN", "ROADS"
RULES, PRIVATE, NO_USE = "RULES", "PRIVATE", "NO_USE"
NO_USE_SAID = marked("Fields of the buildings that have words of protected places and are no use of them")
TOWN_HELP = marked(
    "Give a <b>project file</b> of lhasaplan, or <b>cameras</b> and <b>buildings</b> of the open project.\n"
    "Cameras are points whose fields have the names of a camera table: camera_id, azimuth_deg (from true north), hfov_deg, "
    "tilt_deg, mount_height_m, image_width_px, range_m, status and more; common other names are understood. What is missing is "
    "assumed, near and far, and every answer says so.\n"
    "Buildings are areas with a field height (metres) or building:levels; without either a usual height of their kind counts.\n"
    "Terrain is a raster of heights of the ground in metres, a file (GeoTIFF).\n"
    "A field of the buildings with words of protected places (church, school) that is not read as a use is asked about before "
    "anything is computed. Where it says what the buildings are, call it class; where it does not, tick it among the advanced "
    "parameters.\n"
    "Layers are taken to the system of the buildings; it must be in metres."
)


def add_town(algorithm, asks_roads=False):
    """Give an algorithm the parameters that say which town it is about; streets where it asks for them."""
    add = algorithm.addParameter
    add(QgsProcessingParameterFile(PROJECT, say("Project file of lhasaplan"), extension="gpkg", optional=True))
    source = QgsProcessing.SourceType
    points, areas, lines = [source.TypeVectorPoint], [source.TypeVectorPolygon], [source.TypeVectorLine]
    add(QgsProcessingParameterFeatureSource(CAMERAS, say("or: cameras (points)"), points, optional=True))
    add(QgsProcessingParameterFeatureSource(BUILDINGS, say("and buildings (areas)"), areas, optional=True))
    if asks_roads:
        add(QgsProcessingParameterFeatureSource(ROADS, say("and streets (lines)"), lines, optional=True))
    add(QgsProcessingParameterRasterLayer(TERRAIN, say("and terrain"), optional=True))
    rules = QgsProcessingParameterString(RULES, say("Rule packs for layers, separated by commas"), "eu-gdpr")
    private = QgsProcessingParameterBoolean(
        PRIVATE, say("For the office alone: exact positions where a pack asks for coarse ones"), False
    )
    no_use = QgsProcessingParameterField(
        NO_USE, say(NO_USE_SAID), parentLayerParameterName=BUILDINGS, allowMultiple=True, optional=True
    )
    for one in (rules, private, no_use):
        one.setFlags(one.flags() | QgsProcessingParameterDefinition.Flag.FlagAdvanced)
        add(one)


def town_of(algorithm, parameters, context, feedback):
    """Return the path of the project that is asked about, made of layers where no file was named."""
    file = algorithm.parameterAsFile(parameters, PROJECT, context)
    cameras = algorithm.parameterAsSource(parameters, CAMERAS, context)
    if file and cameras is not None:
        raise QgsProcessingException(say("Give a project file or layers, not both."))
    if file:
        if not Path(file).is_file():
            raise QgsProcessingException(say("There is no project file {file}.", file=file))
        return Path(file)
    if cameras is None:
        raise QgsProcessingException(say("Give a project file of lhasaplan, or a layer of cameras."))
    return _of_layers(algorithm, cameras, parameters, context, feedback)


def private_words(algorithm, parameters, context):
    """Return the option for exact positions, if it was asked for."""
    return ["--private"] if algorithm.parameterAsBool(parameters, PRIVATE, context) else []


def no_use_words(algorithm, parameters, context):
    """Return the option for each field that somebody says to be no use of the buildings."""
    fields = algorithm.parameterAsStrings(parameters, NO_USE, context)
    return [word for field in fields for word in ("--no-use", field)]


def scratch(context):
    """Return a folder that lives as long as the results of this run."""
    folder = Path(QgsProcessingUtils.generateTempFilename("lhasaplan", context))
    folder.mkdir(parents=True)
    return folder


def _of_layers(algorithm, cameras, parameters, context, feedback):
    folder = scratch(context)
    project = folder / "town.gpkg"
    rules = algorithm.parameterAsString(parameters, RULES, context)
    buildings = algorithm.parameterAsSource(parameters, BUILDINGS, context)
    terrain = algorithm.parameterAsRasterLayer(parameters, TERRAIN, context)
    system = (cameras if buildings is None else buildings).sourceCrs()
    if not system.isValid() or system.isGeographic():
        text = marked(
            "The coordinate system of the layers is {crs}: give layers in a system in metres (Reproject layer does it)."
        )
        raise QgsProcessingException(say(text, crs=system.authid() or say("none")))
    run(feedback, "new", project, "--rules", rules)
    roads = algorithm.parameterAsSource(parameters, ROADS, context) if algorithm.ASKS_ROADS else None
    for name, source in (("buildings", buildings), ("roads", roads), ("cameras", cameras)):
        if source is not None:
            answers = no_use_words(algorithm, parameters, context) if name == "buildings" else []
            file = written(source, name, system, folder, context)
            _imported(feedback, project, file, "--as", name, *answers)
    if terrain is not None:
        run(feedback, "import", project, _raster(terrain), "--as", "terrain")
    return project


def _imported(feedback, project, *words):
    """Take a layer in; where the program asks about a field, say how that is answered here."""
    try:
        run(feedback, "import", project, *words)
    except QgsProcessingException as error:
        if "--no-use" not in str(error):
            raise
        text = say('In QGIS: tick the field under "{parameter}" ({key}).', parameter=say(NO_USE_SAID), key=NO_USE)
        raise QgsProcessingException(f"{error}\n{text}") from error


def _raster(layer):
    path = Path(layer.source())
    if not path.is_file():
        raise QgsProcessingException(say("The terrain {name} is no file; save it as a GeoTIFF first.", name=layer.name()))
    return path


def written(source, name, system, folder, context):
    """Write the features of a source, those selected alone where the user said so, to a GeoPackage in one system."""
    path, options = folder / f"{name}.gpkg", QgsVectorFileWriter.SaveVectorOptions()
    options.driverName, options.layerName = "GPKG", name
    taken = context.transformContext()
    writer = QgsVectorFileWriter.create(str(path), source.fields(), source.wkbType(), system, taken, options)
    if writer.hasError():
        raise QgsProcessingException(f"{source.sourceName()}: {writer.errorMessage()}")
    turn = QgsCoordinateTransform(source.sourceCrs(), system, taken)
    for feature in source.getFeatures(QgsFeatureRequest()):
        geometry = feature.geometry()
        geometry.transform(turn)
        feature.setGeometry(geometry)
        if not writer.addFeature(feature):
            raise QgsProcessingException(f"{source.sourceName()}: {writer.errorMessage()}")
    del writer
    return path
