from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_rules")]
    operations = [run("clinic/notifications/sql/0002_account_mails.sql")]
