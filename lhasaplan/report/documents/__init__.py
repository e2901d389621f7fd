"""Drafts as documents, each made of its chapters."""
