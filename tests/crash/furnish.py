"""`python -m tests.crash.furnish PORT BINDS`: tables, and the demo's account with a carrier at that port.

In a process of its own, because Django serves one database a process. Prints one JSON object.
"""

from __future__ import annotations

import json
import os
import sys


def main(port: int, binds: int) -> None:
    """Make everything that a person needs to send."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sendmill.settings")
    import django

    django.setup()
    from django.core.management import call_command

    from sendmill.catalog import demo_resources
    from sendmill.catalog.demo import create_demo
    from sendmill.catalog.models import Application, Carrier, Template

    call_command("migrate", verbosity=0)
    demo = create_demo(port=port)
    carrier = Carrier.objects.get()
    Carrier.objects.update(binds=binds)
    found = {"account": demo.account.pk, "carrier": carrier.pk, "username": demo.username}
    for kind, name, template in (
        ("international", demo_resources.INTERNATIONAL, "Maintenance"),
        ("mainland", demo_resources.MAINLAND, "维护通知"),
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
    main(int(sys.argv[1]), int(sys.argv[2]))
