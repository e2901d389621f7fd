"""What the city's layers, the cameras and the rules say together: sightings, cures, verdicts, overlaps, findings."""
