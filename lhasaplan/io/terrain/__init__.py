"""Terrain rasters: what their numbers mean, and the grid of the ground that is made of them."""
