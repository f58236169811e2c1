from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("core", "0003_rules"), ("admin", "0003_logentry_add_action_flag_choices"), ("contenttypes", "0002_remove_content_type_name")]
    operations = [run("clinic/accounts/sql/0001_policies.sql")]
