from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    name = "leeward.administration"
    label = "administration"

    def ready(self) -> None:
        """Go through the checklist once more when a second person confirms that a portal is opened."""
        from leeward.administration.services.opening import demand_ready
        from leeward.people.services import before_confirming

        before_confirming(demand_ready)
