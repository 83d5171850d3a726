"""One builder for each page that can be a file: from its view model to a Document."""
