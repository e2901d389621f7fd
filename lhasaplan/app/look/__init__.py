"""How the window looks and speaks: language, typeface, colours, quantities in words."""
