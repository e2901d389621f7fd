"""Maps in drafts: the ground they are drawn on, figures, and layers of the web map."""
