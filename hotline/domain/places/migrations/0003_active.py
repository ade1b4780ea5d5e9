from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0002_search")]

    operations = [migrations.AddField("place", "active", models.BooleanField(default=True))]
