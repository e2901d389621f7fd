"""Pictures of the ground from files, laid under the map: GeoTIFF, MBTiles, folders of XYZ tiles. Nothing is fetched."""
