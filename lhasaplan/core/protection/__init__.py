"""Protected places: which map features they are, their ground and walls, and what may be said of them."""
