import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('availability', '0004_told'),
        ('dentists', '0003_told'),
    ]

    operations = [
        migrations.AlterField(
            model_name='reservation',
            name='busy_from',
            field=models.DateTimeField(verbose_name='busy from'),
        ),
        migrations.AlterField(
            model_name='reservation',
            name='busy_until',
            field=models.DateTimeField(verbose_name='busy until'),
        ),
        migrations.AlterField(
            model_name='reservation',
            name='dentist',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reservations', to='dentists.dentist', verbose_name='dentist'),
        ),
        migrations.AlterField(
            model_name='reservation',
            name='ends_at',
            field=models.DateTimeField(verbose_name='ends'),
        ),
        migrations.AlterField(
            model_name='reservation',
            name='expires_at',
            field=models.DateTimeField(verbose_name='held until'),
        ),
        migrations.AlterField(
            model_name='reservation',
            name='starts_at',
            field=models.DateTimeField(verbose_name='starts'),
        ),
        migrations.AlterField(
            model_name='reservation',
            name='treatment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='dentists.treatment', verbose_name='treatment'),
        ),
    ]
