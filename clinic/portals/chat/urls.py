from django.urls import path

from clinic.portals.chat import views

app_name = "chat"
urlpatterns = [
    path("chat", views.chat, name="chat"),
    path("chat/<uuid:conversation_id>", views.conversation, name="conversation"),
    path("chat/<uuid:conversation_id>/offers", views.offers, name="offers"),
]
