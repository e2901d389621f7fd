"""Protected places made of recognised features: their ground, their walls, and what may be said of them."""
