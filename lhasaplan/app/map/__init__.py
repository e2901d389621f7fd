"""The map: the only room of the window that touches geometry."""
