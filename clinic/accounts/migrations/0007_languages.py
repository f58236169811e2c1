from django.db import migrations, models

from clinic.core.sqlfiles import run


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0006_mailed_codes'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='language',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=10, verbose_name='language'),
        ),
        run("clinic/accounts/sql/0005_languages.sql"),
    ]
