"""The rotational sweep that makes visibility polygons, on level ground and over relief; their bands and counts."""
