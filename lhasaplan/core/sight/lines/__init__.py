"""Sight lines from views to points and rays of a picture: what is seen, at which density, and what cuts the others."""
