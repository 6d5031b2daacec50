"""What is on the demonstration's sites: galleries of harmless pictures, and one page for every kind of trouble."""

from leeward.demo.world import pages
from leeward.demo.world.cast import CONTROL, FAR_PICTURES, ODD_PAGES, PICTURES
from leeward.demo.world.host import Site, WebHost
from leeward.demo.world.pictures import claims_to_be_huge, cut_off, picture

GALLERY = "/gallery"
MORE = "/more"
ODD_USER, ODD_PASSWORD = "visitor", "open sesame"
ODD_REFERRER = "http://links.example/"


def fill(host: WebHost) -> None:
    """Put the demonstration's pages on a web host."""
    _fill_gallery(host.site(PICTURES), "Views of the harbour", first_seed=10)
    _fill_gallery(host.site(FAR_PICTURES), "Views of the far shore", first_seed=50)
    host.site(CONTROL).put("/", pages.plain("The light is on"))
    _fill_odd_pages(host.site(ODD_PAGES))


def _fill_gallery(site: Site, title: str, *, first_seed: int) -> None:
    """Six pictures on one page, JPEG and PNG, landscapes and patterns, and a second page with one more."""
    paths = [f"/pictures/{number}.{'png' if number % 3 == 2 else 'jpg'}" for number in range(6)]
    for number, path in enumerate(paths):
        site.put(
            path,
            pages.still(
                first_seed + number,
                motif="pattern" if number % 2 else "landscape",
                form="PNG" if path.endswith("png") else "JPEG",
            ),
        )
    site.put(GALLERY, pages.gallery(title, paths, links=[MORE]))
    site.put(MORE, pages.gallery(f"{title}, continued", ["/pictures/more.jpg"], links=[GALLERY]))
    site.put("/pictures/more.jpg", pages.still(first_seed + 9))
    site.put("/", pages.redirect(GALLERY))


def _fill_odd_pages(site: Site) -> None:
    """Pages that can't simply be fetched; big ones are made when they are first asked for."""
    page = pages.gallery("Members only", ["/pictures/0.jpg"])
    site.put("/pictures/0.jpg", pages.still(90))
    site.put("/log-in", pages.log_in(page, user=ODD_USER, password=ODD_PASSWORD))
    site.put("/forbidden", pages.forbidden())
    site.put("/not-here", pages.not_in_your_country())
    site.put("/script-only", pages.script_only())
    site.put("/referrer", pages.only_from(ODD_REFERRER, page))
    site.put("/late", pages.late(page, seconds=120))
    site.put("/drip", pages.drip())
    site.put("/moved", pages.redirect("/pictures/0.jpg"))
    site.put("/endless", pages.endless_redirect())
    site.put("/to-metadata", pages.redirect("http://169.254.169.254/latest/meta-data/"))
    site.put("/to-mapped-loopback", pages.redirect("http://[::ffff:127.0.0.1]/"))
    site.put("/to-a-file", pages.redirect("file:///etc/hostname"))
    site.put("/hangs-up", pages.hangs_up())
    site.put("/breaks-off", pages.breaks_off(b"<p>the rest is missing"))
    site.put("/bomb", lambda _: pages.bomb())
    site.put("/crowd", lambda _: pages.crowd())
    site.put("/huge.png", lambda _: pages.file(claims_to_be_huge(), "image/png"))
    site.put("/cut-off.jpg", lambda _: pages.file(cut_off(picture(91)), "image/jpeg"))
