"""Cameras, terrain and roofs set at their places in the city, what a camera snaps to, and the port by which sight is asked."""
