from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [
        ("notifications", "0001_initial"),
        ("appointments", "0002_rules"),
        ("jobs", "0001_access"),
    ]
    operations = [run("clinic/notifications/sql/0001_messages.sql")]
