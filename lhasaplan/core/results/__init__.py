"""What an audit or a check gives back: findings, what is in view, and the assessment that outputs are written from."""
