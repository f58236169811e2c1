from django.urls import path

from clinic.portals.accounts import erasing, own_data

app_name = "account"
urlpatterns = [
    path("data", own_data.shown, name="data"),
    path("data.json", own_data.download, name="download"),
    path("erase", erasing.by_password, name="erase"),
    path("erase/mail", erasing.send_code, name="erase-mail"),
    path("erase/code", erasing.by_code, name="erase-code"),
    path("erased", own_data.erased, name="erased"),
]
