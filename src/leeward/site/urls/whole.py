"""All addresses, for a process that is every face at once: the fixed ones first, then the portals, whose names can't be one of ours."""

from leeward.site.urls import api, desk, public, shared
from leeward.site.urls.shared import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

urlpatterns = [*shared.urlpatterns, *desk.pages, *api.pages, *public.pages]
