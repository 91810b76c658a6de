"""Read source files into entries.

The entry point is `loader.read_sources`: it takes sources (`source`), and returns entries and a
report on each source. `discovery` finds the files of a source. `file_cache` caches the parsed
content of files. `files` reads and decodes a file within size limits. `parser_process` parses it in
a child process, within limits of time and memory. `registry` chooses the reader of a file:

- `entry_page`: the entry format, used by the bundled encyclopedia and by exports;
- `webpage`: encyclopedia pages saved as text or HTML;
- `markdown`: Markdown glossaries, one file per entry or one page with many;
- `tabular`, `records`: CSV, TSV and XLSX; JSON, JSONL and YAML (`columns` maps names to fields).
"""
