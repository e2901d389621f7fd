"""Commands: they carry out what menus, panels and the map ask for."""
