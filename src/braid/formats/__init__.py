"""Outside formats: files to records and problems, records to files and a loss report."""
