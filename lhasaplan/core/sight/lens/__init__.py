"""What a lens takes in before anything stands in its way: angles, pictures, masks, open ground."""
