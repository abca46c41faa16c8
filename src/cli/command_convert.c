/* src/cli/command_convert.c - recto convert: files of records in a stream, in constant memory, no repository. */
#include "convert.h"

#include "recto/base/plural.h"

#include <string.h>

void convert_note(const conversion *conversion, const marc_oddity *oddity)
{
    bool rejected = strcmp(oddity->code, "rejected") == 0;
    note("%s: record %zu, byte %llu: %s%s", conversion->name, oddity->record_number, (unsigned long long)oddity->offset,
         oddity->message, rejected ? "; the record was left out" : "");
}

static void note_oddity(void *context, const marc_oddity *oddity)
{
    convert_note(context, oddity);
}

static bool goes_on(recto_status status)
{
    return status == RECTO_EDATA || status == RECTO_ELIMIT;
}

/* The reader has told already of what it rejected itself. */
static void note_refusal(const conversion *conversion, const marc_reader *reader, const recto_error *error)
{
    note("%s: record %zu, byte %llu: %s; the record was left out", conversion->name, marc_reader_number(reader),
         (unsigned long long)marc_reader_offset(reader), error->what);
}

static recto_status convert_next(conversion *conversion, marc_reader *reader, marc_writer *writer, marc_record *record,
                                 recto_error *error)
{
    bool keep = true;
    buffer shown; /* to a terminal nothing goes past the filter */
    buffer_init(&shown, 0);
    buffer *out = conversion->line->out_is_terminal ? &shown : &conversion->line->out;
    recto_status status = marc_reader_next(reader, record, error);
    if (status == RECTO_OK) {
        if (conversion->step != NULL)
            status = conversion->step(conversion->step_context, record, marc_reader_number(reader), out, &keep, error);
        if (status == RECTO_OK && writer != NULL && keep)
            status = marc_writer_record(writer, out, record, error);
        if (goes_on(status))
            note_refusal(conversion, reader, error);
    }
    if (shown.length > 0)
        print(conversion->line, buffer_text(&shown));
    buffer_release(&shown);
    conversion->done += status == RECTO_OK;
    conversion->rejected += goes_on(status);
    return goes_on(status) ? RECTO_OK : status;
}

/* Any format, one record after the other. */
static recto_status convert_stream(conversion *conversion, recto_error *error)
{
    marc_record *record = NULL;
    marc_reader *reader = NULL;
    marc_writer *writer = NULL;
    recto_status status = marc_record_new(&record, error);
    if (status == RECTO_OK)
        status = marc_reader_new(&reader, conversion->source, conversion->source_context, conversion->name, &conversion->reading,
                                 error);
    if (status == RECTO_OK && conversion->writes)
        status = marc_writer_new(&writer, &conversion->writing, error);
    while (status == RECTO_OK && (status = convert_next(conversion, reader, writer, record, error)) == RECTO_OK)
        if (conversion->line->out.length > 256 * 1024 && output_flush(conversion->line) != 0)
            status = recto_fail(error, RECTO_EIO, "standard output", "free space and try again", "cannot write");
    if (writer != NULL)
        conversion->losses = marc_writer_losses(writer);
    marc_writer_free(writer);
    marc_reader_free(reader);
    marc_record_free(record);
    return status == RECTO_END ? RECTO_OK : status;
}

/* The input, of which the beginning was read to see what it is. */
typedef struct sniffed_input {
    record_file *file;
    buffer head;
    size_t given;
} sniffed_input;

static ssize_t read_sniffed(void *context, char *bytes, size_t capacity, recto_error *error)
{
    sniffed_input *input = context;
    size_t left = input->head.length - input->given;
    if (left == 0)
        return record_file_read(input->file, bytes, capacity, error);
    if (left > capacity)
        left = capacity;
    memcpy(bytes, input->head.bytes + input->given, left);
    input->given += left;
    return (ssize_t)left;
}

/* The beginning is read whatever the format is said to be: packed records are called so, not taken for damaged ones. */
static recto_status sniff(marc_format *out, sniffed_input *input, recto_error *error)
{
    enum { SNIFFED = 4096 };
    const char *name = input->file->name;
    ssize_t got = 1;
    while (got > 0 && input->head.length < SNIFFED) {
        char *room = buffer_reserve(&input->head, SNIFFED);
        if (room == NULL)
            return recto_fail_memory(error, "reading records");
        got = record_file_read(input->file, room, SNIFFED - input->head.length, error);
        if (got < 0)
            return RECTO_EIO;
        buffer_grow(&input->head, (size_t)got);
    }
    text beginning = buffer_text(&input->head);
    const char *container = marc_sniff_container(beginning);
    if (container != NULL)
        return recto_fail(error, RECTO_EDATA, name, "unpack it first", "this is packed (%s)", container);
    *out = input->file->options.format;
    if (*out == MARC_FORMAT_UNKNOWN)
        *out = beginning.length > 0 ? marc_format_sniff(beginning) : MARC_FORMAT_ISO2709; /* nothing has no records */
    return *out != MARC_FORMAT_UNKNOWN ? RECTO_OK
                                       : recto_fail(error, RECTO_EDATA, name, "name the format with --from",
                                                    "these bytes are in no record format we know");
}

