"""Panels beside the map; none of them knows another."""
