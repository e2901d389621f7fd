"""What a project holds: its layers and cameras, its mandate, and what people decided."""
