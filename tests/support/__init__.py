"""What several test packages use: paths, builders, counts of the curated files, and copies of the checkout."""
