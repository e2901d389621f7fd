"""What the rays of a picture meet first."""
