"""Choose the fewest, cheapest or most useful columns of a matrix that cover its rows, with a bound on what is possible."""
