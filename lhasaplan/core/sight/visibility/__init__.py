"""What views see of the ground: visibility polygons, density bands, shadows, views counted cell by cell."""
