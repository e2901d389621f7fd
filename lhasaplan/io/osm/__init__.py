"""OpenStreetMap data, in every form in which it is handed on."""
