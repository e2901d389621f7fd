"""A project set up for answers: reference data, buildings, views, and the limits within which they matter."""
