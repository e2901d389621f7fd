"""Words, numbers and tables of drafts, before they have a format."""
