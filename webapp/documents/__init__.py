"""Full text: a document for each issue, written by the database's triggers, and how it is asked."""
