"""The window: map, panels, menus and tools, on the same use cases as the command line."""
