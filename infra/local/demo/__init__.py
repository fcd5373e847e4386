"""The launch day in small, played against the running platform through its public HTTP API."""
