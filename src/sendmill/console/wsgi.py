"""The WSGI application; in a worker process of the web server, which ends with its parent."""

import multiprocessing
import os

from django.core.wsgi import get_wsgi_application

from sendmill.runtime.supervisor import end_with

# The web server serves from a process of its own. One that outlived a kill of the server would hold its port,
# and no new server could start.
server = multiprocessing.parent_process()
if server is not None and server.pid is not None:
    end_with(server.pid)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sendmill.django_settings")
application = get_wsgi_application()
