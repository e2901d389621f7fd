"""Cameras, terrain and roofs set at their places in the city, and what a camera snaps to."""
