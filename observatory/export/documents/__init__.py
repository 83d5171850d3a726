"""Builders of documents, one per page that can be a file: from its brief to a DocumentDraft."""
