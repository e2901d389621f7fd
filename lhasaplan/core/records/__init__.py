"""What the records of cameras owe: missing fields, dates that run out, approvals, and corrections."""
