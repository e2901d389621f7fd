"""What a project holds: layers, cameras, mandate, decisions, plan and journal, and how projects are merged."""
