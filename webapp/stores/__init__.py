"""Where files lie: a folder of this machine, or a bucket of a store that speaks S3."""
