/* src/service/gateway_reply.c - replies as they leave: ASCII, lines joined by LF, one NUL. */
#include "gateway_reply.h"

#include <string.h>

enum { REPLY_MOST = 1022, FIRST_LINE_MOST = 200, LINES_MOST = 6 };

gateway_words gateway_fault_words(frame_fault fault)
{
    static const gateway_words words[] = {
        [FRAME_NO_RECORD] = { "no_record", "Import failed. Reason: no record received." },
        [FRAME_UNREADABLE] = { "unreadable", "Import failed. Reason: the request could not be read." },
        [FRAME_INCOMPLETE] = { "incomplete", "Import failed. Reason: the record is incomplete." },
        [FRAME_TOO_LONG] = { "too_long", "Import failed. Reason: the record is too long." },
    };
    return words[fault];
}

gateway_words gateway_busy_words(void)
{
    return (gateway_words){ "refused", "Import failed. Reason: the repository is not available, try again." };
}

gateway_words gateway_rate_words(void)
{
    return (gateway_words){ "rate", "Import failed. Reason: too many attempts, try again later." };
}

void gateway_reply_append(buffer *out, const char *words)
{
    size_t line = 0, lines = 1, total = 0;
    if (words[strspn(words, "\n")] == '\0')
        words = gateway_busy_words().line;
    words += strspn(words, "\n");
    for (; *words != '\0' && total < REPLY_MOST; words++) {
        if (*words == '\n' && (words[1] == '\0' || ++lines > LINES_MOST))
            break;
        line = *words == '\n' ? 0 : line + 1;
        if (lines == 1 && line > FIRST_LINE_MOST)
            continue;
        buffer_append_char(out, *words == '\n' || (*words >= ' ' && *words <= '~') ? *words : '?');
        total++;
    }
    buffer_append(out, "\n\0", 2);
}
