"""What menus, panels and the map ask for, done."""
