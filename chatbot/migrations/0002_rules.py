from django.db import migrations

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):
    dependencies = [
        ("chatbot", "0001_initial"),
        ("core", "0005_verified_when_asked"),
        ("accounts", "0006_mailed_codes"),
        ("realtime", "0002_events"),
    ]
    operations = [run("chatbot/sql/0001_conversations.sql")]
