"""How exact the answers are, against slower methods that share no code with the engine."""
