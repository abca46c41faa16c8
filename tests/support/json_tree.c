/* tests/support/json_tree.c - reads JSON into nodes, one malloc a piece. */
#include "support/json_tree.h"

#include <stdlib.h>
#include <string.h>

static const char *skip_space(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

static size_t put_code_point(char *out, unsigned code)
{
    if (code < 0x80) {
        out[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        out[0] = (char)(0xC0 | (code >> 6));
        out[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    out[0] = (char)(0xE0 | (code >> 12));
    out[1] = (char)(0x80 | ((code >> 6) & 0x3F));
    out[2] = (char)(0x80 | (code & 0x3F));
    return 3;
}

/** Behind the opening quote. Gives the text, and leaves *at behind the closing one. */
static char *take_string(const char **at)
{
    char *out = malloc(strlen(*at) < 4096 ? strlen(*at) + 1 : 4096);
    size_t used = 0;

    for (; out != NULL && **at != '"' && **at != '\0' && used < 4000; ++*at) {
        if (**at != '\\') {
            out[used++] = **at;
            continue;
        }
        ++*at;
        if (**at == 'u') {
            char digits[5] = "";
            memcpy(digits, *at + 1, 4);
            used += put_code_point(out + used, (unsigned)strtoul(digits, NULL, 16));
            *at += 4;
        } else {
            out[used++] = **at == 'n' ? '\n' : **at == 't' ? '\t' : **at;
        }
    }
    if (out != NULL)
        out[used] = '\0';
    if (**at == '"')
        ++*at;
    return out;
}

static json_node *parse_value(const char **at);

static bool parse_members(json_node *node, const char **at, char closing)
{
    json_node **last = &node->first;

    *at = skip_space(*at + 1);
    while (**at != closing) {
        char *key = NULL;
        if (closing == '}') {
            if (**at != '"')
                return false;
            ++*at;
            key = take_string(at);
            *at = skip_space(*at);
            if (**at != ':') {
                free(key);
                return false;
            }
            ++*at;
        }
        *last = parse_value(at);
        if (*last == NULL) {
            free(key);
            return false;
        }
        (*last)->key = key;
        last = &(*last)->next;
        *at = skip_space(*at);
        if (**at == ',')
            *at = skip_space(*at + 1);
        else if (**at != closing)
            return false;
    }
    ++*at;
    return true;
}

static json_node *parse_value(const char **at)
{
    json_node *node = calloc(1, sizeof *node);
    bool good = node != NULL;

    *at = skip_space(*at);
    if (good && (**at == '{' || **at == '[')) {
        good = parse_members(node, at, **at == '{' ? '}' : ']');
    } else if (good && **at == '"') {
        ++*at;
        node->value = take_string(at);
    } else if (good) {
        size_t length = strcspn(*at, ",]} \t\r\n");
        node->value = strndup(*at, length);
        good = length > 0;
        *at += length;
    }
    if (!good) {
        json_tree_free(node);
        return NULL;
    }
    return node;
}

json_node *json_tree_parse(const char *bytes)
{
    return parse_value(&bytes);
}

void json_tree_free(json_node *node)
{
    while (node != NULL) {
        json_node *next = node->next;
        json_tree_free(node->first);
        free(node->key);
        free(node->value);
        free(node);
        node = next;
    }
}

const json_node *json_tree_member(const json_node *node, const char *key)
{
    if (node == NULL)
        return NULL;
    for (const json_node *child = node->first; child != NULL; child = child->next)
        if (child->key != NULL && strcmp(child->key, key) == 0)
            return child;
    return NULL;
}

const char *json_tree_string(const json_node *node, const char *key)
{
    const json_node *child = json_tree_member(node, key);

    return child != NULL && child->value != NULL ? child->value : "";
}

bool json_tree_true(const json_node *node, const char *key)
{
    return strcmp(json_tree_string(node, key), "true") == 0;
}
