"""How kernels are compiled, and the small ones that stand alone: arcs, areas, counts and sums."""
