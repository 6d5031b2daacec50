from collections.abc import Callable, Collection

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The slice. `others_waiting` names the cases of which somebody beside their notices waits for the police; the slice that tells them
    sets it as it gets ready."""

    name = "leeward.notices"
    label = "notices"
    others_waiting: Callable[[], Collection[int]]
