"""allauth's tables, for a process in which nobody signs in: no middleware, no addresses, nothing that it listens to."""

from allauth.account.apps import AccountConfig


class AccountTables(AccountConfig):  # type: ignore[misc]  # allauth has no types
    """Who has an account can be read; nothing else of allauth is set up."""

    def ready(self) -> None:
        """Ask for no middleware: this process has none of it."""
