"""Jobs are the worker's own business: in admin one sees what they do (messages and their state), not how."""

from django.contrib import admin
from procrastinate.contrib.django.models import ProcrastinateJob

admin.site.unregister(ProcrastinateJob)
