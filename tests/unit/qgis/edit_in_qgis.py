"""Run by the system's Python, which has QGIS: open a table of a shared project, turn a camera, and tell what is seen.

``edit_in_qgis.py HOST PROJECT CAMERA AZIMUTH`` prints JSON.
"""

import json
import sys

from qgis.core import QgsApplication, QgsDataSourceUri, QgsVectorLayer


def main(host: str, project: str, camera: str, azimuth_deg: float) -> None:
    app = QgsApplication([], False)
    app.initQgis()
    uri = QgsDataSourceUri()
    uri.setConnection(host, "", "plans", "office", "")
    uri.setDataSource(project, "cameras", "geom", "", "fid")
    layer = QgsVectorLayer(uri.uri(False), "cameras", "postgres")
    reported = {"valid": layer.isValid(), "count": layer.featureCount(), "crs": layer.crs().authid(), "type": layer.wkbType()}
    layer.startEditing()
    (feature,) = (each for each in layer.getFeatures() if each["camera_id"] == camera)
    layer.changeAttributeValue(feature.id(), layer.fields().indexOf("azimuth_deg"), azimuth_deg)
    print(json.dumps({**reported, "kept": layer.commitChanges()}))
    sys.stdout.flush()
    app.exitQgis()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], float(sys.argv[4]))
