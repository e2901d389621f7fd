"""Drawings of CAD programs (DXF) in: their layers as outlines, walls, poles and cameras."""
