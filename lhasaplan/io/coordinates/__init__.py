"""Which coordinate system numbers are in: names of systems, axes in headings, likely systems."""
