"""Districts: the part of a city's project that is one district's, how its plan differs from the city's, and the way back."""
