"""Pictures of other sites that texts show: fetched once for all who read, kept for a while, and made small."""
