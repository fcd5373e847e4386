"""Domains that lend an address for an hour: the community's list, as its package brings it."""

from disposable_email_domains import blocklist


class ListedDomains:
    def has(self, domain: str) -> bool:
        """Subdomains of a listed one are listed too."""
        parts = domain.split(".")
        return any(".".join(parts[place:]) in blocklist for place in range(len(parts) - 1))
