"""What somebody typed into a form when their login was over, kept until they have logged in again."""
