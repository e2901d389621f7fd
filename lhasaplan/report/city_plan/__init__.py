"""The draft of a plan in chapters, as a planning office hands it to its council."""
