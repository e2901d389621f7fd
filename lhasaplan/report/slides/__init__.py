"""Decks as format-neutral slides: what stands on each, and how much of it fits."""
