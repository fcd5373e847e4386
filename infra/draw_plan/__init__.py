"""A draw on paper: who would be drawn under a scheme, what it would cost, and how another scheme would change that."""
