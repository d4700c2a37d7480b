"""A brief of two pages to take home: what it says, and writers for Word, PDF and HTML."""
