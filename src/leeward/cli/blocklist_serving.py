"""`leeward blocklist serve-dns|stop-page|add-subscriber|settings`: what runs or is set up once."""

import asyncio
import signal
from pathlib import Path
from typing import Annotated, Any

import typer

from leeward.cli.blocklist_feeds import AsJson, HotlineName, begin
from leeward.cli.output import complain, show
from leeward.foundation.errors import BadInput

_MOST_PORT = 65535


def serve_dns(
    listen: Annotated[str, typer.Option("--listen", help="Address and port, for both protocols.")] = "127.0.0.1:5300",
    poll: Annotated[float, typer.Option("--poll", help="Seconds between two checks for news.", min=0.1)] = 5.0,
) -> int:
    """Serve policy zones to subscribers by AXFR, IXFR and NOTIFY, each under its own key; for lists to 50,000 names.

    Example: leeward blocklist serve-dns --listen 192.0.2.53:53
    """
    host, _, port = listen.rpartition(":")
    if not host or not port.isdecimal() or int(port) > _MOST_PORT:
        raise BadInput(what="--listen", why=f"{listen[:60]!r} is not ADDRESS:PORT")
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.audit.fingerprints import SECRET, problems
    from leeward.blocklist.publishing.serving import serve

    for found in problems((SECRET,)):  # subscribers' keys are made from it
        raise found

    def ready(chosen: int) -> None:
        print(f"listening on {host}:{chosen}", flush=True)

    async def run() -> None:
        task = asyncio.current_task()
        assert task
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        await serve(host.strip("[]"), int(port), poll_seconds=poll, complain=complain, ready=ready)

    try:
        asyncio.run(run())
    except asyncio.CancelledError:
        return 0
    except OSError as error:
        raise BadInput(what="--listen", why=(error.strerror or str(error)).lower()) from error
    return 0


def stop_page(
    out: Annotated[Path, typer.Option("--out", help="The folder to write into; created if it is missing.")],
    portal: Annotated[str, typer.Option("--portal", help="Which country's page; needed where there are several.")] = "",
) -> int:
    """Write the stop page as one file in all languages, for an operator's own web server; README.txt says how to serve it.

    Example: leeward blocklist stop-page --out stop/
    """
    from leeward.site.start import start_on_tables

    start_on_tables()
    from leeward.blocklist.publishing.stop_page import write_static

    for path in write_static(out, portal):
        print(path)
    return 0


def add_subscriber(
    slug: Annotated[
        str, typer.Argument(metavar="SLUG", help="Short name that never changes: canaries are made from it.")
    ],
    lists: Annotated[list[str], typer.Option("--list", help="A list of the contract; may be repeated.")],
    formats: Annotated[list[str], typer.Option("--format", help="A format of the contract; may be repeated.")],
    name: Annotated[str, typer.Option("--name", help="Who it is.")] = "",
    kind: Annotated[str, typer.Option("--kind", help="access, mobile, search, host, school or other.")] = "access",
    trusted: Annotated[bool, typer.Option("--trusted", help="May receive lists in clear text.")] = False,
    plain_urls: Annotated[
        bool, typer.Option("--plain-urls", help="The contract takes exact addresses unencrypted.")
    ] = False,
    certificate: Annotated[Path | None, typer.Option("--certificate", help="The OpenPGP certificate.")] = None,
    dns_action: Annotated[
        str, typer.Option("--dns-action", help="no_such_name, stop_name or stop_addresses.")
    ] = "no_such_name",
    notify: Annotated[list[str] | None, typer.Option("--notify", help="ADDRESS:PORT of a name server.")] = None,
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """Add a subscriber and print its keys: the one for HTTP is shown only once.

    Example: leeward blocklist add-subscriber alpha --name "Alpha Net" --list national --format rpz
    """
    from leeward.cli.arguments import text

    hotline_id, actor = begin(hotline)
    from django.conf import settings as django_settings
    from django_scopes import scope

    from leeward.blocklist import queries as blocklist_queries
    from leeward.blocklist.publishing import queries, services, zones

    with scope(hotline=hotline_id):
        contract = services.Contract(
            name=name or slug,
            kind=kind,
            lists=[blocklist_queries.block_list(one).id for one in lists],
            formats=formats,
            is_trusted=trusted,
            takes_plain_addresses=plain_urls,
            certificate=text(certificate) if certificate else "",
            dns_action=dns_action,
            notify=notify or (),
        )
        pk, key = services.add_subscriber(slug, contract, hotline_id=hotline_id, actor=actor)
        row, chosen = queries.subscriber(pk), queries.list_settings(hotline_id)
        assert row
        secret = zones.key_secret(django_settings.LEEWARD.secret_bytes, row)
        made = {
            "slug": row.slug,
            "key": key,
            "transfer_key_name": zones.key_name(row, chosen),
            "transfer_key_secret": zones.key_in_text(secret),
        }
    show([made] if as_json else [{"name": title, "value": value} for title, value in made.items()], as_json=as_json)
    return 0


def settings(
    test_domain: Annotated[str | None, typer.Option(help="Test names lie below it.")] = None,
    canary_domain: Annotated[list[str] | None, typer.Option(help="Canaries lie below these; may be repeated.")] = None,
    zone_suffix: Annotated[str | None, typer.Option(help="Zones are called LIST.SUFFIX.")] = None,
    primary_name: Annotated[str | None, typer.Option(help="The name server in SOA and NS.")] = None,
    mailbox: Annotated[str | None, typer.Option(help="The mail address in the SOA.")] = None,
    stop_name: Annotated[str | None, typer.Option(help="The host of the stop page.")] = None,
    stop_address: Annotated[list[str] | None, typer.Option(help="Its addresses; may be repeated.")] = None,
    networks: Annotated[bool | None, typer.Option(help="Whether the format ip is given out.")] = None,
    hotline: HotlineName = "",
    as_json: AsJson = False,
) -> int:
    """Show the settings of all lists, after changing those that are given.

    Example: leeward blocklist settings --test-domain test.lists.example --canary-domain quiet-harbour.example
    """
    hotline_id, actor = begin(hotline)
    from dataclasses import asdict, replace

    from django_scopes import scope

    from leeward.blocklist.publishing import queries, services

    given: dict[str, Any] = {
        "test_domain": test_domain,
        "canary_domains": tuple(canary_domain) if canary_domain else None,
        "zone_suffix": zone_suffix,
        "primary_name": primary_name,
        "mailbox_name": mailbox,
        "stop_name": stop_name,
        "stop_addresses": tuple(stop_address) if stop_address else None,
        "gives_networks": networks,
    }
    changes = {field: value for field, value in given.items() if value is not None}
    with scope(hotline=hotline_id):
        row = queries.list_settings(hotline_id)
        if changes:
            row = services.change_settings(hotline_id, replace(row, **changes), actor=actor)
    values = asdict(row)
    show([values] if as_json else [{"name": field, "value": value} for field, value in values.items()], as_json=as_json)
    return 0
