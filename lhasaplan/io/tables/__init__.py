"""Tables of cameras, signs, approvals, answers and points: columns, cells, and where each row stands."""
