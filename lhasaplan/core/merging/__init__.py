"""Merging by three ways: what several sides made of the same things since they had them in common."""
