"""What stands in the way of a view: buildings, raised decks, walls indoors and the ground itself."""
