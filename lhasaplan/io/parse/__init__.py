"""Bytes into text and values, and what may be wrong with a file before anything of it is understood."""
