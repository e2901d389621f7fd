"""The plain values that everything speaks of: layers and their tags, cameras and lenses, places and parts."""
