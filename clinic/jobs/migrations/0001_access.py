from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    # A newer procrastinate that brings tables or functions of its own needs another file like this one.
    initial = True
    dependencies = [("core", "0003_rules"), ("procrastinate", "0041_post_retry_failed_job")]
    operations = [run("clinic/jobs/sql/0001_access.sql")]
