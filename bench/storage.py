"""`python -m bench storage`: bytes that a row of each table takes, of the database that Cairn would use.

A made-up tracker is best: `CAIRN_DATA=/tmp/tracker python -m bench.generate --issues 20000`, and then the same
folder here. What is counted is what PostgreSQL has on disk (`pg_total_relation_size`): rows, long texts beside them,
indexes, and what is free in between.
"""

import argparse

from sqlalchemy import text

from webapp import create_app
from webapp.db import db

_TABLES = text("""
    SELECT relname, n_live_tup, pg_table_size(relid), pg_indexes_size(relid), pg_database_size(current_database())
    FROM pg_stat_user_tables WHERE n_live_tup >= :least ORDER BY pg_total_relation_size(relid) DESC
""")


def main() -> None:
    """Print a line for each table, the largest first."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--least", type=int, default=1_000, help="tables of fewer rows are left out")
    given = reader.parse_args()
    with create_app().app_context():
        found = db.session.execute(_TABLES, {"least": given.least}).all()
    print(f"{'table':24}{'rows':>12}{'bytes a row':>14}{'indexes':>10}{'together':>10}{'MiB':>8}")
    for table, rows, own, indexes, _ in found:
        each = own / rows, indexes / rows, (own + indexes) / rows
        print(f"{table:24}{rows:12,}{each[0]:14,.0f}{each[1]:10,.0f}{each[2]:10,.0f}{(own + indexes) / 2**20:8,.1f}")
    print(f"The whole database has {found[0][-1] / 2**20:,.0f} MiB." if found else "There is no such table.")


if __name__ == "__main__":
    main()
