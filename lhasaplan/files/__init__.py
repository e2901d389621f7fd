"""Files whole or not at all: written aside and put in place in one step; what a killed start left is cleared away."""
