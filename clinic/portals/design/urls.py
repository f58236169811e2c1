from django.urls import path

from clinic.portals.design import views

app_name = "design"
urlpatterns = [path("", views.design, name="design")]
