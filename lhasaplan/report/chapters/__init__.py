"""Chapters of drafts: each a function from the facts of a project to blocks."""
