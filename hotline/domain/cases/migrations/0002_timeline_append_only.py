"""The timeline of a case is append-only, as the history is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("history", "0002_append_only")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER append_only_rows BEFORE UPDATE OR DELETE ON cases_caseevent
                FOR EACH ROW EXECUTE FUNCTION refuse_change();
            CREATE TRIGGER append_only_table BEFORE TRUNCATE ON cases_caseevent
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
            """,
            """
            DROP TRIGGER append_only_rows ON cases_caseevent;
            DROP TRIGGER append_only_table ON cases_caseevent;
            """,
        )
    ]
