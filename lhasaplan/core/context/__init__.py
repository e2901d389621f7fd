"""A project set up for answers: reference data, buildings, scenes, views, and the port by which sight is asked."""
