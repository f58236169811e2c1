from django.urls import path

from clinic.portals.accounts import passwords, views

app_name = "accounts"
urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("sign-up", passwords.sign_up, name="sign-up"),
    path("sign-up/sent", passwords.sent, name="sent"),
    path("confirm/<str:token>", passwords.confirm, name="confirm"),
    path("password/reset", passwords.ask_reset, name="ask-reset"),
    path("password/reset/<str:token>", passwords.reset, name="reset"),
]