recto_status convert_file(conversion *conversion, record_file *file, recto_error *error)
{
    sniffed_input input = { .file = file };
    buffer_init(&input.head, 0);
    conversion->source = read_sniffed;
    conversion->source_context = &input;
    conversion->reading = file->options;
    recto_status status = sniff(&conversion->reading.format, &input, error);
    if (status == RECTO_OK && conversion->writes)
        status = marc_write_begin(&conversion->line->out, &conversion->writing, error);
    if (status == RECTO_OK && conversion->jobs > 1 && conversion->reading.format != MARC_FORMAT_ISO2709)
        note("%s: one job works on it; several are for ISO 2709, whose records can be told apart unread", conversion->name);
    if (status == RECTO_OK)
        status = conversion->reading.format == MARC_FORMAT_ISO2709 ? convert_blocks(conversion, error)
                                                                   : convert_stream(conversion, error);
    if (status == RECTO_OK && conversion->writes)
        status = marc_write_end(&conversion->line->out, &conversion->writing, error);
    conversion->source = NULL;
    conversion->source_context = NULL; /* it is gone */
    buffer_release(&input.head);
    return status;
}

int convert_exit_status(const conversion *conversion)
{
    return conversion->rejected == 0 ? 0 : conversion->done == 0 ? 3 : 1;
}

typedef struct convert_options {
    const char *from, *to, *from_encoding, *to_encoding, *references, *lossy, *long_records, *mnemonics, *jobs;
} convert_options;

/* Options that would do nothing where they stand: more likely a slip than a wish. */
static bool go_together(const conversion *conversion, const convert_options *options)
{
    const marc_writer_options *writing = &conversion->writing;
    const bool iso2709 = conversion->writes && writing->format == MARC_FORMAT_ISO2709;
    if (options->references != NULL && options->lossy != NULL)
        return usage("--references keeps what --lossy gives up; name one of them"), false;
    if (options->lossy != NULL && !(iso2709 && writing->encoding == MARC_ENCODING_MARC8))
        return usage("--lossy is for --to marc --to-encoding marc-8; nothing else loses characters"), false;
    if (options->long_records != NULL && !iso2709)
        return usage("--long-records is for --to marc; the other formats know no limit"), false;
    if (options->mnemonics != NULL && !(conversion->writes && writing->format == MARC_FORMAT_MRK))
        return usage("--mnemonics is for --to mrk"), false;
    return true;
}

/* What the options say; false after a message. */
static bool understand(conversion *conversion, const convert_options *options)
{
    marc_writer_options *writing = &conversion->writing;
    int64_t jobs = 1;
    conversion->writes = options->to == NULL || strcmp(options->to, "none") != 0;
    if (conversion->writes && !format_named(&writing->format, options->to, MARC_FORMAT_MRK))
        return false;
    if (options->to_encoding != NULL && !marc_encoding_named(&writing->encoding, options->to_encoding))
        return usage("there is no encoding '%s'; there are utf-8 and marc-8", options->to_encoding), false;
    if (!go_together(conversion, options))
        return false;
    if (options->jobs != NULL && !option_number("jobs", options->jobs, 1, 64, &jobs))
        return false;
    if (writing->format == MARC_FORMAT_ISO2709 && conversion->line->out_is_terminal)
        return usage("binary MARC would upset the terminal; use > FILE or --to mrk"), false;
    writing->lossy_references = options->references != NULL;
    writing->lossy = options->lossy != NULL;
    writing->long_records = options->long_records != NULL;
    writing->mnemonics = options->mnemonics != NULL;
    conversion->jobs = (int)jobs;
    return true;
}

void command_convert_help(command_line *line)
{
    print_format(line,
                 "\n"
                 "Formats: marc, marcxml, mrk, json, line; --to none reads and reports only. Encodings: utf-8, marc-8, and\n"
                 "for reading auto and latin-1. What is odd in a record is told on standard error; a record that cannot be\n"
                 "written is told, too, and left out (exit status 1).\n"
                 "  --references    &#x....; for what MARC-8 lacks; in MARC-8 that is read they become characters\n"
                 "  --lossy         a question mark for what MARC-8 lacks\n"
                 "  --long-records  ISO 2709 over 99,999 bytes, or a field over 9,999: numbers too large become nines\n"
                 "  --mnemonics     mrk in ASCII: {eacute} and the like\n"
                 "  --jobs N        records of ISO 2709 side by side; the output is the same\n");
}

int command_convert(command_line *line, int argc, char **argv)
{
    convert_options given = { 0 };
    const option_value options[] = {
        { "from", true, &given.from, NULL, NULL },
        { "to", true, &given.to, NULL, NULL },
        { "from-encoding", true, &given.from_encoding, NULL, NULL },
        { "to-encoding", true, &given.to_encoding, NULL, NULL },
        { "references", false, &given.references, NULL, NULL },
        { "lossy", false, &given.lossy, NULL, NULL },
        { "long-records", false, &given.long_records, NULL, NULL },
        { "mnemonics", false, &given.mnemonics, NULL, NULL },
        { "jobs", true, &given.jobs, NULL, NULL },
    };
    conversion conversion = { .line = line, .name = "-" };
    int operands = read_options(argc, argv, options, sizeof options / sizeof *options);
    if (operands < 0 || operands > 1)
        return operands < 0 ? 2 : usage("convert takes one file; give several one after the other with cat");
    if (!understand(&conversion, &given))
        return 2;
    if (operands == 1)
        conversion.name = argv[1];
    marc_reader_options reading = { .references = given.references != NULL,
                                    .report = note_oddity,
                                    .report_context = &conversion };
    record_file file;
    recto_error error = { 0 };
    recto_status status = record_file_open(&file, conversion.name, given.from, given.from_encoding, &reading, &error);
    if (status != RECTO_OK)
        return report(&error);
    status = convert_file(&conversion, &file, &error);
    record_file_close(&file);
    if (status != RECTO_OK)
        return report(&error);
    if (conversion.losses > 0)
        note("%s: %zu %s that MARC-8 lacks %s written as %s", conversion.name, conversion.losses,
             plural(conversion.losses, "character", "characters"), plural(conversion.losses, "was", "were"),
             given.references != NULL ? "references" : "question marks");
    return convert_exit_status(&conversion);
}
