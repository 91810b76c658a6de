"""Files to entries.

`reading.read_sources` is the way in: sources (`source`) in, entries and what became of each file
out. `folders` finds the files of a source, `known` remembers them so that those unchanged are not
read again, `files` reads and decodes one within bounds, and `readers` picks its reader:

- `page`: the entry format, the form of the bundled encyclopedia and of exports;
- `encyclopedia_page`: pages of an encyclopedia saved as text or HTML;
- `markdown_glossary`: Markdown glossaries, one file an entry or one page of many;
- `table`, `records`: CSV, TSV and XLSX; JSON, JSONL and YAML (`columns` recognises names).
"""
