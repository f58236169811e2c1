from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_account_mails")]
    operations = [run("clinic/notifications/sql/0003_account_mail_kinds.sql")]
