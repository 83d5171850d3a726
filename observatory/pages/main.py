"""Entry script that Streamlit runs at each interaction."""

from observatory.pages.layout import frame

frame.show()
