"""Picture through the lens of a camera, drawn from the record and the map; never a photograph."""
