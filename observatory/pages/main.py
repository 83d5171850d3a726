"""The script that Streamlit runs at each interaction; all it does is show the frame."""

from observatory.pages.layout import frame

frame.show()
