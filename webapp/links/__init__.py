"""Links in mails: each proves once that whoever follows it reads what is sent to an address."""
