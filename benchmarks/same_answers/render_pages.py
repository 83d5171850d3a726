"""Runs pages in Streamlit's test runner and writes what each sends: render_pages.py SCRIPT LINKS_JSON."""

import hashlib
import json
import sys
import time
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pyarrow as pa
from streamlit.testing.v1 import AppTest, local_script_runner
from streamlit.util import calc_hash

script, wanted = sys.argv[1], json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
SENT_KINDS = ("delta", "page_config_changed", "page_info_changed", "navigation", "page_not_fields", "parent_message")
caught = []
parse = local_script_runner.parse_tree_from_messages


def _parse_and_keep(messages):
    caught[:] = messages
    return parse(messages)


local_script_runner.parse_tree_from_messages = _parse_and_keep


def _read_bytes(data):
    try:
        return pa.ipc.open_stream(data).read_all().to_pydict()
    except Exception:
        return f"{len(data)} bytes {hashlib.sha256(data).hexdigest()}"


def _read_value(row, value):
    if row.type == row.TYPE_MESSAGE:
        return _read_message(value)
    if row.type == row.TYPE_BYTES:
        return _read_bytes(value)
    if row.type == row.TYPE_ENUM:
        return row.enum_type.values_by_number[value].name
    if row.type == row.TYPE_STRING and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _read_message(message):
    fields = {}
    for row, value in message.ListFields():
        if row.name in ("fragment_id", "active_script_hash", "main_script_path"):
            continue
        if row.message_type is not None and row.message_type.GetOptions().map_entry:
            inside = row.message_type.fields_by_name["value"]
            fields[row.name] = {str(key): _read_value(inside, value[key]) for key in sorted(value)}
        elif isinstance(value, (str, bytes)) or not hasattr(value, "__len__"):
            fields[row.name] = _read_value(row, value)
        else:
            fields[row.name] = [_read_value(row, part) for part in value]
    return fields


for link, target in wanted:
    began = time.perf_counter()
    parts = urlsplit(link)
    app = AppTest.from_file(script, default_timeout=600)
    app._page_hash = calc_hash(parts.path.strip("/"))  # noqa: SLF001 - the runner has no other way to choose a page
    for name, value in parse_qsl(parts.query, keep_blank_values=True):
        app.query_params[name] = value
    app.run()
    dumped = {"link": link, "exceptions": [f"{row.message}" for row in app.exception], "messages": []}
    dumped["address"] = {name: app.query_params[name] for name in sorted(app.query_params)}
    for message in caught:
        kind = message.WhichOneof("type")
        if kind in SENT_KINDS:
            made = {"at": list(message.metadata.delta_path)} if kind == "delta" else {}
            dumped["messages"].append({**made, kind: _read_message(getattr(message, kind))})
    Path(target).write_text(json.dumps(dumped, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    print(json.dumps([target, round(time.perf_counter() - began, 3)]), flush=True)
