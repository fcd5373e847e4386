"""What must always hold, checked apart from the code under test: guarantees S1 to S8, L1 and L2."""
