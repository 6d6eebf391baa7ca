"""Issues go to another project."""
