"""Strangers' bytes are read in a process of their own, within limits, and nothing that is read there asks a network."""
