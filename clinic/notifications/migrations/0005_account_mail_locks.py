from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_account_mail_kinds")]
    operations = [run("clinic/notifications/sql/0004_account_mail_locks.sql")]
