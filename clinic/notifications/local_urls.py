from django.urls import path

from clinic.notifications import local_pages

app_name = "local-mails"
urlpatterns = [
    path("dev/mails", local_pages.mails, name="mails"),
    path("dev/mails/<str:name>", local_pages.mail, name="mail"),
    path("dev/mails/<str:name>/html", local_pages.html, name="html"),
    path("dev/mails/<str:name>/<int:number>", local_pages.attachment, name="attachment"),
]
