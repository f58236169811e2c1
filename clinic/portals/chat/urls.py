from django.urls import path

from clinic.portals.chat import views

app_name = "chat"
urlpatterns = [
    path("", views.chat, name="chat"),
    path("/<uuid:conversation_id>", views.conversation, name="conversation"),
    path("/<uuid:conversation_id>/offers", views.offers, name="offers"),
]
