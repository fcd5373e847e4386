"""How long somebody waits for a code before a screen. Codes and links live from when their mail leaves, so a late one
still works; but whoever waited this long has put the phone away, and comes again, or not."""

from datetime import timedelta

PATIENCE = timedelta(minutes=10)
ONE_DAY = timedelta(hours=24)
