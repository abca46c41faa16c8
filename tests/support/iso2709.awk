# tests/support/iso2709.awk - lines "TAG content" to ISO 2709, whatever bytes the content has; an empty line ends a record.
# Run with LC_ALL=C, so that lengths are bytes. `|` in the content begins a subfield; pipe through tr for a NUL.
function finish(    base) {
    if (fields == 0)
        return
    base = 24 + 12 * fields + 1
    printf "%05dnam a22%05d i 4500%s\036%s\035", base + length(content) + 1, base, directory, content
    fields = 0; directory = ""; content = ""
}
$0 == "" { finish(); next }
{
    text = substr($0, 5)
    gsub(/\|/, "\037", text)
    directory = directory sprintf("%s%04d%05d", substr($0, 1, 3), length(text) + 1, length(content))
    content = content text "\036"
    fields++
}
END { finish() }
