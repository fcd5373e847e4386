"""Planning a draw."""
