"""Sight lines from views to points: which are seen, at which density, and what cuts the others."""
