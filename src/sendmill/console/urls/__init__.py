"""Addresses of the pages, and what each needs."""

from django.urls import include, path
from django.urls.resolvers import URLPattern, URLResolver

from sendmill.accounts.permissions import Action
from sendmill.console.access import BOTH, POST, Entry, page
from sendmill.console.pages import (
    downloads,
    drafts,
    held_store,
    new_task,
    task_actions,
    task_details,
    task_list,
)
from sendmill.console.urls.billing import BILLING
from sendmill.console.urls.people import PEOPLE
from sendmill.console.urls.recipients import RESULTS
from sendmill.console.urls.resources import RESOURCES

pages: list[URLPattern | URLResolver] = [
    page("", task_list.home, "home", Entry.MEMBER),
    page("tasks/", task_list.show, "tasks", Action.VIEW),
    page("tasks/live/", task_list.show_live, "tasks-live", Action.VIEW),
    page("tasks/new/", new_task.new, "task-new", Action.CREATE_TASK, BOTH),
    page("tasks/new/choices/", new_task.show_choices, "task-choices", Action.CREATE_TASK),
    page("tasks/new/file/", new_task.check_file, "task-file-check", Action.CREATE_TASK),
    page("tasks/new/schedule/", new_task.advise, "task-schedule", Action.CREATE_TASK),
    page("tasks/new/number-file/", new_task.template_file, "template-file", Action.CREATE_TASK),
    page("drafts/<uuid:key>/", drafts.show, "draft", Action.CREATE_TASK),
    page("drafts/<uuid:key>/state/", drafts.show_state, "draft-state", Action.CREATE_TASK),
    page("drafts/<uuid:key>/confirm/", drafts.confirm, "draft-confirm", Action.CREATE_TASK, POST),
    page("drafts/<uuid:key>/deleted/", downloads.draft_deleted_file, "draft-deleted-file", Action.DOWNLOAD),
    page("tasks/<int:pk>/", task_details.show, "task", Action.VIEW),
    page("tasks/<int:pk>/live/", task_details.show_live, "task-live", Action.VIEW),
    page("tasks/<int:pk>/copy/", new_task.copy, "task-copy", Action.COPY_TASK),
    page("tasks/<int:pk>/cancel/", task_actions.cancel, "task-cancel", Action.CANCEL_TASK, POST),
    page("tasks/<int:pk>/delete/", task_actions.delete, "task-delete", Action.DELETE_TASK, POST),
    page("tasks/<int:pk>/pause/", task_actions.pause, "task-pause", Action.PAUSE_TASK, POST),
    page("tasks/<int:pk>/end/", task_actions.end, "task-end", Action.PAUSE_TASK, POST),
    page("tasks/<int:pk>/resume/", task_actions.resume, "task-resume", Action.PAUSE_TASK, POST),
    page("tasks/<int:pk>/release/", task_actions.release, "task-release", Action.PAUSE_TASK, POST),
    page("tasks/<int:pk>/settle/", task_actions.settle, "task-settle", Action.SETTLE_TASK, POST),
    page("tasks/<int:pk>/failed/", downloads.failed_file, "task-failed-file", Action.DOWNLOAD),
    page("tasks/<int:pk>/results/", downloads.results_file, "task-results-file", Action.DOWNLOAD),
    page("tasks/<int:pk>/deleted/", downloads.deleted_file, "task-deleted-file", Action.DOWNLOAD),
    page("held/", held_store.show, "held", Action.VIEW),
    page("held/<int:pk>/release/", held_store.release, "held-release", Action.RELEASE_TASK, POST),
    *RESULTS,
    *RESOURCES,
    *BILLING,
    *PEOPLE,
]

urlpatterns = [path("", include((pages, "console")))]
handler500 = "sendmill.console.error_pages.show"
