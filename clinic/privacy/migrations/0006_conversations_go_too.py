from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [("privacy", "0005_events_forget_alone"), ("chatbot", "0003_visits_shown")]
    operations = [run("clinic/privacy/sql/0007_conversations_go_too.sql")]
