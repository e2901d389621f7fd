"""Map files (GeoPackage, Shapefile, GeoJSON): their layers, their systems, and what is protected in them."""
