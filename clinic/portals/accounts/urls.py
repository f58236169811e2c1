from django.urls import path

from clinic.portals.accounts import email, mailed_codes, passwords, second_factor, security, views

app_name = "accounts"
urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-in/code", second_factor.second_step, name="second-step"),
    path("sign-in/mail", mailed_codes.ask, name="ask-code"),
    path("sign-in/mail/code", mailed_codes.enter, name="mailed-code"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("sign-up", passwords.sign_up, name="sign-up"),
    path("sign-up/sent", passwords.sent, name="sent"),
    path("security", security.overview, name="security"),
    path("security/others/end", security.end_others, name="end-others"),
    path("security/<str:key>/end", security.end, name="end"),
    path("password", security.change_password, name="change-password"),
    path("email", email.change, name="change-email"),
    path("email/<str:token>", email.confirm, name="confirm-email"),
    path("second-factor", second_factor.set_up, name="second-factor"),
    path("second-factor/codes", second_factor.new_codes, name="new-codes"),
    path("second-factor/off", second_factor.switch_off, name="second-factor-off"),
    path("confirm/<str:token>", passwords.confirm, name="confirm"),
    path("password/reset", passwords.ask_reset, name="ask-reset"),
    path("password/reset/<str:token>", passwords.reset, name="reset"),
]
