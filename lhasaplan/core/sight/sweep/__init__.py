"""The rotational sweep that makes visibility polygons, on level ground and over relief."""
