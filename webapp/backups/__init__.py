"""All that an installation holds, database and files, in one archive; and an installation made of it again."""
