"""Protected places made of recognised features: their ground, their samples, and what may be said of them."""
