"""Views of paging: the desk's, and the one behind a page's link."""
