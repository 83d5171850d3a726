"""The ASGI application around Streamlit: routes, middleware, page metadata, preview images."""
