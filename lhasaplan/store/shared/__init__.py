"""An office's shared store: a project is a schema of a PostgreSQL database with PostGIS, changed row by row by several."""
