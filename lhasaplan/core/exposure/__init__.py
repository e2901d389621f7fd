"""Which camera can see what of protected places: sample hits, densities, graded sightings."""
