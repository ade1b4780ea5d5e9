"""Every code that was ever given out stands in one table."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_timeline_append_only")]

    operations = [
        migrations.CreateModel(
            name="DrawnCode",
            fields=[
                ("code", models.CharField(max_length=16, primary_key=True, serialize=False)),
            ],
        ),
        migrations.RunSQL(
            "INSERT INTO cases_drawncode (code) SELECT code FROM cases_case",
            migrations.RunSQL.noop,
        ),
    ]
