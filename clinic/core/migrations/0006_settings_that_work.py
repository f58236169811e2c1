import django.core.validators
from django.db import migrations, models

DIALLED = r"^[0-9+][0-9 /().-]*$"


def into_bounds(apps, schema_editor):
    settings = apps.get_model("core", "ClinicSettings").objects.using(schema_editor.connection.alias)
    settings.filter(max_advance_days=0).update(max_advance_days=1)
    settings.filter(name="").update(name="Dental clinic")
    settings.exclude(emergency_number__regex=DIALLED).update(emergency_number="112")


class Migration(migrations.Migration):
    dependencies = [("core", "0005_verified_when_asked")]
    operations = [
        migrations.AlterField(
            "clinicsettings",
            "emergency_number",
            models.CharField(
                "emergency number",
                max_length=20,
                default="112",
                validators=[
                    django.core.validators.RegexValidator(DIALLED, "Give a number that can be dialled, such as 112.")
                ],
            ),
        ),
        migrations.AlterField(
            "clinicsettings",
            "max_advance_days",
            models.PositiveSmallIntegerField(
                "bookable ahead (days)",
                default=456,
                validators=[
                    django.core.validators.MinValueValidator(1),
                    django.core.validators.MaxValueValidator(3660),
                ],
            ),
        ),
        migrations.RunPython(into_bounds, migrations.RunPython.noop),
        migrations.AddConstraint(
            "clinicsettings",
            models.CheckConstraint(condition=models.Q(("max_advance_days__gte", 1)), name="settings_some_advance"),
        ),
        migrations.AddConstraint(
            "clinicsettings",
            models.CheckConstraint(condition=models.Q(("name", ""), _negated=True), name="settings_named"),
        ),
        migrations.AddConstraint(
            "clinicsettings",
            models.CheckConstraint(
                condition=models.Q(("emergency_number__regex", DIALLED)), name="settings_emergency_number"
            ),
        ),
    ]
