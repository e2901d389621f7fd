"""The map, the only part of the window that works on geometry."""
