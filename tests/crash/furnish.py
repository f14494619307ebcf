"""`python -m tests.crash.furnish BINDS PORT…`: tables, and the demo's account with a carrier at each port.

The first carrier has so many binds; the others, with one each, take what it cannot.

In a process of its own, because Django serves one database a process. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import sys


def main(binds: int, port: int, *other_ports: int) -> None:
    """Make everything that a person needs to send."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sendmill.django_settings")
    import django

    django.setup()
    from django.core.management import call_command

    from sendmill.catalog.demo import resources
    from sendmill.catalog.demo.account import create_demo
    from sendmill.catalog.models import Application, Carrier, Route, Template

    call_command("migrate", verbosity=0)
    demo = create_demo(port=port)
    # Carriers are known to be dead sooner than in the field.
    timers = {"response_seconds": 3, "enquire_seconds": 2}
    Carrier.objects.update(binds=binds, **timers)
    carrier = Carrier.objects.get()
    carriers = [carrier.pk]
    for other in other_ports:
        carrier.pk, carrier.name, carrier.port, carrier.binds = None, f"Carrier {other}", other, 1
        carrier.save(force_insert=True)
        carriers.append(carrier.pk)
        for application in Application.objects.all():
            Route.objects.create(
                account=demo.account, application=application, carrier=carrier, position=len(carriers)
            )
    found = {"account": demo.account.pk, "carriers": carriers, "username": demo.username}
    for kind, name, template in (
        ("international", resources.INTERNATIONAL, "Maintenance"),
        ("mainland", resources.MAINLAND, "维护通知"),
    ):
        application = Application.objects.get(name=name)
        text = Template.objects.get(application=application, name=template)
        found[kind] = {
            "application": application.pk,
            "template": text.pk,
            "signature": text.signature_id,
        }
    sys.stdout.write(json.dumps(found | {"password": demo.password}) + "\n")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
