"""Addresses of the pages, and what each needs."""

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from sendmill.accounts.permissions import Action
from sendmill.console.access import Entry, page
from sendmill.console.pages import creation, downloads, drafts, held, results, tasks
from sendmill.console.urls.billing import BILLING
from sendmill.console.urls.people import PEOPLE
from sendmill.console.urls.recipients import RESULTS
from sendmill.console.urls.resources import RESOURCES

POST = ("POST",)
BOTH = ("GET", "POST")

pages: list[URLPattern | URLResolver] = [
    page("", tasks.home, "home", Entry.MEMBER),
    page("tasks/", tasks.show_list, "tasks", Action.VIEW),
    page("tasks/live/", tasks.show_live, "tasks-live", Action.VIEW),
    page("tasks/new/", creation.new, "task-new", Action.CREATE_TASK, BOTH),
    page("tasks/new/choices/", creation.show_choices, "task-choices", Action.CREATE_TASK),
    page("tasks/new/file/", creation.check_file, "task-file-check", Action.CREATE_TASK),
    page("tasks/new/schedule/", creation.advise, "task-schedule", Action.CREATE_TASK),
    page("tasks/new/number-file/", creation.template_file, "template-file", Action.CREATE_TASK),
    page("drafts/<uuid:key>/", drafts.show, "draft", Action.CREATE_TASK),
    page("drafts/<uuid:key>/state/", drafts.show_state, "draft-state", Action.CREATE_TASK),
    page("drafts/<uuid:key>/confirm/", drafts.confirm, "draft-confirm", Action.CREATE_TASK, POST),
    page("drafts/<uuid:key>/deleted/", downloads.draft_deleted_file, "draft-deleted-file", Action.DOWNLOAD),
    page("tasks/<int:pk>/", results.show, "task", Action.VIEW),
    page("tasks/<int:pk>/live/", results.show_live, "task-live", Action.VIEW),
    page("tasks/<int:pk>/copy/", creation.copy, "task-copy", Action.COPY_TASK),
    page("tasks/<int:pk>/cancel/", tasks.cancel, "task-cancel", Action.CANCEL_TASK, POST),
    page("tasks/<int:pk>/delete/", tasks.delete, "task-delete", Action.DELETE_TASK, POST),
    page("tasks/<int:pk>/pause/", tasks.pause, "task-pause", Action.PAUSE_TASK, POST),
    page("tasks/<int:pk>/end/", tasks.end, "task-end", Action.PAUSE_TASK, POST),
    page("tasks/<int:pk>/resume/", tasks.resume, "task-resume", Action.PAUSE_TASK, POST),
    page("tasks/<int:pk>/settle/", results.settle, "task-settle", Action.SETTLE_TASK, POST),
    page("tasks/<int:pk>/failed/", downloads.failed_file, "task-failed-file", Action.DOWNLOAD),
    page("tasks/<int:pk>/results/", downloads.results_file, "task-results-file", Action.DOWNLOAD),
    page("tasks/<int:pk>/deleted/", downloads.deleted_file, "task-deleted-file", Action.DOWNLOAD),
    page("held/", held.show, "held", Action.VIEW),
    page("held/<int:pk>/release/", held.release, "held-release", Action.RELEASE_TASK, POST),
    *RESULTS,
    *RESOURCES,
    *BILLING,
    *PEOPLE,
]

urlpatterns = [path("", include((pages, "console")))]
handler500 = "sendmill.console.error_pages.show"
