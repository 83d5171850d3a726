"""Opens the observatory: `streamlit run app.py` (or `make run`, which sets everything up first)."""

import streamlit as st

from observatory.pages.server.application import SCRIPT, build_options

app = st.App(SCRIPT, **build_options())

if __name__ == "__main__":
    app.run()
