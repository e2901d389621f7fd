"""Findings and the English sentences that state them."""
