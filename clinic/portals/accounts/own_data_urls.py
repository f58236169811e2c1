from django.urls import path

from clinic.portals.accounts import own_data

app_name = "account"
urlpatterns = [
    path("data", own_data.shown, name="data"),
    path("data.json", own_data.download, name="download"),
    path("erase", own_data.erase, name="erase"),
    path("erased", own_data.erased, name="erased"),
]
