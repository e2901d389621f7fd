"""Chapters and letters as format-neutral documents."""
