"""What stands in the picture of a camera, drawn from the record and the map: no photograph, nobody real, nothing that moves."""
