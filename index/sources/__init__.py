"""Files to entries.

`reading.read_sources` is the way in: sources (`source`) in, entries and what became of each file
out. `files` finds
and decodes files within bounds, `readers` picks the reader by what a file is:

- `page`: the entry format, the form of the bundled encyclopedia and of exports;
- `encyclopedia_page`: pages of an encyclopedia saved as text or HTML;
- `markdown_glossary`: Markdown glossaries, one file an entry or one page of many;
- `table`, `records`: CSV, TSV and XLSX; JSON, JSONL and YAML (`columns` recognises names).
"""
