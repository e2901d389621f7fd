"""Boxes that ask and tell."""
