"""Whole lives, from a registration to money on an account, in one thread and in virtual time: ``docs/simulator.md``."""
