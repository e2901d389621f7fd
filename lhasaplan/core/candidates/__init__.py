"""Places that duties packs name, found in the layers, and the parts of them that may be asked for."""
