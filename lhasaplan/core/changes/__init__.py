"""Changes of cameras as values: one change, several as a proposal, the difference of two plans, and the way back."""
