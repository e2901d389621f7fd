"""How cameras are laid out by hand: what they snap to, how they are aimed, rows along streets, mirrors, alignment."""
