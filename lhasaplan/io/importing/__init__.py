"""One file of any kind into the project: layers, cameras, terrain and all of its faults."""
