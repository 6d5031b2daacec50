from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from leeward.people.queries import PortalChangeRow


class AdministrationConfig(AppConfig):
    name = "leeward.administration"
    label = "administration"

    def ready(self) -> None:
        """Go through the checklist once more when a second person confirms that a portal is opened."""
        from leeward.people.services import before_confirming

        before_confirming(_demand_ready)


def _demand_ready(change: "PortalChangeRow") -> None:
    # Loaded with every command, it would be half of a start.
    from leeward.administration.services.opening import demand_ready

    demand_ready(change)
