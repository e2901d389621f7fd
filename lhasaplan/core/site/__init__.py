"""Cameras, terrain and roofs set at their places in the city, and the port by which sight there is asked for."""
