"""What can go together, what existing cameras could do, and the least that serves the purposes, each with a bound."""
