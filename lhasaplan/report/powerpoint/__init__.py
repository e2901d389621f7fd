"""Text, tables, charts and frames of slides that PowerPoint can edit."""
